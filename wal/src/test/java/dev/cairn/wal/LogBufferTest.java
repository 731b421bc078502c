package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalRecord;
import org.junit.jupiter.api.Test;

class LogBufferTest {

    private static final long START = Log.SEGMENT + 4096L;
    private static final WalRecord.HeapUpdate UPDATE =
            new WalRecord.HeapUpdate(1, 1, 4, 0, 0, 0, 3, 0, 0, 0, new byte[9], false);

    private final LogBuffer buffer = buffer(1);

    /** A log that goes on in its first segment. */
    private static LogBuffer buffer(int bufferBytes) {
        return new LogBuffer(
                WalOptions.of(Log.SEGMENT, bufferBytes, Log.PAGE),
                Log.DATABASE,
                WalEnd.closed(START, Log.FIRST),
                START,
                new InlineScheduler());
    }

    private static PendingRecord pending(WalRecord record) {
        PendingRecord pending = new PendingRecord(Log.PAGE, null);
        pending.set(1, record);
        return pending;
    }

    private long append(WalRecord record) {
        return buffer.append(pending(record), null, null);
    }

    /** A record that takes up so many bytes of the log, at least 40, in which padding is none of them. */
    private static WalRecord ofBytes(int bytes) {
        return Log.record(bytes - 25 - 12);
    }

    /** The redo point may have moved since the record was prepared: each page is asked for by itself. */
    @Test
    void aRecordThatLacksAnImageIsNotAppended() {
        PageBuffer old = Log.page(START, false);
        PageBuffer fresh = Log.page(START + 1, false);
        PendingRecord record = pending(UPDATE);
        assertEquals(LogBuffer.LACKS_IMAGES, buffer.append(record, old, fresh));
        assertEquals(LogBuffer.LACKS_IMAGES, buffer.append(record, fresh, old));
        assertEquals(START, buffer.insertLsn());
        assertEquals(0, buffer.counts()[0]);
        record.addImage(0, old);
        assertEquals(LogBuffer.LACKS_IMAGES, buffer.append(record, old, old));
        record.addImage(1, old);
        long end = buffer.append(record, old, old);
        assertEquals(end, buffer.insertLsn());
        assertEquals(2, buffer.counts()[2]);
        assertTrue(buffer.append(pending(UPDATE), fresh, fresh) > end);
        assertEquals(2, buffer.counts()[2]);
    }

    @Test
    void countsAreOfWhatWasAppended() {
        PageBuffer page = Log.page(0, true);
        WalRecord insert = Log.insert(3);
        PendingRecord record = pending(insert);
        record.addImage(0, page);
        long first = append(ofBytes(64));
        long second = buffer.append(record, page, null);
        assertEquals(START + 64, first);
        assertArrayEquals(new long[] {2, second - START, 1, record.imageBytes()}, buffer.counts());
        buffer.endOfGroup(START + 8);
        assertArrayEquals(new long[] {3, second + 40 - START, 1, record.imageBytes()}, buffer.counts());
    }

    /** A mark tells how far the log was durable, once for each distance, and is itself no reason to write. */
    @Test
    void marksAreAppendedWhenThereIsNewsToTell() {
        long end = append(ofBytes(64));
        assertEquals(end, buffer.endOfGroup(START), "nothing is durable yet");
        assertEquals(end + 40, buffer.endOfGroup(START + 8));
        assertEquals(end, buffer.contentLsn());
        assertEquals(end + 40, buffer.insertLsn());
        assertEquals(end + 40, buffer.endOfGroup(START + 8), "told already");
        assertEquals(end + 80, buffer.endOfGroup(START + 9));
        assertEquals(end, buffer.contentLsn());
        long next = append(ofBytes(64));
        assertEquals(next, buffer.contentLsn());
    }

    /** Appends until so many bytes of the ring are left; records of 1,024 bytes, then shorter ones. */
    private static void fill(LogBuffer target, int capacity, int left) {
        while (true) {
            long end = target.insertLsn();
            int room = (int) (START + capacity - left - end);
            int segment = (int) (Log.SEGMENT - end % Log.SEGMENT);
            if (segment == Log.SEGMENT) {
                room -= 64;
                segment -= 64;
            }
            if (room == 0) {
                return;
            }
            int most = Math.min(room, segment);
            int bytes = most < 1_024 || most == segment ? most : 1_024;
            bytes = most - bytes > 0 && most - bytes < 64 ? bytes - 128 : bytes;
            WalRecord record = ofBytes(bytes);
            assertEquals(
                    end + (segment == Log.SEGMENT - 64 && end % Log.SEGMENT == 0 ? 64 : 0) + bytes,
                    target.append(pending(record), null, null));
        }
    }

    /** When the ring is full nothing is overwritten, by a mark least of all; the very last byte is used. */
    @Test
    void aFullBufferTakesNothing() {
        int capacity = 64 << 10;
        for (int left : new int[] {0, 32, 40, 48}) {
            LogBuffer full = buffer(capacity);
            fill(full, capacity, left);
            long end = full.insertLsn();
            assertEquals(START + capacity - left, end);
            assertEquals(LogBuffer.FULL, full.append(pending(ofBytes(56)), null, null));
            assertEquals(
                    LogBuffer.FULL,
                    full.appendRedoPoint(
                            pending(UPDATE),
                            () -> new WalRecord.CheckpointBegin(1, 1, 1, new long[0], new long[0]),
                            1_000));
            assertEquals(START, full.redoPoint());
            assertEquals(end + (left >= 40 ? 40 : 0), full.endOfGroup(START + 8), "left " + left);
            if (left < 40) {
                full.written(START + 64);
                assertEquals(end + 40, full.endOfGroup(START + 8), "not told before, so told now");
            }
        }
    }

