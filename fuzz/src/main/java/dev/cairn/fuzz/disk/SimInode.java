package dev.cairn.fuzz.disk;

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

    private final int sectorBytes;
    /** What reads see; null is all zeros. */
    private byte[] @Nullable [] sectors;

    private boolean shared;
    private long size;
    /** Sectors of which the disk may hold something else than reads see. */
    private final TreeMap<Integer, History> undecided = new TreeMap<>();

    private long durableSize;
    private final List<Resize> resizes = new ArrayList<>();

    SimInode(int sectorBytes) {
        this.sectorBytes = sectorBytes;
        this.sectors = new byte[8][];
    }

    private SimInode(SimInode origin) {
        this.sectorBytes = origin.sectorBytes;
        this.sectors = origin.sectors;
        this.size = origin.size;
        this.shared = true;
        origin.shared = true;
    }

    private record Resize(long operation, long size) {}

    /** What a sector held after its last sync, and every version since. */
    private static final class History {
        private final byte @Nullable [] durable;
        private final List<byte @Nullable []> versions = new ArrayList<>(2);
        private final List<Long> operations = new ArrayList<>(2);
        /** A sync has failed: the kernel believes that the newest version is on the disk and will not write it again. */
        private boolean abandoned;

        History(byte @Nullable [] durable) {
            this.durable = durable;
        }

        History(History origin) {
            this.durable = origin.durable;
            this.versions.addAll(origin.versions);
            this.operations.addAll(origin.operations);
            this.abandoned = origin.abandoned;
        }

        long[] operations() {
            return operations.stream().mapToLong(Long::longValue).toArray();
        }
    }

    long size() {
        return size;
    }

    int read(long offset, ByteBuffer into) {
        int wanted = (int) Math.max(0, Math.min(into.remaining(), size - offset));
        int done = 0;
        while (done < wanted) {
            long at = offset + done;
            int within = (int) (at % sectorBytes);
            int n = Math.min(sectorBytes - within, wanted - done);
            byte[] sector = sector((int) (at / sectorBytes));
            if (sector == null) {
                for (int i = 0; i < n; i++) {
                    into.put((byte) 0);
                }
            } else {
                into.put(sector, within, n);
            }
            done += n;
        }
        return done;
    }

    /** Pending until {@link #settle}. */
    void write(long operation, long offset, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            long at = offset + done;
            int index = (int) (at / sectorBytes);
            int within = (int) (at % sectorBytes);
            int n = Math.min(sectorBytes - within, bytes.length - done);
            byte[] old = sector(index);
            byte[] merged = old == null ? new byte[sectorBytes] : old.clone();
            System.arraycopy(bytes, done, merged, within, n);
            replace(operation, index, merged);
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
            byte[] old = sector(index);
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
            byte[] old = sector(index);
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
    void settle() {
        undecided.values().removeIf(history -> !history.abandoned);
        durableSize = size;
        resizes.clear();
    }

    /** The same for the sectors of a range, and for the size as far as the range needs it. */
    void settle(long offset, long length) {
        if (length == 0) {
            return;
        }
        long end = offset + length;
        undecided
                .subMap((int) (offset / sectorBytes), true, (int) ((end - 1) / sectorBytes), true)
                .clear();
        if (end > durableSize) {
            durableSize = end;
            resizes.removeIf(resize -> resize.size() <= end);
        }
    }

    /** A sync has failed: nothing becomes durable by a later one unless it is written again. */
    void abandon() {
        undecided.values().forEach(history -> history.abandoned = true);
    }

    /** The operations of which the disk may hold the effects or not. */
    void pendingOperations(Set<Long> into) {
        undecided.values().forEach(history -> into.addAll(history.operations));
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
                int version = choice.sector(history.operations());
                image.put(entry.getKey(), version == 0 ? history.durable : history.versions.get(version - 1));
            }
            image.dropBeyond(image.size);
        }
        image.durableSize = image.size;
        return image;
    }

    private long chosenSize(CrashChoice choice) {
        if (resizes.isEmpty()) {
            return durableSize;
        }
        long[] operations = resizes.stream().mapToLong(Resize::operation).toArray();
        long[] sizes = resizes.stream().mapToLong(Resize::size).toArray();
        long chosen = choice.size(durableSize, operations, sizes);
        long least = Math.min(durableSize, Arrays.stream(sizes).min().orElseThrow());
        long greatest = Math.max(durableSize, Arrays.stream(sizes).max().orElseThrow());
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
        long hash = TraceHash.mix(TraceHash.SEED, size);
        for (int index = 0; index < sectors.length; index++) {
            byte[] sector = sectors[index];
            if (sector != null) {
                long sum = TraceHash.bytes(sector);
                // A sector that was written with zeros equals one that never was.
                if (sum != TraceHash.ofZeros(sectorBytes)) {
                    hash = TraceHash.mix(TraceHash.mix(hash, index), sum);
                }
            }
        }
        return hash;
    }

    private byte @Nullable [] sector(int index) {
        return index < sectors.length ? sectors[index] : null;
    }

    private void replace(long operation, int index, byte @Nullable [] contents) {
        History history = undecided.computeIfAbsent(index, i -> new History(sector(i)));
        int last = history.operations.size() - 1;
        if (last >= 0 && history.operations.get(last) == operation) {
            history.versions.set(last, contents);
        } else {
            history.operations.add(operation);
            history.versions.add(contents);
        }
        history.abandoned = false;
        put(index, contents);
    }

    private void put(int index, byte @Nullable [] contents) {
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
        sectors[index] = contents;
    }

    private void dropBeyond(long end) {
        int first = (int) (end / sectorBytes);
        int within = (int) (end % sectorBytes);
        for (int index = first; index < sectors.length; index++) {
            byte[] old = sectors[index];
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

    private static byte[] cleared(byte[] sector, int from, int length) {
        byte[] copy = sector.clone();
        Arrays.fill(copy, from, from + length, (byte) 0);
        return copy;
    }
}
