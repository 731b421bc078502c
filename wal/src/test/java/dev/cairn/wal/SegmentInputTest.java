package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Crc;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.segment.SegmentGeometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentInputTest {

    private static final int WINDOW = 1024;

    private final MemoryDisk disk = new MemoryDisk();
    private final SegmentInput input = new SegmentInput(new SegmentGeometry(Log.SEGMENT), WINDOW);
    private final byte[] bytes = new byte[Log.SEGMENT];

    private DiskFile segment(int length) {
        new Random(3).nextBytes(bytes);
        disk.put("s", java.util.Arrays.copyOf(bytes, length));
        return disk.open("s", OpenMode.READ);
    }

    @Test
    void readsWhatIsWantedWhereverItLies() {
        input.open(segment(Log.SEGMENT));
        ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            int length = 8 + random.nextInt(WINDOW - 8);
            int at = random.nextInt(Log.SEGMENT - length + 1);
            long lsn = 3L * Log.SEGMENT + at;
            input.require(lsn, length);
            assertEquals(expected.getLong(at), input.getLong(lsn));
            assertEquals(expected.getInt(at + length - 4), input.getInt(lsn + length - 4));
            assertEquals(bytes[at] & 0xFF, input.getU8(lsn));
        }
    }

    /** What lies in the window is not read again, up to its very last byte; one byte more is. */
    @Test
    void aWindowIsReadOnce() {
        input.open(segment(Log.SEGMENT));
        input.require(Log.SEGMENT + 100, 1);
        assertEquals(1, disk.reads());
        input.require(Log.SEGMENT + 100, WINDOW);
        input.require(Log.SEGMENT + 100 + WINDOW - 1, 1);
        assertEquals(1, disk.reads());
        input.require(Log.SEGMENT + 101, WINDOW);
        assertEquals(2, disk.reads());
        input.require(Log.SEGMENT + 100, 1);
        assertEquals(3, disk.reads());
        input.require(Log.SEGMENT + 100 + WINDOW, 1);
        assertEquals(4, disk.reads());
    }

    @Test
    void aNewFileIsReadAnew() {
        input.open(segment(Log.SEGMENT));
        input.require(Log.SEGMENT, 8);
        disk.put("other", new byte[Log.SEGMENT]);
        input.open(disk.open("other", OpenMode.READ));
        input.require(Log.SEGMENT, 8);
        assertEquals(0, input.getLong(Log.SEGMENT));
    }

    /** What was in the window before does not shine through. */
    @Test
    void whatTheFileLacksIsZeros() {
        input.open(segment(2_000));
        input.require(Log.SEGMENT, WINDOW);
        input.require(Log.SEGMENT + 1_500, WINDOW);
        assertEquals(bytes[1_999] & 0xFF, input.getU8(Log.SEGMENT + 1_999));
        assertTrue(input.isZero(Log.SEGMENT + 2_000, Log.SEGMENT + 1_500 + WINDOW));
        assertFalse(input.isZero(Log.SEGMENT + 1_999, Log.SEGMENT + 2_010));
        assertTrue(input.isZero(Log.SEGMENT + 1_990, Log.SEGMENT + 1_990), "nothing is zero");
        input.require(Log.SEGMENT + 5_000, WINDOW);
        assertTrue(input.isZero(Log.SEGMENT + 5_000, Log.SEGMENT + 5_000 + WINDOW));
    }

    @Test
    void refusesWhatDoesNotLieInOneSegmentAndWindow() {
        assertThrows(IllegalStateException.class, () -> input.require(Log.SEGMENT, 1));
        input.open(segment(Log.SEGMENT));
        assertThrows(IllegalArgumentException.class, () -> input.require(Log.SEGMENT, WINDOW + 1));
        input.require(Log.SEGMENT, WINDOW);
        assertThrows(IllegalArgumentException.class, () -> input.require(2 * Log.SEGMENT - 4, 5));
        input.require(2 * Log.SEGMENT - 4, 4);
        assertThrows(IndexOutOfBoundsException.class, () -> input.getU8(2 * Log.SEGMENT));
        assertThrows(IndexOutOfBoundsException.class, () -> input.getU8(2 * Log.SEGMENT - 5));
        assertEquals(bytes[Log.SEGMENT - 1] & 0xFF, input.getU8(2 * Log.SEGMENT - 1));
    }

    @Test
    void aClosedFileIsReadNoMore() {
        DiskFile file = segment(Log.SEGMENT);
        input.open(file);
        input.close();
        assertThrows(IllegalStateException.class, () -> file.read(0, ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, () -> input.require(Log.SEGMENT, 1));
        input.close();
    }

    /** The hole reads as zero: what stands in it changes nothing, every other byte does. */
    @Test
    void theChecksumIsOfSeedAndBytesWithoutTheHole() {
        segment(Log.SEGMENT);
        long seed = 0x0123_4567_89AB_CDEFL;
        ByteBuffer plain = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        plain.put(bytes, 8, 40).putInt(4, 0).flip();
        int expected = Crc.of(seed, plain);
        for (int changed = 0; changed < 50; changed++) {
            byte[] copy = bytes.clone();
            copy[changed] ^= 1;
            disk.put("s", copy);
            input.open(disk.open("s", OpenMode.READ));
            input.require(Log.SEGMENT, 64);
            boolean same = changed < 8 || changed >= 48 || (changed >= 12 && changed < 16);
            assertEquals(same, expected == input.crc(seed, Log.SEGMENT + 8, 40, 4), "byte " + changed);
        }
    }
}
