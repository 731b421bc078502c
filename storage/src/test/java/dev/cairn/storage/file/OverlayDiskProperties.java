package dev.cairn.storage.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.testing.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** An overlay behaves as a copy of its base would, and the base stays as it was. */
class OverlayDiskProperties {

    private static final int MOST = 20_000;

    @Property(tries = 300)
    void anOverlayIsAPrivateCopy(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, byte[]> image = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            byte[] bytes = new byte[random.nextInt(MOST)];
            random.nextBytes(bytes);
            image.put("f" + i, bytes);
        }
        MemoryDisk base = MemoryDisk.of(image);
        MemoryDisk model = MemoryDisk.of(image);
        // A few blocks of memory only: the rest is spilled.
        try (OverlayDisk overlay = new OverlayDisk(base, random.nextInt(4) * 4096L)) {
            for (int i = 0; i < 60; i++) {
                step(random, model, overlay);
                assertEquals(model.list(), overlay.list());
            }
            for (String name : model.list()) {
                assertArrayEquals(model.bytes(name), read(overlay, name), name);
            }
        }
        image.forEach((name, bytes) -> assertArrayEquals(bytes, base.bytes(name)));
        assertEquals(image.keySet(), base.image().keySet());
        assertEquals(0, base.operations());
    }

    private static void step(Random random, MemoryDisk model, OverlayDisk overlay) {
        String name = "f" + random.nextInt(5);
        String other = "f" + random.nextInt(5);
        boolean there = model.list().contains(name);
        if (!there) {
            assertThrows(DiskException.class, () -> overlay.open(name, OpenMode.READ));
            for (Disk disk : new Disk[] {model, overlay}) {
                disk.open(name, OpenMode.CREATE).close();
            }
            return;
        }
        int choice = random.nextInt(10);
        long from = random.nextInt(MOST);
        int length = random.nextInt(9000);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (Disk disk : new Disk[] {model, overlay}) {
            if (choice == 0) {
                disk.delete(name);
            } else if (choice == 1 && !name.equals(other)) {
                disk.rename(name, other);
            } else {
                try (DiskFile file = disk.open(name, OpenMode.WRITE)) {
                    change(file, choice, from, bytes);
                }
            }
        }
    }

    private static void change(DiskFile file, int choice, long from, byte[] bytes) {
        switch (choice) {
            case 2 -> file.truncate(from);
            case 3, 4 -> file.allocate(Math.min(from, file.size()), Math.min(from, file.size()) + bytes.length);
            case 5 -> file.writeThrough(from, ByteBuffer.wrap(bytes));
            default -> file.write(from, ByteBuffer.wrap(bytes));
        }
    }

    private static byte[] read(Disk disk, String name) {
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size() + 10);
            assertEquals(file.size(), file.read(0, all));
            byte[] bytes = new byte[all.position()];
            all.flip().get(bytes);
            return bytes;
        }
    }

    @Example
    void theBasesLockIsNotTaken() throws Exception {
        MemoryDisk base = new MemoryDisk();
        try (AutoCloseable held = base.lock();
                OverlayDisk overlay = new OverlayDisk(base)) {
            AutoCloseable own = overlay.lock();
            assertThrows(DirectoryInUseException.class, overlay::lock);
            own.close();
            overlay.lock().close();
            assertThrows(DirectoryInUseException.class, base::lock);
        }
    }

    @Example
    void aRealDirectoryStaysAsItIsAndNothingIsLeftBehind() throws IOException {
        Path directory = Files.createTempDirectory("overlay-base");
        Path file = directory.resolve("f");
        Files.write(file, new byte[] {1, 2, 3});
        Path temporary = Files.createTempDirectory("overlay-temporary");
        try (OverlayDisk overlay = new OverlayDisk(new RealDisk(directory), 0, temporary)) {
            try (DiskFile open = overlay.open("f", OpenMode.WRITE)) {
                open.write(1, ByteBuffer.wrap(new byte[] {9}));
            }
            assertArrayEquals(new byte[] {1, 9, 3}, read(overlay, "f"));
            assertEquals(1, entries(temporary));
        }
        assertEquals(0, entries(temporary));
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
        assertEquals(1, entries(directory));
        Files.delete(file);
        Files.delete(directory);
        Files.delete(temporary);
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }
}
