package dev.cairn.txn.heap;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * May this transaction change this version? To be asked under the page's latch, and acted upon under the same.
 *
 * @param outcome why not, or null
 * @param blocker the transaction to wait for before asking again; 0 if there is none
 */
record WriterCheck(@Nullable HeapChange outcome, long blocker) {

    private static final WriterCheck FREE = new WriterCheck(null, 0);
    private static final WriterCheck GONE = new WriterCheck(HeapChange.GONE, 0);
    private static final WriterCheck SELF = new WriterCheck(HeapChange.SELF, 0);

    /**
     * @param xmin who made the version, as it was read: a slot that has been used again is another version
     * @throws TransactionException 40001 if the transaction keeps one snapshot and somebody has changed the row since
     */
    static WriterCheck of(Xact xact, HeapContext context, PageBuffer page, int slot, long xmin) {
        if (slot >= HeapPage.slotCount(page) || !HeapPage.isUsed(page, slot) || HeapPage.xmin(page, slot) != xmin) {
            return GONE;
        }
        long xmax = HeapPage.xmax(page, slot);
        if (xmax == 0) {
            return FREE;
        }
        return switch (Visibility.stateForWriter(xmax, xact, context.window, context.transactions.publishLsn())) {
            case FREE -> FREE;
            case MINE -> SELF;
            case IN_PROGRESS -> new WriterCheck(null, xmax);
            case COMMITTED -> changedSince(xact, page, slot, xmax);
        };
    }

    private static WriterCheck changedSince(Xact xact, PageBuffer page, int slot, long xmax) {
        boolean updated = (HeapPage.flags(page, slot) & TupleFlags.UPDATED) != 0;
        if (xact.isolation().keepsSnapshot()) {
            throw new TransactionException(
                    SqlState.SERIALIZATION_FAILURE,
                    "could not serialize access due to concurrent " + (updated ? "update" : "delete"));
        }
        if (!updated) {
            return GONE;
        }
        long forward = HeapPage.forward(page, slot);
        return new WriterCheck(
                new HeapChange(HeapChange.Kind.MOVED, RowIds.of(RowIds.page(forward), RowIds.slot(forward)), xmax), 0);
    }
}
