package dev.cairn.storage.memory;

import net.openhft.chronicle.core.UnsafeMemory;
import org.jspecify.annotations.Nullable;

/**
 * Brings what will be read on several pages into the processor's caches. Loads that do not depend on each other wait for memory at the
 * same time, the more of them the fewer instructions stand between; so these loops do nothing else. Any thread; pages may change beside
 * it. What is returned is of no meaning, and to be kept: else the compiler leaves the loads away.
 */
public final class CacheLines {

    /** What a processor loads at a time. */
    public static final int BYTES = 64;

    private CacheLines() {}

    /**
     * Loads the first line of each page, and the one at an offset.
     *
     * @param pages null for none
     * @param offsets one outside the page stands for any place on it
     * @param count how many pages
     */
    public static int loadHeaders(@Nullable PageBuffer[] pages, int[] offsets, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            PageBuffer page = pages[i];
            if (page != null) {
                long address = page.address();
                sum += UnsafeMemory.UNSAFE.getByte(address)
                        + UnsafeMemory.UNSAFE.getByte(address + (offsets[i] & last(page)));
            }
        }
        return sum;
    }

    /**
     * Loads the first three lines and the last one of a stretch of each page; otherwise as {@link #loadHeaders}.
     *
     * @param lengths bytes
     */
    public static int loadStretches(@Nullable PageBuffer[] pages, int[] offsets, int[] lengths, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            PageBuffer page = pages[i];
            if (page != null) {
                long address = page.address();
                int last = last(page);
                int at = offsets[i];
                sum += UnsafeMemory.UNSAFE.getByte(address + (at & last))
                        + UnsafeMemory.UNSAFE.getByte(address + (at + BYTES & last))
                        + UnsafeMemory.UNSAFE.getByte(address + (at + 2 * BYTES & last))
                        + UnsafeMemory.UNSAFE.getByte(address + (at + lengths[i] - 1 & last));
            }
        }
        return sum;
    }

    /** Loads the line at an offset; one outside the page stands for any place on it. */
    public static int load(PageBuffer page, int offset) {
        return UnsafeMemory.UNSAFE.getByte(page.address() + (offset & last(page)));
    }

    /** A closed page has no size, but its first byte is still there. */
    private static int last(PageBuffer page) {
        return Math.max(0, page.size() - 1);
    }
}
