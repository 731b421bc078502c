package dev.cairn.engine;

import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionBatch;

/**
 * The rows that a range of an index leads to, in its order; read in batches, that grow as long as they are asked for.
 *
 * <p>Why no row comes twice, and none that has another key: the versions that an entry leads to have its key, each version is
 * led to by one entry, and of a row's versions a snapshot sees one. (An index that was made when versions of one row had different
 * keys has several entries that lead to the same ones: there the key is compared.) An entry is removed before its slot is given
 * to another row, and what that row is, the snapshot of a cursor that still has the entry in hand is too old to see.
 */
final class IndexCursor implements RowCursor {

    private static final int FIRST_BATCH = 4;

    private final IndexInfo info;
    private final BTreeCursor keys;
    private final VersionBatch versions;
    private final Xact xact;
    private final Snapshot snapshot;
    /** 1 if each entry has to be looked at, or a serializable transaction is told of what it reads when it reads it. */
    private final int mostRows;

    private final long[] rowIds;
    private final TupleView tuple = new TupleView();
    private int batchRows = FIRST_BATCH;
    private int count;
    private int at = -1;

    IndexCursor(IndexInfo info, BTreeCursor keys, Heap heap, Xact xact, Snapshot snapshot) {
        this.info = info;
        this.keys = keys;
        this.versions = heap.batch();
        this.xact = xact;
        this.snapshot = snapshot;
        this.mostRows = info.rechecks() || xact.serial() != null ? 1 : VersionBatch.MOST;
        this.rowIds = new long[mostRows];
    }

    @Override
    public boolean next() {
        return next(tuple);
    }

    @Override
    public boolean next(TupleView into) {
        while (++at >= count) {
            at = -1;
            count = 0;
            int rows = keys.next(rowIds, Math.min(batchRows, mostRows));
            if (rows == 0) {
                return false;
            }
            batchRows = Math.min(2 * batchRows, VersionBatch.MOST);
            count = versions.find(xact, snapshot, rowIds, rows, into);
            if (count > 0 && info.rechecks() && !hasKey(into)) {
                count = 0;
            }
        }
        versions.show(at, into);
        return true;
    }

    private boolean hasKey(TupleView into) {
        versions.show(0, into);
        return info.isKeyOf(keys.key(), into.toVersion());
    }

    @Override
    public boolean isInBatch() {
        return at + 1 < count;
    }

    @Override
    public HeapVersion version() {
        return tuple.toVersion();
    }

    @Override
    public void close() {
        keys.close();
    }
}
