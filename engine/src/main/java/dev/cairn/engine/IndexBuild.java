package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeCursor;
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
 * <p>Every version gets its entry, so the index is good for all snapshots at once, old ones too. Entries are
 * sorted a few megabytes at a time, which bounds the memory and makes most of them come in order.
 */
final class IndexBuild {

    private static final long SORTED_AT_ONCE = 16L << 20;
    private static final int ENTRY_OVERHEAD = 24;

    private final Xact xact;
    private final Heap heap;
    private final IndexInfo info;
    private final BTree tree;
    private final Map<Long, byte[]> keysOfPage = new HashMap<>();
    private int page;
    private boolean mixed;
    private boolean hasLarge;

    IndexBuild(Xact xact, TableStore store, IndexInfo info, BTree tree) {
        this.xact = xact;
        this.heap = store.heap();
        this.info = info;
        this.tree = tree;
    }

    /**
     * Fills it.
     *
     * @return the index as it is to be used
     * @throws TransactionException 23505 if the index is unique and two rows have the same key, 54000 if a value stands on pages
     *     of its own
     */
    IndexInfo run() {
        List<byte[]> entries = new ArrayList<>();
        long bytes = 0;
        try (HeapScan scan = heap.all()) {
            while (scan.next()) {
                if (scan.rootRowId() < 0) {
                    continue;
                }
                @Nullable Object[] row = RowCodec.decode(info.schema(), scan.data());
                if (info.largeBytes(row) >= 0) {
                    hasLarge = true;
                    continue;
                }
                byte[] key = info.key(row);
                note(key, scan.rootRowId());
                byte[] entry = info.entry(key, scan.rootRowId());
                entries.add(entry);
                bytes += entry.length + ENTRY_OVERHEAD;
                if (bytes > SORTED_AT_ONCE) {
                    put(entries);
                    bytes = 0;
                }
            }
        }
        put(entries);
        if (hasLarge) {
            requireShort();
        }
        if (info.index().unique()) {
            requireUnique();
        }
        return info.withRechecks(mixed);
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

    /** Versions of one row that share their entries may differ in the columns of a new index. */
    private void note(byte[] key, long rootRowId) {
        if (RowIds.page(rootRowId) != page) {
            page = RowIds.page(rootRowId);
            keysOfPage.clear();
        }
        byte[] other = keysOfPage.putIfAbsent(rootRowId, key);
        mixed |= other != null && !Arrays.equals(other, key);
    }

    private void put(List<byte[]> entries) {
        long xid = xact.currentXid();
        entries.sort(Arrays::compareUnsigned);
        entries.forEach(entry -> tree.insert(xid, entry));
        entries.clear();
    }

    private void requireUnique() {
        byte[] key = null;
        long firstRowId = 0;
        boolean firstCounts = false;
        try (BTreeCursor cursor = tree.ascending(KeyBytes.LEAST, null)) {
            while (cursor.next()) {
                byte[] next = Arrays.copyOf(cursor.key(), cursor.key().length - KeyCodec.ROW_ID_BYTES);
                if (key == null || KeyBytes.compare(key, next) != 0) {
                    key = next;
                    firstRowId = cursor.rowId();
                    firstCounts = false;
                    continue;
                }
                // Only now that there are two is it worth looking at the first.
                firstCounts = firstCounts || counts(firstRowId, key);
                if (counts(cursor.rowId(), key)) {
                    if (firstCounts) {
                        throw duplicateOf(cursor.rowId());
                    }
                    firstRowId = cursor.rowId();
                    firstCounts = true;
                }
            }
        }
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
