package dev.cairn.txn.heap;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.record.WalRecord;

/**
 * Finds room for row versions: on a page known to have some, on a page whose dead versions can be pruned, or on a new page.
 * Thread-safe.
 */
final class HeapSpace {

    /** Half the range of a tuple's 32-bit ids lies below the id that made the page, for older transactions still open. */
    private static final long XID_BASE_DISTANCE = 1L << 31;

    private final HeapContext context;
    private final int fileId;
    private final boolean keepsDeadRows;
    private final FreeSpace free = new FreeSpace();
    private final Mutex growth;

    HeapSpace(HeapContext context, int fileId, boolean keepsDeadRows) {
        this.context = context;
        this.fileId = fileId;
        this.keepsDeadRows = keepsDeadRows;
        this.growth = context.environment.scheduler().newMutex();
    }

    /** A latched page with room for a version of that length made by that transaction. */
    Frame latchForInsert(long xid, int dataLength) {
        while (true) {
            int pageNo = candidate(xid, dataLength);
            Frame frame = context.cache.latch(fileId, pageNo);
            boolean found = false;
            try {
                found = makeRoom(frame, xid, dataLength);
                if (found) {
                    return frame;
                }
                noteFull(xid, pageNo);
            } finally {
                if (!found) {
                    context.cache.unlatch(frame);
                }
            }
        }
    }

    /** A page worth trying, not latched: it may turn out to be full, then {@link #noteFull} leads on to another. */
    int candidate(long xid, int dataLength) {
        int pageNo = free.target(xid);
        if (pageNo < 0) {
            pageNo = free.takeRoomy();
            if (pageNo < 0) {
                pageNo = extend(xid);
            }
            free.setTarget(xid, pageNo);
        }
        return pageNo;
    }

    void noteFull(long xid, int pageNo) {
        if (free.target(xid) == pageNo) {
            free.setTarget(xid, -1);
        }
    }

    /** A reader came by: remembers pages that are at least a quarter empty. */
    void noteSeen(int pageNo, PageBuffer page) {
        if (HeapPage.freeSpace(page) >= context.pageSize / 4) {
            free.noteRoomy(pageNo);
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

    /** Removes from the latched page what nobody can see any more; false if there was nothing. */
    private boolean prune(Frame frame) {
        PageBuffer page = frame.page();
        long horizon = context.transactions.horizon();
        int slotCount = HeapPage.slotCount(page);
        int[] dead = new int[slotCount];
        int count = 0;
        for (int slot = 0; slot < slotCount; slot++) {
            if (HeapPage.isUsed(page, slot) && Tuples.isDead(page, slot, horizon, context.window)) {
                dead[count++] = slot;
            }
        }
        if (count == 0) {
            return false;
        }
        int[] slots = java.util.Arrays.copyOf(dead, count);
        WalRecord record = new WalRecord.HeapPrune(fileId, PageHeader.pageNo(page), slots, horizon);
        frame.markDirty();
        HeapPage.remove(page, slots);
        PageHeader.pageLsn(page, context.wal.append(0, record, page));
        return true;
    }

    /** Brings one more page into use, empty, and returns its number. */
    private int extend(long xid) {
        growth.lock();
        try {
            int pageNo = context.usedPages(fileId);
            Frame fresh = context.cache.latchNew(fileId, pageNo);
            try {
                Frame header = context.cache.latch(fileId, 0);
                try {
                    extendLatched(xid, pageNo, fresh, header);
                } finally {
                    context.cache.unlatch(header);
                }
            } finally {
                context.cache.unlatch(fresh);
            }
            return pageNo;
        } finally {
            growth.unlock();
        }
    }

    private void extendLatched(long xid, int pageNo, Frame fresh, Frame header) {
        long xidBase = Math.max(0, xid - XID_BASE_DISTANCE);
        WalRecord record = new WalRecord.FileExtend(fileId, pageNo, xidBase);
        fresh.markDirty();
        header.markDirty();
        HeapPage.init(fresh.page(), fileId, pageNo, xidBase);
        FileHeaderPage.usedPages(header.page(), pageNo + 1);
        long end = context.wal.append(xid, record, fresh.page(), header.page());
        PageHeader.pageLsn(fresh.page(), end);
        PageHeader.pageLsn(header.page(), end);
    }
}
