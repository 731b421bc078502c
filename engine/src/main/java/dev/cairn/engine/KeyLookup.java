package dev.cairn.engine;

import dev.cairn.storage.btree.KeyArrays;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionChain;

/**
 * Finds rows by whole keys of one unique index: the way of a point read, on which nothing is allocated. Of a transaction's
 * table, used by its thread.
 */
final class KeyLookup {

    /** A key seldom has more entries: each is of a version that others still need, or that nobody has cleared away yet. */
    private static final int MOST_ENTRIES = 8;

    private final TableInfo table;
    private final IndexInfo info;
    private final BTree tree;
    private final TableStore store;
    private final VersionChain versions;
    private final KeyCodec codec = new KeyCodec();
    private final long[] rowIds = new long[MOST_ENTRIES];
    private final KeyArrays keys = new KeyArrays();

    KeyLookup(TableInfo table, IndexInfo info, TableStore store) {
        this.table = table;
        this.info = info;
        this.tree = store.tree(info);
        this.store = store;
        this.versions = store.heap().versions();
    }

    /** Whether it is still good for the table as it is now. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(TableInfo now) {
        return table == now;
    }

    /**
     * Finds the version with that key that the snapshot sees.
     *
     * @return whether there is one
     * @throws IllegalArgumentException if the values are not as many as the key's columns, or of other classes
     */
    boolean find(Xact xact, Snapshot snapshot, Object[] values, TupleView into) {
        info.putKey(codec.clear(), values);
        byte[] key = codec.toBytes(keys);
        SerialXact serial = xact.serial();
        if (serial != null) {
            // The key is kept, so it must be a copy.
            serial.readKey(info.fileId(), key.clone());
        }
        int count = info.rechecks() ? -1 : tree.rowIds(key, rowIds);
        if (count < 0) {
            return findSlowly(key.clone(), xact, snapshot, into);
        }
        for (int i = 0; i < count; i++) {
            if (versions.find(xact, snapshot, rowIds[i], into)) {
                return true;
            }
        }
        return false;
    }

    private boolean findSlowly(byte[] prefix, Xact xact, Snapshot snapshot, TupleView into) {
        try (IndexCursor cursor = new IndexCursor(store, xact)) {
            cursor.begin(info, prefix, KeyBytes.afterPrefix(prefix), false, snapshot);
            return cursor.next(into);
        }
    }
}
