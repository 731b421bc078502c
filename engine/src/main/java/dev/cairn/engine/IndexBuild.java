package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.sort.KeySort;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeLoad;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.VersionCheck;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills a new index of a table that has rows. The caller holds the table's schema lock, so nobody else is changing rows.
 *
 * <p>Every version gets its entry, so the index is good for all snapshots at once, old ones too; dead ones as well, since it
 * may be a dead one's key by which entries of its chain are looked for when the chain is removed. Entries are sorted in bounded
 * memory ({@link KeySort}), judged in order if the index is unique, and packed into pages ({@link BTreeLoad}). The file is the
 * transaction's until it commits, so a crash in the middle leaves nothing of the index.
 */
final class IndexBuild {

    private static final int ROWS_PER_PROGRESS = 10_000;

    private final Xact xact;
    private final Heap heap;
    private final IndexInfo info;
    private final BTree tree;
    private final KeySort sort;
    private final BTreeLoad load;
    private final IndexBuildListener listener;
    private final Map<Long, byte[]> keysOfPage = new HashMap<>();
    private int needed;
    private int page;
    private boolean mixed;
    private boolean hasLarge;
    private long rows;
    private long entries;

    /** The last entry of its key so far, and whether its row is there. */
    private byte[] last = KeyBytes.LEAST;

    private boolean lastCounts;

    private IndexBuild(
            Xact xact, TableStore store, IndexInfo info, BTree tree, KeySort sort, IndexBuildListener listener) {
        this.xact = xact;
        this.heap = store.heap();
        this.info = info;
        this.needed = info.marked();
        this.tree = tree;
        this.sort = sort;
        this.load = new BTreeLoad(tree, xact.currentXid());
        this.listener = listener;
    }

    /**
     * Fills it.
     *
     * @param sortMemoryBytes about how much memory sorting takes
     * @return the index as it is to be used
     * @throws TransactionException 23505 if the index is unique and two rows have the same key, 54000 if a key is too long, 53100
     *     if the disk is full, 58030 if a temporary file cannot be written or read
     */
    static IndexInfo run(
            Xact xact,
            TableStore store,
            IndexInfo info,
            BTree tree,
            Disk disk,
            int sortMemoryBytes,
            IndexBuildListener listener) {
        IndexInfo wanted = info;
        while (true) {
            try (KeySort sort = new KeySort(disk, info.fileId(), sortMemoryBytes, tree.maxKeyBytes())) {
                IndexBuild build = new IndexBuild(xact, store, wanted, tree, sort, listener);
                build.scan();
                if (build.needed == wanted.marked()) {
                    return build.fill();
                }
                wanted = wanted.withMarks(build.needed);
            }
        }
    }

    /** Goes through the versions. Whether a column is NOT NULL now says nothing of those that older snapshots see. */
    private void scan() {
        try (HeapScan scan = heap.all()) {
            while (scan.next()) {
                rows++;
                if (scan.rootRowId() >= 0) {
                    take(scan);
                }
                tell(rows);
            }
        }
    }

    private IndexInfo fill() {
        if (hasLarge) {
            requireShort();
        }
        while (sort.next()) {
            if (info.index().unique()) {
                requireUnique(sort.key());
            }
            load.add(sort.key());
            entries++;
            tell(entries);
        }
        load.finish();
        listener.progress(progress());
        // An entry of a chain that has such a version as well may be left when the chain goes.
        return info.withRechecks(mixed || hasLarge);
    }

    private void take(HeapScan scan) {
        @Nullable Object[] row = RowCodec.decode(info.schema(), scan.data());
        if (info.largeBytes(row) >= 0) {
            hasLarge = true;
            return;
        }
        needed |= info.marksFor(row);
        byte[] key = info.key(row);
        note(key, scan.rootRowId());
        info.requireFits(key, tree.maxKeyBytes());
        sort.add(info.entry(key, scan.rootRowId()));
    }

    /** A value on pages of its own is too long for a key; versions that nobody can see need none. */
    private void requireShort() {
        try (HeapScan scan = heap.possible()) {
            while (scan.next()) {
                int bytes = info.largeBytes(RowCodec.decode(info.schema(), scan.data()));
                if (bytes >= 0) {
                    throw info.tooLong(bytes);
                }
            }
        }
    }

    private void tell(long done) {
        if (done % ROWS_PER_PROGRESS == 0) {
            listener.progress(progress());
        }
    }

    private IndexBuildProgress progress() {
        return new IndexBuildProgress(info.index().name(), rows, sort.runs(), entries, load.pages());
    }

    /** Versions of one row that share their entries may differ in the columns of a new index. */
    private void note(byte[] key, long rootRowId) {
        if (RowIds.page(rootRowId) != page) {
            page = RowIds.page(rootRowId);
            keysOfPage.clear();
        }
        byte[] other = keysOfPage.putIfAbsent(rootRowId, key);
        mixed |= other != null && !Arrays.equals(other, key);
    }

    /** Entries come in order, so two rows with the same key follow each other. */
    private void requireUnique(byte[] entry) {
        byte[] key = keyOf(entry);
        if (last.length == 0 || KeyBytes.compare(keyOf(last), key) != 0) {
            lastCounts = false;
        } else {
            // Only now that there are two is it worth looking at the first.
            lastCounts = lastCounts || counts(KeyCodec.rowIdOf(last), key);
            boolean counts = counts(KeyCodec.rowIdOf(entry), key);
            if (counts && lastCounts) {
                throw duplicateOf(KeyCodec.rowIdOf(entry));
            }
            if (lastCounts) {
                return;
            }
            lastCounts = counts;
        }
        last = entry;
    }

    private static byte[] keyOf(byte[] entry) {
        return Arrays.copyOf(entry, entry.length - KeyCodec.ROW_ID_BYTES);
    }

    /** Whether the row is there with that key, and the key has no null. */
    private boolean counts(long rowId, byte[] key) {
        VersionCheck check = heap.check(xact, rowId);
        HeapVersion version = check.version();
        return check.kind() == VersionCheck.Kind.LIVE
                && version != null
                && KeyBytes.compare(info.key(version), key) == 0
                && !info.hasNull(RowCodec.decode(info.schema(), version.data()));
    }

    private TransactionException duplicateOf(long rowId) {
        HeapVersion version = heap.check(xact, rowId).version();
        @Nullable Object[] row = version == null
                ? new @Nullable Object[info.schema().size()]
                : RowCodec.decode(info.schema(), version.data());
        return duplicate("could not create unique index \"" + info.index().name() + "\"", info, row, "is duplicated");
    }

    /** 23505, naming the key. */
    static TransactionException duplicate(String what, IndexInfo info, @Nullable Object[] row, String how) {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Index.Part part : info.index().parts()) {
            columns.add(part.column());
            values.add(text(row[info.schema().indexOf(part.column())]));
        }
        return new TransactionException(
                SqlState.UNIQUE_VIOLATION,
                what,
                "Key (" + String.join(", ", columns) + ")=(" + String.join(", ", values) + ") " + how + ".",
                null);
    }

    private static String text(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Boolean bool) {
            return bool ? "t" : "f";
        }
        return value instanceof LocalDateTime time
                ? time.toLocalDate() + " " + time.toLocalTime()
                : String.valueOf(value);
    }
}
