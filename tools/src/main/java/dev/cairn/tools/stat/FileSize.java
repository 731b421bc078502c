package dev.cairn.tools.stat;

import dev.cairn.engine.StoredIndex;
import dev.cairn.engine.StoredPages;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.PageHeader;

/**
 * What a table's, an index's or a table's large values' file holds.
 *
 * @param owner the table
 * @param bytes of the file
 * @param pages in use, without the file's header
 * @param live row versions that a new snapshot sees; entries of an index; large values
 * @param dead row versions that no new snapshot sees; free pages
 * @param liveBytes with headers and line pointers
 * @param room bytes that the pages have for versions or entries
 * @param depth levels of an index; 0 of a table
 */
record FileSize(
        Kind kind,
        String name,
        String owner,
        long bytes,
        long pages,
        long live,
        long dead,
        long liveBytes,
        long deadBytes,
        long room,
        int depth) {

    /** Whose file it is. */
    enum Kind {
        TABLE,
        INDEX,
        LARGE
    }

    static FileSize of(StoredPages pages, StoredTable table) {
        long[] count = new long[2];
        long[] bytes = new long[2];
        pages.versions(table, version -> {
            boolean made = (version.flags() & TupleFlags.FROZEN) != 0 || pages.isCommitted(version.xmin());
            int kind = made && (version.xmax() == 0 || !pages.isCommitted(version.xmax())) ? 0 : 1;
            count[kind]++;
            bytes[kind] += version.data().length + TupleHeader.BYTES + HeapPage.LINE_POINTER_BYTES;
        });
        long used = pages.usedPages(table.fileId()) - 1L;
        return new FileSize(
                Kind.TABLE,
                table.name(),
                table.name(),
                fileBytes(pages, table.fileId()),
                used,
                count[0],
                count[1],
                bytes[0],
                bytes[1],
                used * (pages.pageSize() - PageHeader.BYTES),
                0);
    }

    static FileSize of(StoredPages pages, StoredIndex index, String owner) {
        PageBuffer page = PageBuffer.allocate(pages.pageSize());
        int room = pages.pageSize() - BTreePage.LAYOUT.end();
        long entries = 0;
        long free = 0;
        long taken = 0;
        int depth = 0;
        int used = pages.usedPages(index.fileId());
        for (int pageNo = BTreePage.ROOT; pageNo < used; pageNo++) {
            pages.copy(index.fileId(), pageNo, page);
            if (BTreePage.isFree(page)) {
                free++;
                continue;
            }
            taken += room - BTreePage.freeSpace(page);
            entries += BTreePage.level(page) == 0 ? BTreePage.count(page) : 0;
            depth = Math.max(depth, BTreePage.level(page) + 1);
        }
        long count = used - 1L;
        return new FileSize(
                Kind.INDEX,
                index.index().name(),
                owner,
                fileBytes(pages, index.fileId()),
                count,
                entries,
                free,
                taken,
                0,
                count * room,
                depth);
    }

    /** A table's values on pages of their own; their file must be there. */
    static FileSize ofLarge(StoredPages pages, StoredTable table) {
        PageBuffer page = PageBuffer.allocate(pages.pageSize());
        int fileId = table.overflowFileId();
        long values = 0;
        long free = 0;
        long taken = 0;
        int used = pages.usedPages(fileId);
        for (int pageNo = 1; pageNo < used; pageNo++) {
            pages.copy(fileId, pageNo, page);
            if (OverflowPage.isFree(page)) {
                free++;
            } else {
                values += OverflowPage.index(page) == 0 ? 1 : 0;
                taken += PageHeader.lower(page) - OverflowPage.DATA;
            }
        }
        long count = used - 1L;
        return new FileSize(
                Kind.LARGE,
                table.name(),
                table.name(),
                fileBytes(pages, fileId),
                count,
                values,
                free,
                taken,
                0,
                count * OverflowPage.capacity(pages.pageSize()),
                0);
    }

    private static long fileBytes(StoredPages pages, int fileId) {
        return (long) pages.allocatedPages(fileId) * pages.pageSize();
    }

    /** How much of the pages' room is taken, percent. */
    long fill() {
        return room == 0 ? 0 : (liveBytes + deadBytes) * 100 / room;
    }

    /** How much of the pages' room is taken by what nobody sees, percent. */
    long bloat() {
        return room == 0 ? 0 : deadBytes * 100 / room;
    }
}
