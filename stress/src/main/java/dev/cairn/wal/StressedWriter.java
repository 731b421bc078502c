package dev.cairn.wal;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.stress.HeapDisk;
import dev.cairn.wal.segment.SegmentNames;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A whole log for one race at a time; it goes on where the race before has left it. */
final class StressedWriter {

    private static final ConcurrentLinkedQueue<StressedWriter> SPARE = new ConcurrentLinkedQueue<>();

    private final HeapDisk disk = new HeapDisk();
    private final WalWriter log = WalWriter.create(
            disk, StressedLog.OPTIONS, StressedLog.DATABASE, StressedLog.LIFE, Environment.system(), new Health());
    private long start;

    private StressedWriter() {}

    static StressedWriter take() {
        StressedWriter spare = SPARE.poll();
        StressedWriter taken = spare == null ? new StressedWriter() : spare;
        taken.start = taken.log.insertLsn();
        return taken;
    }

    void giveBack() {
        log.recycle(start);
        SPARE.add(this);
    }

    WalWriter log() {
        return log;
    }

    /** The transactions whose records are on disk below the mark, as a loss of power at this moment would leave them. */
    long[] durableXids() {
        return StressedLog.xids(this::read, start, log.durableLsn());
    }

    private void read(long from, byte[] target, int length) {
        int there = disk.readSynced(
                SegmentNames.of(StressedLog.GEOMETRY.segmentNo(from)),
                StressedLog.GEOMETRY.offset(from),
                target,
                length);
        Arrays.fill(target, there, length, (byte) 0);
    }
}
