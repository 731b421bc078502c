package dev.cairn.fuzz.disk;

import dev.cairn.storage.base.DiskException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file's contents: what reads see, and what may be on the disk instead. Sectors are never changed in place, so images
 * share them; the table of sectors is shared until one side writes. Guarded by its disk.
 */
final class SimInode {

    private static final byte[] ZEROS = new byte[4096];

    private final int sectorBytes;
    /** What reads see; null is all zeros. */
    private @Nullable Sector[] sectors;

    /** The sum of the sectors' hashes, each mixed with its place: kept up to date, so that asking for it costs nothing. */
    private long sum;

    private boolean shared;
    private long size;
    /** Sectors of which the disk may hold something else than reads see. */
    private final TreeMap<Integer, History> undecided = new TreeMap<>();

    private long durableSize;
    private final List<Resize> resizes = new ArrayList<>();
    private final SectorFaults faults;

    SimInode(int sectorBytes) {
        this.sectorBytes = sectorBytes;
        this.sectors = new Sector[8];
        this.faults = new SectorFaults();
    }

    private SimInode(SimInode origin) {
        this.sectorBytes = origin.sectorBytes;
        this.sectors = origin.sectors;
        this.sum = origin.sum;
        this.size = origin.size;
        this.shared = true;
        origin.shared = true;
        this.faults = new SectorFaults(origin.faults);
    }

    private record Resize(long operation, long size) {}

    /** Contents of a sector that are not all zeros, which null stands for. */
    record Sector(byte[] bytes, long hash) {

        static @Nullable Sector of(byte[] bytes) {
            long hash = TraceHash.bytes(bytes);
            return hash == TraceHash.ofZeros(bytes.length) ? null : new Sector(bytes, hash);
        }

        static boolean same(@Nullable Sector one, @Nullable Sector other) {
            if (one == null || other == null) {
                return one == null && other == null;
            }
            return one.hash == other.hash && Arrays.equals(one.bytes, other.bytes);
        }

        static long hash(int index, @Nullable Sector sector) {
            return sector == null ? 0 : TraceHash.mix(TraceHash.mix(TraceHash.SEED, index), sector.hash);
        }
    }

    /** What a sector held after its last sync, and every version since; equal ones that follow each other are one. */
    private static final class History {
        private final @Nullable Sector durable;
        private final List<@Nullable Sector> versions = new ArrayList<>(2);
        private long[] operations = {};
        /** A sync has failed: the kernel believes that the newest version is on the disk and will not write it again. */
        private boolean abandoned;

        History(@Nullable Sector durable) {
            this.durable = durable;
        }

        History(History origin) {
            this.durable = origin.durable;
            this.versions.addAll(origin.versions);
            this.operations = origin.operations;
            this.abandoned = origin.abandoned;
        }

        void add(long operation, @Nullable Sector version) {
            int last = operations.length - 1;
            if (last >= 0 && operations[last] == operation) {
                versions.set(last, version);
            } else if (!Sector.same(version, newest())) {
                operations = Arrays.copyOf(operations, last + 2);
                operations[last + 1] = operation;
                versions.add(version);
            }
        }

        private @Nullable Sector newest() {
            return versions.isEmpty() ? durable : versions.get(versions.size() - 1);
        }
    }

    long size() {
        return size;
    }

    /** @throws DiskException if one of the sectors cannot be read */
    int read(long offset, ByteBuffer into) {
        int wanted = (int) Math.max(0, Math.min(into.remaining(), size - offset));
        faults.requireReadable(offset, wanted, sectorBytes);
        int done = 0;
        while (done < wanted) {
            long at = offset + done;
            int within = (int) (at % sectorBytes);
            int n = Math.min(sectorBytes - within, wanted - done);
            Sector sector = sector((int) (at / sectorBytes));
            if (sector == null) {
                into.put(ZEROS, 0, n);
            } else {
                into.put(sector.bytes, within, n);
            }
            done += n;
        }
        return done;
    }

