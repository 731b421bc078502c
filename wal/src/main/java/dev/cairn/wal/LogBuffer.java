package dev.cairn.wal;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log, in memory: gives records their place, in order.
 *
 * <p>Everything happens under the append lock, which is held for a checksum and a copy and never across a disk call or a
 * wait. The bytes [writtenLsn, insertLsn) lie in the ring; those from writtenLsn on are never overwritten. Whoever wrote
 * them to disk moves writtenLsn ({@link #written}).
 *
 * <p>The redo point moves under the same lock under which it is decided whether a record needs page images, so the log
 * order of records and of the checkpoint's begin is the order of those decisions.
 */
final class LogBuffer {

    /** Returned instead of an LSN: there is no room until more of the log has been written. */
    static final long FULL = -1;

    /** Returned instead of an LSN: the redo point has moved and the record needs more images. */
    static final long LACKS_IMAGES = -2;

    /** What a record may need besides its own length: its padding, a header, the filler's padding. */
    private static final int MOST_AROUND = 2 * SegmentHeader.BYTES;

    /** A record and the filler of the rest in which it did not fit must find room together. */
    private static final int MIN_RECORDS = 2;

    private final SegmentGeometry geometry;
    private final LogRing ring;
    private final Scheduler scheduler;
    private final Scheduler.Mutex mutex;
    private final long databaseSeed;
    private final PendingRecord filler;
    private final PendingRecord mark;

    // Written under the mutex, read anywhere.
    private volatile long insertLsn;
    private volatile long contentLsn;
    private volatile long redoPoint;
    /** Written by the leader. */
    private volatile long writtenLsn;

    // Guarded by the mutex.
    private long life;
    /** Start of the last record in the segment; 0 if there is none, or if it is unknown. */
    private long lastStart;

    private long markedLsn;
    private boolean closed;
    private long records;
    private long bytes;
    private long images;
    private long imageBytes;

    LogBuffer(WalOptions options, DatabaseId databaseId, WalEnd end, long redoPoint, Scheduler scheduler) {
        this.geometry = new SegmentGeometry(options.segmentBytes());
        this.databaseSeed = databaseId.seed();
        this.scheduler = scheduler;
        this.mutex = scheduler.newMutex();
        int needed = Math.max(options.bufferBytes(), MIN_RECORDS * (options.maxRecordBytes() + MOST_AROUND));
        this.ring = new LogRing(Integer.highestOneBit(needed - 1) << 1);
        this.filler = new PendingRecord(options.pageSize(), null);
        this.mark = new PendingRecord(options.pageSize(), null);
        this.insertLsn = end.lsn();
        this.contentLsn = end.lsn();
        this.writtenLsn = end.lsn();
        this.markedLsn = end.lsn();
        this.lastStart = end.lastStart();
        this.redoPoint = redoPoint;
        filler.set(0, new WalRecord.SegmentEnd());
        begin(end.incarnation());
    }

    /** Records are seeded with this life from now on. */
    void begin(IncarnationId incarnation) {
        mutex.lock();
        try {
            life = Seeds.ofLife(databaseSeed, incarnation.counter(), incarnation.salt());
        } finally {
            mutex.unlock();
        }
    }

    long insertLsn() {
        return insertLsn;
    }

    /** As {@link #insertLsn}, but marks do not count: there is a reason to write up to here. */
    long contentLsn() {
        return contentLsn;
    }

    long writtenLsn() {
        return writtenLsn;
    }

    long redoPoint() {
        return redoPoint;
    }

    /** The most that can be appended and not written, in bytes. */
    int capacity() {
        return ring.capacity();
    }

    /** Half of the room is taken: time to write. */
    boolean isFilling() {
        return insertLsn - writtenLsn > ring.capacity() / 2;
    }

    /** Half of the segment is used: time to prepare another. */
    boolean isSegmentHalfUsed() {
        return geometry.offset(insertLsn) > geometry.segmentBytes() / 2;
    }

    /**
     * Appends a record.
     *
     * @param page0 the first page that it changes, null if it changes none
     * @return its end, {@link #FULL} or {@link #LACKS_IMAGES}
     */
    long append(PendingRecord record, @Nullable PageBuffer page0, @Nullable PageBuffer page1) {
        mutex.lock();
        try {
            requireOpen();
            if (lacksImage(record, 0, page0) || lacksImage(record, 1, page1)) {
                return LACKS_IMAGES;
            }
            return place(record);
        } finally {
            mutex.unlock();
        }
    }

    /** Appends the record that begins a checkpoint; its start becomes the redo point. Its end, or {@link #FULL}. */
    long appendRedoPoint(PendingRecord record, Supplier<WalRecord.CheckpointBegin> source, int maxBodyBytes) {
        mutex.lock();
        try {
            requireOpen();
            record.set(0, source.get());
            if (record.bodyBytes() > maxBodyBytes) {
                throw new IllegalArgumentException("too many open transactions for a checkpoint: " + record.bodyBytes()
                        + " bytes, at most " + maxBodyBytes);
            }
            long end = place(record);
            if (end != FULL) {
                scheduler.point(CrashPoint.LOG_REDO_POINT);
                redoPoint = record.start;
            }
            return end;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Called by a leader before it writes: says how far. If the log has become durable beyond what a mark says, a mark is
     * appended, so that a later end of the log before that point is known to be damage. Without room there is none.
     */
    long endOfGroup(long durableLsn) {
        mutex.lock();
        try {
            if (durableLsn > markedLsn) {
                WalCodec.durableMark(mark.begin(0, WalRecordType.DURABLE_MARK).body(), durableLsn);
                long content = contentLsn;
                if (place(mark) != FULL) {
                    markedLsn = durableLsn;
                    contentLsn = content;
                }
            }
            return insertLsn;
        } finally {
            mutex.unlock();
        }
    }

    /** Copies log that has not been released by {@link #written}. Called by the leader. */
    void read(long from, byte[] target, int length) {
        ring.get(from, target, length);
    }

    /** The log up to here is written; its room is free. Called by the leader. */
    void written(long lsn) {
        writtenLsn = lsn;
    }

    /** Refuses every later append but marks. False if that was so already. */
    boolean close() {
        mutex.lock();
        try {
            boolean wasOpen = !closed;
            closed = true;
            return wasOpen;
        } finally {
            mutex.unlock();
        }
    }

    /** Records, bytes, images, image bytes. */
    long[] counts() {
        mutex.lock();
        try {
            return new long[] {records, bytes, images, imageBytes};
        } finally {
            mutex.unlock();
        }
    }

    private boolean lacksImage(PendingRecord record, int i, @Nullable PageBuffer page) {
        return page != null && record.lacksImage(i, page, redoPoint);
    }

    private long place(PendingRecord record) {
        long from = insertLsn;
        long start = geometry.startAfter(from);
        int length = record.length();
        boolean fits = start + length <= geometry.endOfSegment(start);
        long place = fits ? start : geometry.firstRecord(geometry.segmentNo(start) + 1);
        long end = geometry.endOf(place, length);
        if (end - writtenLsn > ring.capacity()) {
            return FULL;
        }
        if (!fits) {
            put(filler, start, geometry.endOfSegment(start));
        }
        put(record, place, end);
        scheduler.point(CrashPoint.LOG_PLACED);
        contentLsn = end;
        insertLsn = end;
        bytes += end - from;
        return end;
    }

    private void put(PendingRecord record, long start, long end) {
        boolean first = geometry.offset(start) == SegmentHeader.BYTES;
        record.start = start;
        record.seal(Seeds.ofRecord(life, start), first || lastStart == 0 ? 0 : (int) (start - lastStart));
        record.copyTo(ring, start);
        long padding = start + record.length();
        ring.putZeros(padding, (int) (end - padding));
        lastStart = start;
        records++;
        images += record.imageCount();
        imageBytes += record.imageBytes();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }
}
