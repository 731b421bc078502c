package dev.cairn.engine;

import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;

/** Row versions that a snapshot sees, one after another, from a heap or by way of an index. */
interface RowCursor extends AutoCloseable {

    /** Goes to the next one; false if there is none. */
    boolean next();

    /** The current one. */
    HeapVersion version();

    /** The current one, in this view or in another one that is given in exchange for it. To be asked for once. */
    TupleView take(TupleView spare);

    /** Whether the next one has been read already, together with the current one. */
    boolean isInBatch();

    @Override
    void close();

    /** All of a heap. */
    static RowCursor of(HeapScan scan) {
        return new RowCursor() {
            @Override
            public boolean next() {
                return scan.next();
            }

            @Override
            public HeapVersion version() {
                return new HeapVersion(scan.rowId(), scan.xmin(), scan.data());
            }

            @Override
            public TupleView take(TupleView spare) {
                scan.read(spare);
                return spare;
            }

            @Override
            public boolean isInBatch() {
                return false;
            }

            @Override
            public void close() {
                scan.close();
            }
        };
    }
}
