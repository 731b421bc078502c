package dev.cairn.storage.file;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory that the operating system may write out to a file of the database's directory. The file has no name any more
 * when the memory is handed out, so nothing of it outlives the process; it is given back when the memory is unreachable.
 *
 * <p>Written through a mapping, unlike everything that must survive: nobody reads these bytes after a crash, so it does
 * not matter when they reach the disk. Real zeros are written first, because running out of space under a mapping would
 * kill the JVM.
 */
final class ScratchFile {

    static final String PREFIX = "scratch-";
    private static final int CHUNK = 1 << 20;

    private ScratchFile() {}

    /** Little-endian, all zeros. {@code number} is used once in a directory as long as it is open. */
    static ByteBuffer map(Path directory, int number, int bytes) {
        Path path = directory.resolve(PREFIX + number);
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return create(path, bytes);
                } catch (ClosedChannelException e) {
                    // An interrupt that came in between has closed the channel: begin again, and keep it for later.
                    interrupted |= Thread.interrupted();
                }
            }
        } catch (IOException e) {
            throw new DiskException("cannot map " + path + ": " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ByteBuffer create(Path path, int bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            writeZeros(file, path, bytes);
            return file.getChannel()
                    .map(FileChannel.MapMode.READ_WRITE, 0, bytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } finally {
            // Where a mapped file cannot be deleted, sweep() does it when the directory is used next.
            boolean gone = path.toFile().delete();
            assert gone || Files.exists(path);
        }
    }

    private static void writeZeros(RandomAccessFile file, Path path, int bytes) {
        byte[] zeros = new byte[Math.min(bytes, CHUNK)];
        try {
            for (int at = 0; at < bytes; at += zeros.length) {
                file.write(zeros, 0, Math.min(zeros.length, bytes - at));
            }
        } catch (IOException e) {
            throw new DiskFullException("no room for " + bytes + " bytes of scratch in " + path, e);
        }
    }

    /** Removes what an earlier process has left. */
    static void sweep(Path directory) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path path : left) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new DiskException("cannot remove old scratch files in " + directory + ": " + e, e);
        }
    }
}
