package dev.cairn.recovery;

import dev.cairn.recovery.RedoDecision.Carries;
import dev.cairn.recovery.RedoDecision.FileState;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.function.Consumer;

/**
 * Replays records, each page of each record by itself, as {@link RedoDecision} says. Pages are changed by the same methods
 * of {@link HeapPage}, {@link FileHeaderPage} and (see {@link IndexRedo}, {@link OverflowRedo}) BTreePage and OverflowPage that the running engine uses: what a record means is written down once.
 *
 * <p>Why page by page: the two pages of an update may have reached the disk independently, so one may need the record and
 * the other not. Why every page that is met is marked dirty, a skipped one too: it may be the kernel that shows it, after a
 * sync that failed; only writing and syncing it again proves that the disk has it.
 *
 * <p>One thread, before anybody else uses the cache.
 */
final class Redo {

    private static final Runnable NOTHING = () -> {};

    private final DatabaseId databaseId;
    private final LogScan scan;
    private final FileTable files;
    private final PageCache cache;
    private final TransactionReplay transactions;

    Redo(DatabaseId databaseId, LogScan scan, FileTable files, PageCache cache, TransactionReplay transactions) {
        this.databaseId = databaseId;
        this.scan = scan;
        this.files = files;
        this.cache = cache;
        this.transactions = transactions;
    }

    /**
     * Replays one record.
     *
     * @throws CorruptionException if a page or a file that the record needs is damaged or missing
     * @throws LogCorruptException if a page is newer than the log
     */
    void apply(LoggedRecord logged) {
        WalRecord record = logged.record();
        Runnable replay = switch (record.type()) {
            case SEGMENT_END, INCARNATION, DURABLE_MARK, CHECKPOINT_END, CATALOG_CHANGE -> NOTHING;
            case CHECKPOINT_BEGIN -> () -> transactions.open((WalRecord.CheckpointBegin) record);
            case FILE_CREATE -> () -> fileCreate(logged, (WalRecord.FileCreate) record);
            case FILE_EXTEND -> () -> fileExtend(logged, (WalRecord.FileExtend) record);
            case FILE_DROP -> () -> fileDrop((WalRecord.FileDrop) record);
            case PAGE_IMAGE -> () -> page(logged, 0, Redo::imageIsMissing);
            case HEAP_INSERT -> () -> heapInsert(logged, (WalRecord.HeapInsert) record);
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> () -> heapUpdate(logged, (WalRecord.HeapUpdate) record);
            case HEAP_DELETE -> () -> heapDelete(logged, (WalRecord.HeapDelete) record);
            case HEAP_PRUNE -> () -> heapPrune(logged, (WalRecord.HeapPrune) record);
            case HEAP_FREEZE -> () -> heapFreeze(logged, (WalRecord.HeapFreeze) record);
            case OVERFLOW_EXTEND, OVERFLOW_WRITE, OVERFLOW_DELETE, OVERFLOW_FREE -> () -> overflow(logged);
            case INDEX_EXTEND,
                    INDEX_INSERT,
                    INDEX_DELETE,
                    INDEX_SPLIT,
                    INDEX_DOWNLINK,
                    INDEX_ROOT,
                    INDEX_UNLINK,
                    INDEX_ABSORB -> () -> index(logged);
            case XACT_BEGIN -> () -> transactions.begin(logged.xid());
            case SUBXACT_ASSIGN, SUBCOMMIT -> NOTHING;
            case SUBABORT -> () -> transactions.subabort(logged.xid());
            case COMMIT_CHILDREN -> () -> transactions.children(logged.xid(), (WalRecord.CommitChildren) record);
            case COMMIT -> () -> transactions.commit(logged.xid(), (WalRecord.Commit) record);
            case ABORT -> () -> transactions.abort(logged.xid());
        };
        replay.run();
    }

    private void fileCreate(LoggedRecord logged, WalRecord.FileCreate create) {
        page(
                logged,
                0,
                page -> FileHeaderPage.init(
                        page, create.fileId(), databaseId.high(), databaseId.low(), create.tableId(), logged.xid()));
    }

    private void fileExtend(LoggedRecord logged, WalRecord.FileExtend extend) {
        page(logged, 0, page -> HeapPage.init(page, extend.fileId(), extend.newPage(), extend.xidBase()));
        page(logged, 1, page -> FileHeaderPage.usedPages(page, extend.newPage() + 1));
    }

    /** The drop was durable before the unlinking, so a file that is still here was about to go. */
    private void fileDrop(WalRecord.FileDrop drop) {
        if (files.get(drop.fileId()) != null) {
            cache.forget(drop.fileId());
            files.drop(drop.fileId());
        }
    }

    private void heapInsert(LoggedRecord logged, WalRecord.HeapInsert insert) {
        byte[] data = insert.data();
        page(
                logged,
                0,
                page -> HeapPage.insert(
                        page, insert.slot(), logged.xid(), insert.command(), insert.flags(), data, 0, data.length));
    }

    private void heapUpdate(LoggedRecord logged, WalRecord.HeapUpdate update) {
        if (update.pageCount() == 1) {
            page(logged, 0, page -> {
                insertNew(page, logged.xid(), update);
                markOld(page, logged.xid(), update);
            });
        } else {
            page(logged, 0, page -> insertNew(page, logged.xid(), update));
            page(logged, 1, page -> markOld(page, logged.xid(), update));
        }
    }