    @Test
    void isFillingFromHalfOn() {
        assertFalse(buffer.isFilling());
        fill(buffer, 32 << 10, 0);
        assertEquals(32 << 10, buffer.insertLsn() - START);
        assertFalse(buffer.isFilling());
        append(ofBytes(40));
        assertTrue(buffer.isFilling());
        buffer.written(START + 40);
        assertFalse(buffer.isFilling());
    }

    @Test
    void aSegmentIsHalfUsedBehindItsMiddle() {
        append(ofBytes(4_096));
        assertEquals(Log.SEGMENT / 2, buffer.insertLsn() % Log.SEGMENT);
        assertFalse(buffer.isSegmentHalfUsed());
        append(ofBytes(40));
        assertTrue(buffer.isSegmentHalfUsed());
    }

    @Test
    void aCheckpointsBeginThatIsTooLongMovesNothing() {
        WalRecord.CheckpointBegin begin = new WalRecord.CheckpointBegin(1, 1, 1, new long[10], new long[10]);
        int bytes = 28 + 160;
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> buffer.appendRedoPoint(pending(UPDATE), () -> begin, bytes - 1));
        assertTrue(e.getMessage().contains("too many open transactions"), e.getMessage());
        assertEquals(START, buffer.insertLsn());
        append(ofBytes(64));
        assertEquals(START, buffer.redoPoint());
        long end = buffer.appendRedoPoint(pending(UPDATE), () -> begin, bytes);
        assertEquals(START + 64, buffer.redoPoint());
        assertEquals(end, buffer.insertLsn());
    }

    @Test
    void aClosedBufferTakesMarksOnly() {
        assertTrue(buffer.close());
        assertFalse(buffer.close());
        assertThrows(IllegalStateException.class, () -> append(ofBytes(64)));
        assertThrows(
                IllegalStateException.class,
                () -> buffer.appendRedoPoint(
                        pending(UPDATE), () -> new WalRecord.CheckpointBegin(1, 1, 1, new long[0], new long[0]), 99));
        assertEquals(START + 40, buffer.endOfGroup(START + 8));
    }

    /** The ring is a power of two that holds what is asked for and two of the longest records, with their headers. */
    @Test
    void theRingHoldsWhatIsAskedFor() {
        long[] capacities = new long[3];
        int[] asked = {1, 64 << 10, (64 << 10) + 1};
        for (int i = 0; i < asked.length; i++) {
            LogBuffer some = buffer(asked[i]);
            WalRecord kibi = ofBytes(1024);
            long end = START;
            while (end != LogBuffer.FULL) {
                capacities[i] = end - START;
                end = some.append(pending(kibi), null, null);
            }
        }
        assertTrue(capacities[0] > 31 << 10 && capacities[0] <= 64 << 10, "two records: " + capacities[0]);
        assertTrue(capacities[1] > 62 << 10 && capacities[1] <= 64 << 10, "as asked: " + capacities[1]);
        assertTrue(capacities[2] > 126 << 10 && capacities[2] <= 128 << 10, "rounded up: " + capacities[2]);
    }

    /** Images are taken when the page's last change is at or before the redo point, whichever way they are stored. */
    @Test
    void imagesAreNeededUpToTheRedoPointAndIncluded() {
        PendingRecord record = pending(UPDATE);
        assertTrue(record.lacksImage(0, Log.page(100, false), 100));
        assertFalse(record.lacksImage(0, Log.page(101, false), 100));
        WalRecord image = new WalRecord.PageImage(1, 3);
        assertTrue(pending(image).lacksImage(0, Log.page(101, false), 100));
        WalRecord create = new WalRecord.FileCreate(1, 1);
        assertFalse(pending(create).lacksImage(0, Log.page(0, false), 100));
        record.addImage(1, Log.page(100, true));
        assertFalse(record.lacksImage(1, Log.page(100, true), 100));
        assertEquals(1, record.imageCount());
        assertEquals(3 + Log.PAGE, record.imageBytes(), "stored as it is");
        record.addImage(0, Log.page(100, false));
        assertEquals(2, record.imageCount());
        assertTrue(record.imageBytes() < 3 + Log.PAGE + 60, "compressed");
        assertEquals(25 + record.imageBytes() + record.bodyBytes(), record.length());
        record.set(1, UPDATE);
        assertEquals(0, record.imageCount());
        assertEquals(0, record.imageBytes());
    }

    @Test
    void pendingRecordsAreUsedAgain() {
        PendingRecords pool = new PendingRecords(Log.PAGE);
        PendingRecord[] taken = new PendingRecord[70];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = pool.take();
        }
        for (PendingRecord record : taken) {
            pool.give(record);
        }
        java.util.Set<PendingRecord> again = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (int i = 0; i < taken.length; i++) {
            again.add(pool.take());
        }
        assertEquals(70, again.size(), "none is given to two");
        again.retainAll(java.util.List.of(taken));
        assertEquals(64, again.size(), "so many are kept");
    }
}
