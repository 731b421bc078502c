package dev.cairn.txn;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.wal.Durability;
import java.util.ArrayDeque;

/**
 * Makes commits visible in the order of their LSNs, each as durable as it asked (I2).
 *
 * <p>A commit enters the queue under the mutex under which its record is appended, so queue order is LSN order. Whoever
 * has reached his durability publishes from the head whatever is ready; a commit that asked for less waits for those
 * before it that asked for more, by waiting for the same sync. So nobody needs to be woken.
 *
 * <p>Thread-safe.
 */
public final class CommitPublisher {

    private final TransactionLog log;
    private final StatusWindow window;
    private final Health health;
    private final Scheduler scheduler;
    private final Scheduler.Mutex mutex;
    private final Scheduler.Signal storedSignal;

    // Guarded by mutex: both in LSN order.
    private final ArrayDeque<PendingCommit> unpublished = new ArrayDeque<>();
    private final ArrayDeque<PendingCommit> unstored = new ArrayDeque<>();
    private long newestSync;
    private long newestWrite;

    private volatile long publishLsn;
    /** End of the oldest COMMIT whose status bits may be missing. */
    private volatile long oldestUnstored = Long.MAX_VALUE;

    CommitPublisher(TransactionLog log, StatusWindow window, Scheduler scheduler, Health health) {
        this.log = log;
        this.window = window;
        this.health = health;
        this.scheduler = scheduler;
        this.mutex = scheduler.newMutex();
        this.storedSignal = scheduler.newSignal();
    }

    void restore(long lsn) {
        publishLsn = lsn;
    }

    /** Every commit at or before it is visible to new snapshots. */
    public long publishLsn() {
        return publishLsn;
    }

    /**
     * Appends the commit and queues it. From here on it will be published, or the engine fails.
     *
     * @param serial prepared in the order of the COMMITs, before this one is appended, and nothing has happened if that throws;
     *     gets the commit's LSN before anybody can publish it
     */
    PendingCommit append(
            long top, long timeMicros, long firstLsn, XidRuns children, Durability durability, XactSerial serial) {
        mutex.lock();
        try {
            serial.prepare();
            long lsn = log.appendCommit(top, timeMicros, firstLsn, children);
            serial.logged(lsn);
            switch (durability) {
                case SYNC -> newestSync = lsn;
                case WRITE -> newestWrite = lsn;
                case LAZY -> {}
            }
            PendingCommit pending = new PendingCommit(top, lsn, durability, newestSync, newestWrite);
            unpublished.add(pending);
            unstored.add(pending);
            if (unstored.size() == 1) {
                oldestUnstored = lsn;
            }
            scheduler.point(CrashPoint.COMMIT_APPENDED);
            return pending;
        } finally {
            mutex.unlock();
        }
    }

    /** Returns when the commit is as durable as it asked, and it and all before it are visible. Uninterruptible. */
    void publish(PendingCommit commit) {
        if (commit.syncedTo != 0) {
            log.awaitDurable(commit.syncedTo);
        }
        if (commit.writtenTo > commit.syncedTo) {
            log.awaitWritten(commit.writtenTo);
        }
        scheduler.point(CrashPoint.COMMIT_DURABLE);
        if (publishLsn >= commit.commitLsn) {
            return;
        }
        mutex.lock();
        try {
            long durable = log.durableLsn();
            long written = log.writtenLsn();
            PendingCommit head = unpublished.peek();
            while (head != null && isReady(head, durable, written)) {
                window.commitTop(head.top, head.commitLsn);
                scheduler.point(CrashPoint.COMMIT_STATUS_SET);
                publishLsn = head.commitLsn;
                unpublished.remove();
                head = unpublished.peek();
            }
        } finally {
            mutex.unlock();
        }
        if (publishLsn < commit.commitLsn) {
            throw new IllegalStateException("commit " + commit.commitLsn + " is not published though it is "
                    + commit.durability + " and so are those before it");
        }
    }

    private static boolean isReady(PendingCommit commit, long durable, long written) {
        return switch (commit.durability) {
            case SYNC -> commit.commitLsn <= durable;
            case WRITE -> commit.commitLsn <= written;
            case LAZY -> true;
        };
    }

    /** The status bits of a published commit, children's too, are in memory. */
    void stored(PendingCommit commit) {
        mutex.lock();
        try {
            commit.stored = true;
            PendingCommit head = unstored.peek();
            while (head != null && head.stored) {
                unstored.remove();
                head = unstored.peek();
            }
            oldestUnstored = head == null ? Long.MAX_VALUE : head.commitLsn;
        } finally {
            mutex.unlock();
        }
        storedSignal.signalAll();
    }

    /** A commit has failed, and with it the engine: nobody waits for it any longer. */
    void failed() {
        storedSignal.signalAll();
    }

    /** All commits below this LSN are published and all their status bits are in memory. */
    public long storedUpTo() {
        return oldestUnstored;
    }

    /**
     * Returns when every COMMIT that ends at or before {@code redoPoint} is published and stored. Uninterruptible.
     *
     * @throws dev.cairn.storage.base.EngineFailedException if the engine fails meanwhile
     */
    void waitUntilStored(long redoPoint) {
        // Whoever appended before the redo point was set has queued his commit when he has given the mutex back.
        mutex.lock();
        mutex.unlock();
        storedSignal.awaitUninterruptibly(() -> oldestUnstored > redoPoint || health.isFailed());
        health.check();
    }
}
