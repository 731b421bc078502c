package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.StatusWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The versions of a page by their chains. A chain begins at its root, a slot to which entries of indexes lead: a version that is
 * not heap-only, or a slot that only leads on. Each later member is heap-only and the successor of the one before. As in
 * PostgreSQL's README.HOT.
 *
 * <p>A chain's dead versions come first: who can see one that is older than another sees no dead one before it. Besides, there
 * may be heap-only versions to which no chain leads, because their creator was rolled back; they are dead as well.
 *
 * <p>Looks at a page that does not change: a copy, or a latched one. Its slots are checked (I9), the links between them are not.
 */
public final class HotChains {

    private static final int NONE = -1;

    private final PageBuffer page;
    private final int slots;
    /** The slot where the chain of each version begins. */
    private final int[] roots;
    /** The next member's slot. */
    private final int[] next;
    /** Of the chain that is being looked at. */
    private final int[] members;

    /** Reads the page's links once. */
    public HotChains(PageBuffer page) {
        this.page = page;
        this.slots = HeapPage.slotCount(page);
        this.roots = new int[slots];
        this.next = new int[slots];
        this.members = new int[slots];
        Arrays.fill(roots, NONE);
        Arrays.fill(next, NONE);
        for (int slot = 0; slot < slots; slot++) {
            if (HeapPage.isRedirect(page, slot)) {
                follow(slot, slot, HeapPage.redirect(page, slot));
            } else if (HeapPage.isUsed(page, slot) && !HeapPage.isHeapOnly(page, slot)) {
                roots[slot] = slot;
                follow(slot, slot, successor(page, slot));
            }
        }
    }

    /** Whether there is a version that nobody can see: else there is nothing to remove, and no need of the chains. */
    static boolean anyDead(PageBuffer page, long horizon, StatusWindow window) {
        for (int slot = HeapPage.slotCount(page) - 1; slot >= 0; slot--) {
            if (HeapPage.isUsed(page, slot) && Tuples.isDead(page, slot, horizon, window)) {
                return true;
            }
        }
        return false;
    }

    private void follow(int root, int from, int first) {
        int last = from;
        int slot = first;
        while (slot != NONE && roots[slot] == NONE) {
            roots[slot] = root;
            next[last] = slot;
            last = slot;
            slot = successor(page, slot);
        }
    }

    /** The slot of the version that follows on the page in the same chain; -1 if there is none. */
    static int successor(PageBuffer page, int slot) {
        if ((HeapPage.flags(page, slot) & TupleFlags.HOT_UPDATED) == 0) {
            return NONE;
        }
        long forward = HeapPage.forward(page, slot);
        int to = RowIds.slot(forward);
        boolean follows = RowIds.page(forward) == PageHeader.pageNo(page)
                && HeapPage.isUsed(page, to)
                && HeapPage.isHeapOnly(page, to)
                && HeapPage.xmin(page, to) == HeapPage.xmax(page, slot);
        return follows ? to : NONE;
    }

    /** The slot to which entries lead that mean the version of that slot; -1 if there is none. */
    int root(int slot) {
        return roots[slot];
    }

    /** The slots of a chain's versions, oldest first. */
    public int[] members(int root) {
        return Arrays.copyOf(members, collect(root));
    }

    /** Puts the slots of a chain's versions into {@link #members}; returns how many. */
    private int collect(int root) {
        int count = 0;
        for (int slot = HeapPage.isUsed(page, root) ? root : next[root]; slot != NONE; slot = next[slot]) {
            members[count++] = slot;
        }
        return count;
    }

    /** Whether entries may lead to that slot. */
    public boolean isRoot(int slot) {
        return HeapPage.isRedirect(page, slot) || (slot < slots && roots[slot] == slot);
    }

    /** Says of a slot whether it has to stay as it is, though its version is dead. */
    interface Keeper {
        boolean keeps(int slot);
    }

