package dev.cairn.fuzz.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.FaultPlan.Fault;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What each fault of the simulated disk does, and that it does no more. */
class SimDiskFaultsTest {

    private static final int SECTOR = SimDisk.SECTOR_BYTES;

    private SimDisk disk = new SimDisk();

    @Test
    void anUnreadableSectorComesBackWhenItIsWritten() {
        DiskFile file = durable("f", 3);
        disk.spoil("f", SECTOR + 7);
        assertThrows(DiskException.class, () -> read(file, 0, 3 * SECTOR));
        assertArrayEquals(bytes(1), read(file, 0, SECTOR));
        assertThrows(DiskException.class, () -> readIn(disk.crash(CrashChoices.allNew()), "f"), "it stays so");
        file.write(SECTOR, ByteBuffer.wrap(bytes(9)));
        assertArrayEquals(bytes(9), read(file, SECTOR, SECTOR));
    }

    @Test
    void aBadSectorFailsEveryWriteToIt() {
        DiskFile file = durable("f", 2);
        once(Kind.WRITE, Fault.BAD_SECTOR);
        assertThrows(DiskException.class, () -> file.write(SECTOR, ByteBuffer.wrap(bytes(8))));
        assertThrows(DiskException.class, () -> file.write(SECTOR, ByteBuffer.wrap(bytes(8))));
        file.write(0, ByteBuffer.wrap(bytes(7)));
        assertArrayEquals(bytes(7), read(file, 0, SECTOR));
    }

    @Test
    void aShortReadBringsSomethingAndReadFullyTheRest() {
        DiskFile file = durable("f", 2);
        once(Kind.READ, Fault.SHORT_READ);
        int read = file.read(0, ByteBuffer.allocate(2 * SECTOR));
        assertTrue(read > 0 && read < 2 * SECTOR, "read " + read);
        once(Kind.READ, Fault.SHORT_READ);
        ByteBuffer whole = ByteBuffer.allocate(3 * SECTOR);
        assertEquals(2 * SECTOR, file.readFully(0, whole));
        assertEquals(1, whole.get(0));
        assertEquals(2, whole.get(SECTOR));
    }

    @Test
    void aBitFlipsInTransitOnceAndOnDiskForGood() {
        DiskFile file = durable("f", 1);
        once(Kind.READ, Fault.FLIP_IN_TRANSIT);
        assertEquals(1, bitsOff(bytes(1), read(file, 0, SECTOR)));
        assertArrayEquals(bytes(1), read(file, 0, SECTOR));
        once(Kind.READ_MAPPED, Fault.FLIP_IN_TRANSIT);
        ReadWindow window = file.map(0, SECTOR);
        assertNotNull(window);
        ByteBuffer copy = ByteBuffer.allocate(SECTOR);
        window.copy(0, copy);
        assertEquals(1, bitsOff(bytes(1), copy.array()));
        once(Kind.READ, Fault.FLIP_ON_DISK);
        assertEquals(1, bitsOff(bytes(1), read(file, 0, SECTOR)));
        assertEquals(1, bitsOff(bytes(1), readIn(disk.crash(CrashChoices.allOld()), "f")));
        once(Kind.WRITE, Fault.FLIP_ON_DISK);
        file.write(0, ByteBuffer.wrap(bytes(4)));
        assertEquals(1, bitsOff(bytes(4), read(file, 0, SECTOR)));
        disk.flip("f", 5, 3);
        assertEquals(2, bitsOff(bytes(4), read(file, 0, SECTOR)));
    }

    @Test
    void writesAreLostOrLandElsewhere() {
        DiskFile file = durable("f", 4);
        durable("g", 4);
        once(Kind.WRITE, Fault.LOST_WRITE);
        file.write(0, ByteBuffer.wrap(bytes(9)));
        assertEquals("1234", shape("f"));
        once(Kind.WRITE, Fault.MISDIRECTED_WRITE);
        file.write(0, ByteBuffer.wrap(bytes(9)));
        assertTrue(shape("f").matches("1.*9.*"), shape("f"));
        assertEquals("1234", shape("g"));
        String before = shape("f");
        for (int i = 0; i < 8 && shape("g").equals("1234"); i++) {
            once(Kind.WRITE, Fault.MISDIRECTED_TO_OTHER_FILE);
            file.write(0, ByteBuffer.wrap(bytes(8)));
            assertEquals(before, shape("f"));
        }
        assertTrue(shape("g").contains("8"), shape("g"));
    }

