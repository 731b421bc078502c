package dev.cairn.txn;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds the chunk of an id: a sparse, growing array. Reading takes no lock. Holes cost one reference per {@value
 * XidChunk#IDS} ids, so an old transaction that pins its own chunk keeps nothing else.
 */
final class XidDirectory {

    /** {@code chunks[i]} has number {@code first + i}. */
    private record Range(long first, AtomicReferenceArray<@Nullable XidChunk> chunks) {
        @Nullable XidChunk get(long number) {
            long i = number - first;
            return i < 0 || i >= chunks.length() ? null : chunks.get((int) i);
        }
    }

    private volatile Range range = new Range(0, new AtomicReferenceArray<>(16));
    private final XidMemory memory;

    XidDirectory(XidMemory memory) {
        this.memory = memory;
    }

    /** The chunk that holds {@code xid}, or null if it is not in memory. */
    @Nullable XidChunk find(long xid) {
        return range.get(XidChunk.numberOf(xid));
    }

    /** The chunk that holds {@code xid}, made if need be. */
    XidChunk require(long xid) {
        XidChunk chunk = find(xid);
        return chunk != null ? chunk : make(XidChunk.numberOf(xid));
    }

    private synchronized XidChunk make(long number) {
        XidChunk chunk = range.get(number);
        if (chunk == null) {
            if (number < range.first()
                    || number - range.first() >= range.chunks().length()) {
                grow(number);
            }
            chunk = new XidChunk(number, memory.allocate());
            range.chunks().set((int) (number - range.first()), chunk);
        }
        return chunk;
    }

    /** Makes room for {@code number}, leaving away the holes at the front. */
    private void grow(long number) {
        Range old = range;
        long oldEnd = old.first() + old.chunks().length();
        long first = number;
        long last = number;
        for (long n = old.first(); n < oldEnd; n++) {
            if (old.get(n) != null) {
                first = Math.min(first, n);
                last = Math.max(last, n);
            }
        }
        int length = Math.toIntExact((last - first + 1) * 2);
        AtomicReferenceArray<@Nullable XidChunk> chunks = new AtomicReferenceArray<>(Math.max(16, length));
        for (long n = first; n <= last; n++) {
            chunks.set((int) (n - first), old.get(n));
        }
        range = new Range(first, chunks);
    }

    /** Gives a complete chunk up. Once. */
    synchronized void free(XidChunk chunk) {
        Range current = range;
        current.chunks().set((int) (chunk.number() - current.first()), null);
        chunk.free(memory);
    }

    XidMemory memory() {
        return memory;
    }
}
