package dev.cairn.storage.file;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk of its own over another one that it only reads: what is written, renamed, deleted and made here stays here, in
 * memory, and from a stated size on in a temporary file elsewhere. So a database can be recovered, looked at and even
 * changed without a byte of its directory changing; the directory's lock is not taken.
 *
 * <p>Reads of what was never written here fall through, at the moment of the read: if somebody else changes the base
 * meanwhile, what is read may be of different moments. Syncs do nothing, as nothing here survives {@link #close}.
 *
 * <p>Thread-safe. The base stays open; it is the caller's.
 */
public final class OverlayDisk implements Disk, AutoCloseable {

    /** Private bytes that are kept in memory before the rest goes to a temporary file. */
    public static final long DEFAULT_MEMORY_BYTES = 64L << 20;

    private final Disk base;
    private final OverlayBlocks blocks;
    private final TreeMap<String, OverlayInode> names = new TreeMap<>();
    /** All that ever were: handles stay valid when their file is gone. */
    private final Set<OverlayInode> inodes = new HashSet<>();

    private boolean locked;

    /** Over what the base lists now, keeping {@link #DEFAULT_MEMORY_BYTES} in memory. */
    public OverlayDisk(Disk base) {
        this(base, DEFAULT_MEMORY_BYTES);
    }

    /**
     * Over what the base lists now.
     *
     * @param memoryBytes private bytes kept in memory; what goes beyond them is written to a file in the system's directory
     *     for temporary files, which {@link #close} removes
     */
    public OverlayDisk(Disk base, long memoryBytes) {
        this(base, memoryBytes, Path.of(System.getProperty("java.io.tmpdir")));
    }

    OverlayDisk(Disk base, long memoryBytes, Path temporary) {
        this.base = base;
        this.blocks = new OverlayBlocks(memoryBytes, temporary);
        for (String name : base.list()) {
            add(name, new OverlayInode(base, name, blocks));
        }
    }

    @Override
    public synchronized DiskFile open(String name, OpenMode mode) {
        OverlayInode inode = names.get(name);
        if (mode == OpenMode.CREATE) {
            if (inode != null) {
                throw new DiskException("cannot open " + describe(name) + " for CREATE: it is there already");
            }
            inode = add(name, new OverlayInode(null, name, blocks));
        } else if (inode == null) {
            throw new DiskException("cannot open " + describe(name) + ": there is no such file");
        }
        return new OverlayFile(inode, name);
    }

    @Override
    public synchronized void rename(String from, String to) {
        OverlayInode inode = names.get(from);
        if (inode == null) {
            throw new DiskException("cannot rename " + describe(from) + ": there is no such file");
        }
        names.remove(from);
        names.put(to, inode);
    }

    @Override
    public synchronized void delete(String name) {
        if (names.remove(name) == null) {
            throw new DiskException("cannot delete " + describe(name) + ": there is no such file");
        }
    }

    @Override
    public synchronized List<String> list() {
        return new ArrayList<>(names.keySet());
    }

    /** Nothing here survives. */
    @Override
    public void syncDirectory() {}

    /** This overlay's own; the base's is not touched. */
    @Override
    public synchronized AutoCloseable lock() {
        if (locked) {
            throw new DirectoryInUseException(describe() + " is open already");
        }
        locked = true;
        return this::unlock;
    }

    private synchronized void unlock() {
        locked = false;
    }

    @Override
    public @Nullable ByteBuffer scratch(int bytes) {
        return blocks.scratch(bytes);
    }

    @Override
    public String describe() {
        return base.describe();
    }

    @Override
    public String toString() {
        return "a private copy of " + describe();
    }

    /** Lets go of everything private, and of the base's files. */
    @Override
    public synchronized void close() {
        for (OverlayInode inode : inodes) {
            inode.close();
        }
        blocks.close();
    }

    private OverlayInode add(String name, OverlayInode inode) {
        names.put(name, inode);
        inodes.add(inode);
        return inode;
    }

    private String describe(String name) {
        return describe() + "/" + name;
    }

    /** A handle; all handles of a file share its inode. */
    private static final class OverlayFile implements DiskFile {
        private final OverlayInode inode;
        private final String name;

        OverlayFile(OverlayInode inode, String name) {
            this.inode = inode;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            return inode.read(offset, into);
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            inode.write(offset, from);
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            inode.write(offset, from);
        }

        @Override
        public void allocate(long from, long to) {
            inode.zero(from, to);
        }

        @Override
        public void truncate(long size) {
            inode.truncate(size);
        }

        @Override
        public long size() {
            return inode.size();
        }

        @Override
        public void sync(boolean metadata) {}

        /** Private bytes have no mapping; the base's could not be told from them. */
        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            return null;
        }

        @Override
        public void close() {}
    }
}
