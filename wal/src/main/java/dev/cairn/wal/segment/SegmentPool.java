package dev.cairn.wal.segment;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where segments come from and go to.
 *
 * <p>A segment gets its name last: real zeros (or, reused, bytes that are valid nowhere) and its header are durable before
 * the name is given, and the directory is synced before anybody may write a record. So a segment that is there under its
 * name has an intact header, after any crash.
 *
 * <p>A segment that is no longer needed becomes a spare one, up to a bound: overwriting blocks that are on disk is what
 * makes a commit's sync cheap. It loses its name durably before it is written to.
 *
 * <p>Thread-safe: one mutex, which is held across disk calls.
 */
public final class SegmentPool {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);

    private final Disk disk;
    private final SegmentGeometry geometry;
    private final long databaseHigh;
    private final long databaseLow;
    private final int retained;
    private final Scheduler scheduler;
    private final Scheduler.Mutex mutex;

    // Guarded by mutex.
    private final ArrayDeque<String> spares = new ArrayDeque<>();
    private long nextSpareNo;
    private long oldest;
    private @Nullable DiskFile prepared;
    private long lastTaken;
    private long hopelessNo;
    /** The last segment that was prepared, or for which there was no space. Written under the mutex, read anywhere. */
    private volatile long preparedNo;

    /**
     * @param retained spare segments that are kept at most
     */
    public SegmentPool(
            Disk disk,
            SegmentGeometry geometry,
            long databaseHigh,
            long databaseLow,
            int retained,
            Scheduler scheduler) {
        this.disk = disk;
        this.geometry = geometry;
        this.databaseHigh = databaseHigh;
        this.databaseLow = databaseLow;
        this.retained = retained;
        this.scheduler = scheduler;
        this.mutex = scheduler.newMutex();
    }

    /**
     * Takes stock of the directory. Segments behind {@code last} hold nothing of the log any more and become spare ones,
     * durably; an unfinished one is deleted.
     *
     * @throws dev.cairn.storage.base.ForeignFileException if one of them belongs to another database
     * @throws dev.cairn.storage.base.FormatVersionException if another version wrote one of them; nothing was changed
     */
    public void open(long last) {
        mutex.lock();
        try {
            for (long no : SegmentNames.segments(disk)) {
                if (no > last) {
                    requireOwn(SegmentNames.of(no));
                }
            }
            lastTaken = last;
            oldest = last + 1;
            for (String name : disk.list()) {
                if (name.equals(SegmentNames.UNFINISHED)) {
                    disk.delete(name);
                } else if (SegmentNames.isSpare(name)) {
                    nextSpareNo = Math.max(nextSpareNo, SegmentNames.spareNo(name) + 1);
                    addSpare(name);
                }
            }
            for (long no : SegmentNames.segments(disk)) {
                if (no > last) {
                    giveUp(no);
                } else {
                    oldest = Math.min(oldest, no);
                }
            }
            disk.syncDirectory();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Opens the segment in which the log goes on.
     *
     * @throws LogCorruptException if it is missing, damaged or of another length
     */
    public DiskFile reopen(long segmentNo) {
        String name = SegmentNames.of(segmentNo);
        if (!disk.list().contains(name)) {
            throw new LogCorruptException("the log goes on in " + name + ", which is missing");
        }
        DiskFile file = disk.open(name, OpenMode.WRITE);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.readFully(0, bytes);
            SegmentHeader header = SegmentHeader.decode(bytes.flip(), name, databaseHigh, databaseLow);
            if (header.segmentNo() != segmentNo || header.segmentBytes() != geometry.segmentBytes()) {
                throw new LogCorruptException(name + " says that it is segment " + header.segmentNo() + " of "
                        + header.segmentBytes() + " bytes, expected " + geometry.segmentBytes());
            }
            if (file.size() != geometry.segmentBytes()) {
                throw new LogCorruptException(
                        name + " has " + file.size() + " bytes, expected " + geometry.segmentBytes());
            }
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The next segment, ready for its first record and its name durable: the one prepared ahead, or one made now.
     *
     * @param segmentNo its number, for the check: segments are taken in order
     */
    public DiskFile take(long segmentNo, long incarnation, long salt) {
        mutex.lock();
        try {
            if (segmentNo != lastTaken + 1) {
                throw new IllegalStateException("segment " + segmentNo + " cannot follow segment " + lastTaken);
            }
            DiskFile ready = prepared == null ? make(segmentNo, incarnation, salt) : prepared;
            prepared = null;
            lastTaken = segmentNo;
            return ready;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Prepares the next segment, so that {@link #take} finds it ready. When there is no space for it this is left to {@link
     * #take}: the space may be back by then.
     */
    public void prepareNext(long incarnation, long salt) {
        mutex.lock();
        try {
            if (prepared == null && hopelessNo != lastTaken + 1) {
                prepared = make(lastTaken + 1, incarnation, salt);
                preparedNo = lastTaken + 1;
            }
        } catch (DiskFullException e) {
            hopelessNo = lastTaken + 1;
            preparedNo = hopelessNo;
            LOG.warn(
                    "no space to prepare log segment {}, commits fail when the present one is full: {}",
                    hopelessNo,
                    e.getMessage());
        } finally {
            mutex.unlock();
        }
    }

    /** Whether it is of no use to prepare that segment: it is, or was, or there was no space. */
    public boolean hasPrepared(long segmentNo) {
        return preparedNo >= segmentNo;
    }

    /** Gives up the segments with numbers below {@code segmentNo}, durably. */
    public void recycle(long segmentNo) {
        mutex.lock();
        try {
            if (oldest >= segmentNo) {
                return;
            }
            for (long no : SegmentNames.segments(disk)) {
                if (no < segmentNo) {
                    giveUp(no);
                }
            }
            scheduler.point(CrashPoint.SEGMENT_GIVEN_UP);
            disk.syncDirectory();
            oldest = segmentNo;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Deletes every segment that a log which ends here does not need: those below {@code segmentNo}, the spare ones, and the one
     * prepared ahead. To be called after {@link #close}. A name that a crash brings back does no harm: {@link #open} clears it away.
     */
    public void giveBack(long segmentNo) {
        mutex.lock();
        try {
            for (String name : disk.list()) {
                long no = SegmentNames.segmentNo(name);
                if (SegmentNames.isSpare(name) || (no >= 0 && (no < segmentNo || no > lastTaken))) {
                    disk.delete(name);
                }
            }
            spares.clear();
            disk.syncDirectory();
        } finally {
            mutex.unlock();
        }
    }

    /** Closes the segment prepared ahead. */
    public void close() {
        mutex.lock();
        try {
            if (prepared != null) {
                prepared.close();
                prepared = null;
            }
        } finally {
            mutex.unlock();
        }
    }

    private DiskFile make(long segmentNo, long incarnation, long salt) {
        ByteBuffer header = new SegmentHeader(
                        databaseHigh, databaseLow, segmentNo, geometry.segmentBytes(), incarnation, salt)
                .encode();
        String spare = spares.poll();
        DiskFile file = spare == null ? makeNew(header) : reuse(spare, header);
        try {
            disk.rename(file.name(), SegmentNames.of(segmentNo));
            disk.syncDirectory();
            scheduler.point(CrashPoint.SEGMENT_NAMED);
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private DiskFile makeNew(ByteBuffer header) {
        DiskFile file = disk.open(SegmentNames.UNFINISHED, OpenMode.CREATE);
        try {
            file.allocate(0, geometry.segmentBytes());
            file.write(0, header);
            file.sync(true);
            return file;
        } catch (DiskFullException e) {
            file.close();
            disk.delete(SegmentNames.UNFINISHED);
            throw e;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private DiskFile reuse(String spare, ByteBuffer header) {
        DiskFile file = disk.open(spare, OpenMode.WRITE);
        try {
            file.writeThrough(0, header);
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A damaged header is no reason to keep a segment that holds nothing of the log. */
    private void requireOwn(String name) {
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.readFully(0, bytes);
            bytes.flip();
            SegmentHeader.requireKnownVersion(bytes, name);
            SegmentHeader header = SegmentHeader.decodeOrNull(bytes);
            if (header != null) {
                header.requireOwn(name, databaseHigh, databaseLow);
            }
        }
    }

    private void giveUp(long segmentNo) {
        String name = SegmentNames.of(segmentNo);
        if (spares.size() < retained && hasFullLength(name)) {
            String spare = SegmentNames.spare(nextSpareNo++);
            disk.rename(name, spare);
            spares.add(spare);
        } else {
            disk.delete(name);
        }
    }

    private void addSpare(String name) {
        if (spares.size() < retained && hasFullLength(name)) {
            spares.add(name);
        } else {
            disk.delete(name);
        }
    }

    private boolean hasFullLength(String name) {
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            return file.size() == geometry.segmentBytes();
        }
    }
}
