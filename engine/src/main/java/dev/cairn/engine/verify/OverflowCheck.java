package dev.cairn.engine.verify;

import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.txn.overflow.OverflowReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * The large values of one table against its rows, both ways: each value that a row refers to is there as a whole and belongs to
 * it alone, and each page that is not free belongs to such a value, to one that was deleted, or to a transaction that did
 * not commit. First all rows, then all pages of the overflow file, then {@link #finish}. One thread.
 */
final class OverflowCheck implements FileCheck.RowCheck, AutoCloseable {

    private final StoredTable table;
    private final String name;
    private final TransactionStatus status;
    private final Consumer<Finding> findings;
    private final int pageSize;
    private final PageChecks checks;
    private final DiskFile file;
    private final OverflowReader reader;
    private final int usedPages;
    /** Pages of values that rows refer to, and of values that were deleted. */
    private final BitSet claimed = new BitSet();
    /** Pages of values whose creator committed. */
    private final BitSet owned = new BitSet();

    /** @param disk holds the table's overflow file */
    OverflowCheck(
            Disk disk,
            StoredTable table,
            int pageSize,
            long databaseSeed,
            TransactionStatus status,
            Consumer<Finding> findings) {
        this.table = table;
        this.name = FileTable.fileName(table.overflowFileId());
        this.status = status;
        this.findings = findings;
        this.pageSize = pageSize;
        this.checks = new PageChecks(databaseSeed);
        this.file = disk.open(name, OpenMode.READ);
        PageBuffer page = PageBuffer.allocate(pageSize);
        this.usedPages = usedPages(page);
        this.reader = new OverflowReader(table.overflowFileId(), usedPages, page, this::copy);
    }

    private int usedPages(PageBuffer page) {
        ByteBuffer bytes = read(0);
        if (PageChecks.isZero(bytes) || checks.fault(bytes, table.overflowFileId(), 0) != null) {
            return 1;
        }
        page.readFrom(bytes);
        return FileHeaderPage.usedPages(page);
    }

    private ByteBuffer read(int pageNo) {
        ByteBuffer bytes = ByteBuffer.allocate(pageSize).order(ByteOrder.LITTLE_ENDIAN);
        file.readFully((long) pageNo * pageSize, bytes);
        return bytes.clear();
    }

    private void copy(int pageNo, PageBuffer into) {
        ByteBuffer bytes = read(pageNo);
        checks.verify(bytes, table.overflowFileId(), pageNo);
        into.readFrom(bytes);
        OverflowPage.check(into);
    }

    @Override
    public void check(PageBuffer page, int slot) {
        byte[] data = HeapPage.data(page, slot);
        if (!VersionCheck.isLive(status, page, slot)) {
            table.row(data);
            return;
        }
        for (OverflowReference reference : table.largeValues(data)) {
            if (usedPages == 1) {
                throw new CorruptionException("expected " + reference + " in " + name + ", which has no pages");
            }
            reader.check(reference, this::claim);
            long deleter = deleter(reference.firstPage());
            if (deleter != 0 && status.isCommitted(deleter)) {
                throw new CorruptionException("its value on page " + reference.firstPage() + " of " + name
                        + " was deleted by transaction " + deleter + ", it was not");
            }
        }
    }

    private void claim(int pageNo) {
        if (claimed.get(pageNo)) {
            throw new CorruptPageException(
                    table.overflowFileId(), pageNo, "expected it to belong to one row, found a second one");
        }
        claimed.set(pageNo);
    }

    private long deleter(int pageNo) {
        PageBuffer page = PageBuffer.allocate(pageSize);
        copy(pageNo, page);
        return OverflowPage.deleter(page);
    }

    @Override
    public void overflow(PageBuffer page) {
        long creator = OverflowPage.creator(page);
        if (OverflowPage.isFree(page) || !status.isCommitted(creator)) {
            return;
        }
        owned.set(PageHeader.pageNo(page));
        long deleter = OverflowPage.deleter(page);
        if (deleter != 0 && status.isCommitted(deleter)) {
            claimDead(PageHeader.pageNo(page), creator, OverflowPage.value(page));
        }
    }

    /** A deleted value may be freed in part already, from its end. A damaged page is named when its own turn comes. */
    private void claimDead(int firstPage, long creator, int value) {
        PageBuffer page = PageBuffer.allocate(pageSize);
        int next = firstPage;
        for (int index = 0; next > 0 && next < usedPages; index++) {
            if (!isThere(next, page) || !OverflowPage.isOf(page, creator, value, index)) {
                return;
            }
            claimed.set(next);
            next = OverflowPage.next(page);
        }
    }

    private boolean isThere(int pageNo, PageBuffer into) {
        try {
            copy(pageNo, into);
            return true;
        } catch (CorruptPageException e) {
            return false;
        }
    }

    /** All pages have been seen. */
    void finish() {
        owned.andNot(claimed);
        if (!owned.isEmpty()) {
            findings.accept(Finding.onPage(
                    name,
                    owned.nextSetBit(0),
                    "expected a row of table \"" + table.name() + "\" that refers to its value, found none; so on "
                            + owned.cardinality() + " pages"));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
