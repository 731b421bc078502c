package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.WalEnd.Reason;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentNames;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Behind damage the next intact record is found, wherever it stands, and nothing else is taken for one. */
class ResynchroniseTest {

    private final MemoryDisk disk = new MemoryDisk();

    private List<LoggedRecord> logOf(int records, int bytes) {
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < records; i++) {
                log.append(i + 1, Log.record(bytes));
            }
        }
        return Log.contents(disk).records();
    }

    private void damage(long lsn) {
        disk.damage(SegmentNames.of(lsn / Log.SEGMENT), lsn % Log.SEGMENT);
    }

    private static void readToTheEnd(WalReader reader, int expected) {
        for (int i = 0; i < expected; i++) {
            assertNotNull(reader.next(), "record " + i);
        }
        assertNull(reader.next());
    }

    @Test
    void theRecordBehindADamagedOneIsFound() {
        List<LoggedRecord> whole = logOf(50, 100);
        damage(whole.get(20).start() + 30);
        try (WalReader reader = Log.read(disk)) {
            readToTheEnd(reader, 20);
            assertTrue(reader.resynchronise(List.of()));
            for (int i = 21; i < whole.size(); i++) {
                LoggedRecord found = reader.next();
                assertNotNull(found);
                assertEquals(whole.get(i).start(), found.start());
                assertEquals(Log.FIRST, found.incarnation());
            }
            assertNull(reader.next());
            assertEquals(Reason.ZEROS, reader.end().reason());
            assertFalse(reader.resynchronise(List.of()));
            assertNull(reader.next());
        }
        assertEquals(0, disk.openFiles());
    }

    /** The rest of a segment is lost: its header begins the next part. */
    @Test
    void theNextSegmentIsFound() {
        List<LoggedRecord> whole = logOf(50, 1_000);
        int last = 0;
        while (whole.get(last + 1).start() < 2 * Log.SEGMENT) {
            last++;
        }
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        Arrays.fill(bytes, 5_000, bytes.length, (byte) 0x11);
        disk.put(SegmentNames.of(1), bytes);
        try (WalReader reader = Log.read(disk)) {
            while (reader.next() != null) {}
            assertTrue(reader.resynchronise(List.of()));
            LoggedRecord found = reader.next();
            assertNotNull(found);
            assertEquals(whole.get(last + 1).start(), found.start());
        }
    }

    /** A segment that is missing, or whose header is gone, is passed over. */
    @Test
    void segmentsThatCannotBeReadArePassedOver() {
        logOf(80, 1_000);
        disk.delete(SegmentNames.of(2));
        damage(3L * Log.SEGMENT + 10);
        try (WalReader reader = Log.read(disk)) {
            while (reader.next() != null) {}
            assertEquals(Reason.NO_SEGMENT, reader.end().reason());
            assertTrue(reader.resynchronise(List.of()));
            LoggedRecord found = reader.next();
            assertNotNull(found);
            assertEquals(4L * Log.SEGMENT + 64, found.start());
            while (reader.next() != null) {}
            assertFalse(reader.resynchronise(List.of()));
        }
        assertEquals(List.of(1L, 3L, 4L, 5L, 6L), WalReader.segments(disk));
        for (long no = 4; no <= 6; no++) {
            damage(no * Log.SEGMENT + 10);
        }
        try (WalReader reader = Log.read(disk)) {
            while (reader.next() != null) {}
            assertFalse(reader.resynchronise(List.of()));
            assertEquals(Reason.BAD_SEGMENT, reader.end().reason());
            assertEquals(6L * Log.SEGMENT, reader.end().lsn());
        }
        assertEquals(0, disk.openFiles());
    }

    /** Reading stopped at a segment that was begun in a life that this one does not know: it is begun anew there. */
    @Test
    void aSegmentOfAnotherLifeIsEnteredByItsHeader() {
        List<LoggedRecord> whole = logOf(30, 1_000);
        long second = 2L * Log.SEGMENT;
        MemoryDisk other = new MemoryDisk();
        WalWriter.create(
                        other, Log.OPTIONS, Log.DATABASE, Log.SECOND, Log.inline(), new dev.cairn.storage.base.Health())
                .close();
        byte[] bytes = other.bytes(SegmentNames.of(1));
        dev.cairn.wal.segment.SegmentHeader header = new dev.cairn.wal.segment.SegmentHeader(
                Log.DATABASE.high(), Log.DATABASE.low(), 2, Log.SEGMENT, 2, Log.SECOND.salt());
        header.encode().get(bytes, 0, 64);
        disk.put(SegmentNames.of(2), bytes);
        try (WalReader reader = Log.read(disk)) {
            while (reader.next() != null) {}
            assertEquals(Reason.BAD_SEGMENT, reader.end().reason());
            assertTrue(reader.resynchronise(List.of()));
            assertEquals(second, reader.position());
            assertNull(reader.next());
            assertEquals(Log.SECOND, reader.end().incarnation());
        }
        assertTrue(whole.size() > 20);
    }

    /** Of a life that nothing readable names, records count only if the caller knows it. */
    @Test
    void livesThatTheCallerKnowsCount() {
        logOf(0, 0);
        long end = Log.contents(disk).end().lsn();
        Forgery.of(Log.SECOND, new WalRecord.DurableMark(5)).put(disk, end + 64);
        try (WalReader reader = Log.read(disk)) {
            readToTheEnd(reader, 1);
            assertFalse(reader.resynchronise(List.of()));
        }
        try (WalReader reader = Log.read(disk)) {
            readToTheEnd(reader, 1);
            assertTrue(reader.resynchronise(List.of(Log.SECOND)));
            assertEquals(end + 64, reader.position());
            LoggedRecord found = reader.next();
            assertNotNull(found);
            assertEquals(Log.SECOND, found.incarnation());
        }
    }

    /** The last place of a segment where a record fits is looked at, and the first behind the damage. */
    @Test
    void recordsAtTheEdges() {
        logOf(0, 0);
        long end = Log.contents(disk).end().lsn();
        for (long at : new long[] {2L * Log.SEGMENT - 32, end + 8}) {
            Forgery.of(Log.FIRST, new WalRecord.FileDrop(5)).put(disk, at);
            try (WalReader reader = Log.read(disk)) {
                readToTheEnd(reader, 1);
                assertTrue(reader.resynchronise(List.of()), "at " + at);
                assertEquals(at, reader.position());
                assertNotNull(reader.next());
            }
        }
    }

    /** What is no record by its header is passed over, though the checksum might hold. */
    @Test
    void headersThatNoRecordHas() {
        logOf(0, 0);
        long at = Log.contents(disk).end().lsn() + 64;
        WalRecord drop = new WalRecord.FileDrop(5);
        for (Forgery nonsense : List.of(
                Forgery.of(Log.FIRST, drop).type(0x2F),
                Forgery.of(Log.FIRST, drop).flags(1),
                Forgery.of(Log.FIRST, drop).zero(1))) {
            nonsense.put(disk, at);
            try (WalReader reader = Log.read(disk)) {
                readToTheEnd(reader, 1);
                assertFalse(reader.resynchronise(List.of()));
            }
        }
        Forgery.of(Log.FIRST, drop).put(disk, at);
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        int offset = (int) (at - Log.SEGMENT);
        int rest = Log.SEGMENT - offset;
        for (int length : new int[] {
            RecordFrame.MIN_LENGTH - 1, -1, rest + 1, Log.OPTIONS.maxRecordBytes() + 1, Integer.MAX_VALUE, rest
        }) {
            java.nio.ByteBuffer.wrap(bytes)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(offset, length);
            disk.put(SegmentNames.of(1), bytes);
            try (WalReader reader = Log.read(disk)) {
                readToTheEnd(reader, 1);
                assertFalse(reader.resynchronise(List.of()), "length " + length);
            }
        }
    }

    /** A record that is intact and makes no sense is an exception; behind it reading goes on. */
    @Test
    void behindARecordThatMakesNoSense() {
        List<LoggedRecord> whole = logOf(10, 100);
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        long at = whole.get(5).start();
        Forgery.of(Log.FIRST, new WalRecord.FileDrop(5)).previous(8).put(disk, at);
        byte[] forged = disk.bytes(SegmentNames.of(1));
        System.arraycopy(forged, (int) (at - Log.SEGMENT), bytes, (int) (at - Log.SEGMENT), 32);
        disk.put(SegmentNames.of(1), bytes);
        try (WalReader reader = Log.read(disk)) {
            for (int i = 0; i < 5; i++) {
                assertNotNull(reader.next());
            }
            assertThrows(LogCorruptException.class, reader::next);
            assertTrue(reader.resynchronise(List.of()));
            LoggedRecord found = reader.next();
            assertNotNull(found);
            assertEquals(whole.get(6).start(), found.start());
        }
        assertEquals(0, disk.openFiles());
    }
}
