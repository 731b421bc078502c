package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.FaultPlan.Fault;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps what is visible apart from what is durable. Thread-safe.
 *
 * <p>At a crash, independently of each other: a sector holds what it held at its last completed sync or any version written
 * since; a file's size is anything between the sizes it has had since; of the directory's unsynced operations an ordered
 * prefix has happened, or any subset, as {@link Directory} says. Where a file has grown without its data it holds zeros.
 *
 * <p>A sync that is not asked for the metadata makes a file's growth durable on a journalled disk, as Linux and POSIX promise
 * of {@code fdatasync} ("what is needed to retrieve the data"), but not that it was cut. On an unordered one, the stricter
 * profile, it leaves the size undecided either way: {@code FileChannel.force(false)} promises the contents alone.
 *
 * <p>Syncing a file makes neither its name nor its renaming durable; only {@link #syncDirectory} does. {@code writeThrough}
 * makes durable the sectors that it touches, and, on a journalled disk, the size if it extends the file; while it is under way they are as
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
    private boolean faulted;
    private boolean locked;
    /** A sync of the directory has lied, and the next one fails. */
    private boolean lateDirectory;
    /** The points that were passed since the last operation before the one under way. */
    private final EnumSet<CrashPoint> passed = EnumSet.noneOf(CrashPoint.class);

    private long passedAt;
    private boolean underWay;
    private Consumer<CrashPoint> meetings = point -> {};

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

    /** Told, for each image taken of this disk and of its images, which points that crash has met. */
    public synchronized void meetings(Consumer<CrashPoint> listener) {
        meetings = listener;
    }

    /** The engine passes a point: a crash before the next operation is over meets it. */
    public synchronized void passed(CrashPoint point) {
        forgetPassedBefore(operations);
        passed.add(point);
    }

    private void forgetPassedBefore(long operation) {
        if (passedAt != operation) {
            passed.clear();
            passedAt = operation;
        }
    }

    private void meet(SimDisk image) {
        if (underWay || passedAt == operations) {
            passed.forEach(meetings);
        }
        image.meetings = meetings;
    }

    /** Cuts the power in the middle of the operation with this number, counted from the disk's beginning. */
    public synchronized void crashAt(long operation) {
        crashAt = operation;
    }

    /** Whether the power has been cut. */
    public synchronized boolean isDead() {
        return dead;
    }

    /** Whether the power has been cut, or a change of the disk was refused: from then on the engine may give up in the middle. */
    public synchronized boolean hasFailed() {
        return dead || faulted;
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
        meet(image);
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
        meet(copy);
        return copy;
    }

    /** Bytes. */
    public synchronized long size(String name) {
        return existing(Kind.READ, name).size();
    }

    /** One bit of the file changes behind everybody's back; what was written over it and not synced is on the disk. */
    public synchronized void flip(String name, long offset, int bit) {
        existing(Kind.READ, name).flip(offset, bit);
    }

    /** The sector that holds this byte cannot be read until it is written again. */
    public synchronized void spoil(String name, long offset) {
        SimInode inode = existing(Kind.READ, name);
        inode.faults().unreadable(inode.sectorOf(offset));
    }

    /** All sectors are as they should be: nothing is unreadable or unwritable, nothing old comes back. */
    public synchronized void heal() {
        names.values().forEach(inode -> inode.faults().heal());
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
        Fault fault = planned(operation);
        failIf(lateDirectory || fault == Fault.IO_ERROR, operation);
        during(operation);
        if (fault == Fault.SYNC_LATE) {
            lateDirectory = true;
            return;
        }
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

    /** @param kind one of the two that read */
    int read(SimFile file, Kind kind, long offset, ByteBuffer into) {
        checkAlive(kind, file.name());
        DiskOperation operation = new DiskOperation(operations, kind, file.name(), offset, into.remaining());
        return FaultyTransfer.read(planned(operation), operation, file.inode(), into);
    }

    void write(SimFile file, long offset, byte[] bytes) {
        DiskOperation operation = begin(Kind.WRITE, file.name(), offset, bytes.length, bytes);
        Fault fault = planned(operation);
        transfer(fault, operation, file.inode(), bytes);
        failIf(fault == Fault.IO_ERROR, operation);
        during(operation);
    }

    void writeThrough(SimFile file, long offset, byte[] bytes) {
        DiskOperation operation = begin(Kind.WRITE_THROUGH, file.name(), offset, bytes.length, bytes);
        SimInode inode = file.inode();
        Fault fault = planned(operation);
        transfer(fault, operation, inode, bytes);
        if (syncs(operation, fault, inode)) {
            inode.settle(offset, bytes.length, directory == Directory.JOURNALLED);
        }
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

    void sync(SimFile file, boolean metadata) {
        DiskOperation operation = begin(Kind.SYNC, file.name(), 0, 0, null);
        SimInode inode = file.inode();
        if (syncs(operation, planned(operation), inode)) {
            inode.settle(metadata || (directory == Directory.JOURNALLED && inode.hasGrown()));
        }
    }

    private void transfer(Fault fault, DiskOperation operation, SimInode inode, byte[] bytes) {
        FaultyTransfer.write(fault, operation, inode, bytes, () -> List.copyOf(names.values()));
    }

    /** The second half of a sync; false if it lies. */
    private boolean syncs(DiskOperation operation, Fault fault, SimInode inode) {
        boolean late = inode.faults().reportsLate();
        if (late || fault == Fault.IO_ERROR || fault == Fault.SYNC_LATE) {
            inode.abandon();
        } else if (fault == Fault.SYNC_REVERTED) {
            inode.revert();
        }
        failIf(late || fault == Fault.IO_ERROR || fault == Fault.SYNC_REVERTED, operation);
        during(operation);
        if (fault == Fault.SYNC_LATE) {
            inode.faults().reportLate();
            return false;
        }
        return true;
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
        forgetPassedBefore(operations);
        operations++;
        traceHash = TraceHash.text(TraceHash.mix(traceHash, kind.ordinal()), name);
        traceHash = TraceHash.mix(TraceHash.mix(traceHash, offset), length);
        if (bytes != null) {
            traceHash = TraceHash.mix(traceHash, TraceHash.bytes(bytes));
        }
        return new DiskOperation(operations, kind, name, offset, length);
    }

    private void during(DiskOperation operation) {
        underWay = true;
        if (hook != null) {
            hook.during(this, operation);
        }
        if (operation.number() == crashAt) {
            dead = true;
            throw new SimCrash("power lost during " + operation);
        }
        underWay = false;
    }

    private Fault planned(DiskOperation operation) {
        Fault fault = faults.decide(operation);
        if (!fault.appliesTo(operation.kind())) {
            throw new IllegalArgumentException(fault + " is planned for " + operation);
        }
        return fault;
    }

    private void failIfPlanned(DiskOperation operation) {
        Fault fault = planned(operation);
        if (fault == Fault.DISK_FULL) {
            faulted = true;
            throw new DiskFullException("no space left, as planned: " + operation, null);
        }
        failIf(fault != Fault.NONE, operation);
    }

    private void failIf(boolean failed, DiskOperation operation) {
        if (failed) {
            faulted = true;
            throw new DiskException("I/O error, as planned: " + operation);
        }
    }
}
