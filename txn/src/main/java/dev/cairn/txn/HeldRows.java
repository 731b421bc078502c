package dev.cairn.txn;

import java.util.Arrays;

/**
 * The pages on which a transaction holds rows, with the level that took them, in the order of time: what was taken since a
 * level began has its serial or a later one and stands at the end. Locks that others have carried over to a new version of a
 * held row stand apart, as they may belong to an earlier level. Guarded by the {@link WaitGraph}'s monitor.
 */
final class HeldRows {

    private static final long[] NONE = {};

    private long[] pages = NONE;
    private long[] levels = NONE;
    private int size;
    private long[] carriedPages = NONE;
    private int carried;

    boolean isEmpty() {
        return size == 0 && carried == 0;
    }

    void add(long page, long level) {
        if (size == pages.length) {
            pages = Arrays.copyOf(pages, grown(size));
            levels = Arrays.copyOf(levels, pages.length);
        }
        pages[size] = page;
        levels[size++] = level;
    }

    /** Somebody else has carried a lock of this transaction over to another page. */
    void carry(long page) {
        if (carried == carriedPages.length) {
            carriedPages = Arrays.copyOf(carriedPages, grown(carried));
        }
        carriedPages[carried++] = page;
    }

    private static int grown(int length) {
        return Math.max(4, length + (length >> 1));
    }

    /** Takes away and returns a page that {@code level} or one opened later holds; -1 if there is none left. */
    long removeLast(long level) {
        if (size == 0 || levels[size - 1] < level) {
            return -1;
        }
        long page = pages[--size];
        if (size == 0) {
            pages = NONE;
            levels = NONE;
        }
        return page;
    }

    /** The pages that locks were carried over to; they are forgotten if {@code forget}. */
    long[] carried(boolean forget) {
        long[] all = Arrays.copyOf(carriedPages, carried);
        if (forget) {
            carried = 0;
            carriedPages = NONE;
        }
        return all;
    }
}
