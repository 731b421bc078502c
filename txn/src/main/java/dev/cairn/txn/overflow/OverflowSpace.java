package dev.cairn.txn.overflow;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.FileExtension;
import dev.cairn.txn.Visibility;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The pages of one overflow file that are free, and those that become so: pages of values whose creator was rolled back, and of
 * values whose deleter committed and that no snapshot sees any more. Pages tell themselves whose they are; what is remembered
 * here only saves looking for them, and is gone after a crash. Then every page is looked at once, a few each time that
 * one is needed.
 *
 * <p>Why a value is freed from its last page to its first: a crash in between leaves a shorter chain that still begins with the page
 * that says that it is dead.
 *
 * <p>Thread-safe. What it hands out is free, or was a moment ago: only under the page's latch that is known.
 */
final class OverflowSpace {

    /** How many pages of before the opening are looked at when one is needed. */
    private static final int SWEPT_AT_ONCE = 8;
    /** How many values that may be dead are asked about when a page is needed, from either end of the list. */
    private static final int ASKED_AT_ONCE = 8;
    /** Beyond this many nothing is remembered any more, and all pages are looked at again. */
    private static final int MOST_REMEMBERED = 1 << 16;

    private static final int BITS_OF_RANK = 10;

    /** A value's pages, or its first one, and the transaction whose end decides about them. */
    private record Candidate(long decider, boolean isDeleted, long creator, int value, int[] pages) {}

    private final OverflowContext context;
    private final int fileId;
    private final Mutex growth;
    /** Guarded by itself. */
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    /** Guarded by itself. */
    private final ArrayDeque<Candidate> candidates = new ArrayDeque<>();

    /** Guarded by {@link #growth}, as is its end. */
    private int sweepNext = 1;

    private int sweepEnd = -1;
    private volatile boolean isForgetful;

    OverflowSpace(OverflowContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
        this.growth = context.environment.scheduler().newMutex();
    }

    /**
     * Pages for a value, ascending. The caller holds no latch, and gives back what it does not use.
     *
     * @throws dev.cairn.storage.base.DiskFullException if the file cannot grow
     */
    int[] allocate(int count) {
        int[] pages = new int[count];
        int taken = 0;
        growth.lock();
        try {
            while (taken < count) {
                pages[taken] = one();
                taken++;
            }
        } finally {
            growth.unlock();
            if (taken < count) {
                give(pages, taken);
            }
        }
        Arrays.sort(pages);
        return pages;
    }

    private void give(int[] pages, int count) {
        for (int i = 0; i < count; i++) {
            give(pages[i]);
        }
    }

    /** The page is free and nobody is going to use it. */
    void give(int pageNo) {
        synchronized (free) {
            free.addLast(pageNo);
        }
    }

    /** Pages were taken and not used: they are found by looking at all once more. */
    void lookAgain() {
        isForgetful = true;
    }

    private int takeKnown() {
        synchronized (free) {
            Integer page = free.pollFirst();
            return page == null ? 0 : page;
        }
    }

    private int one() {
        while (true) {
            int known = takeKnown();
            if (known != 0) {
                return known;
            }
            if (!askSome() && !sweepSome()) {
                return extend(context.cache.usedPages(fileId));
            }
        }
    }

    /** A value has been written, or is being written. */
    void written(long creator, int value, int[] pages) {
        remember(new Candidate(creator, false, creator, value, pages));
    }

    /** A value has been marked deleted. */
    void deleted(long deleter, long creator, int value, int firstPage) {
        remember(new Candidate(deleter, true, creator, value, new int[] {firstPage}));
    }

    private void remember(Candidate candidate) {
        synchronized (candidates) {
            if (candidates.size() >= MOST_REMEMBERED) {
                candidates.pollFirst();
                isForgetful = true;
            }
            candidates.addLast(candidate);
        }
    }

    /** Asks about some of the values that may be dead: the latest, which a rollback is likely to have hit, and the oldest. */
    private boolean askSome() {
        ArrayDeque<Candidate> latest = new ArrayDeque<>();
        ArrayDeque<Candidate> oldest = new ArrayDeque<>();
        synchronized (candidates) {
            int share = Math.max(ASKED_AT_ONCE, candidates.size() >> BITS_OF_RANK);
            while (latest.size() < share && !candidates.isEmpty()) {
                latest.addFirst(candidates.removeLast());
            }
            while (oldest.size() < share && !candidates.isEmpty()) {
                oldest.addLast(candidates.removeFirst());
            }
        }
        boolean some = false;
        try {
            some = freeDead(latest) | freeDead(oldest);
        } finally {
            synchronized (candidates) {
                candidates.addAll(oldest);
                candidates.addAll(latest);
            }
        }
        return some;
    }

