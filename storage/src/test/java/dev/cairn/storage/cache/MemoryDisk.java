package dev.cairn.storage.cache;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A directory in memory, with switches for what can go wrong. */
final class MemoryDisk implements Disk {

    /** Sees every write before it happens. */
    interface Observer {
        void writing(String name, long offset, ByteBuffer bytes);
    }

    final Map<String, Content> files = new ConcurrentSkipListMap<>();
    final AtomicInteger syncs = new AtomicInteger();
    final AtomicInteger maps = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    volatile Observer observer = (name, offset, bytes) -> {};
    volatile boolean mappable;
    volatile boolean failSyncs;
    volatile boolean failWrites;
    volatile boolean failMappedCopies;
    volatile boolean loseWrites;
    volatile long fullAtBytes = Long.MAX_VALUE;

    /** A file's bytes. Guarded by itself. */
    static final class Content {
        byte[] bytes = new byte[0];
        int size;

        synchronized void write(long offset, ByteBuffer from) {
            int end = Math.toIntExact(offset + from.remaining());
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            from.get(bytes, (int) offset, from.remaining());
            size = Math.max(size, end);
        }

        synchronized int read(long offset, ByteBuffer into) {
            int n = (int) Math.max(0, Math.min(into.remaining(), size - offset));
            if (n > 0) {
                into.put(bytes, (int) offset, n);
            }
            return n;
        }

        synchronized void flip(long offset) {
            bytes[(int) offset] ^= 1;
        }
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode == OpenMode.CREATE ? files.containsKey(name) : !files.containsKey(name)) {
            throw new DiskException("cannot open " + name + " as " + mode);
        }
        return new File(name, files.computeIfAbsent(name, n -> new Content()));
    }

    @Override
    public void rename(String from, String to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(new TreeMap<>(files).keySet());
    }

    @Override
    public void syncDirectory() {
        syncs.incrementAndGet();
    }

    @Override
    public AutoCloseable lock() {
        return () -> {};
    }

    @Override
    public String describe() {
        return "memory";
    }

    private final class File implements DiskFile {
        private final String name;
        private final Content content;
        private volatile boolean closed;

        File(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            check();
            reads.incrementAndGet();
            return content.read(offset, into);
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            check();
            if (failWrites) {
                throw new DiskException("write of " + name + " failed");
            }
            observer.writing(name, offset, from.slice().order(from.order()));
            if (!loseWrites) {
                content.write(offset, from);
            }
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            write(offset, from);
        }

        @Override
        public void allocate(long from, long to) {
            check();
            if (to > fullAtBytes) {
                throw new DiskFullException("no space for " + name, null);
            }
            content.write(from, ByteBuffer.allocate((int) (to - from)));
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            synchronized (content) {
                return content.size;
            }
        }

        @Override
        public void sync(boolean metadata) {
            check();
            if (failSyncs) {
                throw new DiskException("sync of " + name + " failed");
            }
            syncs.incrementAndGet();
        }

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            check();
            if (!mappable) {
                return null;
            }
            if (offset + length > size()) {
                throw new IllegalArgumentException("beyond the end");
            }
            maps.incrementAndGet();
            return new Window(content, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }

        private void check() {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
        }
    }

    private final class Window implements ReadWindow {
        private final Content content;
        private final long start;
        private final long length;

        Window(Content content, long start, long length) {
            this.content = content;
            this.start = start;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void copy(long offset, ByteBuffer into) {
            if (offset + into.remaining() > length) {
                throw new IndexOutOfBoundsException();
            }
            if (failMappedCopies) {
                throw new DiskException("a fault in mapped memory");
            }
            content.read(start + offset, into);
        }
    }
}
