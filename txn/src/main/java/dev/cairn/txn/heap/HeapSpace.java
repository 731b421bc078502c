package dev.cairn.txn.heap;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.FileExtension;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.heap.HotChains.Pruning;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds room for row versions: on a page known to have some, on a page whose dead versions can be pruned, or on a new page.
 * Thread-safe.
 */
final class HeapSpace {

    /** Half the range of a tuple's 32-bit ids lies below the id that made the page, for older transactions still open. */
    private static final long XID_BASE_DISTANCE = 1L << 31;

    /** How many pages are cleared before the heap is made longer after all. */
    private static final int RECLAIMED_AT_ONCE = 16;

    private final HeapContext context;
    private final int fileId;
    private final boolean keepsDeadRows;
    private volatile @Nullable FreeSpace free;
    private final Mutex growth;
    private final DeadPages dead = new DeadPages();
    private volatile @Nullable PageCleaner cleaner;
    /** A page on which readers had to go past many dead versions. A hint: when another takes its place, it will be told again. */
    private volatile int crowded = FreeSpace.NONE;

    HeapSpace(HeapContext context, int fileId, boolean keepsDeadRows) {
        this.context = context;
        this.fileId = fileId;
        this.keepsDeadRows = keepsDeadRows;
        this.growth = context.environment.scheduler().newMutex();
    }

    void cleanedBy(PageCleaner newCleaner) {
        cleaner = newCleaner;
    }

    /** Removes dead versions from a page that had no room, entries of indexes first; false if that gave no room. */
    boolean clean(int pageNo) {
        PageCleaner present = cleaner;
        return present != null && present.isNeeded() && present.clean(pageNo);
    }

    /** A latched page with room for a version of that length made by that transaction. */
    Frame latchForInsert(long xid, int dataLength) {
        while (true) {
            int pageNo = candidate(xid);
            Frame frame = context.cache.latch(fileId, pageNo);
            boolean found = false;
            try {
                found = makeRoom(frame, xid, dataLength);
                if (found) {
                    return frame;
                }
            } finally {
                if (!found) {
                    context.cache.unlatch(frame);
                }
            }
            if (!clean(pageNo)) {
                noteFull(pageNo, xid);
            }
        }
    }

    /**
     * A page worth trying, not latched: it may turn out to be full, then {@link #noteFull} leads on to another. The caller holds
     * no latch.
     */
    int candidate(long xid) {
        int pageNo = free().target();
        if (pageNo == FreeSpace.NONE && reclaim()) {
            pageNo = free().target();
        }
        return pageNo == FreeSpace.NONE ? extend(xid) : pageNo;
    }

    /** Transaction {@code xid} found no room on that page. */
    void noteFull(int pageNo, long xid) {
        if (free().noteFull(pageNo)) {
            dead.noteFilled(pageNo, xid);
        }
    }

    /** Transaction {@code xid} has deleted a version on that page, or replaced it by one elsewhere. */
    void noteDeleted(int pageNo, long xid) {
        dead.noteDeleted(pageNo, xid);
    }

    /** On that page many versions that nobody can see any more stand in the way of readers. */
    void noteCrowded(int pageNo) {
        if (!keepsDeadRows) {
            crowded = pageNo;
        }
    }

    /** Removes what readers have found in their way. The caller is about to write, and holds no latch. */
    void tidy() {
        int pageNo = crowded;
        if (pageNo != FreeSpace.NONE) {
            crowded = FreeSpace.NONE;
            if (reclaim(pageNo)) {
                free().noteRoomy(pageNo);
            }
        }
    }

    /** Where there may be dead versions. */
    DeadPages dead() {
        return dead;
    }

    /** Removes what is dead from pages that are said to hold such; whether one of them has room now. */
    private boolean reclaim() {
        if (keepsDeadRows) {
            return false;
        }
        for (int turn = 0; turn < RECLAIMED_AT_ONCE; turn++) {
            int pageNo = dead.take(context.window, context.transactions.horizon());
            if (pageNo == DeadPages.NONE) {
                return false;
            }
            if (reclaim(pageNo)) {
                free().noteRoomy(pageNo);
                return true;
            }
        }
        return false;
    }

