package dev.cairn.txn.btree;

/** Knows which entries nobody needs any more, and is asked before a page is split. Called without any latch held. */
@FunctionalInterface
public interface LeafCleaner {

    /** Removes what is dead from that page; false if there was nothing, or another thread is at it. */
    boolean clean(BTree tree, int pageNo);
}
