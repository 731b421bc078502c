package dev.cairn.storage.page;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.memory.PageBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PageChecksTest {
    private static final int SIZE = 512;
    private final PageChecks checks = new PageChecks(0x1234_5678_9ABC_DEF0L);
    private final ByteBuffer page = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void aSealedPagePasses() {
        sealed(7, 9);
        assertDoesNotThrow(() -> checks.verify(page, 7, 9));
        assertEquals(0, page.position());
        assertEquals(SIZE, page.limit());
    }

    @Test
    void i9_everyBitCounts() {
        sealed(7, 9);
        for (int bit = 0; bit < SIZE * 8; bit++) {
            flip(bit);
            assertNotNull(checks.fault(page, 7, 9), "bit " + bit);
            flip(bit);
        }
        assertNull(checks.fault(page, 7, 9));
    }

    @Test
    void anotherPlaceOrDatabaseIsAtFault() {
        sealed(7, 9);
        assertTrue(fault(7, 8).contains("page 9 of file 7"));
        assertTrue(fault(6, 9).contains("page 9 of file 7"));
        assertNotNull(new PageChecks(1).fault(page, 7, 9));
    }

    @Test
    void zerosAndUnknownKindsAreAtFault() {
        assertTrue(PageChecks.isZero(page));
        assertTrue(fault(7, 9).contains("zeros"));
        sealed(7, 9);
        page.put(PageHeader.KIND, (byte) 77);
        checks.seal(page);
        assertTrue(fault(7, 9).contains("77"));
    }

    @Test
    void anIntactPageOfAnotherFormatHasItsOwnError() {
        sealed(7, 9);
        page.putShort(PageHeader.VERSION, (short) (PageHeader.FORMAT_VERSION + 1));
        checks.seal(page);
        FormatVersionException e = assertThrows(FormatVersionException.class, () -> checks.verify(page, 7, 9));
        assertTrue(e.getMessage().contains("too new"), e.getMessage());
        page.putShort(PageHeader.VERSION, (short) 0);
        checks.seal(page);
        e = assertThrows(FormatVersionException.class, () -> checks.verify(page, 7, 9));
        assertTrue(e.getMessage().contains("too old"), e.getMessage());
    }

    @Test
    void theErrorSaysWhere() {
        sealed(7, 9);
        flip(3000);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> checks.verify(page, 7, 9));
        assertEquals(7, e.fileId());
        assertEquals(9, e.pageNo());
        assertTrue(e.getMessage().contains("checksum"), e.getMessage());
    }

    @Test
    void kindsHaveTheirCodes() {
        for (PageKind kind : PageKind.values()) {
            assertEquals(kind, PageKind.of(kind.code()));
        }
        assertNull(PageKind.of(0));
        assertNull(PageKind.of(255));
        assertNull(PageKind.of(-1));
    }

    @Test
    void aFileHeaderHoldsWhatItWasGiven() {
        PageBuffer header = PageBuffer.allocate(SIZE);
        FileHeaderPage.init(header, 3, 1L << 60, -5, 17, 1L << 40);
        assertEquals(PageKind.FILE_HEADER, PageHeader.kind(header));
        assertEquals(3, PageHeader.fileId(header));
        assertEquals(0, PageHeader.pageNo(header));
        assertEquals(1L << 60, FileHeaderPage.databaseIdHigh(header));
        assertEquals(-5, FileHeaderPage.databaseIdLow(header));
        assertEquals(17, FileHeaderPage.tableId(header));
        assertEquals(1L << 40, FileHeaderPage.creatorXid(header));
        assertEquals(1, FileHeaderPage.usedPages(header));
        assertEquals(SIZE, FileHeaderPage.pageSize(header));
    }

    private String fault(int fileId, int pageNo) {
        String fault = checks.fault(page, fileId, pageNo);
        assertNotNull(fault);
        return fault;
    }

    private void flip(int bit) {
        page.put(bit / 8, (byte) (page.get(bit / 8) ^ 1 << bit % 8));
    }

    private void sealed(int fileId, int pageNo) {
        PageBuffer made = PageBuffer.allocate(SIZE);
        PageHeader.init(made, PageKind.HEAP, fileId, pageNo);
        made.putLong(300, 0x0102_0304_0506_0708L);
        page.clear();
        made.writeTo(page);
        page.clear();
        checks.seal(page);
    }
}
