package dev.cairn.wal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps a few {@link PendingRecord}s for reuse, so that an append allocates nothing. Never waits: when none is idle it makes
 * another. Thread-safe.
 */
final class PendingRecords {

    private static final int KEPT = 64;

    private final AtomicReferenceArray<PendingRecord> idle = new AtomicReferenceArray<>(KEPT);
    private final int pageSize;

    PendingRecords(int pageSize) {
        this.pageSize = pageSize;
    }

    PendingRecord take() {
        for (int i = 0, at = home(); i < KEPT; i++, at++) {
            PendingRecord found = idle.get(at % KEPT);
            if (found != null && idle.compareAndSet(at % KEPT, found, null)) {
                return found;
            }
        }
        return new PendingRecord(pageSize, this);
    }

    void give(PendingRecord record) {
        for (int i = 0, at = home(); i < KEPT; i++, at++) {
            if (idle.get(at % KEPT) == null && idle.compareAndSet(at % KEPT, null, record)) {
                return;
            }
        }
    }

    /** Where a thread looks first, so that threads seldom meet. */
    private static int home() {
        return (int) (Thread.currentThread().getId() % KEPT);
    }
}
