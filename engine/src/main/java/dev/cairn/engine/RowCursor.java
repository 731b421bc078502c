package dev.cairn.engine;

import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;

/** Row versions that a snapshot sees, one after another, from a heap or by way of an index. */
interface RowCursor extends AutoCloseable {

    /** Goes to the next one; false if there is none. */
    boolean next();

    /** The current one. */
    HeapVersion version();

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
            public void close() {
                scan.close();
            }
        };
    }
}
