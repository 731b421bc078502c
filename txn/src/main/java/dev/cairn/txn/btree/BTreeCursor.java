package dev.cairn.txn.btree;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.memory.PageBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a range in order. Each leaf is copied once and read in the copy; the way to the next one is its fence, a key,
 * so splits, deletions and pages that are used again beside the cursor neither hide a key that was there all the time nor
 * show one twice. What is put or removed meanwhile may be seen or not. Used by one thread at a time.
 */
public final class BTreeCursor implements AutoCloseable {

    private final BTree tree;
    private final byte[] from;
    private final byte @Nullable [] to;
    private final boolean descending;
    private @Nullable PageBuffer leaf;
    private int slot;
    /** The first slot of the leaf, in the cursor's direction, that is not in the range. */
    private int limit;

    private boolean begun;
    private boolean ended;

    BTreeCursor(BTree tree, byte[] from, byte @Nullable [] to, boolean descending) {
        this.tree = tree;
        this.from = from;
        this.to = to;
        this.descending = descending;
        this.leaf = tree.context().takeBuffer();
    }

    /** Goes to the next key; false if there is none. Allocates nothing but when it goes to another leaf. */
    public boolean next() {
        PageBuffer page = leaf;
        if (page == null || ended) {
            return false;
        }
        if (to != null && to.length == 0) {
            return end();
        }
        if (!begun) {
            begun = true;
            begin(page);
        } else {
            slot += descending ? -1 : 1;
        }
        while (descending ? slot <= limit : slot >= limit) {
            if (!turn(page)) {
                return end();
            }
        }
        return true;
    }

    /**
     * Goes on by as many keys as stand on the same leaf and find room, and by one at least; the cursor then stands on the last of
     * them. Allocates as {@link #next()} does.
     *
     * @param rowIds gets the row ids at the keys' ends
     * @param most how many; from 1 to the length of the array
     * @return how many; 0 if there is no further key
     */
    public int next(long[] rowIds, int most) {
        if (!next()) {
            return 0;
        }
        PageBuffer page = current();
        int step = descending ? -1 : 1;
        rowIds[0] = BTreePage.rowId(page, slot);
        int count = 1;
        while (count < most && slot + step != limit) {
            slot += step;
            rowIds[count++] = BTreePage.rowId(page, slot);
        }
        return count;
    }

    private void begin(PageBuffer page) {
        if (descending) {
            beginBelow(page, to);
        } else {
            tree.copyLeaf(from, false, page);
            slot = BTreePage.lowerBound(page, from);
            limit = end(page);
        }
    }

    /** The first slot of a leaf whose key is behind the range. */
    private int end(PageBuffer page) {
        return to == null || !BTreePage.endsAfter(page, to) ? BTreePage.count(page) : BTreePage.lowerBound(page, to);
    }

    private void beginBelow(PageBuffer page, byte @Nullable [] bound) {
        tree.copyLeaf(bound, true, page);
        slot = (bound == null ? BTreePage.count(page) : BTreePage.lowerBound(page, bound)) - 1;
        limit = BTreePage.reachesBelow(page, from) ? BTreePage.lowerBound(page, from) - 1 : -1;
    }

    /** Goes to the neighbouring leaf; false if the range ends with this one. */
    private boolean turn(PageBuffer page) {
        if (descending) {
            byte[] low = BTreePage.low(page);
            if (low.length == 0 || KeyBytes.compare(low, from) <= 0) {
                return false;
            }
            beginBelow(page, low);
            return true;
        }
        int right = BTreePage.right(page);
        byte[] high = BTreePage.high(page);
        if (right == 0 || (to != null && KeyBytes.compare(high, to) >= 0)) {
            return false;
        }
        if (!tree.copyLeafAt(right, high, page)) {
            tree.copyLeaf(high, false, page);
        }
        slot = BTreePage.lowerBound(page, high);
        limit = end(page);
        return true;
    }

    private boolean end() {
        ended = true;
        return false;
    }

    /** A copy of the current key, row id included. */
    public byte[] key() {
        return BTreePage.key(current(), slot);
    }

    /** The row id at the current key's end. Allocates nothing. */
    public long rowId() {
        return BTreePage.rowId(current(), slot);
    }

    private PageBuffer current() {
        PageBuffer page = leaf;
        if (page == null || !begun || ended) {
            throw new IllegalStateException("the cursor stands on no key");
        }
        return page;
    }

    /** Idempotent. */
    @Override
    public void close() {
        PageBuffer page = leaf;
        if (page != null) {
            leaf = null;
            tree.context().giveBuffer(page);
        }
    }
}
