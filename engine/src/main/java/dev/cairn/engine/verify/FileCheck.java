package dev.cairn.engine.verify;

import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.wal.DatabaseId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every page of a data file: checksum, identity, structure, row versions. Finds what it finds and goes on with the next
 * page. One file, one thread.
 */
final class FileCheck {

    private static final int PAGES_PER_PROGRESS = 4096;

    /** What the rest of the directory says. */
    record Context(Disk disk, DatabaseId databaseId, int pageSize, long nextXid, VerifyListener listener) {}

    /** Takes the row of each version on sound pages. */
    interface RowCheck {
        /** @throws CorruptionException if the row is none of the table's */
        void check(PageBuffer page, int slot);

        /** Takes a sound page of large values. */
        default void overflow(PageBuffer page) {}
    }

    private final Context context;
    private final PageChecks checks;
    private final int fileId;
    private final String name;
    private final ByteBuffer bytes;
    private final PageBuffer page;
    private int usedPages = -1;
    private boolean blank;
    private long creatorXid;
    private long pages;

    FileCheck(Context context, int fileId) {
        this.context = context;
        this.checks = new PageChecks(context.databaseId().seed());
        this.fileId = fileId;
        this.name = FileTable.fileName(fileId);
        this.bytes = ByteBuffer.allocate(context.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        this.page = PageBuffer.allocate(context.pageSize());
    }

    /**
     * Judges all pages.
     *
     * @param table whose file it is; null if no table's
     * @param excused numbers of pages whose state is no evidence, as the log brings them along
     */
    void run(@Nullable StoredTable table, Predicate<Integer> excused, RowCheck rows) {
        try (DiskFile file = context.disk().open(name, OpenMode.READ)) {
            long size = file.size();
            long count = (size + context.pageSize() - 1) / context.pageSize();
            if (excused.test(0)) {
                pages++;
            } else {
                header(file, table);
            }
            if (usedPages > count) {
                found(0, usedPages + " pages are in use, the file has room for " + count);
            }
            for (long pageNo = 1; pageNo < count && pageNo <= Integer.MAX_VALUE; pageNo++) {
                pages++;
                if (!excused.test((int) pageNo)) {
                    page(file, (int) pageNo, table, rows);
                }
                if (pageNo % PAGES_PER_PROGRESS == 0) {
                    context.listener().progress(name, pageNo, count);
                }
            }
        }
    }

    long pages() {
        return pages;
    }

    /** The transaction that made the file; 0 if the header page does not tell. */
    long creatorXid() {
        return creatorXid;
    }

    /** Nothing was ever written to the file: a crash came between its making and the log's record of it. */
    boolean isBlank() {
        return blank;
    }

    private void header(DiskFile file, @Nullable StoredTable table) {
        pages++;
        read(file, 0);
        if (PageChecks.isZero(bytes)) {
            blank = true;
            if (table != null && table.overflowFileId() != fileId) {
                found(0, "expected a file header, found zeros");
            }
            return;
        }
        if (!sound(0)) {
            return;
        }
        page.readFrom(bytes.clear());
        if (PageHeader.kind(page) != PageKind.FILE_HEADER) {
            found(0, "expected a file header, found a page of kind " + PageHeader.kind(page));
            return;
        }
        usedPages = FileHeaderPage.usedPages(page);
        creatorXid = FileHeaderPage.creatorXid(page);
        DatabaseId owner = new DatabaseId(FileHeaderPage.databaseIdHigh(page), FileHeaderPage.databaseIdLow(page));
        expect(owner.equals(context.databaseId()), 0, "database " + context.databaseId(), owner);
        expect(
                FileHeaderPage.pageSize(page) == context.pageSize(),
                0,
                "pages of " + context.pageSize() + " bytes",
                FileHeaderPage.pageSize(page));
        expect(usedPages >= 1, 0, "at least one page in use", usedPages);
        expect(
                creatorXid >= 0 && creatorXid < context.nextXid(),
                0,
                "a creator before " + context.nextXid(),
                creatorXid);
        if (table != null) {
            expect(
                    FileHeaderPage.tableId(page) == table.tableId(),
                    0,
                    "table " + table.tableId() + " (" + table.name() + ")",
                    FileHeaderPage.tableId(page));
        }
    }

    private void page(DiskFile file, int pageNo, @Nullable StoredTable table, RowCheck rows) {
        read(file, pageNo);
        if (PageChecks.isZero(bytes)) {
            if (pageNo < usedPages) {
                found(pageNo, "it is all zeros, though " + usedPages + " pages are in use");
            }
            return;
        }
        if (!sound(pageNo)) {
            return;
        }
        if (usedPages >= 0 && pageNo >= usedPages) {
            found(pageNo, "it is no page of zeros, though only " + usedPages + " pages are in use");
            return;
        }
        page.readFrom(bytes.clear());
        PageKind kind = expectedKind(table);
        try {
            switch (kind) {
                case BTREE -> BTreePage.check(page);
                case OVERFLOW -> OverflowPage.check(page);
                case HEAP, FILE_HEADER, STATUS -> HeapPage.check(page);
            }
        } catch (CorruptionException e) {
            found(pageNo, String.valueOf(e.getMessage()));
            return;
        }
        if (kind == PageKind.OVERFLOW) {
            overflow(pageNo, rows);
        } else if (kind != PageKind.BTREE) {
            versions(pageNo, rows);
        }
    }

    /** Of a file that no table names, each page says itself what it is. */
    private PageKind expectedKind(@Nullable StoredTable table) {
        if (table == null) {
            PageKind found = PageHeader.kind(page);
            return found == null ? PageKind.HEAP : found;
        }
        if (table.overflowFileId() == fileId) {
            return PageKind.OVERFLOW;
        }
        return table.isIndex() ? PageKind.BTREE : PageKind.HEAP;
    }

    private void overflow(int pageNo, RowCheck rows) {
        long newest = Math.max(OverflowPage.creator(page), OverflowPage.deleter(page));
        expect(newest < context.nextXid(), pageNo, "transaction ids below " + context.nextXid(), newest);
        int next = OverflowPage.next(page);
        expect(usedPages < 0 || next < usedPages, pageNo, "a next page below " + usedPages, next);
        rows.overflow(page);
    }

    private void versions(int pageNo, RowCheck rows) {
        int slots = HeapPage.slotCount(page);
        for (int slot = 0; slot < slots; slot++) {
            if (HeapPage.isUsed(page, slot)) {
                version(pageNo, slot, rows);
            }
        }
    }

    private void version(int pageNo, int slot, RowCheck rows) {
        String fault = VersionCheck.fault(page, slot, pageNo, usedPages, context.nextXid());
        if (fault != null) {
            context.listener().found(Finding.ofVersion(name, pageNo, slot, fault));
            return;
        }
        try {
            rows.check(page, slot);
        } catch (CorruptionException e) {
            context.listener().found(Finding.ofVersion(name, pageNo, slot, String.valueOf(e.getMessage())));
        }
    }

    private boolean sound(int pageNo) {
        String fault = checks.fault(bytes, fileId, pageNo);
        if (fault != null) {
            found(pageNo, fault);
            return false;
        }
        try {
            checks.verifyVersion(bytes, fileId, pageNo);
            return true;
        } catch (FormatVersionException e) {
            found(pageNo, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void expect(boolean holds, int pageNo, String expected, Object found) {
        if (!holds) {
            found(pageNo, "expected " + expected + ", found " + found);
        }
    }

    private void found(long pageNo, String text) {
        context.listener().found(Finding.onPage(name, pageNo, text));
    }

    /** What lies behind the end of the file reads as zeros. */
    private void read(DiskFile file, int pageNo) {
        bytes.clear();
        int found = file.readFully((long) pageNo * context.pageSize(), bytes);
        for (int i = found; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 0);
        }
        bytes.clear();
    }
}
