package dev.cairn.engine;

import dev.cairn.engine.LargeValues.Encoded;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.HeapWriter;
import dev.cairn.txn.heap.VersionCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows into a table and its indexes, and keeps unique keys unique.
 *
 * <p>The look at a key and the entry under it happen under the key's stripe. Who finds a version there that another transaction
 * is making or deleting gives all stripes back, waits for that transaction, or for the part of it that was rolled back, and
 * looks again. An entry that leads to a version that nobody can see any more is removed on the way, so that a savepoint that is
 * rolled back again and again does not leave more and more to look at.
 */
final class RowWriter {

    /** What keeps a row from being inserted: a version with that key in that index. */
    record Conflict(IndexInfo index, byte[] key, HeapVersion version) {
        /** Whether the row, which may have been changed since, is still in the way. */
        boolean isWith(Row row) {
            return KeyBytes.compare(key, index.key(row.values())) == 0;
        }
    }

    /** What became of an attempt: the new row's id, or a conflict. */
    record Insertion(long rowId, @Nullable Conflict conflict) {}

    private final Xact xact;
    private final TableInfo table;
    private final TableStore store;
    private final KeyStripes stripes;
    private final HeapWriter heap;
    /** Where a look at a key leaves what it found, of which only the number is wanted. */
    private final long[] any = new long[1];

    private final KeyCodec codec = new KeyCodec();

    RowWriter(Xact xact, TableInfo table, TableStore store, KeyStripes stripes) {
        this.xact = xact;
        this.table = table;
        this.store = store;
        this.stripes = stripes;
        this.heap = store.heap().writer(xact);
    }

    /** What it changes rows with. */
    HeapWriter heap() {
        return heap;
    }

    /** Whether it is still good for the table as it is now. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(TableInfo now) {
        return table == now;
    }

    /** @throws TransactionException 23505 if a unique key of the row is there already */
    long insert(@Nullable Object[] row) {
        return insert(row, index -> false).rowId;
    }

    /**
     * Inserts a row unless it conflicts in an index that is asked for; those are looked at first, and so long the transaction
     * needs no id.
     *
     * @throws TransactionException 23505 if a unique key of the row is there already in another index
     */
    Insertion insert(@Nullable Object[] row, Predicate<IndexInfo> reported) {
        Encoded encoded = encode(row);
        List<IndexInfo> indexes = table.indexes();
        byte[][] keys = new byte[indexes.size()][];
        int[] stripesOfKeys = new int[indexes.size()];
        int unique = 0;
        for (int i = 0; i < keys.length; i++) {
            IndexInfo info = indexes.get(i);
            keys[i] = key(info, row);
            if (isUnique(info, row)) {
                stripesOfKeys[unique++] = stripes.stripe(info.fileId(), keys[i]);
            }
        }
        int[] locked = unique == stripesOfKeys.length ? stripesOfKeys : Arrays.copyOf(stripesOfKeys, unique);
        while (true) {
            stripes.lock(locked);
            long blocker;
            try {
                Obstacle obstacle = obstacle(row, keys, reported);
                if (obstacle == null) {
                    long xid = xact.currentXid();
                    long rowId = heap.insert(encoded.data(), encoded.data().length);
                    for (int i = 0; i < keys.length; i++) {
                        IndexInfo info = indexes.get(i);
                        store.tree(info).insert(xid, info.entry(keys[i], rowId));
                    }
                    tellKeys(row, rowId);
                    return new Insertion(rowId, null);
                }
                if (obstacle.other.kind() != VersionCheck.Kind.UNDECIDED) {
                    Conflict conflict = conflict(obstacle.index, row, obstacle.other, reported);
                    discard(encoded);
                    return new Insertion(0, conflict);
                }
                blocker = obstacle.other.blocker();
            } finally {
                stripes.unlock(locked);
            }
            xact.waitFor(blocker);
        }
    }

    /** A version in the way of a row, or perhaps in the way. */
    private record Obstacle(IndexInfo index, VersionCheck other) {}

    private static boolean isUnique(IndexInfo info, @Nullable Object[] row) {
        return info.index().unique() && !info.hasNull(row);
    }

    /** The first version that has one of the row's unique keys; null if none has. */
    private @Nullable Obstacle obstacle(@Nullable Object[] row, byte[][] keys, Predicate<IndexInfo> reported) {
        Obstacle first = obstacle(row, keys, reported, true);
        return first != null ? first : obstacle(row, keys, reported, false);
    }

    private @Nullable Obstacle obstacle(
            @Nullable Object[] row, byte[][] keys, Predicate<IndexInfo> reported, boolean wanted) {
        for (int i = 0; i < keys.length; i++) {
            IndexInfo info = table.indexes().get(i);
            if (reported.test(info) == wanted && isUnique(info, row)) {
                if (!wanted) {
                    xact.currentXid();
                }
                VersionCheck other = other(info, keys[i], -1);
                if (other != null) {
                    return new Obstacle(info, other);
                }
            }
        }
        return null;
    }

    /** How strongly an update locks the row: as PostgreSQL has it, more so if a unique key changes. */
    RowLockMode lockMode(@Nullable Object[] old, @Nullable Object[] row) {
        for (IndexInfo info : table.indexes()) {
            if (info.index().unique() && KeyBytes.compare(info.key(old), info.key(row)) != 0) {
                return RowLockMode.UPDATE;
            }
        }
        return RowLockMode.NO_KEY_UPDATE;
    }

    /** Whether the table has indexes and none of them is on a column that an update changes. */
    boolean keepsKeys(@Nullable Object[] old, @Nullable Object[] row) {
        for (IndexInfo info : table.indexes()) {
            for (int column : info.columns()) {
                if (!Objects.deepEquals(old[column], row[column])) {
                    return false;
                }
            }
        }
        return !table.indexes().isEmpty();
    }

