package dev.cairn.recovery;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.storage.page.PageStructure;

/**
 * The structure of every kind of page that data files hold, judged when a page comes in: whoever writes a page also writes its
 * checksum, so the checksum alone does not keep code from reading or writing outside of the page. Cheap for rows; an index page
 * is judged as a whole, as searches and cursors end only because fences are in order.
 */
final class PageStructures {

    static final PageStructure CHECK = PageStructures::check;

    private PageStructures() {}

    /** Page 0 of a data file is its header, and no other page is one. */
    private static void check(PageBuffer page) {
        PageKind kind = PageHeader.kind(page);
        boolean header = PageHeader.pageNo(page) == 0;
        if (header && kind == PageKind.FILE_HEADER) {
            return;
        }
        if (!header && kind == PageKind.HEAP) {
            HeapPage.checkBounds(page);
        } else if (!header && kind == PageKind.BTREE) {
            BTreePage.check(page);
        } else if (!header && kind == PageKind.OVERFLOW) {
            OverflowPage.check(page);
        } else {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    "expected " + (header ? "a file header" : "rows, index entries or large values")
                            + ", found a page of kind " + kind);
        }
    }
}
