package dev.cairn.txn.heap;

import java.util.BitSet;

/**
 * Where a heap has room, as far as it is known: a hint in memory, filled by inserts, prunes and scans, never by I/O of its
 * own. All transactions insert into one page until it is full, so rows stand in the order in which they came, as in
 * PostgreSQL. Thread-safe.
 */
final class FreeSpace {

    /** No page: also page 0 is none, as it is the file's header. */
    static final int NONE = 0;

    private final BitSet roomy = new BitSet();
    private int target;
    private int hand;

    /** @param target the page to try first, {@link #NONE} if the heap has none */
    FreeSpace(int target) {
        this.target = target;
    }

    /** The page to insert into: the present one, or one that was said to have room; {@link #NONE} if there is neither. */
    synchronized int target() {
        if (target == NONE) {
            int page = roomy.nextSetBit(hand);
            if (page < 0) {
                page = roomy.nextSetBit(0);
            }
            if (page > 0) {
                roomy.clear(page);
                hand = page + 1;
                target = page;
            }
        }
        return target;
    }

    /** A page has just come into use. */
    synchronized void setTarget(int page) {
        target = page;
    }

    /** There was no room on that page; whether it was the one to insert into. */
    synchronized boolean noteFull(int page) {
        boolean wasTarget = target == page;
        if (wasTarget) {
            target = NONE;
        }
        return wasTarget;
    }

    /** A page is worth trying. */
    synchronized void noteRoomy(int page) {
        if (page != target) {
            roomy.set(page);
        }
    }
}
