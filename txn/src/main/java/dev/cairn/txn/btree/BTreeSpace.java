package dev.cairn.txn.btree;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.cache.Frame;
import dev.cairn.txn.FileExtension;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayDeque;

/**
 * Free pages of an index: those that were taken out of the tree, those that a crash kept from getting into it, and new ones at
 * the end of the file. What it hands out is a hint: only under the page's latch it is known to be free still. A page that is freed
 * before the sweep comes by is handed out twice, so one of the hints is out of date. Thread-safe.
 *
 * <p>A page may be used again at once, whoever is still on the way to it: it says itself which keys it holds, and who
 * finds others than it came for searches anew.
 */
final class BTreeSpace {

    /** How many pages of before the opening are looked at when one is needed. */
    private static final int SWEPT_AT_ONCE = 4;

    private final BTreeContext context;
    private final int fileId;
    private final Mutex growth;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int sweepNext = BTreePage.ROOT + 1;
    private int sweepEnd;

    BTreeSpace(BTreeContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
        this.growth = context.scheduler.newMutex();
    }

    /** A page that is free, or was a moment ago. The caller holds no latch. */
    int allocate() {
        int known = takeKnown();
        return known != 0 ? known : sweepOrExtend();
    }

    private int takeKnown() {
        synchronized (free) {
            Integer page = free.pollFirst();
            return page == null ? 0 : page;
        }
    }

    /** The page is free, or has been found free and not been used. */
    void give(int pageNo) {
        synchronized (free) {
            free.addLast(pageNo);
        }
    }

    /** Gives the page only if it is free: of one that is not, the hint was out of date. The caller holds no latch. */
    void giveIfFree(int pageNo) {
        if (isFree(pageNo)) {
            give(pageNo);
        }
    }

    private int sweepOrExtend() {
        growth.lock();
        try {
            int used = context.cache.usedPages(fileId);
            if (sweepEnd == 0) {
                sweepEnd = used;
            }
            for (int i = 0; i < SWEPT_AT_ONCE && sweepNext < sweepEnd; i++) {
                int pageNo = sweepNext++;
                if (isFree(pageNo)) {
                    return pageNo;
                }
            }
            return extend(used);
        } finally {
            growth.unlock();
        }
    }

    private boolean isFree(int pageNo) {
        Frame frame = context.cache.latch(fileId, pageNo);
        boolean isFree = BTreePage.isFree(frame.page());
        context.cache.unlatch(frame);
        return isFree;
    }

    /** Makes the root of an empty tree. */
    void createRoot() {
        growth.lock();
        try {
            sweepEnd = 1;
            extend(BTreePage.ROOT);
        } finally {
            growth.unlock();
        }
    }

    private int extend(int pageNo) {
        WalRecord record = new WalRecord.IndexExtend(fileId, pageNo);
        FileExtension.append(
                context.cache,
                context.wal,
                fileId,
                pageNo,
                0,
                record,
                page -> BTreePage.initFresh(page, fileId, pageNo));
        return pageNo;
    }
}