    /** What can be removed from a page: slots, and pairs of slots of which the first leads to the second from then on. */
    record Pruning(int[] slots, int[] redirects) {
        boolean isEmpty() {
            return slots.length == 0 && redirects.length == 0;
        }
    }

    /**
     * What nobody can see any more.
     *
     * @param whole also of chains of which nothing is left then; else their first version stays, so that entries of indexes can
     *     be removed by its key before its slot is used again
     */
    Pruning prunable(boolean whole, long horizon, StatusWindow window, Keeper keeper) {
        int[] removed = new int[slots];
        int[] redirects = new int[2 * slots];
        int removedCount = 0;
        int redirectCount = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (isRoot(slot)) {
                int count = collect(slot);
                int dead = deadPrefix(count, horizon, window);
                for (int i = dead + 1; i < count; i++) {
                    // Behind one that somebody may see: their creators were rolled back.
                    if (Tuples.isDead(page, members[i], horizon, window) && !keeper.keeps(members[i])) {
                        removed[removedCount++] = members[i];
                    }
                }
                if (dead == 0 || keepsAny(keeper, slot, dead)) {
                    continue;
                }
                boolean redirect = HeapPage.isRedirect(page, slot);
                int kept = dead == count && !whole ? 1 : 0;
                for (int i = dead == count ? kept : redirect ? 0 : 1; i < dead; i++) {
                    removed[removedCount++] = members[i];
                }
                if (dead < count) {
                    redirects[redirectCount++] = slot;
                    redirects[redirectCount++] = members[dead];
                } else if (redirect && whole) {
                    removed[removedCount++] = slot;
                }
            } else if (HeapPage.isUsed(page, slot)
                    && roots[slot] == NONE
                    && Tuples.isDead(page, slot, horizon, window)
                    && !keeper.keeps(slot)) {
                removed[removedCount++] = slot;
            }
        }
        return new Pruning(Arrays.copyOf(removed, removedCount), Arrays.copyOf(redirects, redirectCount));
    }

    /** What is left of chains all of whose versions are dead: all of it can be removed once no entry leads to it. */
    int[] removable(List<DeadChain> chains, long horizon, StatusWindow window, Keeper keeper) {
        int[] removed = new int[slots];
        int count = 0;
        for (DeadChain chain : chains) {
            int root = RowIds.slot(chain.rowId());
            if (root >= slots || !isRoot(root)) {
                continue;
            }
            int length = collect(root);
            if (length > 0
                    && HeapPage.xmin(page, members[0]) == chain.xmin()
                    && deadPrefix(length, horizon, window) == length
                    && !keepsAny(keeper, root, length)) {
                for (int i = 0; i < length; i++) {
                    removed[count++] = members[i];
                }
                if (HeapPage.isRedirect(page, root)) {
                    removed[count++] = root;
                }
            }
        }
        return Arrays.copyOf(removed, count);
    }

    private boolean keepsAny(Keeper keeper, int root, int dead) {
        boolean keeps = keeper.keeps(root);
        for (int i = 0; i < dead; i++) {
            keeps |= keeper.keeps(members[i]);
        }
        return keeps;
    }

    private int deadPrefix(int count, long horizon, StatusWindow window) {
        int dead = 0;
        while (dead < count && Tuples.isDead(page, members[dead], horizon, window)) {
            dead++;
        }
        return dead;
    }

    /** The chains of which all versions are dead. */
    List<DeadChain> dead(long horizon, StatusWindow window) {
        List<DeadChain> dead = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            if (isRoot(slot)) {
                int count = collect(slot);
                if (count > 0 && deadPrefix(count, horizon, window) == count) {
                    List<byte[]> rows = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        rows.add(HeapPage.data(page, members[i]));
                    }
                    dead.add(new DeadChain(
                            RowIds.of(PageHeader.pageNo(page), slot), HeapPage.xmin(page, members[0]), rows));
                }
            }
        }
        return dead;
    }
}
