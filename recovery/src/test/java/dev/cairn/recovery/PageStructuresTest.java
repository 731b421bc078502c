package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import org.junit.jupiter.api.Test;

/** Which kinds of pages a data file may hold, and where. */
class PageStructuresTest {

    private static PageBuffer page(PageKind kind, int pageNo) {
        PageBuffer page = PageBuffer.allocate(512);
        PageHeader.init(page, kind, 7, pageNo);
        return page;
    }

    private static void refused(PageKind kind, int pageNo, String expected) {
        CorruptPageException e =
                assertThrows(CorruptPageException.class, () -> PageStructures.CHECK.check(page(kind, pageNo)));
        assertTrue(e.getMessage().contains("expected " + expected + ", found a page of kind " + kind), e.getMessage());
    }

    @Test
    void aHeaderIsPageZeroAndNothingElseIs() {
        PageStructures.CHECK.check(page(PageKind.FILE_HEADER, 0));
        PageBuffer rows = PageBuffer.allocate(512);
        HeapPage.init(rows, 7, 1, 3);
        PageStructures.CHECK.check(rows);
        for (PageKind kind : PageKind.values()) {
            if (kind != PageKind.FILE_HEADER) {
                refused(kind, 0, "a file header");
            }
        }
        refused(PageKind.FILE_HEADER, 1, "rows, index entries or large values");
        refused(PageKind.STATUS, 1, "rows, index entries or large values");
    }
}
