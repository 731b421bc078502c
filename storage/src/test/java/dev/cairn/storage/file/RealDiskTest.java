package dev.cairn.storage.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RealDiskTest {

    @TempDir
    Path directory;

    private RealDisk disk;

    @BeforeEach
    void open() {
        disk = new RealDisk(directory);
    }

    @Test
    void whatIsWrittenIsRead() {
        Random random = new Random(1);
        byte[] model = new byte[700_000];
        try (DiskFile file = disk.open("data", OpenMode.CREATE)) {
            for (int round = 0; round < 200; round++) {
                int offset = random.nextInt(model.length / 2);
                byte[] bytes = new byte[random.nextInt(round % 20 == 0 ? 300_000 : 5_000)];
                random.nextBytes(bytes);
                System.arraycopy(bytes, 0, model, offset, bytes.length);
                ByteBuffer from = round % 3 == 0 ? ByteBuffer.wrap(bytes) : direct(bytes);
                if (round % 2 == 0) {
                    file.write(offset, from);
                } else {
                    file.writeThrough(offset, from);
                }
                assertEquals(0, from.remaining());
            }
            file.sync(true);
            int size = (int) file.size();
            assertArrayEquals(Arrays.copyOf(model, size), read(file, 0, size));
            assertArrayEquals(Arrays.copyOfRange(model, size - 10, size), read(file, size - 10, 100));
            assertEquals(0, file.read(size + 5L, ByteBuffer.allocate(10)));
            ReadWindow window = file.map(4096, size - 4096L);
            assertNotNull(window);
            assertEquals(size - 4096L, window.length());
            ByteBuffer copy = ByteBuffer.allocateDirect(1000);
            window.copy(77, copy);
            byte[] copied = new byte[1000];
            copy.flip().get(copied);
            assertArrayEquals(Arrays.copyOfRange(model, 4096 + 77, 4096 + 1077), copied);
            assertThrows(IndexOutOfBoundsException.class, () -> window.copy(window.length() - 9, copy.clear()));
            assertThrows(IndexOutOfBoundsException.class, () -> file.map(1, size));
            assertEquals(size, file.size(), "mapping never extends the file");
        }
    }

    @Test
    void allocateWritesZerosAndTruncateShortens() {
        try (DiskFile file = disk.open("data", OpenMode.CREATE)) {
            file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            file.allocate(2, 300_000);
            assertEquals(300_000, file.size());
            assertArrayEquals(new byte[] {1, 2, 0, 0}, read(file, 0, 4));
            assertArrayEquals(new byte[10], read(file, 299_990, 10));
            file.truncate(3);
            assertEquals(3, file.size());
            assertThrows(IllegalArgumentException.class, () -> file.truncate(4));
        }
    }

    @Test
    void modesAreKept() {
        assertThrows(DiskException.class, () -> disk.open("none", OpenMode.READ));
        assertThrows(DiskException.class, () -> disk.open("none", OpenMode.WRITE));
        assertEquals(List.of(), disk.list());
        disk.open("data", OpenMode.CREATE).close();
        assertThrows(DiskException.class, () -> disk.open("data", OpenMode.CREATE));
        try (DiskFile file = disk.open("data", OpenMode.READ)) {
            assertThrows(IllegalStateException.class, () -> file.write(0, ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, () -> file.writeThrough(0, ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, () -> file.truncate(0));
            assertThrows(IllegalArgumentException.class, () -> file.read(-1, ByteBuffer.allocate(1)));
        }
        DiskFile closed = disk.open("data", OpenMode.WRITE);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, closed::size);
        for (String bad : List.of("", ".", "..", "a/b", "/etc/passwd")) {
            assertThrows(IllegalArgumentException.class, () -> disk.open(bad, OpenMode.CREATE));
        }
        assertThrows(DiskException.class, () -> new RealDisk(directory.resolve("none")));
    }

    @Test
    void directoryIsMadeDeep() {
        RealDisk deep = RealDisk.create(directory.resolve("a/b/c"));
        deep.open("x", OpenMode.CREATE).close();
        deep.syncDirectory();
        assertEquals(List.of("x"), RealDisk.create(directory.resolve("a/b/c")).list());
    }

    @Test
    void namesAreListedSortedWithoutTheLock() {
        for (String name : List.of("c", "a", "b")) {
            disk.open(name, OpenMode.CREATE).close();
        }
        try (DirectoryLock lock = disk.lock()) {
            assertNotNull(lock);
            assertEquals(List.of("a", "b", "c"), disk.list());
        }
        disk.rename("a", "c");
        disk.delete("b");
        disk.syncDirectory();
        assertEquals(List.of("c"), disk.list());
        assertThrows(DiskException.class, () -> disk.delete("b"));
        assertThrows(DiskException.class, () -> disk.rename("b", "x"));
    }

    @Test
    void handlesOutliveRenameAndDeletion() {
        DiskFile first = disk.open("first", OpenMode.CREATE);
        DiskFile second = disk.open("second", OpenMode.CREATE);
        first.write(0, ByteBuffer.wrap(new byte[] {1}));
        second.write(0, ByteBuffer.wrap(new byte[] {2}));
        disk.rename("first", "second");
        assertEquals("second", first.name());
        // Neither handle has read or written through yet: both open descriptors only now.
        Thread.currentThread().interrupt();
        assertArrayEquals(new byte[] {1}, read(first, 0, 1));
        assertArrayEquals(new byte[] {2}, read(second, 0, 1));
        first.writeThrough(1, ByteBuffer.wrap(new byte[] {3}));
        second.writeThrough(1, ByteBuffer.wrap(new byte[] {4}));
        assertArrayEquals(new byte[] {1, 3}, read(first, 0, 2));
        assertArrayEquals(new byte[] {2, 4}, read(second, 0, 2));
        assertNull(second.map(0, 1));
        disk.delete("second");
        DiskFile third = disk.open("second", OpenMode.CREATE);
        assertEquals(0, third.read(0, ByteBuffer.allocate(1)));
        assertArrayEquals(new byte[] {1, 3}, read(first, 0, 2));
        assertTrue(Thread.interrupted());
        first.close();
        second.close();
        third.close();
    }

    @Test
    void i8_failedSyncPoisonsTheFile() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        Files.createSymbolicLink(directory.resolve("full"), full);
        DiskFile synced = disk.open("full", OpenMode.WRITE);
        assertThrows(DiskException.class, () -> synced.sync(false));
        DiskException later = assertThrows(DiskException.class, () -> synced.write(0, ByteBuffer.allocate(1)));
        assertNotNull(later.getCause());
        assertThrows(DiskException.class, () -> synced.sync(false));
        assertThrows(DiskException.class, () -> synced.read(0, ByteBuffer.allocate(1)));
        synced.close();

        DiskFile through = disk.open("full", OpenMode.WRITE);
        assertThrows(DiskException.class, () -> through.writeThrough(0, ByteBuffer.allocate(1)));
        assertThrows(DiskException.class, () -> through.writeThrough(0, ByteBuffer.allocate(1)));
        through.close();

        DiskFile plain = disk.open("full", OpenMode.WRITE);
        DiskFullException noSpace = assertThrows(DiskFullException.class, () -> plain.allocate(0, 4096));
        assertEquals("53100", noSpace.sqlState());
        assertThrows(DiskException.class, () -> plain.write(0, ByteBuffer.allocate(1)));
        assertDoesNotThrow(plain::size, "running out of space poisons nothing");
        plain.close();
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] read(DiskFile file, long offset, int length) {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        int n = file.read(offset, into);
        assertEquals(into.position(), n);
        byte[] bytes = new byte[n];
        into.flip().get(bytes);
        return bytes;
    }
}
