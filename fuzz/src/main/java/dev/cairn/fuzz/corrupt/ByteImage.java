package dev.cairn.fuzz.corrupt;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory as arrays of bytes, to be read through {@link Disk} and damaged through {@link #bytes}. Whoever wants to write
 * puts an overlay over it. Used by one thread at a time.
 */
public final class ByteImage implements Disk {

    private final SortedMap<String, byte[]> files;
    /** The bytes of each file that were read; null if nobody wants to know. */
    private @Nullable Map<String, BitSet> reads;

    /** The arrays are used, not copied. */
    public ByteImage(Map<String, byte[]> files) {
        this.files = new TreeMap<>(files);
    }

    /** All files of a disk, copied. */
    public static ByteImage of(Disk disk) {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : disk.list()) {
            try (DiskFile file = disk.open(name, OpenMode.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
                file.readFully(0, bytes);
                files.put(name, bytes.array());
            }
        }
        return new ByteImage(files);
    }

    /** A copy that can be damaged by itself. */
    public ByteImage copy() {
        Map<String, byte[]> copies = new TreeMap<>();
        files.forEach((name, bytes) -> copies.put(name, bytes.clone()));
        return new ByteImage(copies);
    }

    /** From here on, which bytes are read is remembered; what was remembered so far is forgotten. */
    void watch() {
        reads = new HashMap<>();
    }

    /** Ends {@link #watch}; returns the bytes of each file that were read. */
    Map<String, BitSet> watched() {
        Map<String, BitSet> watched = reads == null ? Map.of() : reads;
        reads = null;
        return watched;
    }

    private void read(String name, long offset, int length) {
        if (reads != null) {
            reads.computeIfAbsent(name, file -> new BitSet()).set((int) offset, (int) offset + length);
        }
    }

    /** A file's own bytes; changes show. */
    public byte[] bytes(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new DiskException("there is no file " + name);
        }
        return bytes;
    }

    /** Replaces or adds a file. */
    public void put(String name, byte[] bytes) {
        files.put(name, bytes);
    }

    public void remove(String name) {
        files.remove(name);
    }

    /** Bytes of all files. */
    public long size() {
        return files.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode != OpenMode.READ) {
            throw new DiskException("an image is only read");
        }
        return new ImageFile(this, name, bytes(name));
    }

    @Override
    public void rename(String from, String to) {
        throw new DiskException("an image is only read");
    }

    @Override
    public void delete(String name) {
        throw new DiskException("an image is only read");
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public void syncDirectory() {
        throw new DiskException("an image is only read");
    }

    @Override
    public AutoCloseable lock() {
        throw new DiskException("an image is only read");
    }

    @Override
    public String describe() {
        return "image";
    }

    private record ImageFile(ByteImage image, String name, byte[] bytes) implements DiskFile {
        @Override
        public int read(long offset, ByteBuffer into) {
            int length = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offset));
            if (length > 0) {
                image.read(name, offset, length);
                into.put(bytes, (int) offset, length);
            }
            return length;
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            throw new DiskException("an image is only read");
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            throw new DiskException("an image is only read");
        }

        @Override
        public void allocate(long from, long to) {
            throw new DiskException("an image is only read");
        }

        @Override
        public void truncate(long size) {
            throw new DiskException("an image is only read");
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void sync(boolean metadata) {
            throw new DiskException("an image is only read");
        }

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            return null;
        }

        @Override
        public void close() {}
    }
}
