package dev.cairn.fuzz.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.disk.SimDisk.Directory;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {

    private static final int SECTOR = SimDisk.SECTOR_BYTES;

    private final SimDisk disk = new SimDisk();

    @Test
    void unsyncedSectorsAreIndependent() {
        DiskFile file = durable(disk, "f", sectors(1, 1, 1));
        file.write(0, buffer(sectors(2, 2, 2)));
        file.write(SECTOR, buffer(sectors(3, 3)));
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 3_000; seed++) {
            seen.add(shape(disk.crash(CrashChoices.random(seed)), "f"));
        }
        Set<String> legal = new TreeSet<>();
        for (String first : List.of("1", "2")) {
            for (String second : List.of("1", "2", "3")) {
                for (String third : List.of("1", "2", "3")) {
                    legal.add(first + second + third);
                }
            }
        }
        assertEquals(legal, seen);
        assertEquals("111", shape(disk.crash(CrashChoices.allOld()), "f"));
        assertEquals("233", shape(disk.crash(CrashChoices.allNew()), "f"));
        assertEquals("222", shape(disk.crash(CrashChoices.upTo(disk.operations() - 1)), "f"));
        file.sync(false);
        assertOnly("233", "f");
    }

    @Test
    void growthMayCarryZerosInsteadOfData() {
        DiskFile file = durable(disk, "f", sectors(1));
        file.write(SECTOR, buffer(sectors(2, 2)));
        Set<String> seen = new TreeSet<>();
        Set<Long> sizes = new TreeSet<>();
        for (int seed = 0; seed < 5_000; seed++) {
            SimDisk crashed = disk.crash(CrashChoices.random(seed));
            sizes.add((long) read(crashed, "f").length);
            if (read(crashed, "f").length % SECTOR == 0) {
                seen.add(shape(crashed, "f"));
            }
        }
        assertTrue(seen.containsAll(Set.of("1", "100", "120", "102", "122")), seen.toString());
        assertEquals(SECTOR, sizes.iterator().next());
        assertTrue(sizes.size() > 100, "any size between");
        assertTrue(sizes.stream().allMatch(size -> size <= 3L * SECTOR));
    }

    @Test
    void truncationIsUndecidedUntilSynced() {
        DiskFile file = durable(disk, "f", sectors(1, 2, 3));
        file.truncate(SECTOR);
        file.write(SECTOR, buffer(sectors(4)));
        assertEquals("14", shape(disk, "f"));
        assertEquals("123", shape(disk.crash(CrashChoices.allOld()), "f"));
        assertEquals("1", shape(disk.crash(CrashChoices.upTo(disk.operations() - 1)), "f"));
        file.sync(true);
        assertOnly("14", "f");
        file.allocate(2L * SECTOR, 3L * SECTOR);
        assertEquals("140", shape(disk, "f"), "what was cut off does not come back");
    }

    @Test
    void truncationInsideASectorClearsItsRest() {
        DiskFile file = durable(disk, "f", sectors(1));
        file.truncate(10);
        file.allocate(20, 30);
        byte[] expected = new byte[30];
        Arrays.fill(expected, 0, 10, (byte) 1);
        assertArrayEquals(expected, read(disk, "f"));
    }

    @Test
    void writeThroughIsDurableOnReturnAndTornBefore() {
        DiskFile file = durable(disk, "f", sectors(1, 1, 1));
        file.write(0, buffer(sectors(2)));
        List<String> during = new ArrayList<>();
        disk.hook((at, operation) -> {
            for (int seed = 0; seed < 500; seed++) {
                during.add(shape(at.crash(CrashChoices.random(seed)), "f"));
            }
        });
        file.writeThrough(SECTOR, buffer(sectors(3, 3)));
        disk.hook(null);
        assertEquals(Set.of("111", "131", "113", "133", "211", "231", "213", "233"), new TreeSet<>(during));
        Set<String> after = new TreeSet<>();
        for (int seed = 0; seed < 500; seed++) {
            after.add(shape(disk.crash(CrashChoices.random(seed)), "f"));
        }
        assertEquals(Set.of("133", "233"), after, "the plain write beside it stays undecided");
        file.writeThrough(3L * SECTOR, buffer(sectors(4)));
        assertTrue(shape(disk.crash(CrashChoices.allOld()), "f").startsWith("1334"), "the size is durable with it");
    }

    @Test
    void namesAreVolatileUntilTheDirectoryIsSynced() {
        DiskFile file = disk.open("new", OpenMode.CREATE);
        file.write(0, buffer(sectors(1)));
        file.sync(true);
        disk.rename("new", "final");
        assertEquals(List.of(), disk.crash(CrashChoices.allOld()).list());
        assertEquals(
                List.of("new"),
                disk.crash(CrashChoices.upTo(disk.operations() - 1)).list());
        assertEquals(List.of("final"), disk.crash(CrashChoices.allNew()).list());
        disk.syncDirectory();
        assertEquals(List.of("final"), disk.crash(CrashChoices.allOld()).list());
        assertEquals("1", shape(disk.crash(CrashChoices.allOld()), "final"));
        disk.delete("final");
        assertEquals(List.of("final"), disk.crash(CrashChoices.allOld()).list());
    }

    @Test
    void journalledDirectoriesKeepTheOrderOthersDoNot() {
        assertEquals(Set.of("", "a", "ab", "bc", "bcd"), directories(Directory.JOURNALLED));
        assertEquals(
                Set.of("", "a", "c", "b", "ab", "bc", "d", "ad", "cd", "bd", "abd", "bcd"),
                directories(Directory.UNORDERED));
    }

    /** Creates a and b, renames a to c, creates d: which sets of names may be left? */
    private static Set<String> directories(Directory directory) {
        SimDisk disk = new SimDisk(SECTOR, directory);
        disk.open("a", OpenMode.CREATE);
        disk.open("b", OpenMode.CREATE);
        disk.rename("a", "c");
        disk.open("d", OpenMode.CREATE);
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 2_000; seed++) {
            seen.add(String.join("", disk.crash(CrashChoices.random(seed)).list()));
        }
        return seen;
    }

    @Test
    void renameReplacesAtomically() {
        durable(disk, "f", sectors(1));
        DiskFile other = durable(disk, "g", sectors(2));
        disk.rename("g", "f");
        assertEquals("f", other.name());
        for (int seed = 0; seed < 100; seed++) {
            SimDisk crashed = disk.crash(CrashChoices.random(seed));
            String found = String.join("", crashed.list()) + shape(crashed, "f");
            assertTrue(found.equals("fg1") || found.equals("f2"), found);
        }
    }

    @Test
    void powerIsCutInTheMiddleOfTheGivenOperation() {
        DiskFile file = durable(disk, "f", sectors(1));
        disk.crashAt(disk.operations() + 2);
        file.write(0, buffer(sectors(2)));
        assertThrows(SimCrash.class, () -> file.writeThrough(0, buffer(sectors(3))));
        assertThrows(SimCrash.class, () -> file.read(0, ByteBuffer.allocate(1)));
        assertThrows(SimCrash.class, disk::list);
        assertThrows(SimCrash.class, () -> disk.open("g", OpenMode.CREATE));
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            seen.add(shape(disk.crash(CrashChoices.random(seed)), "f"));
        }
        assertEquals(Set.of("1", "2", "3"), seen);
    }

    @Test
    void imagesShareNothingThatCanBeSeen() {
        DiskFile file = durable(disk, "f", sectors(1, 1));
        SimDisk image = disk.crash(CrashChoices.allNew());
        SimDisk copy = disk.copy();
        long hash = disk.contentHash();
        assertEquals(hash, image.contentHash());
        file.writeThrough(0, buffer(sectors(2)));
        image.open("f", OpenMode.WRITE).write(SECTOR, buffer(sectors(3)));
        copy.open("f", OpenMode.WRITE).write(5L * SECTOR, buffer(sectors(4)));
        assertEquals("21", shape(disk, "f"));
        assertEquals("13", shape(image, "f"));
        assertEquals("110004", shape(copy, "f"));
        assertNotEquals(hash, image.contentHash());
        assertEquals("11", shape(copy.crash(CrashChoices.allOld()), "f"));
    }

    @Test
    void aKilledProcessLeavesEverythingVisibleButUndecided() {
        DiskFile file = durable(disk, "f", sectors(1));
        file.write(0, buffer(sectors(2)));
        disk.open("g", OpenMode.CREATE);
        SimDisk copy = disk.copy();
        assertEquals(List.of("f", "g"), copy.list());
        assertEquals("2", shape(copy, "f"));
        assertEquals("1", shape(copy.crash(CrashChoices.allOld()), "f"));
        assertEquals(List.of("f"), copy.crash(CrashChoices.allOld()).list());
    }

    @Test
    void i8_whatAFailedSyncLostStaysLostUntilWrittenAgain() {
        DiskFile file = durable(disk, "f", sectors(1, 1));
        file.write(0, buffer(sectors(2, 2)));
        disk.faults(operation ->
                operation.kind() == DiskOperation.Kind.SYNC ? FaultPlan.Fault.IO_ERROR : FaultPlan.Fault.NONE);
        assertThrows(DiskException.class, () -> file.sync(false));
        disk.faults(FaultPlan.NONE);
        assertThrows(DiskException.class, () -> file.sync(false), "poisoned");
        DiskFile again = disk.open("f", OpenMode.WRITE);
        again.sync(false);
        assertEquals("22", shape(disk, "f"), "the kernel shows it");
        assertEquals("11", shape(disk.crash(CrashChoices.allOld()), "f"), "the disk does not have it");
        again.write(0, buffer(sectors(2)));
        again.sync(false);
        assertEquals("21", shape(disk.crash(CrashChoices.allOld()), "f"));
    }

    @Test
    void runningOutOfSpaceLeavesTheSize() {
        DiskFile file = durable(disk, "f", sectors(1));
        disk.faults(operation -> FaultPlan.Fault.DISK_FULL);
        assertThrows(DiskFullException.class, () -> file.allocate(0, 10L * SECTOR));
        assertThrows(IllegalArgumentException.class, () -> file.read(0, ByteBuffer.allocate(1)), "planned wrongly");
        disk.faults(FaultPlan.NONE);
        assertEquals("1", shape(disk, "f"));
    }

    @Test
    void theInterfaceIsKept() throws Exception {
        assertThrows(DiskException.class, () -> disk.open("none", OpenMode.WRITE));
        assertThrows(DiskException.class, () -> disk.rename("none", "f"));
        assertThrows(DiskException.class, () -> disk.delete("none"));
        DiskFile file = durable(disk, "f", sectors(1, 2));
        assertThrows(DiskException.class, () -> disk.open("f", OpenMode.CREATE));
        DiskFile reader = disk.open("f", OpenMode.READ);
        assertThrows(IllegalStateException.class, () -> reader.write(0, buffer(sectors(1))));
        ReadWindow window = reader.map(SECTOR, SECTOR);
        ByteBuffer into = ByteBuffer.allocate(10);
        file.write(SECTOR, buffer(sectors(7)));
        window.copy(3, into);
        assertEquals(7, into.get(9));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.map(1, 2 * SECTOR));
        assertEquals(24, file.read(2 * SECTOR - 24, ByteBuffer.allocate(100)));
        assertEquals(0, file.read(3 * SECTOR, ByteBuffer.allocate(100)));
        disk.delete("f");
        assertEquals(2 * SECTOR, file.size(), "a handle outlives its name");
        file.close();
        assertThrows(IllegalStateException.class, file::size);
        AutoCloseable lock = disk.lock();
        assertThrows(DirectoryInUseException.class, disk::lock);
        lock.close();
        disk.lock().close();
    }

    @Test
    void equalRunsHaveEqualTraces() {
        long[] hashes = new long[3];
        for (int run = 0; run < 3; run++) {
            SimDisk mine = new SimDisk();
            DiskFile file = durable(mine, "f", sectors(1));
            file.writeThrough(0, buffer(sectors(run == 2 ? 3 : 2)));
            hashes[run] = mine.traceHash();
        }
        assertEquals(hashes[0], hashes[1]);
        assertNotEquals(hashes[0], hashes[2]);
    }

    @Test
    void sectorsMayBeLarge() {
        SimDisk large = new SimDisk(4096, Directory.JOURNALLED);
        DiskFile file = durable(large, "f", sectors(1, 1, 1, 1, 1, 1, 1, 1));
        file.write(0, buffer(sectors(2, 2)));
        file.write(4 * SECTOR, buffer(sectors(2, 2)));
        for (int seed = 0; seed < 100; seed++) {
            String found = shape(large.crash(CrashChoices.random(seed)), "f");
            assertTrue(Set.of("11111111", "22111111", "22112211").contains(found), found);
        }
        assertFalse(large.list().isEmpty());
    }

    private void assertOnly(String shape, String name) {
        for (int seed = 0; seed < 50; seed++) {
            assertEquals(shape, shape(disk.crash(CrashChoices.random(seed)), name));
        }
    }

    private static DiskFile durable(Disk disk, String name, byte[] contents) {
        DiskFile file = disk.open(name, OpenMode.CREATE);
        file.write(0, buffer(contents));
        file.sync(true);
        disk.syncDirectory();
        return file;
    }

    /** One digit per sector. */
    private static byte[] sectors(int... values) {
        byte[] bytes = new byte[values.length * SECTOR];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(bytes, i * SECTOR, (i + 1) * SECTOR, (byte) values[i]);
        }
        return bytes;
    }

    private static String shape(Disk disk, String name) {
        byte[] bytes = read(disk, name);
        StringBuilder shape = new StringBuilder();
        for (int i = 0; i < bytes.length; i += SECTOR) {
            shape.append(bytes[i]);
        }
        return shape.toString();
    }

    private static byte[] read(Disk disk, String name) {
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            assertEquals(into.capacity(), file.read(0, into));
            return into.array();
        }
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void aCrashMeetsThePointsPassedSinceTheOperationBefore() {
        SimDisk disk = new SimDisk();
        List<CrashPoint> met = new ArrayList<>();
        disk.meetings(met::add);
        disk.passed(CrashPoint.LOG_LEADING);
        disk.passed(CrashPoint.LOG_GROUP);
        disk.hook((at, operation) -> at.crash(CrashChoices.allOld()));
        disk.open("a", OpenMode.CREATE);
        assertEquals(List.of(CrashPoint.LOG_LEADING, CrashPoint.LOG_GROUP), met);
        disk.hook(null);
        met.clear();
        disk.copy();
        assertEquals(List.of(), met, "that operation is over");
        disk.passed(CrashPoint.LOG_WRITTEN);
        SimDisk image = disk.copy();
        assertEquals(List.of(CrashPoint.LOG_WRITTEN), met);
        disk.syncDirectory();
        disk.crash(CrashChoices.allOld());
        assertEquals(List.of(CrashPoint.LOG_WRITTEN), met);
        image.passed(CrashPoint.RECOVERY_SCANNED);
        image.copy();
        assertEquals(List.of(CrashPoint.LOG_WRITTEN, CrashPoint.RECOVERY_SCANNED), met, "images tell, too");
    }
}
