package dev.cairn.recovery;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that writes everything at once, records what was asked of it, and can die before its n-th change: from
 * then on every call throws. {@link #image} is what a machine that stopped now would find, had its kernel written all.
 */
final class MemoryDisk implements Disk {

    private final ReentrantLock monitor = new ReentrantLock();
    private final Map<String, Content> files = new TreeMap<>();
    private final List<String> operations = new ArrayList<>();
    private boolean locked;
    private long changes;
    private long diesBefore = Long.MAX_VALUE;

    /** A disk with the given files. */
    static MemoryDisk of(Map<String, byte[]> image) {
        MemoryDisk disk = new MemoryDisk();
        image.forEach((name, bytes) -> {
            Content content = new Content();
            content.bytes = bytes.clone();
            content.size = bytes.length;
            disk.files.put(name, content);
        });
        return disk;
    }

    /** Copies of all files. */
    Map<String, byte[]> image() {
        monitor.lock();
        try {
            Map<String, byte[]> image = new TreeMap<>();
            files.forEach((name, content) -> image.put(name, Arrays.copyOf(content.bytes, content.size)));
            return image;
        } finally {
            monitor.unlock();
        }
    }

    static boolean sameBytes(Map<String, byte[]> a, Map<String, byte[]> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
    }

    /** The first {@code changes} changes from now on succeed, and then nothing does. */
    void dieAfter(long more) {
        diesBefore = changes + more;
    }

    /** Writes, syncs and changes of names so far. */
    long changes() {
        return changes;
    }

    /** What was asked, oldest first: {@code write control}, {@code sync heap-00000001}, {@code rename a b}, ... */
    List<String> operations() {
        monitor.lock();
        try {
            return List.copyOf(operations);
        } finally {
            monitor.unlock();
        }
    }

    void forgetOperations() {
        operations.clear();
    }

    private <T> T change(String operation, java.util.function.Supplier<T> body) {
        monitor.lock();
        try {
            if (changes >= diesBefore) {
                throw new DiskException("the disk died before: " + operation);
            }
            T result = body.get();
            changes++;
            operations.add(operation);
            return result;
        } finally {
            monitor.unlock();
        }
    }

    private void change(String operation, Runnable body) {
        change(operation, () -> {
            body.run();
            return "";
        });
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode == OpenMode.CREATE) {
            return change("create " + name, () -> {
                if (files.containsKey(name)) {
                    throw new DiskException(name + " exists");
                }
                Content content = new Content();
                files.put(name, content);
                return new Handle(name, content, true);
            });
        }
        monitor.lock();
        try {
            Content content = files.get(name);
            if (content == null) {
                throw new DiskException(name + " does not exist");
            }
            return new Handle(name, content, mode == OpenMode.WRITE);
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void rename(String from, String to) {
        change("rename " + from + " " + to, () -> {
            Content content = files.remove(from);
            if (content == null) {
                throw new DiskException(from + " does not exist");
            }
            files.put(to, content);
        });
    }

    @Override
    public void delete(String name) {
        change("delete " + name, () -> {
            if (files.remove(name) == null) {
                throw new DiskException(name + " does not exist");
            }
        });
    }

    @Override
    public List<String> list() {
        monitor.lock();
        try {
            return List.copyOf(files.keySet());
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void syncDirectory() {
        change("syncDirectory", () -> {});
    }

    @Override
    public AutoCloseable lock() {
        if (locked) {
            throw new DirectoryInUseException("in use");
        }
        locked = true;
        return () -> locked = false;
    }

    @Override
    public String describe() {
        return "memory";
    }

    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
            } else if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }
    }

    private final class Handle implements DiskFile {
        private final String name;
        private final Content content;
        private final boolean writable;

        Handle(String name, Content content, boolean writable) {
            this.name = name;
            this.content = content;
            this.writable = writable;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            monitor.lock();
            try {
                int n = (int) Math.max(0, Math.min(into.remaining(), content.size - offset));
                into.put(content.bytes, (int) Math.min(offset, content.size), n);
                return n;
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            put("write ", offset, from);
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            put("writeThrough ", offset, from);
        }

        private void put(String operation, long offset, ByteBuffer from) {
            if (!writable) {
                throw new DiskException(name + " is open for reading");
            }
            change(operation + name, () -> {
                int n = from.remaining();
                content.resize(Math.max(content.size, (int) offset + n));
                from.get(content.bytes, (int) offset, n);
            });
        }

        @Override
        public void allocate(long from, long to) {
            if (to > from) {
                put("allocate ", from, ByteBuffer.allocate((int) (to - from)));
            }
        }

        @Override
        public void truncate(long size) {
            change("truncate " + name, () -> content.resize((int) Math.min(size, content.size)));
        }

        @Override
        public long size() {
            return content.size;
        }

        @Override
        public void sync(boolean metadata) {
            change("sync " + name, () -> {});
        }

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            return null;
        }

        @Override
        public void close() {}
    }
}