    private static void insertNew(PageBuffer page, long xid, WalRecord.HeapUpdate update) {
        byte[] data = update.data();
        HeapPage.insert(page, update.newSlot(), xid, update.newCommand(), update.newFlags(), data, 0, data.length);
    }

    private static void markOld(PageBuffer page, long xid, WalRecord.HeapUpdate update) {
        long next = RowIds.of(update.newPage(), update.newSlot());
        HeapPage.markDeleted(page, update.oldSlot(), xid, update.oldCommand(), update.oldFlags(), next);
    }

    private void heapDelete(LoggedRecord logged, WalRecord.HeapDelete delete) {
        long itself = RowIds.of(delete.page(), delete.slot());
        page(
                logged,
                0,
                page -> HeapPage.markDeleted(
                        page, delete.slot(), logged.xid(), delete.command(), delete.flags(), itself));
    }

    private void heapPrune(LoggedRecord logged, WalRecord.HeapPrune prune) {
        page(logged, 0, page -> HeapPage.prune(page, prune.slots(), prune.redirects()));
    }

    private void heapFreeze(LoggedRecord logged, WalRecord.HeapFreeze freeze) {
        page(logged, 0, page -> HeapPage.freeze(page, freeze.slots()));
    }

    private void index(LoggedRecord logged) {
        for (int i = 0; i < logged.record().pageCount(); i++) {
            page(logged, i, IndexRedo.change(logged.record(), i));
        }
    }

    private void overflow(LoggedRecord logged) {
        for (int i = 0; i < logged.record().pageCount(); i++) {
            page(logged, i, OverflowRedo.change(logged, i));
        }
    }

    static void imageIsMissing(PageBuffer page) {
        throw new IllegalStateException("a record carries no image of a page that it needs one for");
    }

    /**
     * Decides about one page of a record and does it. The decision looks at the page only if the record brings nothing along,
     * so a page that is about to be replaced is not even read.
     */
    private void page(LoggedRecord logged, int i, Consumer<PageBuffer> change) {
        int fileId = logged.record().fileId();
        int pageNo = logged.record().pageNo(i);
        RedoDecision decision = RedoDecision.ofFile(fileState(fileId), Carries.by(logged, i));
        if (decision == null) {
            replayOnto(cache.latchForRedo(fileId, pageNo), logged, change);
        } else if (decision.keepsPage()) {
            if (files.get(fileId) == null) {
                files.create(fileId);
            }
            replace(cache.latchNew(fileId, pageNo), logged, i, change);
        } else if (decision.refuses()) {
            throw refusal(decision, fileId, pageNo, 0, logged.end(), scan.end().lsn());
        }
    }

    private void replayOnto(Frame frame, LoggedRecord logged, Consumer<PageBuffer> change) {
        try {
            PageBuffer page = frame.page();
            long pageLsn = PageHeader.pageLsn(page);
            long logEnd = scan.end().lsn();
            RedoDecision decision = RedoDecision.ofPage(frame.intact(), pageLsn, logged.end(), logEnd);
            if (decision.refuses()) {
                throw refusal(decision, frame.fileId(), frame.pageNo(), pageLsn, logged.end(), logEnd);
            }
            frame.markDirty();
            if (decision == RedoDecision.APPLY) {
                change.accept(page);
                PageHeader.pageLsn(page, logged.end());
            }
        } finally {
            cache.unlatch(frame);
        }
    }

    private void replace(Frame frame, LoggedRecord logged, int i, Consumer<PageBuffer> change) {
        try {
            PageBuffer page = frame.page();
            byte[] image = logged.image(i);
            frame.markDirty();
            if (logged.record().initialises(i) || image == null) {
                change.accept(page);
            } else {
                page.put(0, image, 0, image.length);
                requireThisPage(frame);
            }
            PageHeader.pageLsn(page, logged.end());
        } finally {
            cache.unlatch(frame);
        }
    }

    /** An image is believed no more than a page from disk. */
    private static void requireThisPage(Frame frame) {
        PageBuffer page = frame.page();
        if (PageHeader.fileId(page) != frame.fileId() || PageHeader.pageNo(page) != frame.pageNo()) {
            throw new CorruptPageException(
                    frame.fileId(),
                    frame.pageNo(),
                    "the log's image of it is of page " + PageHeader.pageNo(page) + " of file "
                            + PageHeader.fileId(page));
        }
        PageStructures.CHECK.check(page);
    }

    /** All files of the directory are open. */
    private FileState fileState(int fileId) {
        if (scan.drops(fileId)) {
            return FileState.DROPPED;
        }
        return files.get(fileId) == null ? FileState.MISSING : FileState.PRESENT;
    }

    /** The exception for a decision that refuses. */
    static CorruptionException refusal(
            RedoDecision decision, int fileId, int pageNo, long pageLsn, long recordEnd, long logEnd) {
        String record = " (needed by the log record that ends at " + Lsn.format(recordEnd) + ")";
        return switch (decision) {
            case FILE_MISSING ->
                new CorruptionException("data file " + FileTable.fileName(fileId) + " is missing" + record);
            case LOG_LOST ->
                new LogCorruptException("page " + pageNo + " of file " + fileId
                        + " has had log applied up to " + Lsn.format(pageLsn) + ", but the log ends at "
                        + Lsn.format(logEnd) + ": log that was durable is gone");
            case PAGE_CORRUPT ->
                new CorruptPageException(
                        fileId, pageNo, "expected an intact page, since the log has no image of it" + record);
            case SKIP_FILE, INITIALISE, RESTORE_IMAGE, SKIP, APPLY -> throw new AssertionError(decision);
        };
    }
}
