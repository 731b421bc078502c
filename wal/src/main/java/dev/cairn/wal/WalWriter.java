package dev.cairn.wal;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.cache.WalBarrier;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentPool;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the log and makes it durable. Thread-safe. Every method that appends or waits throws {@link
 * dev.cairn.storage.base.EngineFailedException} once the engine has failed, and none is disturbed by an interrupt.
 *
 * <p>The parts: {@link LogBuffer} gives records their place, {@link GroupCommit} decides who writes and when, {@link
 * SegmentOutput} writes, {@link SegmentPool} has the files.
 */
public final class WalWriter implements WalBarrier, AutoCloseable {

    private final WalOptions options;
    private final SegmentGeometry geometry;
    private final SegmentPool pool;
    private final LogBuffer buffer;
    private final SegmentOutput output;
    private final GroupCommit group;
    private final PendingRecords pending;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Health health;
    private final IncarnationId life;
    /** Held by commits of more than one record, and by a checkpoint's begin: no redo point comes between such records. */
    private final Scheduler.Mutex manyRecords;

    private final AtomicBoolean flusherWoken = new AtomicBoolean();
    private volatile Scheduler.@Nullable Background flusher;
    private volatile long lazyFlushNanos;
    private volatile long lastFlushNanos;

    private WalWriter(
            WalOptions options,
            SegmentGeometry geometry,
            SegmentPool pool,
            LogBuffer buffer,
            SegmentOutput output,
            WalEnd end,
            IncarnationId life,
            Environment environment,
            Health health) {
        this.options = options;
        this.geometry = geometry;
        this.pool = pool;
        this.buffer = buffer;
        this.output = output;
        this.life = life;
        this.scheduler = environment.scheduler();
        this.clock = environment.clock();
        this.health = health;
        this.group = new GroupCommit(buffer, output, geometry, end.lsn(), scheduler, health);
        this.pending = new PendingRecords(options.pageSize());
        this.manyRecords = scheduler.newMutex();
    }

    /** Begins the log of a new database, with the announcement of its first life as the first record, durable on return. */
    public static WalWriter create(
            Disk disk,
            WalOptions options,
            DatabaseId databaseId,
            IncarnationId first,
            Environment environment,
            Health health) {
        WalEnd beforeFirst = WalEnd.closed(options.segmentBytes(), first);
        long firstRecord = options.segmentBytes() + (long) SegmentHeader.BYTES;
        return open(disk, options, databaseId, beforeFirst, first, firstRecord, environment, health);
    }

    /**
     * Goes on with a log whose end is known, with the announcement of a new life, durable on return. Before: the new life is
     * durable in the control file, and the log is durable up to its end.
     *
     * <p>What stands behind the end stays there: it is seeded with an older life, and no record of an older life can follow
     * the announcement. Segments behind the end lose their names, durably, before anything is written.
     *
     * @param end where the log ends, as {@link WalReader#end} says or {@link WalEnd#closed}
     * @param redoPoint start of the last complete checkpoint's begin record; decides about full-page images until the next
     *     checkpoint begins
     * @throws dev.cairn.storage.base.LogCorruptException if the last segment is missing or damaged; nothing was changed
     */
    public static WalWriter open(
            Disk disk,
            WalOptions options,
            DatabaseId databaseId,
            WalEnd end,
            IncarnationId next,
            long redoPoint,
            Environment environment,
            Health health) {
        SegmentGeometry geometry = new SegmentGeometry(options.segmentBytes());
        SegmentPool pool = new SegmentPool(
                disk,
                geometry,
                databaseId.high(),
                databaseId.low(),
                options.retainedSegments(),
                environment.scheduler());
        long last = geometry.segmentOfEnd(end.lsn());
        DiskFile file = geometry.offset(end.lsn()) == 0 ? null : pool.reopen(last);
        environment.memory().taking(options.bufferBytes());
        LogBuffer buffer = new LogBuffer(options, databaseId, end, redoPoint, environment.scheduler());
        SegmentOutput output = new SegmentOutput(pool, geometry, buffer, file, last, end.incarnation());
        WalWriter writer = new WalWriter(options, geometry, pool, buffer, output, end, next, environment, health);
        try {
            pool.open(last);
            writer.announce();
            return writer;
        } catch (RuntimeException e) {
            output.close();
            throw e;
        }
    }

    /** Until the announcement is in place, new segments begin in the old life. */
    private void announce() {
        long end = append(0, new WalRecord.Incarnation(life.counter(), life.salt(), clock.epochMicros()));
        buffer.begin(life);
        awaitDurable(end);
        output.begin(life);
    }

    /**
     * Appends a record that changes no page.
     *
     * @param xid the transaction or sub-transaction that it belongs to; 0 if none
     * @return the record's end
     * @throws IllegalArgumentException if the record is too long; nothing was appended
     */
    public long append(long xid, WalRecord record) {
        return append(xid, record, 0, null, null);
    }

