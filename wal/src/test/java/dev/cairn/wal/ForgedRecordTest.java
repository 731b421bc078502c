package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a checksum vouches for and makes no sense was written wrongly: an error that says so, never the end of the log. */
class ForgedRecordTest {

    private static final WalRecord.Commit COMMIT = new WalRecord.Commit(1, 1, 0, 0, new long[] {});

    private final MemoryDisk disk = new MemoryDisk();
    /** Where the record behind the announcement of the first life stands. */
    private long second;

    @BeforeEach
    void aLogOfOneRecord() {
        Log.create(disk).close();
        second = Log.contents(disk).end().lsn();
    }

    private void isRefused(Forgery forgery, String why) {
        isRefusedAt(second, forgery, why);
    }

    private void isRefusedAt(long start, Forgery forgery, String why) {
        forgery.put(disk, start);
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> Log.contents(disk));
        assertTrue(e.getMessage().contains("intact but makes no sense"), e.getMessage());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private LoggedRecord isRead(Forgery forgery) {
        forgery.put(disk, second);
        Log.Contents found = Log.contents(disk);
        assertEquals(2, found.records().size());
        return found.records().get(1);
    }

    private static Forgery forge(WalRecord record) {
        return Forgery.of(Log.FIRST, record);
    }

    @Test
    void whatIsForgedWithoutAFaultIsRead() {
        LoggedRecord read = isRead(forge(COMMIT).previous((int) (second - Log.START)));
        assertEquals(WalRecord.Commit.class, read.record().getClass());
        assertEquals(second, read.start());
        assertNotNull(isRead(forge(COMMIT)), "a distance that is not known is no fault");
    }

    @Test
    void headers() {
        isRefused(forge(COMMIT).type(0x2F), "its type is unknown: 47");
        isRefused(forge(COMMIT).type(0), "its type is unknown: 0");
        isRefused(forge(COMMIT).flags(1), "expected no flags, found 1");
        isRefused(forge(COMMIT).flags(0x80), "expected no flags, found 80");
        isRefused(forge(COMMIT).zero(2), "expected no flags, found 200");
        isRefused(forge(COMMIT).previous(8), "distance to the record before is wrong: 8");
        isRefusedAt(Log.START, forge(COMMIT).previous(64), "distance to the record before is wrong: 64");
    }

    /** Reading that begins at a record does not know the one before it, so any distance may be right. */
    @Test
    void theDistanceOfTheFirstRecordReadIsNotJudged() {
        forge(COMMIT).previous(8).put(disk, second);
        try (WalReader reader = WalReader.from(disk, Log.OPTIONS, Log.DATABASE, second, Log.FIRST)) {
            assertNotNull(reader.next());
            assertNull(reader.next());
        }
    }

    @Test
    void aBodyThatIsNotTheTypes() {
        isRefused(forge(COMMIT).type(0x42), "expected the end of the record");
        isRefused(forge(new WalRecord.DurableMark(1)).type(0x45), "expected");
    }

    @Test
    void imagesOfPagesThatTheRecordDoesNotChange() {
        byte[] image = Forgery.image(RecordFrame.IMAGE_RAW, new byte[Log.PAGE]);
        byte[] both = Arrays.copyOf(image, 2 * image.length);
        System.arraycopy(image, 0, both, image.length, image.length);
        assertNotNull(
                isRead(forge(COMMIT).body(1, image, Log.insert(1)).type(0x20)).image(0));
        isRefused(forge(COMMIT).body(1, image, COMMIT), "expected images of at most 0 pages, found mask 1");
        isRefused(forge(COMMIT).body(2, image, Log.insert(1)).type(0x20), "at most 1 pages, found mask 2");
        isRefused(forge(COMMIT).body(3, both, Log.insert(1)).type(0x20), "at most 1 pages, found mask 3");
        isRefused(forge(COMMIT).body(4, new byte[0], Log.insert(1)).type(0x20), "at most 1 pages, found mask 4");
        isRefused(forge(COMMIT).body(0x80, new byte[0], Log.insert(1)).type(0x20), "at most 1 pages, found mask 128");
    }

    private void imageIsRefused(byte[] image, String why) {
        isRefused(forge(COMMIT).body(1, image, Log.insert(1)).type(0x20), why);
    }

