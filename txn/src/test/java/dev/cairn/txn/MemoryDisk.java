package dev.cairn.txn;

import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory of byte arrays; everything is durable at once. */
final class MemoryDisk implements Disk {

    private static final class Content {
        byte[] bytes = new byte[0];

        void resize(long size) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(size));
        }
    }

    private final TreeMap<String, Content> files = new TreeMap<>();
    private boolean full;

    /** Whether files can grow no more. */
    void setFull(boolean full) {
        this.full = full;
    }

    byte[] bytes(String name) {
        return files.get(name).bytes;
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode == OpenMode.CREATE) {
            files.put(name, new Content());
        }
        return new MemoryFile(name, files.get(name));
    }

    @Override
    public void rename(String from, String to) {
        files.put(to, files.remove(from));
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public void syncDirectory() {}

    @Override
    public AutoCloseable lock() {
        return () -> {};
    }

    @Override
    public String describe() {
        return "memory";
    }

    private final class MemoryFile implements DiskFile {
        private final String name;
        private final Content content;

        MemoryFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            int length = (int) Math.max(0, Math.min(into.remaining(), content.bytes.length - offset));
            into.put(content.bytes, (int) offset, length);
            return length;
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            if (offset + from.remaining() > content.bytes.length) {
                content.resize(offset + from.remaining());
            }
            from.get(content.bytes, (int) offset, from.remaining());
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            write(offset, from);
        }

        @Override
        public void allocate(long from, long to) {
            if (full) {
                throw new DiskFullException("no space left", null);
            }
            content.resize(Math.max(to, content.bytes.length));
        }

        @Override
        public void truncate(long size) {
            content.resize(size);
        }

        @Override
        public long size() {
            return content.bytes.length;
        }

        @Override
        public void sync(boolean metadata) {}

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            return null;
        }

        @Override
        public void close() {}
    }
}
