package dev.cairn.txn.heap;

import dev.cairn.txn.StatusWindow;
import dev.cairn.txn.Visibility;
import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * Pages of a heap on which versions are dead, or will be once the fate of a transaction is known and old snapshots are gone:
 * what a write looks through before it makes the heap longer. Known in memory only, from what transactions do; so what died
 * before the opening is found when something is written to its page. Thread-safe; no page is read here.
 */
final class DeadPages {

    /** No page. */
    static final int NONE = 0;

    /** How many are looked at in one call: those that are still waited for go to the end. */
    private static final int LOOKED_AT = 8;
    /** Pages beyond are forgotten until they are noted again. */
    private static final int MOST = 1 << 18;

    /** @param deleted whether there are dead versions if that transaction commits; else if it is rolled back */
    private record Waiting(int pageNo, long xid, boolean deleted) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final BitSet known = new BitSet();

    /** A version on that page was deleted, or replaced by one elsewhere. */
    synchronized void noteDeleted(int pageNo, long xid) {
        if (!known.get(pageNo) && waiting.size() < MOST) {
            known.set(pageNo);
            waiting.addLast(new Waiting(pageNo, xid, true));
        }
    }

    /** A page was filled, to the end by that transaction. */
    synchronized void noteFilled(int pageNo, long xid) {
        if (waiting.size() < MOST) {
            waiting.addLast(new Waiting(pageNo, xid, false));
        }
    }

    /** Whether a version on some page was deleted that may not be removed yet. */
    synchronized boolean any() {
        return !known.isEmpty();
    }

    /** Whether a version on that page was deleted that may not be removed yet; the number may come from a damaged entry. */
    synchronized boolean contains(int pageNo) {
        return pageNo > NONE && known.get(pageNo);
    }

    /** A page where versions are dead now, not to be named again until it is noted again; {@link #NONE} if none is known. */
    synchronized int take(StatusWindow window, long horizon) {
        for (int turn = Math.min(LOOKED_AT, waiting.size()); turn > 0; turn--) {
            Waiting first = waiting.removeFirst();
            long fate = Visibility.fate(first.xid, window, horizon);
            if (fate == Visibility.IN_PROGRESS) {
                waiting.addLast(first);
                continue;
            }
            if (first.deleted) {
                known.clear(first.pageNo);
            }
            if (first.deleted == (fate != Visibility.ABORTED)) {
                return first.pageNo;
            }
        }
        return NONE;
    }
}
