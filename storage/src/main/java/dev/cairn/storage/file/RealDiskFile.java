package dev.cairn.storage.file;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of a {@link RealDisk}.
 *
 * <p>Interrupts: an interrupt closes the channel that its thread is using, for all threads. So writes and syncs go through
 * {@link RandomAccessFile}, which knows no interrupts: one descriptor for plain writes, and one opened with O_DSYNC for
 * {@link #writeThrough}. Reads and mappings use a channel, because only that reads at an offset without a lock; when an
 * interrupt has closed it, whoever notices opens it again and goes on. A file that was deleted meanwhile cannot be opened
 * again: it is then read through the other descriptor, under a lock.
 */
final class RealDiskFile implements DiskFile {

    private static final int COPY_BYTES = 128 << 10;
    private static final byte[] ZEROS = new byte[COPY_BYTES];
    private static final ThreadLocal<byte[]> COPY = ThreadLocal.withInitial(() -> new byte[COPY_BYTES]);
    /** Less usable space than this after a failed write means that the disk is full. */
    private static final long FULL_BELOW_BYTES = 64 << 10;

    private final RealDisk disk;
    private final OpenMode mode;
    private final RandomAccessFile plain;
    /** Guards the position of {@code plain}. */
    private final ReentrantLock plainLock = new ReentrantLock();
    /** Guards the position of {@code through}, and its opening. */
    private final ReentrantLock throughLock = new ReentrantLock();

    private @Nullable RandomAccessFile through;
    private volatile @Nullable FileChannel channel;
    private volatile String name;
    private volatile boolean unlinked;
    private volatile boolean closed;
    private volatile @Nullable Throwable poison;

    /** Called with the disk's names locked. */
    RealDiskFile(RealDisk disk, String name, OpenMode mode) throws IOException {
        this.disk = disk;
        this.name = name;
        this.mode = mode;
        this.plain = new RandomAccessFile(disk.path(name).toFile(), mode == OpenMode.READ ? "r" : "rw");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
        check();
        checkOffset(offset);
        boolean interrupted = false;
        try {
            int start = into.position();
            while (into.hasRemaining()) {
                int position = into.position();
                long at = offset + position - start;
                interrupted |= Thread.interrupted();
                FileChannel reader = reader();
                try {
                    if ((reader == null ? readPlain(at, into) : reader.read(into, at)) < 0) {
                        break;
                    }
                } catch (ClosedChannelException e) {
                    // Thrown even if the bytes have been read already: they are read again.
                    into.position(position);
                    check();
                    forget(reader);
                }
            }
            return into.position() - start;
        } catch (IOException e) {
            throw new DiskException("cannot read " + name + " at " + offset + ": " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        checkWritable();
        checkOffset(offset);
        plainLock.lock();
        try {
            copyOut(plain, offset, from);
        } catch (IOException e) {
            throw new DiskException("cannot write " + name + " at " + offset + ": " + e, e);
        } finally {
            plainLock.unlock();
        }
    }

    @Override
    public void writeThrough(long offset, ByteBuffer from) {
        checkWritable();
        checkOffset(offset);
        throughLock.lock();
        try {
            RandomAccessFile to = through();
            if (to == null) {
                // Deleted, so that it cannot be opened for O_DSYNC any more.
                write(offset, from);
                plain.getFD().sync();
            } else {
                copyOut(to, offset, from);
            }
        } catch (IOException e) {
            throw poisoned(new DiskException("cannot write " + name + " durably at " + offset + ": " + e, e));
        } catch (DiskException e) {
            throw poisoned(e);
        } finally {
            throughLock.unlock();
        }
    }

    @Override
    public void allocate(long from, long to) {
        checkWritable();
        checkOffset(from);
        if (to < from) {
            throw new IllegalArgumentException("allocate from " + from + " to " + to);
        }
        plainLock.lock();
        try {
            long before = plain.length();
            try {
                plain.seek(from);
                for (long at = from; at < to; at += COPY_BYTES) {
                    plain.write(ZEROS, 0, (int) Math.min(COPY_BYTES, to - at));
                }
            } catch (IOException e) {
                if (plain.length() != before) {
                    plain.setLength(before);
                }
                if (isDiskFull(e)) {
                    throw new DiskFullException(
                            "no space left for " + name + " to grow from " + before + " to " + to + " bytes", e);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new DiskException("cannot allocate " + name + " up to " + to + ": " + e, e);
        } finally {
            plainLock.unlock();
        }
    }

    @Override
    public void truncate(long size) {
        checkWritable();
        checkOffset(size);
        plainLock.lock();
        try {
            if (size > plain.length()) {
                throw new IllegalArgumentException("truncate " + name + " to more than its size: " + size);
            }
            plain.setLength(size);
        } catch (IOException e) {
            throw new DiskException("cannot truncate " + name + " to " + size + ": " + e, e);
        } finally {
            plainLock.unlock();
        }
    }

    @Override
    public long size() {
        check();
        try {
            return plain.length();
        } catch (IOException e) {
            throw new DiskException("cannot tell the size of " + name + ": " + e, e);
        }
    }

    /** Always fsync: the weaker call exists only on a channel, which an interrupt could close in the middle. */
    @Override
    public void sync(boolean metadata) {
        check();
        try {
            plain.getFD().sync();
        } catch (IOException e) {
            throw poisoned(new DiskException("cannot sync " + name + ": " + e, e));
        }
    }

    @Override
    public @Nullable ReadWindow map(long offset, long length) {
        check();
        Objects.checkFromIndexSize(offset, length, size());
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a window of " + length + " bytes");
        }
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                FileChannel reader = reader();
                if (reader == null) {
                    return null;
                }
                try {
                    return new MappedWindow(name, offset, reader.map(FileChannel.MapMode.READ_ONLY, offset, length));
                } catch (ClosedChannelException e) {
                    check();
                    forget(reader);
                }
            }
        } catch (IOException e) {
            throw new DiskException("cannot map " + name + " at " + offset + ": " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        disk.closed(this);
        closed = true;
        try (RandomAccessFile first = plain;
                RandomAccessFile second = takeThrough();
                FileChannel third = channel) {
            channel = null;
        } catch (IOException e) {
            throw new DiskException("cannot close " + name + ": " + e, e);
        }
    }

    /** Its name in the directory; null once it has none. Asked with the disk's names locked. */
    @Nullable String linkedName() {
        return unlinked ? null : name;
    }

    void renamed(String to) {
        name = to;
    }

    void unlinked() {
        unlinked = true;
    }

    private void copyOut(RandomAccessFile to, long offset, ByteBuffer from) throws IOException {
        to.seek(offset);
        if (from.hasArray()) {
            to.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
            from.position(from.limit());
            return;
        }
        // With O_DSYNC every write call is a sync: one call, whatever the length.
        byte[] copy = from.remaining() <= COPY_BYTES ? COPY.get() : new byte[from.remaining()];
        int length = from.remaining();
        from.get(copy, 0, length);
        to.write(copy, 0, length);
    }

    private int readPlain(long offset, ByteBuffer into) throws IOException {
        byte[] copy = new byte[Math.min(into.remaining(), COPY_BYTES)];
        plainLock.lock();
        try {
            plain.seek(offset);
            int n = plain.read(copy, 0, copy.length);
            if (n > 0) {
                into.put(copy, 0, n);
            }
            return n;
        } finally {
            plainLock.unlock();
        }
    }

    /** The channel for reads, opened if need be; null if the file has no name any more to open it by. */
    private @Nullable FileChannel reader() throws IOException {
        FileChannel open = channel;
        return open != null ? open : reopen();
    }

    private @Nullable FileChannel reopen() throws IOException {
        IOException[] failure = new IOException[1];
        FileChannel result = disk.withNames(() -> {
            FileChannel open = channel;
            if (open == null && !closed && !unlinked) {
                try {
                    open = FileChannel.open(disk.path(name), StandardOpenOption.READ);
                    channel = open;
                } catch (IOException e) {
                    failure[0] = e;
                }
            }
            return open;
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        check();
        return result;
    }

    private void forget(@Nullable FileChannel dead) {
        disk.withNames(() -> {
            if (channel == dead) {
                channel = null;
            }
            return this;
        });
    }

    /** Null if the file has no name any more. The caller holds its lock. */
    private @Nullable RandomAccessFile through() throws IOException {
        if (through == null) {
            IOException[] failure = new IOException[1];
            through = disk.withNames(() -> openThrough(failure));
            if (failure[0] != null) {
                throw failure[0];
            }
        }
        return through;
    }

    private @Nullable RandomAccessFile openThrough(IOException[] failure) {
        try {
            return unlinked ? null : new RandomAccessFile(disk.path(name).toFile(), "rwd");
        } catch (IOException e) {
            failure[0] = e;
            return null;
        }
    }

    private @Nullable RandomAccessFile takeThrough() {
        throughLock.lock();
        try {
            RandomAccessFile open = through;
            through = null;
            return open;
        } finally {
            throughLock.unlock();
        }
    }

    /** The message is the system's and depends on its language; the space left does not. */
    private boolean isDiskFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            return true;
        }
        try {
            Path path = disk.path(name);
            return Files.getFileStore(path).getUsableSpace() < FULL_BELOW_BYTES;
        } catch (IOException unknown) {
            e.addSuppressed(unknown);
            return false;
        }
    }

    private DiskException poisoned(DiskException cause) {
        if (poison == null) {
            poison = cause;
        }
        return cause;
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        Throwable cause = poison;
        if (cause != null) {
            throw new DiskException(name + " is out of use since a write to it was not made durable", cause);
        }
    }

    private void checkWritable() {
        check();
        if (mode == OpenMode.READ) {
            throw new IllegalStateException(name + " is open for reading only");
        }
    }

    private static void checkOffset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
    }
}
