package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.WalEnd.Reason;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecords;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WalReaderTest {

    private static final String SEGMENT_1 = SegmentNames.of(1);

    @Property(tries = 200)
    void whatIsAppendedIsRead(@ForAll("logs") List<WalRecord> records) {
        MemoryDisk disk = new MemoryDisk();
        List<Long> ends = new ArrayList<>();
        try (WalWriter log = Log.create(disk)) {
            for (WalRecord record : records) {
                ends.add(append(log, record));
            }
        }
        List<LoggedRecord> read =
                Log.contents(disk).records().stream().filter(r -> r.xid() == 77).toList();
        assertEquals(records.size(), read.size());
        for (int i = 0; i < read.size(); i++) {
            assertSame(records.get(i).type(), read.get(i).record().type());
            assertEquals(ends.get(i), read.get(i).end());
        }
    }

    @Test
    void aNewLogBeginsWithItsLife() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        Log.Contents log = Log.contents(disk);
        assertEquals(List.of(WalRecord.Incarnation.class), log.kinds());
        assertEquals(Log.START, log.records().get(0).start());
        assertEquals(Reason.ZEROS, log.end().reason());
        assertEquals(Log.FIRST, log.end().incarnation());
    }

    /** One damaged record, anywhere: all others are found again. */
    @Test
    void readingGoesOnBehindDamage() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 300; i++) {
                append(log, Log.insert(3));
            }
        }
        List<LoggedRecord> all = Log.contents(disk).records();
        LoggedRecord damaged = all.get(100);
        byte[] segment = disk.bytes(SEGMENT_1);
        segment[(int) (damaged.start() - Log.START) + SegmentHeader.BYTES + 9] ^= 1;
        disk.put(SEGMENT_1, segment);
        List<Long> read = new ArrayList<>();
        try (WalReader reader = WalReader.fromSegment(disk, Log.OPTIONS, Log.DATABASE, 1)) {
            do {
                LoggedRecord record = reader.next();
                while (record != null) {
                    read.add(record.start());
                    record = reader.next();
                }
            } while (reader.resynchronise(List.of()));
        }
        List<Long> expected =
                new ArrayList<>(all.stream().map(LoggedRecord::start).toList());
        expected.remove(damaged.start());
        assertEquals(expected, read);
    }

    @Test
    void imagesComeBackAsTheyWere() {
        MemoryDisk disk = new MemoryDisk();
        PageBuffer tame = Log.page(0, false);
        PageBuffer wild = Log.page(1, true);
        try (WalWriter log = Log.create(disk)) {
            log.append(5, new WalRecord.HeapUpdate(1, 1, 4, 0, 0, 0, 3, 0, 0, 0, new byte[9], false), tame, wild);
            log.append(6, Log.insert(3), Log.page(log.insertLsn(), false));
            log.append(7, new WalRecord.PageImage(1, 3), Log.page(log.insertLsn(), true));
        }
        List<LoggedRecord> read = Log.contents(disk).records();
        assertArrayEquals(bytes(tame), read.get(1).image(0));
        assertArrayEquals(bytes(wild), read.get(1).image(1));
        assertNull(read.get(2).image(0));
        assertNotNull(read.get(3).image(0));
        assertThrows(IndexOutOfBoundsException.class, () -> read.get(1).image(2));
    }

    /** Whatever single bit of a log flips: the log ends at the record that has it, or before; nothing false is read. */
    @Test
    void everyBitFlipEndsTheLogThere() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            log.append(3, new WalRecord.XactBegin(5, "label"));
            log.append(3, Log.insert(1), Log.page(0, true));
            log.append(3, new WalRecord.Commit(1, Log.START, 0, 0, new long[] {4, 2}));
        }
        List<LoggedRecord> whole = Log.contents(disk).records();
        long end = whole.get(whole.size() - 1).end();
        byte[] bytes = disk.bytes(SEGMENT_1);
        for (int bit = 64 * 8; bit < (end - Log.SEGMENT) * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(SEGMENT_1, bytes);
            long lsn = Log.SEGMENT + bit / 8;
            Log.Contents read = Log.contents(disk);
            long expected = whole.stream().filter(r -> r.end() <= lsn).count();
            assertEquals(expected, read.records().size(), "bit " + bit);
            assertFalse(read.end().toString().isEmpty());
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void everyBitFlipOfASegmentHeaderIsFound() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        byte[] bytes = disk.bytes(SEGMENT_1);
        for (int bit = 0; bit < SegmentHeader.BYTES * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(SEGMENT_1, bytes);
            assertThrows(LogCorruptException.class, () -> Log.contents(disk), "bit " + bit);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    /** A tail torn at any byte ends the log at the last record that is whole. */
    @Test
    void tornTailsEndTheLogAtEveryByte() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            log.append(3, new WalRecord.XactBegin(5, "label"));
            log.append(3, Log.record(100));
            log.append(3, new WalRecord.Commit(1, Log.START, 0, 0, new long[] {4, 2}));
        }
        List<LoggedRecord> whole = Log.contents(disk).records();
        byte[] bytes = disk.bytes(SEGMENT_1);
        long end = whole.get(whole.size() - 1).end();
        for (byte left : new byte[] {0, (byte) 0xFF}) {
            for (int cut = 64; cut < end - Log.SEGMENT; cut++) {
                byte[] torn = bytes.clone();
                Arrays.fill(torn, cut, torn.length, left);
                disk.put(SEGMENT_1, torn);
                long lsn = Log.SEGMENT + cut;
                long expected = whole.stream().filter(r -> r.end() <= lsn).count();
                List<LoggedRecord> read = Log.contents(disk).records();
                // The tail of a record may be zeros, its own and its padding's, which then is not missed.
                assertTrue(read.size() == expected || (left == 0 && isSame(torn, bytes, whole, read)), "cut " + cut);
            }
        }
    }

    private static boolean isSame(byte[] torn, byte[] bytes, List<LoggedRecord> whole, List<LoggedRecord> read) {
        int end = (int) (whole.get(read.size() - 1).end() - Log.SEGMENT);
        return Arrays.equals(torn, 0, end, bytes, 0, end);
    }

    /** The same bytes are valid neither at another place nor in another database nor in another life. */
    @Test
    void bytesAreValidOnlyWhereAndWhenTheyWereWritten() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 100; i++) {
                log.append(i + 1, Log.record(50));
            }
        }
        byte[] bytes = disk.bytes(SEGMENT_1);
        for (int shift = 8; shift < 1_000; shift += 8) {
            byte[] moved = new byte[bytes.length];
            System.arraycopy(bytes, 0, moved, 0, 64);
            System.arraycopy(bytes, 64 + shift, moved, 64, bytes.length - 64 - shift);
            disk.put(SEGMENT_1, moved);
            assertTrue(Log.contents(disk).records().isEmpty(), "moved by " + shift);
        }
        disk.put(SEGMENT_1, bytes);
        IncarnationId salted = new IncarnationId(1, Log.FIRST.salt() + 1);
        for (IncarnationId other : List.of(Log.SECOND, salted)) {
            try (WalReader reader = WalReader.from(disk, Log.OPTIONS, Log.DATABASE, Log.START, other)) {
                assertNull(reader.next());
                assertEquals(Reason.BAD_CHECKSUM, reader.end().reason());
            }
        }
        DatabaseId stranger = new DatabaseId(1, 2);
        byte[] adopted = bytes.clone();
        ByteBuffer header = new SegmentHeader(1, 2, 1, Log.SEGMENT, 1, Log.FIRST.salt()).encode();
        header.get(adopted, 0, 64);
        disk.put(SEGMENT_1, adopted);
        try (WalReader reader = WalReader.from(disk, Log.OPTIONS, stranger, Log.START, Log.FIRST)) {
            assertNull(reader.next());
        }
    }

    @Test
    void aForeignSegmentIsNamedAsSuch() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        DatabaseId stranger = new DatabaseId(1, 2);
        assertThrows(
                ForeignFileException.class, () -> WalReader.from(disk, Log.OPTIONS, stranger, Log.START, Log.FIRST));
        assertThrows(ForeignFileException.class, () -> WalReader.fromSegment(disk, Log.OPTIONS, stranger, 1));
    }

    @Test
    void anotherVersionIsNamedAsSuch() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        byte[] bytes = disk.bytes(SEGMENT_1);
        ByteBuffer header = ByteBuffer.wrap(bytes, 0, 64).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(SegmentHeader.LAYOUT.offset("version"), (short) 2);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), dev.cairn.storage.base.Crc.of(0, header));
        disk.put(SEGMENT_1, bytes);
        FormatVersionException e =
                assertThrows(FormatVersionException.class, () -> Log.read(disk).close());
        assertTrue(e.getMessage().contains("too new"), e.getMessage());
    }

    @Test
    void aMissingSegmentIsDamageAtTheBeginAndTheEndLater() {
        MemoryDisk disk = new MemoryDisk();
        assertThrows(LogCorruptException.class, () -> Log.read(disk));
        assertThrows(
                IllegalArgumentException.class,
                () -> WalReader.from(disk, Log.OPTIONS, Log.DATABASE, Log.START + 4, Log.FIRST));
        assertThrows(
                IllegalArgumentException.class,
                () -> WalReader.from(disk, Log.OPTIONS, Log.DATABASE, Log.SEGMENT + 8, Log.FIRST));
        fill(disk, 80);
        disk.delete(SegmentNames.of(2));
        assertEquals(Reason.NO_SEGMENT, Log.contents(disk).end().reason());
    }

    /** A redo point may be the first byte of a segment that was never begun: the log ends there, and nothing is missing. */
    @Test
    void readingCanBeginAtASegmentsFirstByte() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 80);
        List<LoggedRecord> all = Log.contents(disk).records();
        try (WalReader reader = WalReader.from(disk, Log.OPTIONS, Log.DATABASE, 2L * Log.SEGMENT, Log.FIRST)) {
            assertEquals(2L * Log.SEGMENT, reader.position());
            Log.Contents rest = Log.rest(reader);
            long expected =
                    all.stream().filter(r -> r.start() > 2L * Log.SEGMENT).count();
            assertTrue(expected > 10);
            assertEquals(expected, rest.records().size());
        }
        long behind = (WalReader.segments(disk).size() + 1L) * Log.SEGMENT;
        try (WalReader reader = WalReader.from(disk, Log.OPTIONS, Log.DATABASE, behind, Log.FIRST)) {
            assertNull(reader.next());
            assertEquals(Reason.NO_SEGMENT, reader.end().reason());
            assertEquals(behind, reader.end().lsn());
            assertEquals(0, reader.end().lastStart());
        }
    }

    @Test
    void noRecordStandsInAHeaderOrBeforeTheFirstSegment() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        for (long start : new long[] {0, 64, Log.SEGMENT - 8, Log.SEGMENT + 56, Log.START + 1, -64}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> WalReader.from(disk, Log.OPTIONS, Log.DATABASE, start, Log.FIRST),
                    "at " + start);
        }
        WalReader.from(disk, Log.OPTIONS, Log.DATABASE, Log.SEGMENT, Log.FIRST).close();
    }

    /** Reading from a segment's start takes life and place from its header, which must be the segment's own. */
    @Test
    void aFirstSegmentOfAnotherPlaceOrSizeIsDamage() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        disk.put(SegmentNames.of(2), disk.bytes(SEGMENT_1));
        LogCorruptException place = assertThrows(
                LogCorruptException.class, () -> WalReader.fromSegment(disk, Log.OPTIONS, Log.DATABASE, 2));
        assertTrue(place.getMessage().contains("it says that it is segment 1"), place.getMessage());
        WalOptions larger = WalOptions.of(2 * Log.SEGMENT, 1, Log.PAGE);
        LogCorruptException size =
                assertThrows(LogCorruptException.class, () -> WalReader.fromSegment(disk, larger, Log.DATABASE, 1));
        assertTrue(size.getMessage().contains("expected 32768 bytes a segment, found 16384"), size.getMessage());
    }

    /** A version that came later is no end of the log. */
    @Test
    void aNextSegmentOfAnotherVersionIsRefused() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 80);
        byte[] bytes = disk.bytes(SegmentNames.of(2));
        ByteBuffer header = ByteBuffer.wrap(bytes, 0, 64).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(SegmentHeader.LAYOUT.offset("version"), (short) 2);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), dev.cairn.storage.base.Crc.of(0, header));
        disk.put(SegmentNames.of(2), bytes);
        assertThrows(FormatVersionException.class, () -> Log.contents(disk));
    }

    /** Records and headers of segments are looked at twice before they count as the log's end. */
    @Test
    void bitsThatFlipOnTheirWayEndNothing() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 120);
        long before = disk.reads();
        List<LoggedRecord> whole = Log.contents(disk).records();
        long reads = disk.reads() - before;
        assertTrue(reads > 4, "several segments: " + reads);
        // The first read is that of the header that reading begins with, the last is the second look at the end.
        for (int n = 1; n < reads - 1; n++) {
            for (int index = 0; index < 5_000; index += index < 64 ? 3 : 97) {
                disk.flipInTransit(n, index);
                Log.Contents read = Log.contents(disk);
                assertEquals(whole.size(), read.records().size(), "read " + n + ", byte " + index);
                assertEquals(Reason.ZEROS, read.end().reason());
            }
        }
        assertEquals(0, disk.openFiles());
    }

    /** The end says where, why and after which record, so that the log can go on from it. */
    @Test
    void theEndIsDescribed() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 3);
        Log.Contents found = Log.contents(disk);
        LoggedRecord last = found.records().get(found.records().size() - 1);
        assertEquals(last.end(), found.end().lsn());
        assertEquals(last.start(), found.end().lastStart());
        assertTrue(
                found.end().toString().endsWith(": ZEROS (nothing was written here)"),
                found.end().toString());
        byte[] bytes = disk.bytes(SEGMENT_1);
        bytes[(int) (last.start() - Log.SEGMENT) + 26] ^= 1;
        disk.put(SEGMENT_1, bytes);
        WalEnd cut = Log.contents(disk).end();
        assertEquals(Reason.BAD_CHECKSUM, cut.reason());
        assertEquals(last.start(), cut.lsn());
        assertTrue(cut.detail().matches("expected [0-9a-f]+, found [0-9a-f]+"), cut.detail());
        disk.delete(SEGMENT_1);
        assertThrows(LogCorruptException.class, () -> Log.contents(disk));
    }

    /** The next segment is the log's only if this life began it. */
    @Test
    void aStaleOrDamagedNextSegmentIsTheEnd() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 80);
        String second = SegmentNames.of(2);
        byte[] bytes = disk.bytes(second);
        DatabaseId id = Log.DATABASE;
        for (SegmentHeader stale : List.of(
                new SegmentHeader(id.high(), id.low(), 2, Log.SEGMENT, 1, 9),
                new SegmentHeader(id.high(), id.low(), 3, Log.SEGMENT, 1, Log.FIRST.salt()),
                new SegmentHeader(id.high(), id.low(), 2, 2 * Log.SEGMENT, 1, Log.FIRST.salt()))) {
            stale.encode().get(bytes, 0, SegmentHeader.BYTES);
            disk.put(second, bytes);
            assertEquals(Reason.BAD_SEGMENT, Log.contents(disk).end().reason(), stale.toString());
        }
        bytes[20] ^= 1;
        disk.put(second, bytes);
        assertEquals(Reason.BAD_SEGMENT, Log.contents(disk).end().reason());
        new SegmentHeader(1, 2, 2, Log.SEGMENT, 1, Log.FIRST.salt()).encode().get(bytes, 0, SegmentHeader.BYTES);
        disk.put(second, bytes);
        assertThrows(ForeignFileException.class, () -> Log.contents(disk));
    }

    @Test
    void noRecordSpansSegments() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 300);
        Log.Contents log = Log.contents(disk);
        assertTrue(WalReader.segments(disk).size() > 5);
        long position = Log.START;
        for (LoggedRecord r : log.records()) {
            assertEquals(position, r.start());
            assertEquals(r.start() / Log.SEGMENT, (r.end() - 1) / Log.SEGMENT);
            assertEquals(0, r.start() % 8);
            position = r.end() % Log.SEGMENT == 0 ? r.end() + 64 : r.end();
        }
        assertEquals(300, log.xids().size());
    }

    @Test
    void readingCanBeginAtAnySegment() {
        MemoryDisk disk = new MemoryDisk();
        fill(disk, 300);
        List<LoggedRecord> all = Log.contents(disk).records();
        for (long no : WalReader.segments(disk)) {
            try (WalReader reader = WalReader.fromSegment(disk, Log.OPTIONS, Log.DATABASE, no)) {
                Log.Contents rest = Log.rest(reader);
                long expected =
                        all.stream().filter(r -> r.start() / Log.SEGMENT >= no).count();
                assertEquals(expected, rest.records().size());
            }
        }
    }

    /** Records of every length up to what a segment holds, so that every rest of a segment comes up. */
    @Test
    void everyRestOfASegmentIsFilled() {
        for (int length = 0; length < 80; length++) {
            MemoryDisk disk = new MemoryDisk();
            int count = 3 * Log.SEGMENT / (length + 40);
            try (WalWriter log = Log.create(disk)) {
                for (int i = 0; i < count; i++) {
                    log.append(1, Log.record(length));
                }
                log.append(1, Log.record(Log.OPTIONS.maxBodyBytes(0) - 12));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> log.append(1, Log.record(Log.OPTIONS.maxBodyBytes(0) - 11)));
            }
            assertEquals(count + 1, Log.contents(disk).xids().size(), "length " + length);
        }
    }

    @Test
    void aRecordThatIsIntactButMakesNoSenseIsNoEnd() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            log.append(0, new WalRecord.Incarnation(9, 9, 9));
            log.append(0, new WalRecord.DurableMark(1));
        }
        // The second life was never begun by a writer, so the mark that follows is seeded with the first.
        assertEquals(Reason.BAD_CHECKSUM, Log.contents(disk).end().reason());
        MemoryDisk older = new MemoryDisk();
        WalWriter log = WalWriter.create(older, Log.OPTIONS, Log.DATABASE, Log.SECOND, Log.inline(), new Health());
        log.append(0, new WalRecord.Incarnation(1, 1, 9));
        log.close();
        try (WalReader reader = WalReader.from(older, Log.OPTIONS, Log.DATABASE, Log.START, Log.SECOND)) {
            assertNotNull(reader.next());
            assertThrows(LogCorruptException.class, reader::next);
        }
    }

    @Test
    void theEndIsToldOnlyWhenReached() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        try (WalReader reader = Log.read(disk)) {
            assertThrows(IllegalStateException.class, reader::end);
            reader.next();
            assertNull(reader.next());
            assertNull(reader.next());
            assertEquals(reader.position(), reader.end().lsn());
        }
    }

    @Provide
    Arbitrary<List<WalRecord>> logs() {
        return WalRecords.any()
                .filter(r -> !(r instanceof WalRecord.Incarnation) && !(r instanceof WalRecord.SegmentEnd))
                .list()
                .ofMaxSize(60);
    }

    private static long append(WalWriter log, WalRecord record) {
        return switch (record.pageCount()) {
            case 0 -> log.append(77, record);
            case 1 -> log.append(77, record, Log.page(0, false));
            default -> log.append(77, record, Log.page(0, true), Log.page(0, false));
        };
    }

    private static void fill(MemoryDisk disk, int records) {
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < records; i++) {
                log.append(i + 1, Log.record(i * 37 % 700));
            }
        }
    }

    private static byte[] bytes(PageBuffer page) {
        byte[] bytes = new byte[page.size()];
        page.get(0, bytes, 0, bytes.length);
        return bytes;
    }
}
