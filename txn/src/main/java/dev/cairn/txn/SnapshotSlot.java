package dev.cairn.txn;

import java.util.Arrays;

/**
 * The snapshots of one transaction as the horizon knows them: one slot, which holds the oldest LSN among that of the
 * current statement or transaction and those of open scans. Used by the transaction's thread.
 */
final class SnapshotSlot {

    private static final int NO_SLOT = -1;
    private static final long[] NONE = {};

    private final HorizonTable horizons;
    private int slot = NO_SLOT;

    /** 0 if none. */
    private long current;

    private long[] held = NONE;
    private int heldCount;

    SnapshotSlot(HorizonTable horizons) {
        this.horizons = horizons;
    }

    /** LSN of the current snapshot, 0 if there is none. */
    long current() {
        return current;
    }

    /** Takes a new current snapshot in place of the former. */
    long take(CommitPublisher publisher) {
        if (slot == NO_SLOT) {
            slot = horizons.acquire();
        }
        // Something older that is held protects the new one as well, and must stay.
        current = heldCount > 0 ? publisher.publishLsn() : horizons.take(slot);
        return current;
    }

    /** There is no current snapshot any longer. */
    void drop() {
        current = 0;
        refresh();
    }

    void hold(long lsn) {
        if (lsn != current && Arrays.stream(held, 0, heldCount).noneMatch(other -> other <= lsn)) {
            throw new IllegalStateException("snapshot " + lsn + " is over, so it cannot be held");
        }
        if (heldCount == held.length) {
            held = Arrays.copyOf(held, Math.max(2, heldCount * 2));
        }
        held[heldCount++] = lsn;
        refresh();
    }

    /** Does nothing after {@link #close}. */
    void letGo(long lsn) {
        if (slot == NO_SLOT) {
            return;
        }
        for (int i = heldCount - 1; i >= 0; i--) {
            if (held[i] == lsn) {
                held[i] = held[--heldCount];
                refresh();
                return;
            }
        }
        throw new IllegalStateException("snapshot " + lsn + " is not held");
    }

    private void refresh() {
        if (slot == NO_SLOT) {
            return;
        }
        long oldest = current == 0 ? Long.MAX_VALUE : current;
        for (int i = 0; i < heldCount; i++) {
            oldest = Math.min(oldest, held[i]);
        }
        if (oldest == Long.MAX_VALUE) {
            horizons.clear(slot);
        } else {
            horizons.advance(slot, oldest);
        }
    }

    /** The transaction is over: nothing of it holds the horizon back. */
    void close() {
        current = 0;
        heldCount = 0;
        if (slot != NO_SLOT) {
            horizons.giveBack(slot);
            slot = NO_SLOT;
        }
    }
}