    /**
     * Appends a record that changes one page. The caller holds the page's latch, has changed the page, and sets its pageLsn to
     * the result before unlatching. The log carries the page's image if this is its first change since the redo point; a
     * {@link WalRecord.PageImage} always carries it.
     *
     * <p>The checks of {@link #requireFits} are made here too, but then the page has been changed already: whoever cannot
     * exclude a record that is too long asks first.
     */
    public long append(long xid, WalRecord record, PageBuffer page) {
        return append(xid, record, 1, page, null);
    }

    /** As the method for one page; the pages are in the record's order. */
    public long append(long xid, WalRecord record, PageBuffer page0, PageBuffer page1) {
        return append(xid, record, 2, page0, page1);
    }

    /**
     * Begins a record that initialises no page, for a writer who encodes it from his own variables: no object is made of
     * it, and nothing has to be allocated once the page has been changed.
     *
     * @return the record, with an empty body; to be closed
     */
    public PendingRecord begin(long xid, WalRecordType type) {
        return pending.take().begin(xid, type);
    }

    /** Appends a record that {@link #begin} has given and that changes no page. */
    public long append(PendingRecord record) {
        return append(record, 0, null, null);
    }

    /** Appends a record that {@link #begin} has given; else as {@link #append(long, WalRecord, PageBuffer)}. */
    public long append(PendingRecord record, PageBuffer page) {
        return append(record, 1, page, null);
    }

    /** As {@link #append(PendingRecord, PageBuffer)}, for two pages in the record's order. */
    public long append(PendingRecord record, PageBuffer page0, PageBuffer page1) {
        return append(record, 2, page0, page1);
    }

    /** As {@link #append(PendingRecord)}, for a transaction's first record; returns its <em>start</em>. */
    public long appendFirst(PendingRecord record) {
        append(record);
        return record.start;
    }

    /**
     * Appends COMMIT, after the children that found no place in it, with no redo point between.
     *
     * @param commit as {@link #begin} has given it
     * @return the end of the COMMIT record: the commit LSN
     */
    public long appendCommit(PendingRecord commit, List<WalRecord.CommitChildren> before) {
        if (before.isEmpty()) {
            return append(commit);
        }
        manyRecords.lock();
        try {
            for (WalRecord.CommitChildren children : before) {
                append(commit.xid(), children);
            }
            return append(commit);
        } finally {
            manyRecords.unlock();
        }
    }

    /**
     * Appends the record that begins a checkpoint and makes its start the redo point, in one step as seen by every other
     * append. Waits for a commit of more than one record that is being appended.
     *
     * @param record called under the append lock, perhaps more than once: short, takes no lock, does not block
     * @return the redo point
     */
    public long beginCheckpoint(Supplier<WalRecord.CheckpointBegin> record) {
        manyRecords.lock();
        try (PendingRecord begin = pending.take()) {
            while (true) {
                health.check();
                long written = buffer.writtenLsn();
                if (buffer.appendRedoPoint(begin, record, options.maxBodyBytes(0)) != LogBuffer.FULL) {
                    return begin.start;
                }
                group.makeRoom(written);
            }
        } finally {
            manyRecords.unlock();
        }
    }

    /** @throws IllegalArgumentException if the record could be too long to be appended, page images included */
    public void requireFits(WalRecord record) {
        try (PendingRecord probe = pending.take()) {
            probe.set(0, record);
            requireFits(probe, record.pageCount());
        }
    }

    /** End of the last record appended. */
    public long insertLsn() {
        return buffer.insertLsn();
    }

    /** The log up to here has been handed to the operating system. */
    public long writtenLsn() {
        return buffer.writtenLsn();
    }

    /** The log up to here survives the loss of power. */
    public long durableLsn() {
        return group.durableLsn();
    }

    /** A page whose pageLsn is at or below this gets an image into the log with its next change. */
    public long redoPoint() {
        return buffer.redoPoint();
    }

    /**
     * Returns when the log is durable up to {@code lsn}, an end that {@code append} has returned (I1, I2).
     *
     * @throws IllegalArgumentException if the log does not reach that far
     */
    @Override
    public void awaitDurable(long lsn) {
        group.awaitDurable(lsn);
        wakeForNextSegment();
    }

    /** Returns when the log has been handed to the operating system up to {@code lsn}. */
    public void awaitWritten(long lsn) {
        group.awaitWritten(lsn);
        wakeForNextSegment();
    }

    /**
     * Starts the background machine that serves LAZY commits, empties a filling buffer and prepares segments ahead. {@link
     * #close} stops it. To be called once at most.
     *
     * @param nanos what was appended is durable after about this time
     */
    public void startFlusher(long nanos) {
        lazyFlushNanos = nanos;
        lastFlushNanos = clock.nanoTime();
        flusher = scheduler.start("cairn-wal-flusher", this::flushStep, nanos);
    }

