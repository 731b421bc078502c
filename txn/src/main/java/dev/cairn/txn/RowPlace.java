package dev.cairn.txn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's place in the queue for a row: from its first wait for it until it has got what it wanted or given up, so
 * that those who came later stay behind while it looks again. Guarded by the {@link WaitGraph}'s monitor.
 */
final class RowPlace {

    private final RowLocks locks;
    private final Xact xact;
    private final long page;
    private final int slot;
    private final RowLockMode mode;
    private final long ticket;
    private @Nullable RowWait wait;

    RowPlace(RowLocks locks, Xact xact, long page, int slot, RowLockMode mode, long ticket) {
        this.locks = locks;
        this.xact = xact;
        this.page = page;
        this.slot = slot;
        this.mode = mode;
        this.ticket = ticket;
    }

    Xact xact() {
        return xact;
    }

    long page() {
        return page;
    }

    int slot() {
        return slot;
    }

    RowLockMode mode() {
        return mode;
    }

    /** Who began to wait earlier has the smaller one. */
    long ticket() {
        return ticket;
    }

    void setWait(@Nullable RowWait wait) {
        this.wait = wait;
    }

    /** Whether a lock of others, or somebody who came earlier, keeps the transaction from the row. */
    boolean isBlocked() {
        return locks.isBlocked(xact, page, slot, mode, ticket);
    }

    void forEachBlocker(Consumer<Xact> visit) {
        locks.forEachBlocker(xact, page, slot, mode, ticket, visit);
    }

    void settle(List<Xact> woken) {
        RowWait present = wait;
        if (present != null) {
            present.settle(woken);
        }
    }
}
