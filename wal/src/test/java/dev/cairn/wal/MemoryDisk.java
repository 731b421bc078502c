package dev.cairn.wal;

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
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk in memory that knows what is durable: per sector every version since the last sync, per name every change of the
 * directory since its last sync. It can fail at a chosen operation and can give what a crash may leave. Thread-safe.
 */
public final class MemoryDisk implements Disk {

    static final int SECTOR = 512;

    /** One file's bytes, whatever its names. */
    private static final class Inode {
        byte[] durable = {};
        byte[] current = {};
        /** Writes since the last sync, in order, cut at sectors. */
        final List<Piece> unsynced = new ArrayList<>();
    }

    private record Piece(int offset, byte[] bytes) {}

    private Map<String, Inode> durableNames = new TreeMap<>();
    private final Map<String, Inode> names = new TreeMap<>();
    private final List<Map<String, Inode>> directories = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private long operations;
    private long failAt = Long.MAX_VALUE;
    private boolean dead;
    private boolean failing;
    private long spaceBytes = Long.MAX_VALUE;
    private Consumer<String> hook = event -> {};

    /** Every operation that changes something from the {@code n}-th on, counted from 0, fails. */
    public synchronized void failFrom(long n) {
        failAt = n;
    }

    /** Every sync fails from now on, and everything after the first that failed. */
    public synchronized void failSyncs() {
        failing = true;
    }

    /** So many bytes can still be allocated. */
    public synchronized void limitSpace(long bytes) {
        spaceBytes = bytes;
    }

    /** Called, without a lock, before each operation that changes something, with its description. */
    public synchronized void onOperation(Consumer<String> listener) {
        hook = listener;
    }

    public synchronized long operations() {
        return operations;
    }

    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** What a crash may leave: {@code choices} null gives everything that was written. */
    public synchronized MemoryDisk crash(Random choices) {
        MemoryDisk left = new MemoryDisk();
        Map<String, Inode> directory = names;
        if (choices != null) {
            int version = choices.nextInt(directories.size() + 1);
            directory = version == 0 ? durableNames : directories.get(version - 1);
        }
        directory.forEach((name, inode) -> {
            Inode copy = new Inode();
            copy.durable = choices == null ? inode.current.clone() : torn(inode, choices);
            copy.current = copy.durable.clone();
            left.names.put(name, copy);
        });
        left.durableNames = new TreeMap<>(left.names);
        return left;
    }

    /** What a crash leaves if nothing unsynced got through. */
    public synchronized MemoryDisk crashLosingAll() {
        MemoryDisk left = new MemoryDisk();
        durableNames.forEach((name, inode) -> {
            Inode copy = new Inode();
            copy.durable = inode.durable.clone();
            copy.current = inode.durable.clone();
            left.names.put(name, copy);
        });
        left.durableNames = new TreeMap<>(left.names);
        return left;
    }

    /** Each sector keeps one of the versions that it has had since the last sync. */
    private static byte[] torn(Inode inode, Random choices) {
        byte[] result = Arrays.copyOf(inode.durable, inode.current.length);
        Map<Integer, List<Piece>> bySector = new TreeMap<>();
        for (Piece piece : inode.unsynced) {
            bySector.computeIfAbsent(piece.offset / SECTOR, s -> new ArrayList<>())
                    .add(piece);
        }
        bySector.values().forEach(pieces -> {
            int kept = choices.nextInt(pieces.size() + 1);
            pieces.subList(0, kept).forEach(p -> {
                if (p.offset + p.bytes.length <= result.length) {
                    System.arraycopy(p.bytes, 0, result, p.offset, p.bytes.length);
                }
            });
        });
        return result;
    }

    /** A file's bytes as they are now. */
    public synchronized byte[] bytes(String name) {
        return names.get(name).current.clone();
    }

