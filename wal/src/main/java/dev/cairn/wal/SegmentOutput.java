package dev.cairn.wal;

import dev.cairn.storage.file.DiskFile;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentPool;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log into segment files, in order. Used by one thread at a time, the leader.
 *
 * <p>At most the last segment holds bytes that are written and not durable: a segment is made durable when it is complete.
 * So however much is written without a sync, the sync that follows has one file to care for.
 */
final class SegmentOutput {

    /** More than this is written in pieces and then synced: one write call of the JDK takes no more at once. */
    private static final int MOST_AT_ONCE = 64 << 10;

    private final SegmentPool pool;
    private final SegmentGeometry geometry;
    private final LogBuffer buffer;
    private final byte[] copy;
    private final ByteBuffer copyBuffer;

    private @Nullable DiskFile file;
    private long segmentNo;
    private boolean unsynced;
    private IncarnationId headerLife;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();

    /**
     * @param file the segment in which the log goes on, null if it goes on in a new one
     * @param headerLife the life that seeds the first record of new segments
     */
    SegmentOutput(
            SegmentPool pool,
            SegmentGeometry geometry,
            LogBuffer buffer,
            @Nullable DiskFile file,
            long segmentNo,
            IncarnationId headerLife) {
        this.pool = pool;
        this.geometry = geometry;
        this.buffer = buffer;
        this.copy = new byte[Math.min(MOST_AT_ONCE, buffer.capacity())];
        this.copyBuffer = ByteBuffer.wrap(copy);
        this.file = file;
        this.segmentNo = segmentNo;
        this.headerLife = headerLife;
        // What recovery left unsynced here, if anything, goes with the first sync.
        this.unsynced = true;
    }

    void begin(IncarnationId life) {
        headerLife = life;
    }

    /**
     * Writes [from, to), which lies in one segment.
     *
     * @param sync whether it and everything before must be durable on return
     */
    void write(long from, long to, boolean sync) {
        DiskFile target = fileFor(geometry.segmentNo(from));
        if (sync && !unsynced && to - from <= MOST_AT_ONCE) {
            target.writeThrough(geometry.offset(from), copyOf(from, (int) (to - from)));
            writes.incrementAndGet();
            syncs.incrementAndGet();
            return;
        }
        unsynced = true;
        for (long at = from; at < to; ) {
            int length = (int) Math.min(MOST_AT_ONCE, to - at);
            target.write(geometry.offset(at), copyOf(at, length));
            writes.incrementAndGet();
            at += length;
        }
        if (sync) {
            sync();
        }
    }

    /** Makes everything written durable. */
    void sync() {
        DiskFile last = file;
        if (unsynced && last != null) {
            last.sync(false);
            syncs.incrementAndGet();
            unsynced = false;
        }
    }

    long writes() {
        return writes.get();
    }

    long syncs() {
        return syncs.get();
    }

    void close() {
        DiskFile last = file;
        file = null;
        if (last != null) {
            last.close();
        }
    }

    private DiskFile fileFor(long wanted) {
        DiskFile present = file;
        if (present != null && segmentNo == wanted) {
            return present;
        }
        if (present != null) {
            if (unsynced) {
                throw new IllegalStateException("segment " + segmentNo + " is left with bytes that are not durable");
            }
            file = null;
            present.close();
        }
        DiskFile next = pool.take(wanted, headerLife.counter(), headerLife.salt());
        file = next;
        segmentNo = wanted;
        unsynced = false;
        return next;
    }

    private ByteBuffer copyOf(long from, int length) {
        buffer.read(from, copy, length);
        return copyBuffer.clear().limit(length);
    }
}
