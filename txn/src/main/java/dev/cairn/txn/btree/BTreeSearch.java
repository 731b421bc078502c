package dev.cairn.txn.btree;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyGuess;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page of a level that holds a key, latching nothing: each page is read optimistically, and says by its fences
 * whether it is the right one. A page that was split since leads on to its right neighbour; at one that holds other keys, or is free,
 * the search begins anew at the root. After Lehman and Yao 1981, with fences as in Graefe 2004.
 *
 * <p>A key of null stands above all keys. {@code below} asks for the page that holds the greatest keys below the key, not
 * the key itself. What is found is true for the moment only: whoever latches or copies the page asks {@link #covers}
 * again. Thread-safe.
 */
final class BTreeSearch {

    /** {@link #find}: the tree is not that high. */
    static final int NO_SUCH_LEVEL = 0;

    private static final int OPTIMISTIC_TURNS = 8;
    /** So many moves on one search, several seconds of waiting among them, are not made by concurrent splits. */
    private static final int MOST_MOVES = 1 << 15;

    private static final int AGAIN = -1;
    private static final int HERE = -2;
    private static final long PAGE_NO = 0xFFFF_FFFFL;
    /** In a page's number with what is known about it: the page is a leaf. */
    private static final long OF_LEAF = 1L << 62;

    private final BTreeContext context;
    private final int fileId;

    BTreeSearch(BTreeContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
    }

    /** The page of that level for that key; {@link #NO_SUCH_LEVEL} if the root is lower. */
    int find(byte @Nullable [] key, int level, boolean below) {
        int pageNo = BTreePage.ROOT;
        for (int move = 0; move < MOST_MOVES; move++) {
            int next = (int) look(pageNo, key, level, below);
            if (next == HERE) {
                return pageNo;
            }
            if (next == NO_SUCH_LEVEL) {
                return NO_SUCH_LEVEL;
            }
            if (next == AGAIN) {
                context.health.check();
                context.scheduler.spin(move);
                pageNo = BTreePage.ROOT;
            } else {
                pageNo = next;
            }
        }
        throw new CorruptPageException(fileId, pageNo, "a search of the index through it does not end");
    }

    /**
     * Where to look for a key among the leaves, as the level above says: it may be out of date, so {@link #covers} is to be asked.
     *
     * @return the page's number in the lower half, above it {@link KeyGuess#fraction} if it is known
     */
    long leaf(byte[] key) {
        int pageNo = BTreePage.ROOT;
        for (int move = 0; move < MOST_MOVES; move++) {
            long next = look(pageNo, key, 0, false);
            if ((next & OF_LEAF) != 0 && next > 0) {
                return next ^ OF_LEAF;
            }
            if (next == HERE || next == AGAIN) {
                return next == HERE ? pageNo : find(key, 0, false);
            }
            pageNo = (int) next;
        }
        return find(key, 0, false);
    }

    private long look(int pageNo, byte @Nullable [] key, int level, boolean below) {
        for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
            Frame frame = context.cache.find(fileId, pageNo);
            long begun = frame.beginRead();
            if (begun != Frame.LATCHED) {
                long next = AGAIN;
                boolean whole = true;
                try {
                    next = step(frame.page(), pageNo, key, level, below);
                } catch (IndexOutOfBoundsException e) {
                    whole = false;
                }
                context.scheduler.point(CrashPoint.CACHE_READ);
                if (whole && frame.validate(begun, fileId, pageNo)) {
                    return next;
                }
            }
            context.scheduler.spin(turn);
        }
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            return step(frame.page(), pageNo, key, level, below);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    private static long step(PageBuffer page, int pageNo, byte @Nullable [] key, int level, boolean below) {
        int here = BTreePage.level(page);
        if (pageNo == BTreePage.ROOT && here < level) {
            return NO_SUCH_LEVEL;
        }
        if (!isInTree(page) || here < level || !begins(page, key, below)) {
            return AGAIN;
        }
        if (!ends(page, key, below)) {
            return BTreePage.right(page);
        }
        if (here == level) {
            return HERE;
        }
        if (key == null) {
            return BTreePage.child(page, BTreePage.count(page) - 1);
        }
        int slot = BTreePage.childSlot(page, key, below);
        long child = BTreePage.child(page, slot) & PAGE_NO;
        return here == 1 ? child | (long) KeyGuess.fraction(page, slot, key) << Integer.SIZE | OF_LEAF : child;
    }

    /** Whether this is the page of that level for that key. */
    static boolean covers(PageBuffer page, byte @Nullable [] key, int level, boolean below) {
        return isInTree(page) && BTreePage.level(page) == level && begins(page, key, below) && ends(page, key, below);
    }

    static boolean isInTree(PageBuffer page) {
        return PageHeader.kind(page) == PageKind.BTREE && !BTreePage.isFree(page);
    }

    private static boolean begins(PageBuffer page, byte @Nullable [] key, boolean below) {
        return key == null || (below ? BTreePage.reachesBelow(page, key) : BTreePage.reachesDownTo(page, key));
    }

    private static boolean ends(PageBuffer page, byte @Nullable [] key, boolean below) {
        if (key == null) {
            return BTreePage.right(page) == 0;
        }
        return below ? BTreePage.endsAtOrAfter(page, key) : BTreePage.endsAfter(page, key);
    }
}
