package dev.cairn.storage.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which frame holds which page of one file, and the pages' {@link PageStamp}s: arrays by page number, in chunks that never move once
 * made, so that entries can be claimed by compare-and-set while the directory of chunks grows. Lookups take no lock and allocate
 * nothing.
 *
 * <p>A page's stamp is written by who has its frame latched; anybody may mark it as used. What is known of how it is laid out holds for
 * as long as it has the same stamp.
 */
final class PageTable {

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(Frame[].class);
    private static final VarHandle STAMP = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LAYOUT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Chunk[].class);
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_PAGES = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_PAGES - 1;

    /** Replaced by a longer one under this object's monitor. */
    private volatile @Nullable Chunk[] directory = new Chunk[4];

    /** Of pages that follow one another. */
    private static final class Chunk {
        private final @Nullable Frame[] frames = new Frame[CHUNK_PAGES];
        private final long[] stamps = new long[CHUNK_PAGES];
        private final int[] layouts = new int[CHUNK_PAGES];
    }

    /** The page's frame, null if it has none; by the time it is used it may hold another page. */
    @Nullable Frame get(int pageNo) {
        Chunk chunk = chunk(pageNo);
        if (chunk == null) {
            return null;
        }
        // As the handle's getAcquire, which would look at the frame to see that it is one: a line of memory that may be
        // far away.
        Frame frame = chunk.frames[pageNo & CHUNK_MASK];
        VarHandle.acquireFence();
        return frame;
    }

    /** Gives the page this frame; false if it has one. */
    boolean claim(int pageNo, Frame frame) {
        Chunk chunk = chunk(pageNo);
        if (chunk == null) {
            chunk = makeChunk(pageNo >>> CHUNK_BITS);
        }
        return ENTRY.compareAndSet(chunk.frames, pageNo & CHUNK_MASK, null, frame);
    }

    /** Takes the page's frame away. The caller has it latched. */
    void release(int pageNo, Frame frame) {
        Chunk chunk = chunk(pageNo);
        if (chunk == null || !ENTRY.compareAndSet(chunk.frames, pageNo & CHUNK_MASK, frame, null)) {
            throw new IllegalStateException("page " + pageNo + " is not in " + frame);
        }
    }

    /** What is read from the page afterwards is the page as of this stamp, if it still has it then. */
    long stamp(int pageNo) {
        Chunk chunk = chunk(pageNo);
        return chunk == null ? PageStamp.NONE : (long) STAMP.getAcquire(chunk.stamps, pageNo & CHUNK_MASK);
    }

    /** By who has the page's frame latched. What was written to the page before is seen by whoever sees the stamp. */
    void stamp(int pageNo, long stamp) {
        Chunk chunk = chunk(pageNo);
        if (chunk != null) {
            STAMP.setRelease(chunk.stamps, pageNo & CHUNK_MASK, stamp);
        }
    }

    /** How the page is laid out, if it still has the stamp that was read before; 0 if that is not known. */
    int layout(int pageNo) {
        Chunk chunk = chunk(pageNo);
        return chunk == null ? 0 : (int) LAYOUT.getOpaque(chunk.layouts, pageNo & CHUNK_MASK);
    }

    /** By who has the page's frame latched, and has taken its stamp away. */
    void layout(int pageNo, int layout) {
        Chunk chunk = chunk(pageNo);
        if (chunk != null) {
            LAYOUT.setOpaque(chunk.layouts, pageNo & CHUNK_MASK, layout);
        }
    }

    /** Replaces the page's stamp unless it has another one by now. */
    void restamp(int pageNo, long stamp, long next) {
        Chunk chunk = chunk(pageNo);
        if (chunk != null) {
            STAMP.compareAndSet(chunk.stamps, pageNo & CHUNK_MASK, stamp, next);
        }
    }

    private @Nullable Chunk chunk(int pageNo) {
        @Nullable Chunk[] chunks = directory;
        int at = pageNo >>> CHUNK_BITS;
        if (at >= chunks.length) {
            return null;
        }
        Chunk chunk = chunks[at];
        VarHandle.acquireFence();
        return chunk;
    }

    private synchronized Chunk makeChunk(int at) {
        @Nullable Chunk[] chunks = directory;
        if (at >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(at + 1, chunks.length * 2));
            directory = chunks;
        }
        Chunk chunk = chunks[at];
        if (chunk == null) {
            chunk = new Chunk();
            CHUNK.setRelease(chunks, at, chunk);
        }
        return chunk;
    }
}