    @Test
    void imagesThatAreNoPages() {
        imageIsRefused(Forgery.image(2, new byte[Log.PAGE]), "expected a page image's encoding, found 2");
        imageIsRefused(Forgery.image(RecordFrame.IMAGE_RAW, new byte[Log.PAGE - 1]), "of 512 bytes, found 511");
        imageIsRefused(Forgery.image(RecordFrame.IMAGE_RAW, new byte[Log.PAGE + 1]), "of 512 bytes, found 513");
        byte[] noise = new byte[300];
        new Random(5).nextBytes(noise);
        noise[0] = (byte) 0xF0;
        imageIsRefused(Forgery.image(RecordFrame.IMAGE_LZ4, noise), "expected a compressed page image");
    }

    /** A block that would unpack to more than a page is stopped at a page; one that unpacks to less is no page. */
    @Test
    void compressedImagesOfAnotherSize() {
        byte[] page = new byte[Log.PAGE];
        Arrays.fill(page, 9, 400, (byte) 7);
        LoggedRecord whole =
                isRead(forge(COMMIT).body(1, compressed(page), Log.insert(1)).type(0x20));
        assertArrayEquals(page, whole.image(0));
        imageIsRefused(compressed(Arrays.copyOf(page, Log.PAGE - 1)), "of 512 bytes, found 511");
        imageIsRefused(compressed(new byte[Log.PAGE + 1]), "expected a compressed page image");
        imageIsRefused(compressed(new byte[1 << 20]), "expected a compressed page image");
    }

    private static byte[] compressed(byte[] bytes) {
        return Forgery.image(
                RecordFrame.IMAGE_LZ4,
                LZ4Factory.safeInstance().fastCompressor().compress(bytes));
    }

    /** An image's length leads out of the record: nothing behind the record is read. */
    @Test
    void anImageThatIsLongerThanItsRecord() {
        byte[] image = Arrays.copyOf(Forgery.image(RecordFrame.IMAGE_RAW, new byte[Log.PAGE]), 200);
        imageIsRefused(image, "expected 512 bytes, found only");
    }

    /** Lives only ascend; announcing the present one once more changes nothing. */
    @Test
    void livesThatCannotFollow() {
        long salt = Log.FIRST.salt();
        isRefused(forge(new WalRecord.Incarnation(0, salt, 0)), "cannot follow life");
        isRefused(forge(new WalRecord.Incarnation(1, salt + 1, 0)), "cannot follow life");
        assertEquals(
                Log.FIRST, isRead(forge(new WalRecord.Incarnation(1, salt, 0))).incarnation());
        forge(new WalRecord.Incarnation(2, salt + 1, 0)).put(disk, second);
        assertEquals(new IncarnationId(2, salt + 1), Log.contents(disk).end().incarnation());
    }

    @Test
    void bytesBehindARecordThatAreNotZero() {
        int length = forge(new WalRecord.FileDrop(5)).put(disk, second);
        assertEquals(29, length);
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        for (int at = length; at < 32; at++) {
            byte[] changed = bytes.clone();
            changed[(int) (second - Log.SEGMENT) + at] = 1;
            disk.put(SegmentNames.of(1), changed);
            WalEnd end = Log.contents(disk).end();
            assertEquals(Reason.BAD_PADDING, end.reason(), "byte " + at);
            assertEquals(second, end.lsn());
            assertTrue(end.detail().contains("are not zero"), end.detail());
        }
    }

    /** No length that stands on disk leads a reader out of the segment, or lets it allocate. */
    @Test
    void lengthsThatNoRecordHas() {
        forge(COMMIT).put(disk, second);
        int at = (int) (second - Log.SEGMENT);
        int rest = Log.SEGMENT - at;
        for (int length : new int[] {1, 24, rest + 1, Log.OPTIONS.maxRecordBytes() + 1, Integer.MAX_VALUE, -1}) {
            byte[] bytes = disk.bytes(SegmentNames.of(1));
            java.nio.ByteBuffer.wrap(bytes)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(at, length);
            disk.put(SegmentNames.of(1), bytes);
            WalEnd end = Log.contents(disk).end();
            assertEquals(Reason.BAD_LENGTH, end.reason(), "length " + length);
            assertEquals("no record has " + Integer.toUnsignedString(length) + " bytes", end.detail());
        }
    }

    @Test
    void aLengthThatIsPossibleIsTheChecksumsToJudge() {
        forge(COMMIT).put(disk, second);
        int at = (int) (second - Log.SEGMENT);
        for (int length : new int[] {25, 26, Log.SEGMENT - at}) {
            byte[] bytes = disk.bytes(SegmentNames.of(1));
            java.nio.ByteBuffer.wrap(bytes)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(at, length);
            disk.put(SegmentNames.of(1), bytes);
            assertEquals(Reason.BAD_CHECKSUM, Log.contents(disk).end().reason(), "length " + length);
        }
    }
}
