package dev.cairn.txn;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.RowIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Locks on rows, in memory alone: they need not survive a crash. Who changes a row holds it by the xmax that he writes, and
 * has no entry here; what stands here are locks that were asked for, by the version that they were asked for, and queues.
 *
 * <p>A row's locks are consulted and added to only under its page's latch, so what is found free stays free until the latch
 * is given back; they are taken away without it. An update of a row carries the locks of others over to the new version. A
 * locked row's slot is not used again.
 *
 * <p>First come, first served, by tickets that are drawn when a wait begins; only who holds the row already goes before, and
 * who would not wait: NOWAIT and SKIP LOCKED ask about those who hold the row, not about those who wait for it. All
 * state is guarded by the {@link WaitGraph}'s monitor, which comes after page latches and before nothing. Thread-safe.
 */
public final class RowLocks {

    private static final int STRIPES = 1024;

    private final WaitGraph graph;
    private final Map<Long, PageRowLocks> pages = new HashMap<>();
    /** How many pages of each stripe are in the map: most pages have no locks, and are asked about without the monitor. */
    private final AtomicIntegerArray stripes = new AtomicIntegerArray(STRIPES);

    private long lastTicket;

    RowLocks(WaitGraph graph) {
        this.graph = graph;
    }

    private static long page(int fileId, int pageNo) {
        return (long) fileId << 32 | (pageNo & 0xFFFF_FFFFL);
    }

    private static int stripe(long page) {
        return (int) ((page * 0x9E37_79B9_7F4A_7C15L) >>> 54);
    }

    static String describe(long page, int slot) {
        return RowIds.format(RowIds.of((int) page, slot)) + " of file " + (page >>> 32);
    }

    /** Whether nobody holds or awaits a row of the page. Cheap. Call under the page's latch. */
    public boolean isIdle(int fileId, int pageNo) {
        return isIdle(page(fileId, pageNo));
    }

    private boolean isIdle(long page) {
        return stripes.get(stripe(page)) == 0;
    }

    /** Whether somebody holds or awaits that row, so that its slot must stay. */
    public boolean isBusy(int fileId, long rowId) {
        long page = page(fileId, RowIds.page(rowId));
        if (isIdle(page)) {
            return false;
        }
        synchronized (graph) {
            PageRowLocks locks = pages.get(page);
            return locks != null && locks.isBusy(RowIds.slot(rowId));
        }
    }

    /** How strongly the transaction has asked to hold that row; null if it has not. */
    public @Nullable RowLockMode held(Xact xact, int fileId, long rowId) {
        long page = page(fileId, RowIds.page(rowId));
        if (isIdle(page)) {
            return null;
        }
        synchronized (graph) {
            PageRowLocks locks = pages.get(page);
            return locks == null ? null : locks.holds(RowIds.slot(rowId)).modeOf(xact);
        }
    }

    /** Whether a transaction holds a row FOR UPDATE. */
    public enum ForUpdate {
        NOT,
        /** All that it holds of the row was taken at its innermost level. */
        BY_THIS_LEVEL,
        BY_OTHERS_TOO
    }

    /** Whether the transaction has asked to hold the row FOR UPDATE, and at which levels. */
    public ForUpdate heldForUpdate(Xact xact, int fileId, long rowId) {
        long page = page(fileId, RowIds.page(rowId));
        if (isIdle(page)) {
            return ForUpdate.NOT;
        }
        synchronized (graph) {
            PageRowLocks locks = pages.get(page);
            RowHolds holds = locks == null ? RowHolds.NONE : locks.holds(RowIds.slot(rowId));
            if (holds.modeOf(xact) != RowLockMode.UPDATE) {
                return ForUpdate.NOT;
            }
            return holds.isOnlyOf(xact, xact.currentLevel()) ? ForUpdate.BY_THIS_LEVEL : ForUpdate.BY_OTHERS_TOO;
        }
    }

    /** Whether the claim's transaction has asked to hold the row as strongly before. */
    public boolean covers(RowClaim claim, long rowId) {
        RowLockMode mode = held(claim.xact(), claim.fileId(), rowId);
        return mode != null && mode.compareTo(claim.mode()) >= 0;
    }

    /** Whether no lock, and nobody who came earlier, keeps the claim's transaction from the row. Call under its page's latch. */
    public boolean admits(RowClaim claim, long rowId) {
        long page = page(claim.fileId(), RowIds.page(rowId));
        if (isIdle(page)) {
            return true;
        }
        synchronized (graph) {
            return !isBlocked(claim.xact(), page, RowIds.slot(rowId), claim.mode(), claim.turn());
        }
    }

    boolean isBlocked(Xact xact, long page, int slot, RowLockMode mode, long ticket) {
        PageRowLocks locks = pages.get(page);
        if (locks == null) {
            return false;
        }
        RowHolds holds = locks.holds(slot);
        if (holds.conflict(xact, mode)) {
            return true;
        }
        if (holds.modeOf(xact) != null) {
            return false;
        }
        for (RowPlace place : locks.places(slot)) {
            if (place.ticket() >= ticket) {
                return false;
            }
            if (place.xact() != xact && place.mode().conflictsWith(mode)) {
                return true;
            }
        }
        return false;
    }

