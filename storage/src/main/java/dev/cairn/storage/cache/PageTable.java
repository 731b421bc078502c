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

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(Frame[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Frame[][].class);
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_PAGES = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_PAGES - 1;

    /** Replaced by a longer one under this object's monitor. */
    private volatile @Nullable Frame[] @Nullable [] directory = new Frame[4][];

    /** The page's frame, null if it has none; by the time it is used it may hold another page. */
    @Nullable Frame get(int pageNo) {
        @Nullable Frame[] chunk = chunk(pageNo);
        if (chunk == null) {
            return null;
        }
        // As the handle's getAcquire, which would look at the frame to see that it is one: a line of memory that may be
        // far away.
        Frame frame = chunk[pageNo & CHUNK_MASK];
        VarHandle.acquireFence();
        return frame;
    }

    /** Gives the page this frame; false if it has one. */
    boolean claim(int pageNo, Frame frame) {
        @Nullable Frame[] chunk = chunk(pageNo);
        if (chunk == null) {
            chunk = makeChunk(pageNo >>> CHUNK_BITS);
        }
        return ENTRY.compareAndSet(chunk, pageNo & CHUNK_MASK, null, frame);
    }

    /** Takes the page's frame away. The caller has it latched. */
    void release(int pageNo, Frame frame) {
        @Nullable Frame[] chunk = chunk(pageNo);
        if (chunk == null || !ENTRY.compareAndSet(chunk, pageNo & CHUNK_MASK, frame, null)) {
            throw new IllegalStateException("page " + pageNo + " is not in " + frame);
        }
    }

    private @Nullable Frame @Nullable [] chunk(int pageNo) {
        @Nullable Frame[] @Nullable [] chunks = directory;
        int at = pageNo >>> CHUNK_BITS;
        return at < chunks.length ? (Frame[]) CHUNK.getAcquire(chunks, at) : null;
    }

    private synchronized @Nullable Frame[] makeChunk(int at) {
        @Nullable Frame[] @Nullable [] chunks = directory;
        if (at >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(at + 1, chunks.length * 2));
            directory = chunks;
        }
        @Nullable Frame[] chunk = chunks[at];
        if (chunk == null) {
            chunk = new Frame[CHUNK_PAGES];
            CHUNK.setRelease(chunks, at, chunk);
        }
        return chunk;
    }
}
