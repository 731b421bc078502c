package dev.cairn.txn.heap;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.RowClaim;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * May this transaction change or lock this version, as far as its xmax says? To be asked under the page's latch, and acted
 * upon under the same. Locks that were asked for are {@link dev.cairn.txn.RowLocks}'s matter.
 *
 * @param outcome why not, or null
 * @param blocker not 0 if there is somebody to wait for before asking again: {@link #changer}
 * @param forward the row id of a newer version, whose change does not keep this one from being locked; 0 if there is none
 * @param xmax who made that
 */
record WriterCheck(@Nullable HeapChange outcome, long blocker, long forward, long xmax) {

    private static final WriterCheck FREE = new WriterCheck(null, 0, 0, 0);
    private static final WriterCheck GONE = new WriterCheck(HeapChange.GONE, 0, 0, 0);
    /** Instead of a transaction to wait for: those who have locked the row. */
    private static final long HOLDERS = -1;

    private static final WriterCheck LOCKED = new WriterCheck(null, HOLDERS, 0, 0);
    private static final WriterCheck SELF = new WriterCheck(HeapChange.SELF, 0, 0, 0);

    /** How a version was come to. */
    enum Way {
        /** It was read. */
        READ,
        /** One that was read has been replaced by a transaction that has committed since. */
        FOLLOWED,
        /** It is being locked, or has been, beside the update that made this one. */
        BESIDE
    }

    /** Whether nothing stands in the way of a change. */
    boolean isFree() {
        return outcome == null && blocker == 0 && forward == 0;
    }

    /** The transaction whose change to wait for; 0 if it is locks. */
    long changer() {
        return blocker == HOLDERS ? 0 : blocker;
    }

    /**
     * @param xmin who made the version, as it was read: a slot that has been used again is another version
     * @throws TransactionException 40001 if the transaction keeps one snapshot and somebody has changed the row since
     */
    static WriterCheck of(RowClaim claim, HeapContext context, PageBuffer page, long rowId, long xmin, Way way) {
        int slot = RowIds.slot(rowId);
        if (slot >= HeapPage.slotCount(page) || !HeapPage.isUsed(page, slot) || HeapPage.xmin(page, slot) != xmin) {
            return GONE;
        }
        long xmax = HeapPage.xmax(page, slot);
        if (xmax == 0) {
            return FREE;
        }
        Xact xact = claim.xact();
        RowLockMode mode = claim.mode();
        return switch (Visibility.stateForWriter(xmax, xact, context.window, context.transactions.publishLsn())) {
            case FREE -> FREE;
            case MINE -> SELF;
            case IN_PROGRESS ->
                isBesides(page, slot, mode, way) ? besides(page, slot, xmax) : new WriterCheck(null, xmax, 0, 0);
            case COMMITTED ->
                // Who has had to follow a row goes to its newest version: one in between is nobody's to see.
                way != Way.FOLLOWED && isBesides(page, slot, mode, way)
                        ? besides(page, slot, xmax)
                        : changedSince(claim, context, page, rowId, xmax);
        };
    }

    /** Whether the version's update changed no key, so that a KEY SHARE lock goes together with it. */
    private static boolean isBesides(PageBuffer page, int slot, RowLockMode mode, Way way) {
        return !mode.conflictsWith(strength(HeapPage.flags(page, slot), way != Way.BESIDE));
    }

    private static WriterCheck besides(PageBuffer page, int slot, long xmax) {
        return new WriterCheck(null, 0, HeapPage.forward(page, slot), xmax);
    }

    /**
     * How strongly an xmax with these flags locks its row. A FOR UPDATE lock that its transaction took at another level counts
     * with who comes to this version first, as in PostgreSQL.
     */
    private static RowLockMode strength(int flags, boolean first) {
        int strong = first ? TupleFlags.KEY_UPDATED | TupleFlags.LOCKED_UPDATED : TupleFlags.KEY_UPDATED;
        boolean keeps = (flags & (TupleFlags.UPDATED | strong)) == TupleFlags.UPDATED;
        return keeps ? RowLockMode.NO_KEY_UPDATE : RowLockMode.UPDATE;
    }

    private static WriterCheck changedSince(
            RowClaim claim, HeapContext context, PageBuffer page, long rowId, long xmax) {
        int slot = RowIds.slot(rowId);
        boolean updated = (HeapPage.flags(page, slot) & TupleFlags.UPDATED) != 0;
        if (claim.xact().isolation().keepsSnapshot()) {
            // PostgreSQL's order: who has the old version locked is waited for first.
            if (!context.rowLocks.admits(claim, rowId)) {
                return LOCKED;
            }
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
