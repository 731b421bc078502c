package dev.cairn.wal;

import dev.cairn.storage.base.ThreadScheduler;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A log in memory for one race at a time; it goes on where the race before has left it. */
final class StressedBuffer {

    private static final ConcurrentLinkedQueue<StressedBuffer> SPARE = new ConcurrentLinkedQueue<>();

    private final PendingRecord first = new PendingRecord(StressedLog.PAGE, null);
    private final PendingRecord second = new PendingRecord(StressedLog.PAGE, null);
    private final LogBuffer buffer;
    private long start;

    private StressedBuffer() {
        long end = StressedLog.GEOMETRY.firstRecord(1);
        buffer = new LogBuffer(
                StressedLog.OPTIONS,
                StressedLog.DATABASE,
                WalEnd.closed(end, StressedLog.LIFE),
                end,
                new ThreadScheduler());
    }

    static StressedBuffer take() {
        StressedBuffer spare = SPARE.poll();
        StressedBuffer taken = spare == null ? new StressedBuffer() : spare;
        taken.start = taken.buffer.insertLsn();
        return taken;
    }

    /** Everything that was appended has been written, as far as the buffer knows. */
    void giveBack() {
        buffer.written(buffer.insertLsn());
        SPARE.add(this);
    }

    /** Appends a short record of transaction 1. @return its end */
    long appendFirst() {
        first.set(1, StressedLog.SHORT);
        return buffer.append(first, null, null);
    }

    /** Appends a long record of transaction 2. @return its end */
    long appendSecond() {
        second.set(2, StressedLog.LONG);
        return buffer.append(second, null, null);
    }

    /** The transactions whose records stand below the mark. */
    long[] xids() {
        return StressedLog.xids(buffer::read, start, buffer.insertLsn());
    }
}
