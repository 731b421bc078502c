package dev.cairn.storage.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which frame holds which page of one file: an array by page number, in chunks that never move once made, so that entries
 * can be claimed by compare-and-set while the directory of chunks grows. Lookups take no lock and allocate nothing.
 */
final class PageTable {

    /** What {@link #get} returns for a page that has no frame. */
    static final int NONE = -1;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(int[][].class);
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_PAGES = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_PAGES - 1;

    /** Chunks hold frame index + 1; 0 is no frame. Replaced by a longer one under this object's monitor. */
    private volatile int[] @Nullable [] directory = new int[4][];

    /** The index of the page's frame or {@link #NONE}; by the time it is used it may hold another page. */
    int get(int pageNo) {
        int[] chunk = chunk(pageNo);
        return chunk == null ? NONE : (int) ENTRY.getAcquire(chunk, pageNo & CHUNK_MASK) - 1;
    }

    /** Gives the page this frame; false if it has one. */
    boolean claim(int pageNo, int frame) {
        int[] chunk = chunk(pageNo);
        if (chunk == null) {
            chunk = makeChunk(pageNo >>> CHUNK_BITS);
        }
        return ENTRY.compareAndSet(chunk, pageNo & CHUNK_MASK, 0, frame + 1);
    }

    /** Takes the page's frame away. The caller has it latched. */
    void release(int pageNo, int frame) {
        int[] chunk = chunk(pageNo);
        if (chunk == null || !ENTRY.compareAndSet(chunk, pageNo & CHUNK_MASK, frame + 1, 0)) {
            throw new IllegalStateException("page " + pageNo + " is not in frame " + frame);
        }
    }

    private int @Nullable [] chunk(int pageNo) {
        int[] @Nullable [] chunks = directory;
        int at = pageNo >>> CHUNK_BITS;
        return at < chunks.length ? (int[]) CHUNK.getAcquire(chunks, at) : null;
    }

    private synchronized int[] makeChunk(int at) {
        int[] @Nullable [] chunks = directory;
        if (at >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(at + 1, chunks.length * 2));
            directory = chunks;
        }
        int[] chunk = chunks[at];
        if (chunk == null) {
            chunk = new int[CHUNK_PAGES];
            CHUNK.setRelease(chunks, at, chunk);
        }
        return chunk;
    }
}
