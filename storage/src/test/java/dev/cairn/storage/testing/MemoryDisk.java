package dev.cairn.storage.testing;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that records every change asked of it, fails where it is told to, and knows what is durable: of each file
 * every write since its last sync, of the directory every state since its own. So it can give all that a crash may leave.
 *
 * <p>Changes are counted from 0 and described in a line: {@code create NAME}, {@code write NAME OFFSET BYTES}, {@code through
 * NAME OFFSET BYTES}, {@code allocate NAME FROM TO}, {@code truncate NAME SIZE}, {@code sync NAME}, {@code rename FROM TO},
 * {@code delete NAME}, {@code syncDirectory}. One that fails as told is counted and not described.
 *
 * <p>Thread-safe.
 */
public final class MemoryDisk implements Disk {

    /** What is torn: in a crash each sector keeps one of its versions since the last sync. */
    public static final int SECTOR = 512;

    /** Sees what is about to be written, without a lock. */
    @FunctionalInterface
    public interface WriteListener {
        void writing(String name, long offset, ByteBuffer bytes);
    }

    private final Map<String, MemoryFile> names = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    /** The states of the directory since its last sync, oldest first; the first is the durable one. */
    private final List<Map<String, MemoryFile>> directories = new ArrayList<>(List.of(Map.of()));

    private long operations;
    private long failFrom = Long.MAX_VALUE;
    private boolean failSyncs;
    private boolean failMappedCopies;
    private boolean loseWrites;
    private boolean mappable;
    private boolean locked;
    private long spaceBytes = Long.MAX_VALUE;
    private int openFiles;
    private long reads;
    private long maps;
    private long flippedRead = -1;
    private int flippedIndex;
    private Consumer<String> operationListener = event -> {};
    private WriteListener writeListener = (name, offset, bytes) -> {};

    /** A disk with the given files, all of them durable. */
    public static MemoryDisk of(Map<String, byte[]> image) {
        MemoryDisk disk = new MemoryDisk();
        image.forEach(disk::put);
        return disk;
    }

    /** Copies of all files as they are now: what a machine that stopped would find, had its kernel written everything. */
    public synchronized Map<String, byte[]> image() {
        Map<String, byte[]> image = new TreeMap<>();
        names.forEach((name, file) -> image.put(name, file.bytes()));
        return image;
    }

    /** A copy of a file as it is now. */
    public synchronized byte[] bytes(String name) {
        return existing(name).bytes();
    }

    /** Replaces a file's bytes, durably and uncounted: damage, or a stranger's file. Open handles see it. */
    public synchronized void put(String name, byte[] bytes) {
        MemoryFile file = names.computeIfAbsent(name, n -> new MemoryFile());
        file.replace(bytes);
        Map<String, MemoryFile> durable = new TreeMap<>(directories.get(0));
        durable.put(name, file);
        directories.set(0, durable);
    }

    /** Flips one bit, durably and uncounted; doing it again mends it. */
    public synchronized void damage(String name, long offset) {
        byte[] bytes = bytes(name);
        bytes[Math.toIntExact(offset)] ^= 1;
        put(name, bytes);
    }

    // What goes wrong.

    /** Every change from the {@code n}-th on, counted from 0, fails. */
    public synchronized void failFrom(long n) {
        failFrom = n;
    }

    /** Every sync and write-through fails from now on, and every change after the first that failed. */
    public synchronized void failSyncs() {
        failSyncs = true;
    }

    public synchronized void failMappedCopies() {
        failMappedCopies = true;
    }

    /** Changes do not fail any more. */
    public synchronized void heal() {
        failFrom = Long.MAX_VALUE;
        failSyncs = false;
    }

    /** Whether writes are acknowledged and forgotten. */
    public synchronized void loseWrites(boolean lose) {
        loseWrites = lose;
    }

    /** Of the {@code n}-th read from now on, counted from 0, one bit of that byte goes wrong on its way, once. */
    public synchronized void flipInTransit(long n, int index) {
        flippedRead = reads + n;
        flippedIndex = index;
    }

    /** So many bytes can still be allocated. */
    public synchronized void limitSpace(long bytes) {
        spaceBytes = bytes;
    }

    /** Files can be mapped from now on. */
    public synchronized void allowMapping() {
        mappable = true;
    }

    // What happened.

    /** Called, without a lock, before each change, with its description; throwing prevents the change. */
    public synchronized void onOperation(Consumer<String> listener) {
        operationListener = listener;
    }

    /** Called before each write and write-through, after {@link #onOperation}; throwing prevents it. */
    public synchronized void onWrite(WriteListener listener) {
        writeListener = listener;
    }

    /** How many changes were asked for, those that failed included. */
    public synchronized long operations() {
        return operations;
    }

    /** The changes since {@link #forgetEvents}, oldest first. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    public synchronized void forgetEvents() {
        events.clear();
    }

    /** How many of the {@link #events} begin like this. */
    public synchronized long count(String start) {
        return events.stream().filter(event -> event.startsWith(start)).count();
    }

    /** How many files are open now: whoever opened them has to close them, whatever fails. */
    public synchronized int openFiles() {
        return openFiles;
    }

    /** Reads of files, without those of mappings. */
    public synchronized long reads() {
        return reads;
    }

    public synchronized long maps() {
        return maps;
    }

    // What a crash may leave.

    /** Everything that was written got through. */
    public MemoryDisk crashKeepingAll() {
        return of(image());
    }

