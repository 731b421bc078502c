package dev.cairn.txn.heap;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * May this transaction change or lock this version, as far as its xmax says? To be asked under the page's latch, and acted
 * upon under the same. Locks that were asked for are {@link dev.cairn.txn.RowLocks}'s matter.
 *
 * @param outcome why not, or null
 * @param blocker the transaction to wait for before asking again; 0 if there is none
 * @param forward the row id of a newer version, whose change does not keep this one from being locked; 0 if there is none
 * @param xmax who made that
 */
record WriterCheck(@Nullable HeapChange outcome, long blocker, long forward, long xmax) {

    private static final WriterCheck FREE = new WriterCheck(null, 0, 0, 0);
    private static final WriterCheck GONE = new WriterCheck(HeapChange.GONE, 0, 0, 0);
    private static final WriterCheck SELF = new WriterCheck(HeapChange.SELF, 0, 0, 0);

    /** Whether nothing stands in the way of a change. */
    boolean isFree() {
        return outcome == null && blocker == 0 && forward == 0;
    }

    /**
     * @param xmin who made the version, as it was read: a slot that has been used again is another version
     * @throws TransactionException 40001 if the transaction keeps one snapshot and somebody has changed the row since
     */
    static WriterCheck of(Xact xact, HeapContext context, PageBuffer page, int slot, long xmin, RowLockMode mode) {
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
            case IN_PROGRESS ->
                isBesides(page, slot, mode) ? besides(page, slot, xmax) : new WriterCheck(null, xmax, 0, 0);
            case COMMITTED ->
                isBesides(page, slot, mode) ? besides(page, slot, xmax) : changedSince(xact, page, slot, xmax);
        };
    }

    /** Whether the version's update changed no key, so that a KEY SHARE lock goes together with it. */
    private static boolean isBesides(PageBuffer page, int slot, RowLockMode mode) {
        return !mode.conflictsWith(strength(HeapPage.flags(page, slot)));
    }

    private static WriterCheck besides(PageBuffer page, int slot, long xmax) {
        return new WriterCheck(null, 0, HeapPage.forward(page, slot), xmax);
    }

    /** How strongly an xmax with these flags locks its row. */
    private static RowLockMode strength(int flags) {
        boolean keeps = (flags & (TupleFlags.UPDATED | TupleFlags.KEY_UPDATED)) == TupleFlags.UPDATED;
        return keeps ? RowLockMode.NO_KEY_UPDATE : RowLockMode.UPDATE;
    }

    private static WriterCheck changedSince(Xact xact, PageBuffer page, int slot, long xmax) {
        boolean updated = (HeapPage.flags(page, slot) & TupleFlags.UPDATED) != 0;
        if (xact.isolation().keepsSnapshot()) {
            throw new TransactionException(
                    SqlState.SERIALIZATION_FAILURE,
                    "could not serialize access due to concurrent " + (updated ? "update" : "delete"));
        }
        return updated
                ? new WriterCheck(
                        new HeapChange(HeapChange.Kind.MOVED, HeapPage.forward(page, slot), xmax, false), 0, 0, 0)
                : GONE;
    }
}
