package dev.cairn.txn.btree;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Changes of an index's shape: splits and the return of empty pages. Each is a chain of changes of two pages, and after each of
 * them the tree is whole: every key is found by moving right. Whatever is left undone, by a crash or by another thread, is done
 * by the next writer who comes by. Thread-safe; callers hold no latch.
 *
 * <pre>
 *   split     1. the upper part goes to a new right neighbour, which has no downlink
 *             2. the parent gets the downlink; if it is full it is split first, if there is none the root rises first
 *   return    1. the parent loses the downlink of the empty page
 *             2. the left neighbour takes over its range, and it is free
 * </pre>
 *
 * The root is always page 1. It rises by giving all that it holds to a new page, its only child. Pages above the leaves are
 * never given back, nor is the first child of a page.
 */
final class BTreeShape {

    private final BTreeContext context;
    private final int fileId;
    private final BTreeSearch search;
    private final BTreeSpace space;

    BTreeShape(BTreeContext context, int fileId, BTreeSearch search, BTreeSpace space) {
        this.context = context;
        this.fileId = fileId;
        this.search = search;
        this.space = space;
    }

    /** Splits the page if the key belongs there and still has no room. */
    void split(int pageNo, byte[] key, int level) {
        int freshNo = space.allocate();
        if (freshNo == pageNo) {
            // Either it has left the tree since it was found, or what was known of it is out of date.
            space.giveIfFree(freshNo);
            return;
        }
        FramePair pair = latch(freshNo, pageNo);
        boolean done = false;
        try {
            PageBuffer fresh = pair.firstPage();
            PageBuffer page = pair.secondPage();
            boolean isFree = BTreePage.isFree(fresh);
            if (isFree && BTreeSearch.covers(page, key, level, false) && !BTreePage.fits(page, key)) {
                SplitPoint point = SplitPoint.of(page, key);
                WalRecord record = new WalRecord.IndexSplit(fileId, freshNo, pageNo, point.at(), point.separator());
                pair.markDirty();
                BTreePage.splitRight(page, point.at(), point.separator(), fresh, freshNo);
                BTreePage.splitLeft(page, point.at(), point.separator(), freshNo);
                pair.append(context.wal, record);
                done = true;
            } else if (isFree) {
                space.give(freshNo);
            }
        } finally {
            pair.unlatch(context.cache);
        }
        if (done) {
            context.scheduler.point(CrashPoint.INDEX_SPLIT);
            link(freshNo);
        }
    }

    /** Gives the page its entry in the level above, unless it has one. */
    void link(int pageNo) {
        while (true) {
            byte[] low;
            int level;
            Frame frame = context.cache.latch(fileId, pageNo);
            try {
                PageBuffer page = frame.page();
                if (!lacksDownlink(page)) {
                    return;
                }
                low = BTreePage.low(page);
                level = BTreePage.level(page);
            } finally {
                context.cache.unlatch(frame);
            }
            int parentNo = search.find(low, level + 1, false);
            if (parentNo == BTreeSearch.NO_SUCH_LEVEL) {
                raiseRoot(level);
            } else if (parentNo != pageNo && tryLink(parentNo, pageNo, low, level)) {
                return;
            }
        }
    }

    private boolean tryLink(int parentNo, int pageNo, byte[] low, int level) {
        FramePair pair = latch(parentNo, pageNo);
        try {
            PageBuffer parent = pair.firstPage();
            PageBuffer page = pair.secondPage();
            if (!lacksDownlink(page) || BTreePage.level(page) != level || !Arrays.equals(low, BTreePage.low(page))) {
                return true;
            }
            if (!BTreeSearch.covers(parent, low, level + 1, false)) {
                return false;
            }
            if (BTreePage.fits(parent, low)) {
                int slot = BTreePage.childSlot(parent, low, false) + 1;
                WalRecord record = new WalRecord.IndexDownlink(fileId, parentNo, pageNo, slot, low);
                pair.markDirty();
                BTreePage.insert(parent, slot, low, pageNo);
                BTreePage.setDownlink(page, true);
                pair.append(context.wal, record);
                return true;
            }
        } finally {
            pair.unlatch(context.cache);
        }
        split(parentNo, low, level + 1);
        return false;
    }

