package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps what is visible apart from what is durable. Thread-safe.
 *
 * <p>At a crash, independently of each other: a sector holds what it held at its last completed sync or any version written
 * since; a file's size is anything between the sizes it has had since; of the directory's unsynced operations an ordered
 * prefix has happened, or any subset, as {@link Directory} says. Where a file has grown without its data it holds zeros.
 *
 * <p>Syncing a file makes neither its name nor its renaming durable; only {@link #syncDirectory} does. {@code writeThrough}
 * makes durable the sectors that it touches, and the size if it extends the file; while it is under way they are as
 * undecided as after a plain write.
 *
 * <p>Operations that change the disk are counted from 1. A hook sees each in its middle, and {@link #crashAt} cuts the
 * power there. {@link #crash} and {@link #copy} are cheap: images share sectors until they are written.
 */
public final class SimDisk implements Disk {

    /** How the directory's unsynced operations may survive. */
    public enum Directory {
        /** In order, up to some point: file systems with a journal. */
        JOURNALLED,
        /** Any of them, each for itself: all that POSIX promises. */
        UNORDERED
    }

    public static final int SECTOR_BYTES = 512;

    private final int sectorBytes;
    private final Directory directory;
    /** What opening, listing and so on see. */
    private final TreeMap<String, SimInode> names = new TreeMap<>();
    /** What was there at the last directory sync. */
    private final TreeMap<String, SimInode> durableNames = new TreeMap<>();

    private final List<NameChange> changes = new ArrayList<>();
    private final Set<SimFile> open = new HashSet<>();
    private @Nullable DiskHook hook;
    private FaultPlan faults = FaultPlan.NONE;
    private long crashAt = Long.MAX_VALUE;
    private long operations;
    private long traceHash = TraceHash.SEED;
    private boolean dead;
    private boolean locked;

    public SimDisk() {
        this(SECTOR_BYTES, Directory.JOURNALLED);
    }

    /** @param sectorBytes what is written as a whole or not at all: 512 or 4096 */
    public SimDisk(int sectorBytes, Directory directory) {
        if (sectorBytes != SECTOR_BYTES && sectorBytes != 4096) {
            throw new IllegalArgumentException("sectors of " + sectorBytes + " bytes");
        }
        this.sectorBytes = sectorBytes;
        this.directory = directory;
    }

    /**
     * A change of the directory.
     *
     * @param from the name that goes; null for a creation
     * @param to the name that comes; null for a deletion
     * @param created the new file of a creation
     */
    private record NameChange(
            long operation,
            @Nullable String from,
            @Nullable String to,
            @Nullable SimInode created) {

        /** Does nothing if the file that it concerns is not there, as an earlier change has not survived. */
        void applyTo(Map<String, SimInode> target) {
            SimInode inode = from == null ? created : target.remove(from);
            if (to != null && inode != null) {
                target.put(to, inode);
            }
        }
    }

    /** Called in the middle of every operation that changes the disk; null for none. */
    public synchronized void hook(@Nullable DiskHook newHook) {
        hook = newHook;
    }

    public synchronized void faults(FaultPlan plan) {
        faults = plan;
    }

    /** Cuts the power in the middle of the operation with this number, counted from the disk's beginning. */
    public synchronized void crashAt(long operation) {
        crashAt = operation;
    }

    /** Whether the power has been cut. */
    public synchronized boolean isDead() {
        return dead;
    }

    /** How many operations have changed the disk. */
    public synchronized long operations() {
        return operations;
    }

    /** The numbers, ascending, of all operations that a crash at this moment may undo, in part or wholly. */
    public synchronized long[] pendingOperations() {
        TreeSet<Long> pending = new TreeSet<>();
        changes.forEach(change -> pending.add(change.operation()));
        names.values().forEach(inode -> inode.pendingOperations(pending));
        durableNames.values().forEach(inode -> inode.pendingOperations(pending));
        return pending.stream().mapToLong(Long::longValue).toArray();
    }

    /** Depends on every changing operation so far and all its bytes: equal for equal runs. */
    public synchronized long traceHash() {
        return traceHash;
    }

    /** Depends on all names, sizes and bytes that reads see, and on nothing else. */
    public synchronized long contentHash() {
        long hash = TraceHash.SEED;
        for (Map.Entry<String, SimInode> entry : names.entrySet()) {
            hash = TraceHash.mix(
                    TraceHash.text(hash, entry.getKey()), entry.getValue().contentHash());
        }
        return hash;
    }

    /** Names the first file that reads differently on the other disk; empty if none does. */
    public String differenceFrom(SimDisk other) {
        TreeMap<String, Long> mine = fileHashes();
        TreeMap<String, Long> theirs = other.fileHashes();
        TreeSet<String> all = new TreeSet<>(mine.keySet());
        all.addAll(theirs.keySet());
        for (String name : all) {
            if (!java.util.Objects.equals(mine.get(name), theirs.get(name))) {
                return name;
            }
        }
        return "";
    }

    private synchronized TreeMap<String, Long> fileHashes() {
        TreeMap<String, Long> hashes = new TreeMap<>();
        names.forEach((name, inode) -> hashes.put(name, inode.contentHash()));
        return hashes;
    }

    /** The disk as a power failure at this moment may leave it: durable throughout, nobody holding its lock. */
    public synchronized SimDisk crash(CrashChoice choice) {
        TreeMap<String, SimInode> survivors = new TreeMap<>(durableNames);
        for (NameChange change : changes) {
            if (choice.directory(change.operation())) {
                change.applyTo(survivors);
            } else if (directory == Directory.JOURNALLED) {
                break;
            }
        }
        SimDisk image = new SimDisk(sectorBytes, directory);
        for (Map.Entry<String, SimInode> entry : survivors.entrySet()) {
            image.names.put(entry.getKey(), entry.getValue().crashed(choice));
        }
        image.durableNames.putAll(image.names);
        return image;
    }

    /** The disk as the death of the process leaves it: everything visible still is, and as undecided as before. */
    public synchronized SimDisk copy() {
        SimDisk copy = new SimDisk(sectorBytes, directory);
        IdentityHashMap<SimInode, SimInode> copies = new IdentityHashMap<>();
        names.forEach((name, inode) -> copy.names.put(name, copies.computeIfAbsent(inode, SimInode::copy)));
        durableNames.forEach(
                (name, inode) -> copy.durableNames.put(name, copies.computeIfAbsent(inode, SimInode::copy)));
        for (NameChange change : changes) {
            SimInode created =
                    change.created() == null ? null : copies.computeIfAbsent(change.created(), SimInode::copy);
            copy.changes.add(new NameChange(change.operation(), change.from(), change.to(), created));
        }
        copy.operations = operations;
        copy.traceHash = traceHash;
        return copy;
    }

    @Override
    public synchronized DiskFile open(String name, OpenMode mode) {
        checkAlive(Kind.CREATE, name);
        SimInode inode = names.get(name);
        if (mode == OpenMode.CREATE) {
            if (inode != null) {
                throw new DiskException("cannot create " + name + ": it exists");
            }
            inode = new SimInode(sectorBytes);
            changeNames(Kind.CREATE, null, name, inode);
        } else if (inode == null) {
            throw new DiskException("cannot open " + name + ": there is no such file");
        }
        SimFile file = new SimFile(this, inode, name, mode);
        open.add(file);
        return file;
    }

    @Override
    public synchronized void rename(String from, String to) {
        SimInode inode = existing(Kind.RENAME, from);
        changeNames(Kind.RENAME, from, to, null);
        for (SimFile file : open) {
            if (file.inode() == inode) {
                file.renamed(to);
            }
        }
    }

    @Override
    public synchronized void delete(String name) {
        existing(Kind.DELETE, name);
        changeNames(Kind.DELETE, name, null, null);
    }

    @Override
    public synchronized List<String> list() {
        checkAlive(Kind.READ, "");
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized void syncDirectory() {
        DiskOperation operation = begin(Kind.SYNC_DIRECTORY, "", 0, 0, null);
        failIfPlanned(operation);
        during(operation);
        durableNames.clear();
        durableNames.putAll(names);
        changes.clear();
    }

    @Override
    public synchronized AutoCloseable lock() {
        checkAlive(Kind.READ, "");
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
    public String describe() {
        return "simulated disk";
    }

    void reading(String name, long offset, long length) {
        checkAlive(Kind.READ, name);
        failIfPlanned(new DiskOperation(operations, Kind.READ, name, offset, length));
    }

    void write(SimFile file, long offset, byte[] bytes) {
        DiskOperation operation = begin(Kind.WRITE, file.name(), offset, bytes.length, bytes);
        file.inode().write(operation.number(), offset, bytes);
        failIfPlanned(operation);
        during(operation);
    }

    void writeThrough(SimFile file, long offset, byte[] bytes) {
        DiskOperation operation = begin(Kind.WRITE_THROUGH, file.name(), offset, bytes.length, bytes);
        SimInode inode = file.inode();
        inode.write(operation.number(), offset, bytes);
        abandoningIfPlanned(operation, inode);
        during(operation);
        inode.settle(offset, bytes.length);
    }

    void allocate(SimFile file, long from, long to) {
        DiskOperation operation = begin(Kind.ALLOCATE, file.name(), from, to - from, null);
        failIfPlanned(operation);
        file.inode().writeZeros(operation.number(), from, to);
        during(operation);
    }

    void truncate(SimFile file, long size) {
        DiskOperation operation = begin(Kind.TRUNCATE, file.name(), size, 0, null);
        failIfPlanned(operation);
        file.inode().truncate(operation.number(), size);
        during(operation);
    }

    void sync(SimFile file) {
        DiskOperation operation = begin(Kind.SYNC, file.name(), 0, 0, null);
        abandoningIfPlanned(operation, file.inode());
        during(operation);
        file.inode().settle();
    }

    void closed(SimFile file) {
        open.remove(file);
    }

    void checkAlive(Kind kind, String name) {
        if (dead) {
            throw new SimCrash("no power: " + kind + " " + name);
        }
    }

    private SimInode existing(Kind kind, String name) {
        checkAlive(kind, name);
        SimInode inode = names.get(name);
        if (inode == null) {
            throw new DiskException(kind + " " + name + ": there is no such file");
        }
        return inode;
    }

    private void changeNames(Kind kind, @Nullable String from, @Nullable String to, @Nullable SimInode created) {
        String name = from != null ? from : String.valueOf(to);
        DiskOperation operation = begin(kind, name, 0, 0, null);
        if (to != null) {
            traceHash = TraceHash.text(traceHash, to);
        }
        failIfPlanned(operation);
        NameChange change = new NameChange(operation.number(), from, to, created);
        changes.add(change);
        change.applyTo(names);
        during(operation);
    }

    private DiskOperation begin(Kind kind, String name, long offset, long length, byte @Nullable [] bytes) {
        checkAlive(kind, name);
        operations++;
        traceHash = TraceHash.text(TraceHash.mix(traceHash, kind.ordinal()), name);
        traceHash = TraceHash.mix(TraceHash.mix(traceHash, offset), length);
        if (bytes != null) {
            traceHash = TraceHash.mix(traceHash, TraceHash.bytes(bytes));
        }
        return new DiskOperation(operations, kind, name, offset, length);
    }

    private void during(DiskOperation operation) {
        if (hook != null) {
            hook.during(this, operation);
        }
        if (operation.number() == crashAt) {
            dead = true;
            throw new SimCrash("power lost during " + operation);
        }
    }

    private void failIfPlanned(DiskOperation operation) {
        FaultPlan.Fault fault = faults.decide(operation);
        if (fault == FaultPlan.Fault.DISK_FULL && operation.kind() == Kind.ALLOCATE) {
            throw new DiskFullException("no space left, as planned: " + operation, null);
        }
        if (fault != FaultPlan.Fault.NONE) {
            throw new DiskException("I/O error, as planned: " + operation);
        }
    }

    private void abandoningIfPlanned(DiskOperation operation, SimInode inode) {
        try {
            failIfPlanned(operation);
        } catch (DiskException e) {
            inode.abandon();
            throw e;
        }
    }
}
