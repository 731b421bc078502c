package dev.cairn.txn;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.RowIds;
import java.util.concurrent.atomic.AtomicInteger;

/** Two rows of a page that nobody else knows, its latch, and the way to them that heap operations take. */
final class StressedRows {

    private static final int FILE = 1;
    private static final int SLOTS = 8;
    private static final AtomicInteger PAGES = new AtomicInteger();

    private final int page = PAGES.incrementAndGet();
    private final Object latch = new Object();
    private final RowLocks locks = StressedTransactions.SYSTEM.rowLocks();

    long row(int slot) {
        return RowIds.of(page, slot);
    }

    /** Locks the row if it is free. */
    boolean tryLock(Xact xact, int slot, RowLockMode mode) {
        try (RowClaim claim = new RowClaim(xact, FILE).begin(mode, RowLockPolicy.NO_WAIT)) {
            return take(claim, slot);
        }
    }

    /** Locks the row, and waits for it. @return false if it was waited for in vain */
    boolean lock(Xact xact, int slot, RowLockMode mode) {
        try (RowClaim claim = new RowClaim(xact, FILE).begin(mode, RowLockPolicy.WAIT)) {
            while (!take(claim, slot)) {
                claim.await(row(slot), 0);
            }
            return true;
        } catch (TransactionException e) {
            if (!e.sqlState().equals(SqlState.LOCK_NOT_AVAILABLE)) {
                throw e;
            }
            return false;
        }
    }

    private boolean take(RowClaim claim, int slot) {
        synchronized (latch) {
            if (!locks.admits(claim, row(slot))) {
                return false;
            }
            locks.take(claim, row(slot), SLOTS);
            return true;
        }
    }

    /** Whether the transaction holds the row just so. */
    boolean isHeld(Xact xact, int slot, RowLockMode mode) {
        return locks.held(xact, FILE, row(slot)) == mode;
    }

    /** Whether the row is held or awaited by anybody. */
    boolean isBusy(int slot) {
        return locks.isBusy(FILE, row(slot));
    }
}
