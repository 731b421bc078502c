package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentPool;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentOutputTest {

    private static final int SEGMENT = 256 << 10;
    private static final long START = SEGMENT + 64L;

    private final MemoryDisk disk = new MemoryDisk();
    private final WalOptions options = WalOptions.of(SEGMENT, 1 << 20, Log.PAGE);
    private final LogBuffer buffer =
            new LogBuffer(options, Log.DATABASE, WalEnd.closed(START, Log.FIRST), START, new InlineScheduler());
    private final SegmentGeometry geometry = new SegmentGeometry(SEGMENT);
    private final SegmentPool pool = new SegmentPool(disk, geometry, 1, 2, 2, new InlineScheduler());
    private final SegmentOutput output = new SegmentOutput(pool, geometry, buffer, null, 0, Log.FIRST);

    private List<String> written(long from, long to, boolean sync) {
        disk.forgetEvents();
        output.write(from, to, sync);
        return disk.events();
    }

    private void firstSegment() {
        pool.open(0);
        WalRecord record = Log.record(200_000);
        PendingRecord pending = new PendingRecord(Log.PAGE, null);
        pending.set(1, record);
        assertTrue(buffer.append(pending, null, null) > START + 200_000);
        output.write(START, START + 8, true);
    }

    /** One call where one call does it; pieces of 64 KiB and a sync where the JDK would make pieces. */
    @Test
    void aGroupIsOneCallUpTo64KiB() {
        firstSegment();
        String name = "wal-new"; // under which it was opened
        assertEquals(List.of("through " + name + " 72 65536"), written(START + 8, START + 8 + 65_536, true));
        assertEquals(
                List.of("write " + name + " 72 65536", "write " + name + " 65608 1", "sync " + name),
                written(START + 8, START + 8 + 65_537, true));
        assertEquals(List.of("through " + name + " 72 8"), written(START + 8, START + 16, true));
        assertEquals(5, output.writes());
        assertEquals(4, output.syncs());
    }

    /** What was only written is owed a sync; a write-through of later bytes would not pay it. */
    @Test
    void writtenBytesAreSyncedWithWhatFollows() {
        firstSegment();
        String name = "wal-new"; // under which it was opened
        assertEquals(List.of("write " + name + " 72 8"), written(START + 8, START + 16, false));
        assertEquals(List.of("write " + name + " 80 8", "sync " + name), written(START + 16, START + 24, true));
        assertEquals(List.of("through " + name + " 88 8"), written(START + 24, START + 32, true));
        disk.forgetEvents();
        output.sync();
        assertEquals(List.of(), disk.events(), "nothing is owed");
        assertEquals(List.of("write " + name + " 96 8"), written(START + 32, START + 40, false));
        disk.forgetEvents();
        output.sync();
        output.sync();
        assertEquals(List.of("sync " + name), disk.events());
    }

    @Test
    void noSegmentIsLeftWithBytesThatAreNotDurable() {
        firstSegment();
        output.write(START + 8, START + 16, false);
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> output.write(2L * SEGMENT + 64, 2L * SEGMENT + 72, true));
        assertTrue(e.getMessage().contains("segment 1 is left with bytes that are not durable"), e.getMessage());
        output.sync();
        output.write(2L * SEGMENT + 64, 2L * SEGMENT + 72, true);
        assertTrue(disk.list().contains("wal-0000000000000002"));
    }

    /** Recovery may have left bytes in the segment in which the log goes on: they go with the first sync. */
    @Test
    void aSegmentThatWasThereIsOwedASync() {
        pool.open(0);
        SegmentOutput goesOn = new SegmentOutput(pool, geometry, buffer, pool.take(1, 1, 1), 1, Log.FIRST);
        disk.forgetEvents();
        goesOn.write(START, START + 8, true);
        assertEquals(List.of("write wal-new 64 8", "sync wal-new"), disk.events());
    }

    @Test
    void withoutAFileThereIsNothingToSyncOrClose() {
        output.sync();
        output.close();
        assertEquals(List.of(), disk.events());
        firstSegment();
        output.close();
        disk.forgetEvents();
        output.sync();
        output.close();
        assertEquals(List.of(), disk.events());
    }

    /** New segments are begun in the life that was announced last. */
    @Test
    void newSegmentsCarryTheLife() {
        firstSegment();
        output.begin(Log.SECOND);
        output.write(2L * SEGMENT + 64, 2L * SEGMENT + 72, true);
        assertEquals(
                2,
                dev.cairn.wal.segment.SegmentHeader.decode(
                                java.nio.ByteBuffer.wrap(disk.bytes("wal-0000000000000002"), 0, 64), "2", 1, 2)
                        .incarnation());
    }
}
