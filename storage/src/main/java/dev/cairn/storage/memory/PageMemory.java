package dev.cairn.storage.memory;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a page cache: equal frames cut from large slabs, each frame's {@link PageBuffer} made once. Thread-safe,
 * but for {@link #close}.
 */
public final class PageMemory implements AutoCloseable {

    /** Slabs are no larger than this, so that one never needs a huge contiguous range. */
    static final long MAX_SLAB_BYTES = 64L << 20;

    private final List<Slab> slabs;
    private final PageBuffer[] frames;
    private final int pageSize;

    private PageMemory(List<Slab> slabs, PageBuffer[] frames, int pageSize) {
        this.slabs = slabs;
        this.frames = frames;
        this.pageSize = pageSize;
    }

    /**
     * The frames' contents are arbitrary: memory that is not touched costs nothing.
     *
     * @param pageSize bytes of a frame
     * @throws OutOfMemoryError if the operating system has no memory left; nothing is held then
     */
    public static PageMemory allocate(int frames, int pageSize) {
        if (frames <= 0 || pageSize <= 0 || pageSize > MAX_SLAB_BYTES) {
            throw new IllegalArgumentException(frames + " frames of " + pageSize + " bytes");
        }
        int perSlab = (int) Math.min(frames, MAX_SLAB_BYTES / pageSize);
        List<Slab> slabs = new ArrayList<>();
        PageBuffer[] buffers = new PageBuffer[frames];
        for (int first = 0; first < frames; first += perSlab) {
            int count = Math.min(perSlab, frames - first);
            Slab slab = Slab.allocate((long) count * pageSize);
            slabs.add(slab);
            for (int i = 0; i < count; i++) {
                buffers[first + i] = new PageBuffer(slab, (long) i * pageSize, pageSize);
            }
        }
        return new PageMemory(slabs, buffers, pageSize);
    }

    /**
     * Asks the operating system to back the frames with huge pages. To be called before they are touched.
     *
     * @return whether it has taken notice: not if it is not Linux, or {@code com.github.jnr:jnr-ffi} is not on the class path
     */
    public boolean adviseHugePages() {
        return slabs.stream().allMatch(Slab::adviseHugePages);
    }

    /** Always the same object for the same {@code i}. */
    public PageBuffer frame(int i) {
        return frames[i];
    }

    public int frames() {
        return frames.length;
    }

    public int pageSize() {
        return pageSize;
    }

    /** Makes every later access through a frame fail. The memory itself goes back when nothing can reach it any more. */
    @Override
    public void close() {
        for (PageBuffer frame : frames) {
            frame.close();
        }
    }

    /**
     * Orders the reads before it ahead of the reads and writes after it: between reading an optimistic section's fields and
     * reading the frame's version again.
     */
    public static void acquireFence() {
        VarHandle.acquireFence();
    }
}
