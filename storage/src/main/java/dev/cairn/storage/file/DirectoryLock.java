package dev.cairn.storage.file;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One open database per directory. Other processes are kept out by a lock on the file {@value #FILE_NAME}, others in this
 * process by a registry of the directories' identities, so that a second path or a symbolic link does not get through. The
 * registry is asked before the lock file is touched: on POSIX, closing any descriptor of a locked file gives up the lock.
 * The file stays behind when the lock is given back. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {

    public static final String FILE_NAME = "lock";

    private static final Map<Object, Path> HELD = new HashMap<>();
    private static final int MAX_OWNER_BYTES = 64;

    private final Object key;
    private final FileChannel channel;
    private boolean closed;

    private DirectoryLock(Object key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * @throws DirectoryInUseException if this or another process holds it
     */
    static DirectoryLock acquire(Path directory) {
        Object key = keyOf(directory);
        synchronized (HELD) {
            Path holder = HELD.putIfAbsent(key, directory);
            if (holder != null) {
                throw new DirectoryInUseException(directory + " is open in this process already"
                        + (holder.equals(directory) ? "" : ", as " + holder));
            }
        }
        boolean held = false;
        try {
            DirectoryLock lock = new DirectoryLock(key, locked(directory));
            held = true;
            return lock;
        } finally {
            if (!held) {
                synchronized (HELD) {
                    HELD.remove(key);
                }
            }
        }
    }

    /** An interrupt that arrives now closes the channel; the attempt is then made again and the flag kept for later. */
    private static FileChannel locked(Path directory) {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return lockOnce(directory);
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                } catch (IOException e) {
                    throw new DiskException("cannot lock " + directory.resolve(FILE_NAME) + ": " + e, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static FileChannel lockOnce(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean held = false;
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new DirectoryInUseException(directory + " is open in another process" + owner(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            held = true;
            return channel;
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another copy of this class in the same process, with a registry of its own.
            return null;
        }
    }

    /** What the holder wrote about itself; for the message only. */
    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_OWNER_BYTES);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.chars().allMatch(c -> c >= '0' && c <= '9') && !pid.isEmpty() ? " (process " + pid + ")" : "";
    }

    private static Object keyOf(Path directory) {
        try {
            Object key =
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            return key != null ? key : directory.toRealPath();
        } catch (IOException e) {
            throw new DiskException("cannot identify directory " + directory + ": " + e, e);
        }
    }

    /** Gives the directory back. Idempotent. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                channel.close();
            } catch (IOException e) {
                throw new DiskException("cannot release the directory lock: " + e, e);
            } finally {
                HELD.remove(key);
            }
        }
    }
}