    /** One turn of the flusher; false if there is no reason for another turn at once. A failure goes to {@link Health}. */
    public boolean flushStep() {
        flusherWoken.set(false);
        if (health.isFailed()) {
            return false;
        }
        try {
            if (buffer.isFilling()) {
                group.flush(false);
            }
            long now = clock.nanoTime();
            if (now - lastFlushNanos >= lazyFlushNanos) {
                lastFlushNanos = now;
                group.flush(true);
            }
            if (buffer.isSegmentHalfUsed()) {
                prepareSegment();
            }
        } catch (EngineFailedException e) {
            // Health has the cause, and every caller gets it from there.
            return false;
        }
        return buffer.isFilling();
    }

    /** Gives up segments that lie wholly below {@code belowLsn}: for reuse, or deleted. */
    public void recycle(long belowLsn) {
        health.check();
        try {
            pool.recycle(geometry.segmentNo(Math.min(belowLsn, durableLsn())));
        } catch (RuntimeException e) {
            throw health.fail(e);
        }
    }

    public WalStatistics statistics() {
        long[] counts = buffer.counts();
        return new WalStatistics(
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                output.writes(),
                output.syncs(),
                group.durableWaits(),
                group.largestGroup(),
                group.fullBufferWaits());
    }

    /**
     * Refuses appends from now on, makes everything durable unless the engine has failed, and closes the files. The log then
     * ends at {@link #insertLsn}. Idempotent.
     */
    @Override
    public void close() {
        Scheduler.Background background = flusher;
        flusher = null;
        if (background != null) {
            background.stop();
        }
        if (!buffer.close()) {
            return;
        }
        try {
            if (!health.isFailed()) {
                awaitDurable(insertLsn());
            }
        } finally {
            group.close();
            pool.close();
        }
    }

    /**
     * Deletes the segments that lie wholly below {@code belowLsn}, and all that was kept or made ready for more log. To be called after
     * {@link #close}, with the control file saying durably that the log ends here.
     */
    public void giveBack(long belowLsn) {
        pool.giveBack(geometry.segmentNo(belowLsn));
    }

    private long append(long xid, WalRecord record, int pages, @Nullable PageBuffer page0, @Nullable PageBuffer page1) {
        if (record.pageCount() != pages) {
            throw new IllegalArgumentException(
                    record.type() + " changes " + record.pageCount() + " pages, given are " + pages);
        }
        try (PendingRecord entry = pending.take()) {
            entry.set(xid, record);
            return append(entry, pages, page0, page1);
        }
    }

    private long append(PendingRecord entry, int pages, @Nullable PageBuffer page0, @Nullable PageBuffer page1) {
        requireFits(entry, pages);
        while (true) {
            health.check();
            addImages(entry, page0, page1);
            long written = buffer.writtenLsn();
            long end = buffer.append(entry, page0, page1);
            if (end == LogBuffer.FULL) {
                group.makeRoom(written);
            } else if (end != LogBuffer.LACKS_IMAGES) {
                wakeFlusher();
                return end;
            }
        }
    }

    private void addImages(PendingRecord entry, @Nullable PageBuffer page0, @Nullable PageBuffer page1) {
        long redoPoint = buffer.redoPoint();
        if (page0 != null && entry.lacksImage(0, page0, redoPoint)) {
            entry.addImage(0, page0);
        }
        if (page1 != null && entry.lacksImage(1, page1, redoPoint)) {
            entry.addImage(1, page1);
        }
    }

    private void wakeFlusher() {
        Scheduler.Background background = flusher;
        if (background != null && buffer.isFilling() && flusherWoken.compareAndSet(false, true)) {
            background.wake();
        }
    }

    /** Whoever has waited for the disk sees to it that the next segment is ready before somebody has to wait for that, too. */
    private void wakeForNextSegment() {
        Scheduler.Background background = flusher;
        if (background != null
                && buffer.isSegmentHalfUsed()
                && !pool.hasPrepared(geometry.segmentNo(buffer.insertLsn()) + 1)
                && flusherWoken.compareAndSet(false, true)) {
            background.wake();
        }
    }

    private void prepareSegment() {
        try {
            pool.prepareNext(life.counter(), life.salt());
        } catch (RuntimeException e) {
            throw health.fail(e);
        }
    }

    private void requireFits(PendingRecord entry, int pages) {
        int most = options.maxBodyBytes(pages);
        if (entry.bodyBytes() > most) {
            throw new IllegalArgumentException(
                    "a " + entry.type() + " record of " + entry.bodyBytes() + " bytes, at most " + most);
        }
    }
}