    private boolean freeDead(ArrayDeque<Candidate> some) {
        boolean freed = false;
        for (int left = some.size(); left > 0; left--) {
            Candidate candidate = some.peekFirst();
            if (candidate == null) {
                break;
            }
            if (isDead(candidate)) {
                freed = true;
                free(candidate.creator, candidate.value, pagesOf(candidate));
            } else if (!isDecided(candidate)) {
                some.addLast(candidate);
            }
            some.removeFirst();
        }
        return freed;
    }

    private boolean isDead(Candidate candidate) {
        return candidate.isDeleted ? isGone(candidate.decider) : isRolledBack(candidate.decider);
    }

    /** Whether it will never be dead by this transaction's doing. */
    private boolean isDecided(Candidate candidate) {
        long fate = fate(candidate.decider);
        return candidate.isDeleted ? fate == Visibility.ABORTED : fate >= 0;
    }

    private int[] pagesOf(Candidate candidate) {
        return candidate.isDeleted ? chain(candidate.creator, candidate.value, candidate.pages[0]) : candidate.pages;
    }

    private long fate(long xid) {
        return Visibility.fate(xid, context.window, context.transactions.publishLsn());
    }

    private boolean isRolledBack(long xid) {
        return fate(xid) == Visibility.ABORTED;
    }

    /** Whether what it deleted can be seen by nobody. */
    private boolean isGone(long deleter) {
        return Visibility.fate(deleter, context.window, context.transactions.horizon()) >= 0;
    }

    /** The value's pages as far as they are still its own. */
    int[] chain(long creator, int value, int firstPage) {
        PageBuffer page = context.takeBuffer();
        try {
            int used = context.cache.usedPages(fileId);
            int[] pages = new int[1];
            int count = 0;
            int next = firstPage;
            while (next > 0 && next < used) {
                context.cache.copy(fileId, next, page);
                if (!OverflowPage.isOf(page, creator, value, count)) {
                    break;
                }
                if (count == pages.length) {
                    pages = Arrays.copyOf(pages, count * 2);
                }
                pages[count++] = next;
                next = OverflowPage.next(page);
            }
            return Arrays.copyOf(pages, count);
        } finally {
            context.giveBuffer(page);
        }
    }

    /** Frees pages that are the value's, from the last to the first. */
    void free(long creator, int value, int[] pages) {
        for (int i = pages.length - 1; i >= 0; i--) {
            free(creator, value, i, pages[i]);
        }
    }

    private void free(long creator, int value, int index, int pageNo) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            PageBuffer page = frame.page();
            if (!OverflowPage.isOf(page, creator, value, index)) {
                return;
            }
            WalRecord record = new WalRecord.OverflowFree(fileId, pageNo);
            frame.markDirty();
            OverflowPage.initFree(page, fileId, pageNo);
            PageHeader.pageLsn(page, context.wal.append(0, record, page));
        } finally {
            context.cache.unlatch(frame);
        }
        give(pageNo);
    }

    /** Looks at some pages that nothing is known of; false if there are none. */
    private boolean sweepSome() {
        if (sweepEnd < 0 || (isForgetful && sweepNext >= sweepEnd)) {
            sweepNext = 1;
            sweepEnd = context.cache.usedPages(fileId);
            isForgetful = false;
        }
        if (sweepNext >= sweepEnd) {
            return false;
        }
        PageBuffer page = context.takeBuffer();
        try {
            for (int i = 0; i < SWEPT_AT_ONCE && sweepNext < sweepEnd; i++) {
                int pageNo = sweepNext++;
                context.cache.copy(fileId, pageNo, page);
                sweep(page, pageNo);
            }
        } finally {
            context.giveBuffer(page);
        }
        return true;
    }

    private void sweep(PageBuffer page, int pageNo) {
        long creator = OverflowPage.creator(page);
        int value = OverflowPage.value(page);
        if (OverflowPage.isFree(page)) {
            give(pageNo);
        } else if (isRolledBack(creator)) {
            free(creator, value, OverflowPage.index(page), pageNo);
        } else if (OverflowPage.deleter(page) != 0) {
            Candidate candidate = new Candidate(OverflowPage.deleter(page), true, creator, value, new int[] {pageNo});
            if (isDead(candidate)) {
                free(creator, value, pagesOf(candidate));
            } else {
                remember(candidate);
            }
        }
    }

    private int extend(int pageNo) {
        WalRecord record = new WalRecord.OverflowExtend(fileId, pageNo);
        FileExtension.append(
                context.cache,
                context.wal,
                fileId,
                pageNo,
                0,
                record,
                page -> OverflowPage.initFree(page, fileId, pageNo));
        return pageNo;
    }
}