    /**
     * Pending until {@link #settle}.
     *
     * @throws DiskException if one of the sectors cannot be written; those before it are
     */
    void write(long operation, long offset, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            long at = offset + done;
            int index = (int) (at / sectorBytes);
            int within = (int) (at % sectorBytes);
            int n = Math.min(sectorBytes - within, bytes.length - done);
            Sector old = sector(index);
            faults.writing(index);
            byte[] merged = old == null ? new byte[sectorBytes] : old.bytes.clone();
            System.arraycopy(bytes, done, merged, within, n);
            replace(operation, index, Sector.of(merged));
            done += n;
        }
        resize(operation, Math.max(size, offset + bytes.length));
    }

    void writeZeros(long operation, long from, long to) {
        long at = from;
        while (at < to) {
            int index = (int) (at / sectorBytes);
            int within = (int) (at % sectorBytes);
            int n = (int) Math.min(sectorBytes - within, to - at);
            Sector old = sector(index);
            // Zeros over zeros cannot be told apart, whichever of them are on the disk.
            if (old != null || undecided.containsKey(index)) {
                replace(operation, index, n == sectorBytes || old == null ? null : cleared(old, within, n));
            }
            at += n;
        }
        resize(operation, Math.max(size, to));
    }

    void truncate(long operation, long newSize) {
        int first = (int) (newSize / sectorBytes);
        int within = (int) (newSize % sectorBytes);
        for (int index = first; index < sectors.length; index++) {
            Sector old = sector(index);
            if (old != null) {
                replace(
                        operation,
                        index,
                        index == first && within > 0 ? cleared(old, within, sectorBytes - within) : null);
            }
        }
        resize(operation, newSize);
    }

    /** Everything that reads see is on the disk now, but for what an earlier failed sync has lost. */
    void settle(boolean sizeToo) {
        undecided.values().removeIf(history -> !history.abandoned);
        if (sizeToo) {
            durableSize = size;
            resizes.clear();
        }
    }

    /** The same for the sectors of a range, and, if asked for, for the size as far as the range needs it. */
    void settle(long offset, long length, boolean sizeToo) {
        if (length == 0) {
            return;
        }
        long end = offset + length;
        undecided
                .subMap((int) (offset / sectorBytes), true, (int) ((end - 1) / sectorBytes), true)
                .clear();
        if (sizeToo && end > durableSize) {
            durableSize = end;
            resizes.removeIf(resize -> resize.size() <= end);
        }
    }

    /** A sync has failed: nothing becomes durable by a later one unless it is written again. */
    void abandon() {
        undecided.values().forEach(history -> history.abandoned = true);
    }

    /** Whether the file is longer than the disk is known to have it. */
    boolean hasGrown() {
        return size > durableSize;
    }

    /** A sync has failed, and the kernel has forgotten what was to be written. */
    void revert() {
        undecided.forEach((index, history) -> put(index, history.durable));
        undecided.clear();
        size = durableSize;
        resizes.clear();
    }

    SectorFaults faults() {
        return faults;
    }

    int sectorOf(long offset) {
        return (int) (offset / sectorBytes);
    }

    /** A bit changes on the medium, and in what reads see of it. */
    void flip(long offset, int bit) {
        int index = sectorOf(offset);
        Sector old = sector(index);
        byte[] bytes = old == null ? new byte[sectorBytes] : old.bytes.clone();
        bytes[(int) (offset % sectorBytes)] ^= (byte) (1 << bit);
        Sector flipped = Sector.of(bytes);
        History history = undecided.get(index);
        if (history != null) {
            history.versions.set(history.versions.size() - 1, flipped);
        }
        put(index, flipped);
    }

    /** The sectors of a range as they are now. */
    Map<Integer, @Nullable Sector> sectors(long offset, long length) {
        Map<Integer, @Nullable Sector> found = new TreeMap<>();
        for (int index = sectorOf(offset); index <= sectorOf(offset + length - 1); index++) {
            found.put(index, sector(index));
        }
        return found;
    }

    /** The operations of which the disk may hold the effects or not. */
    void pendingOperations(Set<Long> into) {
        for (History history : undecided.values()) {
            for (long operation : history.operations) {
                into.add(operation);
            }
        }
        resizes.forEach(resize -> into.add(resize.operation()));
    }

    boolean isSettled() {
        return undecided.isEmpty() && resizes.isEmpty();
    }

    /** The file as a crash may leave it; durable throughout. */
    SimInode crashed(CrashChoice choice) {
        SimInode image = new SimInode(this);
        if (!isSettled()) {
            image.size = chosenSize(choice);
            for (Map.Entry<Integer, History> entry : undecided.entrySet()) {
                History history = entry.getValue();
                int version = choice.sector(history.operations);
                image.put(entry.getKey(), version == 0 ? history.durable : history.versions.get(version - 1));
            }
            image.dropBeyond(image.size);
        }
        faults.returning().forEach((index, old) -> {
            if ((long) index * sectorBytes < image.size) {
                image.put(index, old);
            }
        });
        image.faults.returned();
        image.durableSize = image.size;
        return image;
    }

    private long chosenSize(CrashChoice choice) {
        if (resizes.isEmpty()) {
            return durableSize;
        }
        long[] operations = new long[resizes.size()];
        long[] sizes = new long[resizes.size()];
        long least = durableSize;
        long greatest = durableSize;
        for (int i = 0; i < sizes.length; i++) {
            operations[i] = resizes.get(i).operation();
            sizes[i] = resizes.get(i).size();
            least = Math.min(least, sizes[i]);
            greatest = Math.max(greatest, sizes[i]);
        }
        long chosen = choice.size(durableSize, operations, sizes);
        if (chosen < least || chosen > greatest) {
            throw new IllegalArgumentException("size " + chosen + " is not between " + least + " and " + greatest);
        }
        return chosen;
    }

    /** The file with all that is undecided about it: what another process sees after this one was killed. */
    SimInode copy() {
        SimInode copy = new SimInode(this);
        copy.durableSize = durableSize;
        copy.resizes.addAll(resizes);
        undecided.forEach((index, history) -> copy.undecided.put(index, new History(history)));
        return copy;
    }

    long contentHash() {
        return TraceHash.mix(TraceHash.mix(TraceHash.SEED, size), sum);
    }

    private @Nullable Sector sector(int index) {
        return index < sectors.length ? sectors[index] : null;
    }

    private void replace(long operation, int index, @Nullable Sector contents) {
        faults.written(index);
        History history = undecided.get(index);
        if (history == null) {
            if (Sector.same(sector(index), contents)) {
                return; // Whether this is on the disk or not, it reads the same.
            }
            history = new History(sector(index));
            undecided.put(index, history);
        }
        history.add(operation, contents);
        history.abandoned = false;
        put(index, contents);
    }

    private void put(int index, @Nullable Sector contents) {
        if (index >= sectors.length) {
            if (contents == null) {
                return;
            }
            sectors = Arrays.copyOf(sectors, Math.max(index + 1, sectors.length * 2));
            shared = false;
        } else if (shared) {
            sectors = sectors.clone();
            shared = false;
        }
        sum += Sector.hash(index, contents) - Sector.hash(index, sectors[index]);
        sectors[index] = contents;
    }

    private void dropBeyond(long end) {
        int first = (int) (end / sectorBytes);
        int within = (int) (end % sectorBytes);
        for (int index = first; index < sectors.length; index++) {
            Sector old = sectors[index];
            if (old != null) {
                put(index, index == first && within > 0 ? cleared(old, within, sectorBytes - within) : null);
            }
        }
    }

    private void resize(long operation, long newSize) {
        if (newSize != size) {
            size = newSize;
            resizes.add(new Resize(operation, newSize));
        }
    }

    private static @Nullable Sector cleared(Sector sector, int from, int length) {
        byte[] copy = sector.bytes.clone();
        Arrays.fill(copy, from, from + length, (byte) 0);
        return Sector.of(copy);
    }
}
