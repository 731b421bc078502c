package dev.cairn.recovery;

import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Makes checkpoints: brings everything that the log holds before a redo point into the files, then says so in the control
 * file, then gives up the log before it. Thread-safe; one checkpoint at a time.
 *
 * <p>The order, and what breaks without it:
 * <ol>
 *   <li><b>The begin record is appended and its start becomes the redo point R</b> in one step under the append lock. From
 *       here on the first change of each page carries an image. A gap between the two would let a change after R go without
 *       its image, and a page torn later could not be restored.
 *   <li><b>Every frame that is dirty or latched now is written.</b> Latched, too: whoever holds the latch may have appended
 *       before R what the page does not show yet.
 *   <li><b>Transaction status is written once every commit before R has been published and stored</b>, its children's bits
 *       too. Redo from R will not meet those records again, so a bit that is missing would be a commit lost. The file
 *       writes only what the log has durably.
 *   <li><b>All data files are synced, then, if names have changed, the directory</b>: written is not durable, and a new file whose name is lost is
 *       lost.
 *   <li><b>The end record is appended and made durable.</b> It proves to later readers how far the log must reach at least.
 *   <li><b>The older control slot is written and synced.</b> Only now may recovery start at R: all before this line is
 *       idle work if the machine stops.
 *   <li><b>Log is given up below the redo points of both slots</b>, because the newer slot may yet turn out to be unreadable,
 *       and below what {@link #addRetention} asks for.
 * </ol>
 *
 * <p>The mutex is held across disk calls, so it is the scheduler's.
 */
public final class Checkpointer {

    private static final long RETRY_NANOS = 1_000_000_000L;

    private final ControlFile control;
    private final WalWriter wal;
    private final FileTable files;
    private final PageCache cache;
    private final TransactionSystem transactions;
    private final FileIdAllocator fileIds;
    private final Environment environment;
    private final Health health;
    private final long dueBytes;
    private final long dueNanos;
    private final Scheduler.Mutex mutex;
    private final List<LongSupplier> retentions = new CopyOnWriteArrayList<>();

    /** Guarded by the mutex. */
    private boolean closed;

    private volatile Statistics statistics;
    /** End of the log when the last checkpoint was complete: nothing after it means nothing to do. */
    private volatile long restedAt;

    private volatile long lastNanos;
    /** After a failure that left the engine alive, the next try waits for this. */
    private volatile long notBeforeNanos;

    Checkpointer(
            StoreOptions options,
            ControlFile control,
            WalWriter wal,
            FileTable files,
            PageCache cache,
            TransactionSystem transactions,
            FileIdAllocator fileIds,
            Environment environment,
            Health health) {
        this.control = control;
        this.wal = wal;
        this.files = files;
        this.cache = cache;
        this.transactions = transactions;
        this.fileIds = fileIds;
        this.environment = environment;
        this.health = health;
        this.dueBytes = options.checkpointBytes();
        this.dueNanos = options.checkpointIntervalNanos();
        this.mutex = environment.scheduler().newMutex();
        this.restedAt = wal.insertLsn();
        this.lastNanos = environment.clock().nanoTime();
        this.notBeforeNanos = lastNanos;
        this.statistics = new Statistics(0, 0, control.current().redoPoint(), 0, 0);
    }

    /**
     * Counts since opening.
     *
     * @param checkpoints complete ones
     * @param failed given up for want of space; the engine went on
     * @param redoPoint of the last complete checkpoint, from before opening if there was none since
     * @param lastNanos how long the last one took
     * @param lastEndMicros when it was complete, microseconds since 1970; 0 if there was none
     */
    public record Statistics(long checkpoints, long failed, long redoPoint, long lastNanos, long lastEndMicros) {}

    /**
     * Makes a checkpoint now, on this thread, even if nothing was logged; waits for one in progress first.
     *
     * @throws dev.cairn.storage.base.EngineFailedException if a write or a sync fails; the engine has stopped then
     * @throws dev.cairn.storage.base.DiskFullException if the log cannot grow; the former checkpoint still holds
     * @throws IllegalStateException once the database is being closed
     */
    public void checkpoint() {
        mutex.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the database has been closed");
            }
            run();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Waits for a checkpoint in progress, and refuses all later ones: whoever asked for one while the database was being
     * closed must not find its log or its files gone.
     *
     * @param last whether to make one more
     */
    void close(boolean last) {
        mutex.lock();
        try {
            if (last) {
                run();
            }
        } finally {
            closed = true;
            mutex.unlock();
        }
    }

    /**
     * A background step: makes a checkpoint if one is due by the log's volume, or by time and anything was logged. Reports
     * what goes wrong to {@link Health} and throws nothing.
     */
    boolean step() {
        if (health.isFailed() || !isDue() || !mutex.tryLock()) {
            return false;
        }
        try {
            run();
            return true;
        } catch (TransactionException e) {
            notBeforeNanos = environment.clock().nanoTime() + RETRY_NANOS;
            return false;
        } catch (CairnException e) {
            return false;
        } finally {
            mutex.unlock();
        }
    }

    private boolean isDue() {
        long now = environment.clock().nanoTime();
        if (now - notBeforeNanos < 0) {
            return false;
        }
        long end = wal.insertLsn();
        return end - statistics.redoPoint() >= dueBytes || (now - lastNanos >= dueNanos && end > restedAt);
    }

    /**
     * Log from the LSN that {@code minLsn} gives on is kept from the next checkpoint on; for replicas, backups, archives.
     * Called by the checkpointing thread: short, takes no lock. {@link Long#MAX_VALUE} keeps nothing.
     */
    public void addRetention(LongSupplier minLsn) {
        retentions.add(minLsn);
    }

    public Statistics statistics() {
        return statistics;
    }

    private void run() {
        health.check();
        long begunNanos = environment.clock().nanoTime();
        try {
            writeCheckpoint();
        } catch (TransactionException e) {
            Statistics s = statistics;
            statistics =
                    new Statistics(s.checkpoints(), s.failed() + 1, s.redoPoint(), s.lastNanos(), s.lastEndMicros());
            throw e;
        } catch (RuntimeException | Error e) {
            throw health.fail(e);
        }
        lastNanos = environment.clock().nanoTime();
        restedAt = wal.insertLsn();
        statistics = new Statistics(
                statistics.checkpoints() + 1,
                statistics.failed(),
                control.current().redoPoint(),
                lastNanos - begunNanos,
                environment.clock().epochMicros());
    }

    private void writeCheckpoint() {
        long[] nextXid = new long[1];
        int[] nextFileId = new int[1];
        long redoPoint = wal.beginCheckpoint(() -> {
            nextFileId[0] = fileIds.next();
            WalRecord.CheckpointBegin begin = transactions.checkpointBegin(nextFileId[0]);
            nextXid[0] = begin.nextXid();
            return begin;
        });
        point(CrashPoint.CHECKPOINT_BEGUN);
        cache.writeBackDirty(redoPoint);
        point(CrashPoint.CHECKPOINT_PAGES_WRITTEN);
        long digest = transactions.writeStatus(redoPoint, control.current().redoPoint());
        point(CrashPoint.CHECKPOINT_STATUS_WRITTEN);
        files.syncAll();
        point(CrashPoint.CHECKPOINT_FILES_SYNCED);
        long nowMicros = environment.clock().epochMicros();
        long checkpointEnd = wal.append(0, new WalRecord.CheckpointEnd(redoPoint, nowMicros));
        wal.awaitDurable(checkpointEnd);
        point(CrashPoint.CHECKPOINT_END_LOGGED);
        control.write(control.current()
                .afterCheckpoint(redoPoint, checkpointEnd, nextXid[0], nextFileId[0], digest, nowMicros));
        point(CrashPoint.CHECKPOINT_CONTROL_WRITTEN);
        wal.recycle(neededLog());
        point(CrashPoint.CHECKPOINT_RECYCLED);
    }

    /** Log before this is needed by neither control slot and by nobody who asked for some to be kept. */
    long neededLog() {
        long keep = control.oldestRedoPoint();
        for (LongSupplier retention : retentions) {
            keep = Math.min(keep, retention.getAsLong());
        }
        return keep;
    }

    private void point(CrashPoint point) {
        environment.scheduler().point(point);
    }
}