    /** Makes the tree higher if its root still is of that level. */
    private void raiseRoot(int level) {
        int movedNo = space.allocate();
        FramePair pair = latch(movedNo, BTreePage.ROOT);
        try {
            PageBuffer moved = pair.firstPage();
            PageBuffer root = pair.secondPage();
            boolean isFree = BTreePage.isFree(moved);
            if (isFree && BTreePage.level(root) == level) {
                WalRecord record = new WalRecord.IndexRoot(fileId, movedNo, BTreePage.ROOT, level + 1);
                pair.markDirty();
                BTreePage.moveRoot(root, moved, movedNo);
                BTreePage.initRoot(root, fileId, level + 1, movedNo);
                pair.append(context.wal, record);
            } else if (isFree) {
                space.give(movedNo);
            }
        } finally {
            pair.unlatch(context.cache);
        }
        context.scheduler.point(CrashPoint.INDEX_ROOT_RISEN);
    }

    /** Takes an empty leaf out of the tree, if it still is empty and the neighbourhood allows it. */
    void giveBack(int pageNo) {
        byte[] low = lowOfEmpty(pageNo);
        if (low == null || !unlink(pageNo, low)) {
            return;
        }
        context.scheduler.point(CrashPoint.INDEX_UNLINKED);
        int leftNo = search.find(low, 0, true);
        if (leftNo != pageNo && absorb(leftNo, pageNo, low)) {
            space.give(pageNo);
        } else {
            link(pageNo);
        }
    }

    private byte @Nullable [] lowOfEmpty(int pageNo) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            byte[] low = isEmptyLeaf(frame.page()) ? BTreePage.low(frame.page()) : KeyBytes.LEAST;
            return low.length == 0 ? null : low;
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /** Whether the page has no downlink any more. */
    private boolean unlink(int pageNo, byte[] low) {
        int parentNo = search.find(low, 1, false);
        if (parentNo == BTreeSearch.NO_SUCH_LEVEL || parentNo == pageNo) {
            return false;
        }
        FramePair pair = latch(parentNo, pageNo);
        try {
            PageBuffer parent = pair.firstPage();
            PageBuffer page = pair.secondPage();
            if (!isEmptyLeaf(page) || !Arrays.equals(low, BTreePage.low(page))) {
                return false;
            }
            if (!BTreePage.hasDownlink(page)) {
                return true;
            }
            int slot = BTreeSearch.covers(parent, low, 1, false) ? BTreePage.childSlot(parent, low, false) : 0;
            if (slot == 0 || BTreePage.child(parent, slot) != pageNo) {
                return false;
            }
            WalRecord record = new WalRecord.IndexUnlink(fileId, parentNo, pageNo, slot);
            int[] slots = {slot};
            pair.markDirty();
            BTreePage.remove(parent, slots);
            BTreePage.setDownlink(page, false);
            pair.append(context.wal, record);
            return true;
        } finally {
            pair.unlatch(context.cache);
        }
    }

    private boolean absorb(int leftNo, int pageNo, byte[] low) {
        FramePair pair = latch(leftNo, pageNo);
        try {
            PageBuffer left = pair.firstPage();
            PageBuffer page = pair.secondPage();
            byte[] high = BTreePage.high(page);
            int next = BTreePage.right(page);
            boolean may = BTreeSearch.covers(left, low, 0, true)
                    && BTreePage.right(left) == pageNo
                    && isEmptyLeaf(page)
                    && !BTreePage.hasDownlink(page)
                    && Arrays.equals(low, BTreePage.low(page))
                    && BTreePage.fitsWithHigh(left, high, next != 0);
            if (may) {
                WalRecord record = new WalRecord.IndexAbsorb(fileId, leftNo, pageNo, next, high);
                pair.markDirty();
                BTreePage.absorb(left, high, next);
                BTreePage.free(page);
                pair.append(context.wal, record);
            }
            return may;
        } finally {
            pair.unlatch(context.cache);
        }
    }

    private FramePair latch(int first, int second) {
        return FramePair.latch(context.cache, fileId, first, second);
    }

    private static boolean lacksDownlink(PageBuffer page) {
        return BTreeSearch.isInTree(page) && !BTreePage.hasDownlink(page);
    }

    private static boolean isEmptyLeaf(PageBuffer page) {
        return BTreeSearch.isInTree(page) && BTreePage.level(page) == 0 && BTreePage.count(page) == 0;
    }
}
