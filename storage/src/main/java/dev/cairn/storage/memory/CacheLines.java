package dev.cairn.storage.memory;

import net.openhft.chronicle.core.UnsafeMemory;

/**
 * Brings what will be read on a page into the processor's caches. Any thread; the page may change beside it. What is returned is of no
 * meaning, and to be kept: else the compiler leaves the load away.
 */
public final class CacheLines {

    /** What a processor loads at a time. */
    public static final int BYTES = 64;

    private CacheLines() {}

    /** Loads the line at an offset; one outside the page stands for any place on it. */
    public static int load(PageBuffer page, int offset) {
        return UnsafeMemory.UNSAFE.getByte(address(page, offset));
    }

    /** A closed page has no size, but its first byte is still there. */
    static long address(PageBuffer page, int offset) {
        return page.address() + (offset & Math.max(0, page.size() - 1));
    }
}
