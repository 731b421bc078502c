package dev.cairn.storage.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFileTest {

    private static final int BYTES = 3 << 20;

    @TempDir
    Path directory;

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    @Test
    void scratchIsZeroWritableAndNameless() throws IOException {
        RealDisk disk = new RealDisk(directory);
        ByteBuffer one = disk.scratch(BYTES);
        ByteBuffer two = disk.scratch(BYTES);
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            assertEquals(0, one.getLong(at));
            one.putLong(at, at);
        }
        assertEquals(0x01, one.putInt(0, 1).get(0));
        assertEquals(BYTES - 8, one.getLong(BYTES - 8));
        assertEquals(0, two.getLong(BYTES - 8));
        assertEquals(0, files());
    }

    @Test
    void whatAnEarlierProcessLeftIsRemovedAndNeverListed() throws IOException {
        Files.write(directory.resolve("scratch-1"), new byte[10]);
        Files.write(directory.resolve("scratch-77"), new byte[10]);
        RealDisk disk = new RealDisk(directory);
        assertTrue(disk.list().isEmpty());
        disk.scratch(BYTES);
        assertEquals(0, files());
    }

    @Test
    void anInterruptIsKeptAndDisturbsNothing() {
        RealDisk disk = new RealDisk(directory);
        Thread.currentThread().interrupt();
        ByteBuffer scratch = disk.scratch(BYTES);
        assertTrue(Thread.interrupted());
        assertFalse(Thread.interrupted());
        assertEquals(0, scratch.getLong(0));
    }
}