    /** Nothing unsynced got through. */
    public synchronized MemoryDisk crashLosingAll() {
        MemoryDisk left = new MemoryDisk();
        directories.get(0).forEach((name, file) -> left.put(name, file.durableBytes()));
        return left;
    }

    /** One state of the directory since its sync, and of each sector of a file one version since the file's. */
    public synchronized MemoryDisk crash(Random choices) {
        MemoryDisk left = new MemoryDisk();
        directories
                .get(choices.nextInt(directories.size()))
                .forEach((name, file) -> left.put(name, file.torn(choices)));
        return left;
    }

    // The disk.

    @Override
    public DiskFile open(String name, OpenMode mode) {
        if (mode != OpenMode.CREATE) {
            synchronized (this) {
                return new Handle(name, existing(name), mode == OpenMode.WRITE);
            }
        }
        operation("create " + name);
        synchronized (this) {
            if (names.containsKey(name)) {
                throw new DiskException(name + " exists");
            }
            MemoryFile file = new MemoryFile();
            names.put(name, file);
            directories.add(new TreeMap<>(names));
            return new Handle(name, file, true);
        }
    }

    @Override
    public void rename(String from, String to) {
        operation("rename " + from + " " + to);
        synchronized (this) {
            names.put(to, existing(from));
            names.remove(from);
            directories.add(new TreeMap<>(names));
        }
    }

    @Override
    public void delete(String name) {
        operation("delete " + name);
        synchronized (this) {
            existing(name);
            names.remove(name);
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
            directories.clear();
            directories.add(new TreeMap<>(names));
        }
    }

    @Override
    public synchronized AutoCloseable lock() {
        if (locked) {
            throw new DirectoryInUseException("in use");
        }
        locked = true;
        return this::unlock;
    }

    private synchronized void unlock() {
        locked = false;
    }

    @Override
    public String describe() {
        return "memory";
    }

    private MemoryFile existing(String name) {
        MemoryFile file = names.get(name);
        if (file == null) {
            throw new DiskException(name + " does not exist");
        }
        return file;
    }

    private void operation(String what) {
        Consumer<String> listener;
        synchronized (this) {
            boolean sync = what.startsWith("sync ") || what.startsWith("through ");
            if (failSyncs && sync) {
                failFrom = Math.min(failFrom, operations);
            }
            if (operations++ >= failFrom) {
                throw new DiskException("injected: " + what);
            }
            events.add(what);
            listener = operationListener;
        }
        listener.accept(what);
    }

    private final class Handle implements DiskFile {
        private final String name;
        private final MemoryFile file;
        private final boolean writable;
        private volatile boolean closed;

        Handle(String name, MemoryFile file, boolean writable) {
            this.name = name;
            this.file = file;
            this.writable = writable;
            openFiles++;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            checkOpen();
            synchronized (MemoryDisk.this) {
                boolean flips = reads++ == flippedRead;
                int at = into.position() + flippedIndex;
                int length = file.read(offset, into);
                if (flips && flippedIndex < length) {
                    into.put(at, (byte) (into.get(at) ^ 1));
                }
                return length;
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            write("write", offset, from, false);
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            write("through", offset, from, true);
        }

        private void write(String verb, long offset, ByteBuffer from, boolean through) {
            change(verb + " " + name + " " + offset + " " + from.remaining());
            WriteListener listener;
            synchronized (MemoryDisk.this) {
                listener = writeListener;
            }
            listener.writing(name, offset, from.slice().order(from.order()));
            synchronized (MemoryDisk.this) {
                int length = from.remaining();
                if (loseWrites) {
                    from.position(from.limit());
                    return;
                }
                file.write(Math.toIntExact(offset), from);
                if (through) {
                    file.syncRange(Math.toIntExact(offset), length);
                }
            }
        }

        @Override
        public void allocate(long from, long to) {
            change("allocate " + name + " " + from + " " + to);
            synchronized (MemoryDisk.this) {
                if (to - from > spaceBytes) {
                    throw new DiskFullException("no space for " + name, null);
                }
                spaceBytes -= to - from;
                file.write(Math.toIntExact(from), ByteBuffer.allocate(Math.toIntExact(to - from)));
            }
        }

        @Override
        public void truncate(long size) {
            change("truncate " + name + " " + size);
            synchronized (MemoryDisk.this) {
                file.truncate(Math.toIntExact(size));
            }
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return file.size();
            }
        }

        @Override
        public void sync(boolean metadata) {
            checkOpen();
            operation("sync " + name);
            synchronized (MemoryDisk.this) {
                file.sync();
            }
        }

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            checkOpen();
            synchronized (MemoryDisk.this) {
                if (!mappable) {
                    return null;
                }
                if (offset + length > file.size()) {
                    throw new IllegalArgumentException("beyond the end");
                }
                maps++;
                return new Window(file, offset, length);
            }
        }

        @Override
        public void close() {
            synchronized (MemoryDisk.this) {
                openFiles -= closed ? 0 : 1;
                closed = true;
            }
        }

        private void change(String what) {
            checkOpen();
            if (!writable) {
                throw new DiskException(name + " is open for reading");
            }
            operation(what);
        }

        private void checkOpen() {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
        }
    }

    private final class Window implements ReadWindow {
        private final MemoryFile file;
        private final long start;
        private final long length;

        Window(MemoryFile file, long start, long length) {
            this.file = file;
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
            synchronized (MemoryDisk.this) {
                if (failMappedCopies) {
                    throw new DiskException("a fault in mapped memory");
                }
                file.read(start + offset, into);
            }
        }
    }
}
