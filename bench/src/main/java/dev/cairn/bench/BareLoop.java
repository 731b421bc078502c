package dev.cairn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What nothing durable can beat with one thread: write a few bytes over preallocated zeros, sync, again. */
final class BareLoop {

    private static final int FILE_BYTES = 64 << 20;

    private final Path file;

    private BareLoop(Path file) {
        this.file = file;
    }

    /** Makes the file, which must not exist. */
    static BareLoop over(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < FILE_BYTES; at += zeros.capacity()) {
                zeros.clear();
                channel.write(zeros, at);
            }
            channel.force(true);
        }
        return new BareLoop(file);
    }

    double syncsPerSecond(int bytesEach, int millis) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(bytesEach);
            long begun = System.nanoTime();
            long syncs = 0;
            while (System.nanoTime() - begun < millis * 1_000_000L) {
                bytes.clear();
                bytes.putLong(0, syncs);
                channel.write(bytes, syncs * bytesEach % (FILE_BYTES - bytesEach));
                channel.force(false);
                syncs++;
            }
            return syncs * 1e9 / (System.nanoTime() - begun);
        }
    }
}
