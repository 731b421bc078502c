package dev.cairn.storage.memory;

import net.openhft.chronicle.core.UnsafeMemory;

/**
 * Places on pages whose lines of memory will be read soon. They are gathered first and then loaded into the processor's caches by a loop
 * that does nothing else: the fewer instructions stand between two loads, the more of them wait for memory at the same time. Pages
 * may change beside it. Not thread-safe.
 */
public final class LineBatch {

    /** Lines that {@link #addStretch} adds. */
    public static final int STRETCH_LINES = 4;

    private final long[] addresses;
    private int count;

    /** Room for that many lines. */
    public LineBatch(int most) {
        addresses = new long[most];
    }

    /**
     * Adds the line at an offset; one outside the page stands for any place on it.
     *
     * @param page to be kept by the caller until {@link #load} has returned
     */
    public void add(PageBuffer page, int offset) {
        addresses[count++] = CacheLines.address(page, offset);
    }

    /** Adds the first three lines and the last one of a stretch; otherwise as {@link #add}. */
    public void addStretch(PageBuffer page, int offset, int bytes) {
        add(page, offset);
        add(page, offset + CacheLines.BYTES);
        add(page, offset + 2 * CacheLines.BYTES);
        add(page, offset + bytes - 1);
    }

    /** Loads and forgets all lines. What is returned is of no meaning, and to be kept: else the compiler leaves the loads away. */
    public int load() {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += UnsafeMemory.UNSAFE.getByte(addresses[i]);
        }
        count = 0;
        return sum;
    }
}