    private boolean reclaim(int pageNo) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            prune(frame);
        } finally {
            context.cache.unlatch(frame);
        }
        clean(pageNo);
        frame = context.cache.latch(fileId, pageNo);
        try {
            PageBuffer page = frame.page();
            noteUndecided(pageNo, page);
            return HeapPage.freeSpace(page) >= context.pageSize / 4;
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /** Others may have deleted something on the page since it was noted. */
    private void noteUndecided(int pageNo, PageBuffer page) {
        long horizon = context.transactions.horizon();
        long newest = 0;
        for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
            if (HeapPage.isUsed(page, slot)) {
                long xmax = HeapPage.xmax(page, slot);
                boolean undecided =
                        xmax > newest && Visibility.fate(xmax, context.window, horizon) == Visibility.IN_PROGRESS;
                newest = undecided ? xmax : newest;
            }
        }
        if (newest != 0) {
            dead.noteDeleted(pageNo, newest);
        }
    }

    /** After opening, the last page is the one to go on with. */
    private FreeSpace free() {
        FreeSpace known = free;
        if (known == null) {
            int last = context.usedPages(fileId) - 1;
            synchronized (this) {
                known = free;
                if (known == null) {
                    known = new FreeSpace(last);
                    free = known;
                }
            }
        }
        return known;
    }

    /** A reader came by: remembers pages that are at least a quarter empty. */
    void noteSeen(int pageNo, PageBuffer page) {
        if (HeapPage.freeSpace(page) >= context.pageSize / 4) {
            free().noteRoomy(pageNo);
        }
    }

    /** Whether the latched page can take the version, after pruning if need be. */
    boolean makeRoom(Frame frame, long xid, int dataLength) {
        PageBuffer page = frame.page();
        if (!HeapPage.canHold(page, xid)) {
            return false;
        }
        if (HeapPage.fits(page, dataLength)) {
            return true;
        }
        return !keepsDeadRows && prune(frame) && HeapPage.fits(page, dataLength);
    }

    /**
     * Removes from the latched page what nobody can see any more; false if there was nothing. If there are indexes, one version
     * stays of each chain that is dead as a whole.
     */
    boolean prune(Frame frame) {
        PageBuffer page = frame.page();
        long horizon = context.transactions.horizon();
        if (!HotChains.anyDead(page, horizon, context.window)) {
            return false;
        }
        PageCleaner present = cleaner;
        boolean whole = present == null || !present.isNeeded();
        Pruning pruning = new HotChains(page).prunable(whole, horizon, context.window, keeper(page));
        if (!pruning.isEmpty()) {
            remove(frame, pruning, horizon);
        }
        return !pruning.isEmpty();
    }

    private HotChains.Keeper keeper(PageBuffer page) {
        int pageNo = PageHeader.pageNo(page);
        return context.rowLocks.isIdle(fileId, pageNo)
                ? slot -> false
                : slot -> context.rowLocks.isBusy(fileId, RowIds.of(pageNo, slot));
    }

    /** Removes chains that are dead as a whole from the latched page, to which no entry leads any more; whether there was one. */
    boolean removeDead(Frame frame, List<DeadChain> dead) {
        PageBuffer page = frame.page();
        long horizon = context.transactions.horizon();
        int[] slots = new HotChains(page).removable(dead, horizon, context.window, keeper(page));
        if (slots.length > 0) {
            remove(frame, new Pruning(slots, new int[0]), horizon);
        }
        return slots.length > 0;
    }

    /** Removes versions, none of which anybody can see that is newer than the horizon, from the latched page. */
    private void remove(Frame frame, Pruning pruning, long horizon) {
        PageBuffer page = frame.page();
        WalRecord record =
                new WalRecord.HeapPrune(fileId, PageHeader.pageNo(page), pruning.slots(), pruning.redirects(), horizon);
        frame.markDirty();
        HeapPage.prune(page, pruning.slots(), pruning.redirects());
        PageHeader.pageLsn(page, context.wal.append(0, record, page));
    }

    /** Brings one more page into use, empty, and returns its number; or another's that somebody has just brought. */
    private int extend(long xid) {
        growth.lock();
        try {
            int present = free().target();
            if (present != FreeSpace.NONE) {
                return present;
            }
            int pageNo = context.usedPages(fileId);
            long xidBase = Math.max(0, xid - XID_BASE_DISTANCE);
            WalRecord record = new WalRecord.FileExtend(fileId, pageNo, xidBase);
            FileExtension.append(
                    context.cache,
                    context.wal,
                    fileId,
                    pageNo,
                    xid,
                    record,
                    page -> HeapPage.init(page, fileId, pageNo, xidBase));
            free().setTarget(pageNo);
            return pageNo;
        } finally {
            growth.unlock();
        }
    }
}
