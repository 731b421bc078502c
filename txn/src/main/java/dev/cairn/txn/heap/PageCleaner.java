package dev.cairn.txn.heap;

/**
 * Removes dead versions of a heap that has indexes: their entries first, so that no entry ever leads to a slot that has been
 * given to another row. Called without any latch held.
 */
public interface PageCleaner {

    /** Whether there are indexes; if not, the heap prunes by itself, under the latch. */
    boolean isNeeded();

    /** Removes what is dead on that page; false if there was nothing, or another thread is at it. */
    boolean clean(int pageNo);
}
