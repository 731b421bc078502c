package dev.cairn.storage.memory;

import java.lang.invoke.VarHandle;
import java.util.stream.Stream;

/**
 * The memory of a page cache: equal frames cut from large slabs, each frame's {@link PageBuffer} made once. Thread-safe,
 * but for {@link #close}.
 */
public final class PageMemory implements AutoCloseable {

    /** Slabs are no larger than this, so that one never needs a huge contiguous range. */
    static final long MAX_SLAB_BYTES = 64L << 20;

    private final Slab[] slabs;
    /** Where the slabs begin. */
    private final long[] addresses;
    /** All slabs but the last one have two to the power of this frames. */
    private final int slabShift;

    private final PageBuffer[] frames;
    private final int pageSize;
    /** 0 once closed. */
    private int frameBytes;

    private PageMemory(Slab[] slabs, int slabShift, PageBuffer[] frames, int pageSize) {
        this.slabs = slabs;
        this.addresses = Stream.of(slabs).mapToLong(Slab::address).toArray();
        this.slabShift = slabShift;
        this.frames = frames;
        this.pageSize = pageSize;
        this.frameBytes = pageSize;
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
        int slabShift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros((int) (MAX_SLAB_BYTES / pageSize));
        int perSlab = 1 << slabShift;
        Slab[] slabs = new Slab[(frames - 1) / perSlab + 1];
        PageBuffer[] buffers = new PageBuffer[frames];
        for (int i = 0; i < slabs.length; i++) {
            int first = i * perSlab;
            int count = Math.min(perSlab, frames - first);
            slabs[i] = Slab.allocate((long) count * pageSize);
            for (int k = 0; k < count; k++) {
                buffers[first + k] = new PageBuffer(slabs[i], (long) k * pageSize, pageSize);
            }
        }
        return new PageMemory(slabs, slabShift, buffers, pageSize);
    }

    /**
     * Asks the operating system to back the frames with huge pages. To be called before they are touched.
     *
     * @return whether it has taken notice: not if it is not Linux, or {@code com.github.jnr:jnr-ffi} is not on the class path
     */
    public boolean adviseHugePages() {
        return Stream.of(slabs).allMatch(Slab::adviseHugePages);
    }

    /** Always the same object for the same {@code i}. */
    public PageBuffer frame(int i) {
        return frames[i];
    }

    /** A view of the first frame, and then of any other one. */
    public PageWindow window() {
        return new PageWindow(this);
    }

    /** Of a frame's first byte, for as long as this can be reached. */
    long address(int frame) {
        return addresses[frame >>> slabShift] + (long) (frame & (1 << slabShift) - 1) * pageSize;
    }

    /** Bytes of a frame that may be accessed: none any more once closed. */
    int frameBytes() {
        return frameBytes;
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
        frameBytes = 0;
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
