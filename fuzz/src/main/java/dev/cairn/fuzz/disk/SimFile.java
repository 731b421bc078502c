package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A handle on a file of a {@link SimDisk}, which does all the work. */
final class SimFile implements DiskFile {

    private final SimDisk disk;
    private final SimInode inode;
    private final OpenMode mode;
    private String name;
    private boolean closed;
    private @Nullable DiskException poison;

    SimFile(SimDisk disk, SimInode inode, String name, OpenMode mode) {
        this.disk = disk;
        this.inode = inode;
        this.name = name;
        this.mode = mode;
    }

    @Override
    public String name() {
        return name;
    }

    SimInode inode() {
        return inode;
    }

    void renamed(String to) {
        name = to;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
        synchronized (disk) {
            check(offset);
            return disk.read(this, Kind.READ, offset, into);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        synchronized (disk) {
            checkWritable(offset);
            disk.write(this, offset, bytes(from));
        }
    }

    @Override
    public void writeThrough(long offset, ByteBuffer from) {
        synchronized (disk) {
            checkWritable(offset);
            poisoning(() -> disk.writeThrough(this, offset, bytes(from)));
        }
    }

    @Override
    public void allocate(long from, long to) {
        synchronized (disk) {
            checkWritable(from);
            if (to < from) {
                throw new IllegalArgumentException("allocate from " + from + " to " + to);
            }
            disk.allocate(this, from, to);
        }
    }

    @Override
    public void truncate(long size) {
        synchronized (disk) {
            checkWritable(size);
            if (size > inode.size()) {
                throw new IllegalArgumentException("truncate " + name + " to more than its size: " + size);
            }
            disk.truncate(this, size);
        }
    }

    @Override
    public long size() {
        synchronized (disk) {
            check(0);
            return inode.size();
        }
    }

    @Override
    public void sync(boolean metadata) {
        synchronized (disk) {
            check(0);
            poisoning(() -> disk.sync(this, metadata));
        }
    }

    @Override
    public @Nullable ReadWindow map(long offset, long length) {
        synchronized (disk) {
            check(offset);
            Objects.checkFromIndexSize(offset, length, inode.size());
            return new Window(offset, length);
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            closed = true;
            disk.closed(this);
        }
    }

    private void poisoning(Runnable action) {
        try {
            action.run();
        } catch (DiskException e) {
            poison = e;
            throw e;
        }
    }

    private void check(long offset) {
        disk.checkAlive(Kind.READ, name);
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        if (poison != null) {
            throw new DiskException(name + " is out of use since a write to it was not made durable", poison);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
    }

    private void checkWritable(long offset) {
        check(offset);
        if (mode == OpenMode.READ) {
            throw new IllegalStateException(name + " is open for reading only");
        }
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }

    private final class Window implements ReadWindow {
        private final long start;
        private final long length;

        Window(long start, long length) {
            this.start = start;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void copy(long offset, ByteBuffer into) {
            synchronized (disk) {
                Objects.checkFromIndexSize(offset, into.remaining(), length);
                if (start + offset + into.remaining() > inode.size()) {
                    throw new DiskException(name + " was cut short under its mapping");
                }
                disk.read(SimFile.this, Kind.READ_MAPPED, start + offset, into);
            }
        }
    }
}
