package dev.cairn.txn.heap;

import java.util.BitSet;

/**
 * Where a heap has room, as far as it is known: a hint in memory, filled by inserts, prunes and scans, never by I/O of its
 * own. Each stripe has a page of its own to insert into, so that concurrent transactions do not meet on one. Thread-safe.
 */
final class FreeSpace {

    /** A power of two. */
    private static final int STRIPES = 8;

    private static final int NONE = -1;

    private final int[] targets = new int[STRIPES];
    private final BitSet roomy = new BitSet();
    private int hand;

    FreeSpace() {
        java.util.Arrays.fill(targets, NONE);
    }

    /** The page that this stripe inserts into, or -1. */
    synchronized int target(long stripe) {
        return targets[(int) stripe & STRIPES - 1];
    }

    synchronized void setTarget(long stripe, int page) {
        targets[(int) stripe & STRIPES - 1] = page;
    }

    /** Takes a page that was said to have room off the list; -1 if there is none. */
    synchronized int takeRoomy() {
        int page = roomy.nextSetBit(hand);
        if (page < 0) {
            page = roomy.nextSetBit(0);
        }
        if (page >= 0) {
            roomy.clear(page);
            hand = page + 1;
        }
        return page;
    }

    /** A page is worth trying. */
    synchronized void noteRoomy(int page) {
        roomy.set(page);
    }
}