    void forEachBlocker(Xact xact, long page, int slot, RowLockMode mode, long ticket, Consumer<Xact> visit) {
        PageRowLocks locks = pages.get(page);
        if (locks == null) {
            return;
        }
        RowHolds holds = locks.holds(slot);
        holds.forEachConflict(xact, mode, visit);
        if (holds.modeOf(xact) != null) {
            return;
        }
        for (RowPlace place : locks.places(slot)) {
            if (place.ticket() < ticket && place.xact() != xact && place.mode().conflictsWith(mode)) {
                visit.accept(place.xact());
            }
        }
    }

    /**
     * Locks a row that the claim is admitted to, for the transaction's innermost level. Call under its page's latch.
     *
     * @param slots how many rows the page has
     */
    public void take(RowClaim claim, long rowId, int slots) {
        Xact xact = claim.xact();
        long page = page(claim.fileId(), RowIds.page(rowId));
        long level = xact.currentLevel();
        synchronized (graph) {
            PageRowLocks locks = locksOf(page);
            if (!locks.hasLevel(xact, level)) {
                xact.heldRows().add(page, level);
            }
            locks.add(RowIds.slot(rowId), slots, xact, level, claim.mode());
        }
    }

    /** A row gets a new version: what others than its writer hold of the old one they hold of the new one too. */
    public void carry(Xact writer, int fileId, long oldRowId, long newRowId) {
        long from = page(fileId, RowIds.page(oldRowId));
        if (isIdle(from)) {
            return;
        }
        long to = page(fileId, RowIds.page(newRowId));
        synchronized (graph) {
            PageRowLocks old = pages.get(from);
            if (old == null) {
                return;
            }
            old.holds(RowIds.slot(oldRowId)).forEachOther(writer, (owner, level, mode) -> {
                owner.heldRows().carry(to);
                locksOf(to).add(RowIds.slot(newRowId), 0, owner, level, mode);
            });
        }
    }

    private PageRowLocks locksOf(long page) {
        PageRowLocks locks = pages.get(page);
        if (locks == null) {
            locks = new PageRowLocks();
            pages.put(page, locks);
            stripes.incrementAndGet(stripe(page));
        }
        return locks;
    }

    private void forgetIfEmpty(long page, PageRowLocks locks) {
        if (locks.isEmpty()) {
            pages.remove(page);
            stripes.decrementAndGet(stripe(page));
        }
    }

    /**
     * Waits until the row looks free for the claim; whether it is has to be seen again. Call without any latch held.
     *
     * @param xid whose change of the row is in the way; 0 if none is
     * @throws TransactionException as {@link Xact#waitFor}, and 55P03 at once if the claim is not to wait
     */
    void await(RowClaim claim, long rowId, @Nullable Xact owner, long xid, long timeoutNanos) {
        long page = page(claim.fileId(), RowIds.page(rowId));
        int slot = RowIds.slot(rowId);
        if (claim.policy() == RowLockPolicy.NO_WAIT) {
            throw new TransactionException(
                    SqlState.LOCK_NOT_AVAILABLE, "could not obtain lock on row " + describe(page, slot));
        }
        RowPlace place;
        synchronized (graph) {
            if (claim.ticket() == RowClaim.NO_TICKET) {
                claim.setTicket(++lastTicket);
            }
            place = claim.place(page, slot);
            if (place == null) {
                place = new RowPlace(this, claim.xact(), page, slot, claim.mode(), claim.ticket());
                locksOf(page).enter(place);
                claim.add(place);
            }
        }
        graph.await(new RowWait(place, owner, xid), timeoutNanos);
    }

    /** The claim has got its row or given up: those who came later are served. */
    void leave(List<RowPlace> places) {
        List<Xact> woken = new ArrayList<>();
        synchronized (graph) {
            for (RowPlace place : places) {
                PageRowLocks locks = locksOf(place.page());
                locks.leave(place);
                locks.settle(place.slot(), woken);
                forgetIfEmpty(place.page(), locks);
            }
        }
        graph.signal(woken);
    }

    /** Gives back what the transaction has taken at that level or at one opened later. */
    void release(Xact xact, long level) {
        List<Xact> woken = new ArrayList<>();
        long page = 0;
        while (page != -1) {
            synchronized (graph) {
                page = xact.heldRows().removeLast(level);
                if (page != -1) {
                    release(xact, level, page, woken);
                }
            }
        }
        synchronized (graph) {
            for (long carried : xact.heldRows().carried(level == 0)) {
                release(xact, level, carried, woken);
            }
        }
        graph.signal(woken);
    }

    private void release(Xact xact, long level, long page, List<Xact> woken) {
        PageRowLocks locks = pages.get(page);
        if (locks != null) {
            locks.remove(xact, level);
            locks.settleAll(woken);
            forgetIfEmpty(page, locks);
        }
    }

    /** Pages with a row that somebody holds or waits for. */
    public int lockedPages() {
        synchronized (graph) {
            return pages.size();
        }
    }
}
