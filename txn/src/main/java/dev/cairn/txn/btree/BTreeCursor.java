package dev.cairn.txn.btree;

import static java.util.Objects.requireNonNull;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyArrays;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.memory.PageBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a range in order. Each leaf is copied once and read in the copy; the way to the next one is its fence, a key,
 * so splits, deletions and pages that are used again beside the cursor neither hide a key that was there all the time nor
 * show one twice. What is put or removed meanwhile may be seen or not. Used by one thread at a time.
 *
 * <p>A new one is closed. One that is closed can begin with a range, and needs no room then that it has had before.
 */
public final class BTreeCursor implements AutoCloseable {

    private @Nullable BTree tree;
    private byte[] from = KeyBytes.LEAST;
    private byte @Nullable [] to;
    private boolean descending;
    private @Nullable PageBuffer leaf;
    /** For the fence that is the way to the next leaf. */
    private final KeyArrays fences = new KeyArrays();

    private int slot;
    /** The first slot of the leaf, in the cursor's direction, that is not in the range. */
    private int limit;

    private boolean begun;
    private boolean ended;

    /**
     * Begins with a range of that tree. As {@link BTree#ascending} and {@link BTree#descending}, but for the arrays: they are not
     * to be changed until the cursor is closed.
     *
     * @throws IllegalStateException if it has not been closed
     */
    public void begin(BTree in, byte[] first, byte @Nullable [] end, boolean backwards) {
        if (leaf != null) {
            throw new IllegalStateException("expected a cursor that is closed, found an open one");
        }
        tree = in;
        from = first;
        to = end;
        descending = backwards;
        begun = false;
        ended = false;
        leaf = in.context().takeBuffer();
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
            begin(page, requireNonNull(tree));
        } else {
            slot += descending ? -1 : 1;
        }
        while (descending ? slot <= limit : slot >= limit) {
            if (!turn(page, requireNonNull(tree))) {
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

    private void begin(PageBuffer page, BTree in) {
        if (descending) {
            beginBelow(page, in, to);
        } else {
            in.copyLeaf(from, false, page);
            slot = BTreePage.lowerBound(page, from);
            limit = end(page);
        }
    }

    /** The first slot of a leaf whose key is behind the range. */
    private int end(PageBuffer page) {
        return to == null || !BTreePage.endsAfter(page, to) ? BTreePage.count(page) : BTreePage.lowerBound(page, to);
    }

    private void beginBelow(PageBuffer page, BTree in, byte @Nullable [] bound) {
        in.copyLeaf(bound, true, page);
        slot = (bound == null ? BTreePage.count(page) : BTreePage.lowerBound(page, bound)) - 1;
        limit = BTreePage.reachesBelow(page, from) ? BTreePage.lowerBound(page, from) - 1 : -1;
    }

    /** Goes to the neighbouring leaf; false if the range ends with this one. */
    private boolean turn(PageBuffer page, BTree in) {
        if (descending) {
            byte[] low = BTreePage.low(page, fences);
            if (low.length == 0 || KeyBytes.compare(low, from) <= 0) {
                return false;
            }
            beginBelow(page, in, low);
            return true;
        }
        int right = BTreePage.right(page);
        byte[] high = BTreePage.high(page, fences);
        if (right == 0 || (to != null && KeyBytes.compare(high, to) >= 0)) {
            return false;
        }
        if (!in.copyLeafAt(right, high, page)) {
            in.copyLeaf(high, false, page);
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
            requireNonNull(tree).context().giveBuffer(page);
        }
    }
}