    private Conflict conflict(
            IndexInfo info, @Nullable Object[] row, VersionCheck other, Predicate<IndexInfo> reported) {
        HeapVersion version = other.version();
        if (version == null || !reported.test(info)) {
            throw duplicate(info, row);
        }
        noteRead(info, info.key(row));
        return new Conflict(info, info.key(row), version);
    }

    /** Makes the entries of a row's new version, which is in the heap already and has none. */
    void updated(@Nullable Object[] old, @Nullable Object[] row, long rowId) {
        for (IndexInfo info : table.indexes()) {
            byte[] key = key(info, row);
            boolean checked = info.index().unique() && !info.hasNull(row) && KeyBytes.compare(info.key(old), key) != 0;
            while (!enter(info, row, key, rowId, checked)) {
                // Somebody was making or deleting a row with that key, and is not any more.
            }
        }
        tellKeys(row, rowId);
    }

    private boolean enter(IndexInfo info, @Nullable Object[] row, byte[] key, long rowId, boolean checked) {
        long blocker;
        int[] locked = info.index().unique() ? new int[] {stripes.stripe(info.fileId(), key)} : new int[0];
        stripes.lock(locked);
        try {
            VersionCheck other = checked ? other(info, key, rowId) : null;
            if (other == null) {
                store.tree(info).insert(xact.currentXid(), info.entry(key, rowId));
                return true;
            }
            if (other.kind() != VersionCheck.Kind.UNDECIDED) {
                throw duplicate(info, row);
            }
            blocker = other.blocker();
        } finally {
            stripes.unlock(locked);
        }
        xact.waitFor(blocker);
        return false;
    }

    /** Another version with that key that is there, or may be there yet; null if there is none. */
    private @Nullable VersionCheck other(IndexInfo info, byte[] key, long ownRowId) {
        BTree tree = store.tree(info);
        if (tree.rowIds(key, any) == 0) {
            return null;
        }
        List<byte[]> dead = List.of();
        VersionCheck found = null;
        try (BTreeCursor cursor = tree.ascending(key, KeyBytes.afterPrefix(key))) {
            while (found == null && cursor.next() && KeyBytes.startsWith(cursor.key(), key)) {
                if (cursor.rowId() == ownRowId) {
                    continue;
                }
                VersionCheck check = store.heap().check(xact, cursor.rowId());
                if (check.kind() == VersionCheck.Kind.DEAD) {
                    dead = dead.isEmpty() ? new ArrayList<>() : dead;
                    dead.add(cursor.key());
                } else if (check.kind() != VersionCheck.Kind.DELETED && hasKey(info, check.version(), key)) {
                    found = check;
                }
            }
        }
        dead.forEach(tree::delete);
        return found;
    }

    /** The slot may have been given to another row since the entry was read. */
    private static boolean hasKey(IndexInfo info, @Nullable HeapVersion version, byte[] key) {
        if (version == null) {
            return false;
        }
        @Nullable Object[] row = RowCodec.decode(info.schema(), version.data());
        return info.largeBytes(row) < 0 && KeyBytes.compare(info.key(row), key) == 0;
    }

    /** 54000 if it is too long. */
    private byte[] key(IndexInfo info, @Nullable Object[] row) {
        byte[] key = info.key(row, codec);
        info.requireFits(key, store.tree(info).maxKeyBytes());
        return key;
    }

    /**
     * The row as bytes; what does not fit is written to pages of its own. To be stored or discarded.
     *
     * @throws TransactionException 54000 if the row is too big, or a column too long for its index
     */
    Encoded encode(@Nullable Object[] row) {
        if (store.rows().isLong(row)) {
            table.indexes().forEach(info -> key(info, row));
        }
        return store.rows().encode(xact, row, this::isIndexed);
    }

    private boolean isIndexed(int column) {
        String name = table.schema().column(column).name();
        return table.indexes().stream()
                .anyMatch(info -> info.index().parts().stream()
                        .anyMatch(part -> part.column().equals(name)));
    }

    /** The row was not stored. */
    void discard(Encoded encoded) {
        store.rows().discard(encoded);
    }

    /** A version has been replaced, or deleted if there are no values after it: the large values that it alone referred to go with it. */
    void replaced(@Nullable Object[] before, @Nullable Object @Nullable [] after) {
        store.rows().replaced(xact, before, after);
    }

    /** That there is such a key is known to a serializable transaction now. */
    private void noteRead(IndexInfo info, byte[] key) {
        SerialXact serial = xact.serial();
        if (serial != null) {
            serial.readKey(info.fileId(), key);
        }
    }

    /** Those who have read where a row is now, or was, come before a serializable transaction that has put it there. */
    void tellKeys(@Nullable Object[] row, long rowId) {
        SerialXact serial = xact.serial();
        if (serial != null) {
            for (IndexInfo info : table.indexes()) {
                byte[] key = info.key(row);
                serial.wroteKey(info.fileId(), key, info.entry(key, rowId));
            }
        }
    }

    /** 23505; in a serializable transaction 40001 if its reads and the other row already forbid that it comes after that. */
    private TransactionException duplicate(IndexInfo info, @Nullable Object[] row) {
        noteRead(info, info.key(row));
        tellKeys(row, 0);
        return IndexBuild.duplicate(
                "duplicate key value violates unique constraint \""
                        + info.index().name() + "\"",
                info,
                row,
                "already exists");
    }

    static TransactionException undefinedIndex(String name) {
        return new TransactionException(SqlState.UNDEFINED_OBJECT, "index \"" + name + "\" does not exist");
    }
}