    @Test
    void aStaleWriteIsSeenAfterThePowerFailed() {
        DiskFile file = durable("f", 2);
        once(Kind.WRITE, Fault.STALE_WRITE);
        file.write(0, ByteBuffer.wrap(bytes(9)));
        file.sync(true);
        assertEquals("92", shape("f"));
        assertEquals("92", shapeIn(disk.copy(), "f"), "the process alone has died");
        assertEquals("12", shapeIn(disk.crash(CrashChoices.allNew()), "f"));
        file.write(0, ByteBuffer.wrap(bytes(8)));
        file.sync(true);
        assertEquals("82", shapeIn(disk.crash(CrashChoices.allNew()), "f"), "written since");
    }

    @Test
    void aFailedSyncMayTakeBackWhatWasWritten() {
        DiskFile file = durable("f", 1);
        file.write(0, ByteBuffer.wrap(bytes(5)));
        file.write(SECTOR, ByteBuffer.wrap(bytes(6)));
        once(Kind.SYNC, Fault.SYNC_REVERTED);
        assertThrows(DiskException.class, () -> file.sync(true));
        assertEquals("1", shape("f"));
    }

    @Test
    void aSyncThatLiesIsReportedByTheNext() {
        DiskFile file = durable("f", 1);
        file.write(0, ByteBuffer.wrap(bytes(5)));
        once(Kind.SYNC, Fault.SYNC_LATE);
        file.sync(true);
        assertEquals("1", shapeIn(disk.crash(CrashChoices.allOld()), "f"));
        assertThrows(DiskException.class, () -> file.writeThrough(0, ByteBuffer.wrap(bytes(6))));

        disk.open("new", OpenMode.CREATE).close();
        once(Kind.SYNC_DIRECTORY, Fault.SYNC_LATE);
        disk.syncDirectory();
        assertFalse(disk.crash(CrashChoices.allOld()).list().contains("new"));
        assertThrows(DiskException.class, disk::syncDirectory);
    }

    @Test
    void aSyncWithoutMetadataKeepsGrowthOnAJournalledDiskOnly() {
        for (SimDisk.Directory profile : SimDisk.Directory.values()) {
            disk = new SimDisk(SECTOR, profile);
            DiskFile file = durable("f", 1);
            file.write(SECTOR, ByteBuffer.wrap(bytes(2)));
            file.sync(false);
            boolean journalled = profile == SimDisk.Directory.JOURNALLED;
            assertEquals(journalled ? "12" : "1", shapeIn(disk.crash(CrashChoices.allOld()), "f"));
            file.writeThrough(2L * SECTOR, ByteBuffer.wrap(bytes(3)));
            assertEquals(journalled ? "123" : "1", shapeIn(disk.crash(CrashChoices.allOld()), "f"));
            file.sync(true);
            file.truncate(SECTOR);
            file.sync(false);
            assertEquals(
                    "123".length(),
                    shapeIn(disk.crash(CrashChoices.allOld()), "f").length(),
                    "cut, not synced");
            file.sync(true);
            assertEquals("1", shapeIn(disk.crash(CrashChoices.allOld()), "f"));
        }
    }

    private void once(Kind kind, Fault fault) {
        boolean[] done = new boolean[1];
        disk.faults(operation -> {
            boolean now = !done[0] && operation.kind() == kind;
            done[0] |= now;
            return now ? fault : Fault.NONE;
        });
    }

    /** Sector i is full of i + 1. */
    private DiskFile durable(String name, int sectors) {
        DiskFile file = disk.open(name, OpenMode.CREATE);
        for (int i = 0; i < sectors; i++) {
            file.write((long) i * SECTOR, ByteBuffer.wrap(bytes(i + 1)));
        }
        file.sync(true);
        disk.syncDirectory();
        return file;
    }

    private static byte[] bytes(int value) {
        byte[] bytes = new byte[SECTOR];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] read(DiskFile file, long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(offset, bytes);
        return bytes.array();
    }

    private static byte[] readIn(SimDisk disk, String name) {
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            return read(file, 0, (int) file.size());
        }
    }

    private String shape(String name) {
        return shapeIn(disk, name);
    }

    /** The first byte of each sector. */
    private static String shapeIn(SimDisk disk, String name) {
        byte[] bytes = readIn(disk, name);
        StringBuilder shape = new StringBuilder();
        for (int at = 0; at < bytes.length; at += SECTOR) {
            shape.append(bytes[at]);
        }
        return shape.toString();
    }

    private static int bitsOff(byte[] expected, byte[] found) {
        int bits = 0;
        for (int i = 0; i < expected.length; i++) {
            bits += Integer.bitCount((expected[i] ^ found[i]) & 0xFF);
        }
        return bits;
    }
}