    /** Replaces a file's bytes, durably and uncounted: damage, or a stranger's file. */
    public synchronized void put(String name, byte[] bytes) {
        Inode inode = names.computeIfAbsent(name, n -> new Inode());
        inode.durable = bytes.clone();
        inode.current = bytes.clone();
        inode.unsynced.clear();
        durableNames.put(name, inode);
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode == OpenMode.CREATE) {
            operation("create " + name);
        }
        synchronized (this) {
            Inode inode = names.get(name);
            if ((inode == null) != (mode == OpenMode.CREATE)) {
                throw new DiskException(name + (inode == null ? " does not exist" : " exists"));
            }
            if (inode == null) {
                inode = new Inode();
                names.put(name, inode);
                directories.add(new TreeMap<>(names));
            }
            return new Handle(name, inode);
        }
    }

    @Override
    public void rename(String from, String to) {
        operation("rename " + from + " " + to);
        synchronized (this) {
            Inode inode = names.remove(from);
            if (inode == null) {
                throw new DiskException(from + " does not exist");
            }
            names.put(to, inode);
            directories.add(new TreeMap<>(names));
        }
    }

    @Override
    public void delete(String name) {
        operation("delete " + name);
        synchronized (this) {
            if (names.remove(name) == null) {
                throw new DiskException(name + " does not exist");
            }
            directories.add(new TreeMap<>(names));
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public void syncDirectory() {
        operation("syncDirectory");
        synchronized (this) {
            durableNames = new TreeMap<>(names);
            directories.clear();
        }
    }

    @Override
    public AutoCloseable lock() {
        return () -> {};
    }

    @Override
    public String describe() {
        return "memory";
    }

    private void operation(String what) {
        Consumer<String> listener;
        synchronized (this) {
            if (operations++ >= failAt) {
                dead = true;
            }
            if (failing && (what.startsWith("sync ") || what.startsWith("through "))) {
                dead = true;
            }
            if (dead) {
                throw new DiskException("injected: " + what);
            }
            events.add(what);
            listener = hook;
        }
        listener.accept(what);
    }

    private final class Handle implements DiskFile {
        private final String name;
        private final Inode inode;

        Handle(String name, Inode inode) {
            this.name = name;
            this.inode = inode;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            synchronized (MemoryDisk.this) {
                int n = (int) Math.max(0, Math.min(into.remaining(), inode.current.length - offset));
                into.put(inode.current, (int) Math.min(offset, inode.current.length), n);
                return n;
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            operation("write " + name + " " + offset + " " + from.remaining());
            store((int) offset, from);
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            operation("through " + name + " " + offset + " " + from.remaining());
            synchronized (MemoryDisk.this) {
                int at = (int) offset;
                int length = from.remaining();
                store(at, from);
                // Only its own range is durable, as with O_DSYNC.
                inode.durable = Arrays.copyOf(inode.durable, inode.current.length);
                System.arraycopy(inode.current, at, inode.durable, at, length);
                inode.unsynced.removeIf(p -> p.offset >= at && p.offset + p.bytes.length <= at + length);
            }
        }

        @Override
        public void allocate(long from, long to) {
            operation("allocate " + name + " " + from + " " + to);
            synchronized (MemoryDisk.this) {
                if (to - from > spaceBytes) {
                    throw new dev.cairn.storage.base.DiskFullException("full", null);
                }
                spaceBytes -= to - from;
                store((int) from, ByteBuffer.allocate((int) (to - from)));
            }
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException("the log truncates nothing");
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return inode.current.length;
            }
        }

        @Override
        public void sync(boolean metadata) {
            operation("sync " + name);
            synchronized (MemoryDisk.this) {
                inode.durable = inode.current.clone();
                inode.unsynced.clear();
            }
        }

        @Override
        public ReadWindow map(long offset, long length) {
            return null;
        }

        @Override
        public void close() {}

        private void store(int offset, ByteBuffer from) {
            synchronized (MemoryDisk.this) {
                int length = from.remaining();
                if (offset + length > inode.current.length) {
                    inode.current = Arrays.copyOf(inode.current, offset + length);
                }
                from.get(inode.current, offset, length);
                for (int at = offset; at < offset + length; ) {
                    int end = Math.min(offset + length, (at / SECTOR + 1) * SECTOR);
                    inode.unsynced.add(new Piece(at, Arrays.copyOfRange(inode.current, at, end)));
                    at = end;
                }
            }
        }
    }
}
