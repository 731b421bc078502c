package dev.cairn.engine;

import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;

/** Row versions that a snapshot sees, one after another, from a heap or by way of an index. */
interface RowCursor extends AutoCloseable {

    /** Goes to the next one; false if there is none. */
    boolean next();

    /** The current one, after {@link #next()}. */
    HeapVersion version();

    /** Goes to the next one and shows it in the view, until the view is used again; false if there is none. */
    boolean next(TupleView into);

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
            public boolean next(TupleView into) {
                boolean there = scan.next();
                if (there) {
                    scan.read(into);
                }
                return there;
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
