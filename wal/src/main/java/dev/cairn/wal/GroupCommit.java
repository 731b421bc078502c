package dev.cairn.wal;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.wal.segment.SegmentGeometry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings the log to disk for all who wait for it. Thread-safe.
 *
 * <p>Whoever needs more of the log on disk than there is tries to become the leader. The leader writes everything that has
 * been appended so far, on its own thread, and syncs it if it needs that; the others wait. When it is done, those whom it
 * served go on, and of the rest, which have appended meanwhile, one leads next. So a group is whoever came while the
 * previous group's sync was under way.
 *
 * <pre>
 *   durableLsn &lt;= writtenLsn &lt;= insertLsn
 *   |-- survives the loss of power --|-- survives the process --|-- in the ring --|
 * </pre>
 *
 * <p>I8: durableLsn moves only after a sync has succeeded. The first failure stops the engine, before the leadership is
 * given up, and every leader looks at that first.
 */
final class GroupCommit {

    private final LogBuffer buffer;
    private final SegmentOutput output;
    private final SegmentGeometry geometry;
    private final Scheduler scheduler;
    private final Scheduler.Signal progress;
    private final Health health;
    private final AtomicBoolean leading = new AtomicBoolean();
    private final AtomicLong durableWaits = new AtomicLong();
    private final AtomicLong fullBufferWaits = new AtomicLong();
    private final AtomicInteger group = new AtomicInteger();
    private volatile long durableLsn;
    private volatile int largestGroup;

    GroupCommit(
            LogBuffer buffer,
            SegmentOutput output,
            SegmentGeometry geometry,
            long durableLsn,
            Scheduler scheduler,
            Health health) {
        this.buffer = buffer;
        this.output = output;
        this.geometry = geometry;
        this.durableLsn = durableLsn;
        this.scheduler = scheduler;
        this.progress = scheduler.newSignal();
        this.health = health;
    }

    long durableLsn() {
        return durableLsn;
    }

    long durableWaits() {
        return durableWaits.get();
    }

    long fullBufferWaits() {
        return fullBufferWaits.get();
    }

    int largestGroup() {
        return largestGroup;
    }

    void awaitDurable(long lsn) {
        health.check();
        if (durableLsn >= lsn) {
            return;
        }
        requireAppended(lsn);
        durableWaits.incrementAndGet();
        group.incrementAndGet();
        while (durableLsn < lsn) {
            if (!lead(true, lsn)) {
                scheduler.point(CrashPoint.LOG_FOLLOWING);
                progress.awaitUninterruptibly(() -> durableLsn >= lsn || !leading.get() || health.isFailed());
            }
            health.check();
        }
    }

    void awaitWritten(long lsn) {
        health.check();
        if (buffer.writtenLsn() >= lsn) {
            return;
        }
        requireAppended(lsn);
        while (buffer.writtenLsn() < lsn) {
            if (!lead(false, lsn)) {
                progress.awaitUninterruptibly(() -> buffer.writtenLsn() >= lsn || !leading.get() || health.isFailed());
            }
            health.check();
        }
    }

    /** Called by an appender that met a full buffer and holds no append lock: returns when it is worth another try. */
    void makeRoom(long writtenBefore) {
        fullBufferWaits.incrementAndGet();
        awaitWritten(writtenBefore + 1);
    }

    /** For the flusher: writes, or makes durable, what there is, unless somebody is at it. */
    void flush(boolean sync) {
        long target = buffer.contentLsn();
        if ((sync ? durableLsn : buffer.writtenLsn()) < target) {
            lead(sync, target);
        }
    }

    /** Waits until nobody leads and keeps others from leading, for good; then closes the files. */
    void close() {
        while (!leading.compareAndSet(false, true)) {
            progress.awaitUninterruptibly(() -> !leading.get());
        }
        output.close();
    }

    /** False if somebody else leads. */
    private boolean lead(boolean sync, long target) {
        if (!leading.compareAndSet(false, true)) {
            return false;
        }
        try {
            health.check();
            if ((sync ? durableLsn : buffer.writtenLsn()) < target) {
                scheduler.point(CrashPoint.LOG_LEADING);
                writeGroup(sync);
            }
        } catch (RuntimeException | Error e) {
            throw health.fail(e);
        } finally {
            leading.set(false);
            scheduler.point(CrashPoint.LOG_LED);
            progress.signalAll();
        }
        return true;
    }

    private void writeGroup(boolean sync) {
        int served = sync ? group.getAndSet(0) : 0;
        long end = buffer.endOfGroup(durableLsn);
        scheduler.point(CrashPoint.LOG_GROUP);
        while (buffer.writtenLsn() < end) {
            long from = geometry.startAfter(buffer.writtenLsn());
            long segmentEnd = geometry.endOfSegment(from);
            long to = Math.min(end, segmentEnd);
            boolean durable = sync || to == segmentEnd;
            output.write(from, to, durable);
            scheduler.point(CrashPoint.LOG_WRITTEN);
            buffer.written(to);
            if (durable) {
                durableLsn = to;
            }
        }
        if (sync && durableLsn < end) {
            output.sync();
            scheduler.point(CrashPoint.LOG_SYNCED);
            durableLsn = end;
        }
        largestGroup = Math.max(largestGroup, served);
    }

    private void requireAppended(long lsn) {
        if (lsn > buffer.insertLsn()) {
            throw new IllegalArgumentException("waiting for log that does not exist: up to " + Lsn.format(lsn)
                    + ", it ends at " + Lsn.format(buffer.insertLsn()));
        }
    }
}
