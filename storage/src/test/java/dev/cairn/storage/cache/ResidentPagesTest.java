package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.storage.testing.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentPagesTest {
    private static final int FILE = CacheFixture.FILE;
    private static final int SIZE = 512;
    private static final int FRAMES = 16;
    private static final int PAGES = 100;
    private static final int SHIFT = 5;

    private final CacheFixture db = new CacheFixture(new MemoryDisk(), SIZE, FRAMES, PageSource.READ);
    private final ResidentPages pages = db.cache.residentPages(4);

    private void find(int... pageNos) {
        long[] ids = new long[pageNos.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) pageNos[i] << SHIFT | i;
        }
        pages.find(FILE, ids, SHIFT, ids.length);
    }

    private PageTable table() {
        return db.files.require(FILE).pages();
    }

    @Test
    void showsEachPageThatIsInMemoryAndReadsNoneIn() {
        db.createFile(PAGES);
        db.evict(1, PAGES);
        db.restamp(2, 22);
        db.restamp(3, 33);
        long read = db.cache.statistics().pagesRead();
        find(2, 1, 3, 2);
        assertTrue(pages.isFound(0) && pages.isFound(2) && pages.isFound(3));
        assertFalse(pages.isFound(1));
        assertEquals(22, CacheFixture.stampOf(pages.page(0)));
        assertEquals(33, CacheFixture.stampOf(pages.page(2)));
        assertEquals(2, PageHeader.pageNo(pages.page(3)));
        assertTrue(pages.validate(0) && pages.validate(2) && pages.validate(3));
        assertEquals(read, db.cache.statistics().pagesRead());
        find(5 * PAGES);
        assertFalse(pages.isFound(0), "no page of the file ever stood there");
    }

    @Test
    void whatIsLatchedIsNotFoundAndWhatWasFoundBeforeIsOver() {
        db.createFile(3);
        find(1, 2);
        Frame frame = db.cache.latch(FILE, 1);
        assertFalse(pages.validate(0), "it may be changing");
        assertTrue(pages.validate(1));
        find(1, 2);
        assertFalse(pages.isFound(0));
        assertTrue(pages.isFound(1));
        db.cache.unlatch(frame);
        find(1, 2);
        assertTrue(pages.isFound(0) && pages.validate(0));
    }

    @Test
    void aChangeInBetweenIsNoticed() {
        db.createFile(3);
        find(1, 2);
        db.restamp(1, 5);
        assertFalse(pages.validate(0));
        assertTrue(pages.validate(1));
        find(1, 2);
        assertEquals(5, CacheFixture.stampOf(pages.page(0)));
        assertTrue(pages.validate(0));
    }

    @Test
    void aPageThatHasLeftAndComeBackIsAnotherOne() {
        db.createFile(PAGES);
        db.stampOf(1);
        Frame first = table().get(1);
        find(1);
        int sameFrame = 0;
        for (int round = 0; round < 1000; round++) {
            db.evict(1, PAGES);
            assertFalse(pages.validate(0), "it is in no frame");
            db.stampOf(1);
            assertFalse(pages.validate(0), "its frame has had another page");
            sameFrame += table().get(1) == first ? 1 : 0;
        }
        assertTrue(sameFrame > 0);
    }

    @Test
    void writingAPageBackIsNoChange() {
        db.createFile(1);
        db.restamp(1, 9);
        find(1);
        db.cache.writeBackDirty(0);
        assertFalse(table().get(1).isDirty());
        assertTrue(pages.validate(0));
    }

    @Test
    void whatOtherReadersDoIsNoChange() {
        db.createFile(PAGES);
        db.evict(1, PAGES);
        db.stampOf(1);
        find(1);
        ResidentPages other = db.cache.residentPages(1);
        other.find(FILE, new long[] {1L << SHIFT}, SHIFT, 1);
        assertTrue(pages.validate(0));
        table().get(1).clearReferenced();
        assertTrue(pages.validate(0) && other.validate(0), "the clock's hand has passed");
    }

    @Test
    void whatIsSaidOfAPageIsKnownUntilItChanges() {
        db.createFile(PAGES);
        assertEquals(0, db.stampOf(1) + db.stampOf(2));
        find(1, 2);
        assertTrue(pages.isFound(0) && pages.isFound(1));
        assertEquals(0, pages.layout(0));
        pages.describe(0, page -> 7_000 + PageHeader.pageNo(page));
        assertEquals(0, pages.layout(0), "it was found before");
        assertTrue(pages.validate(0), "that is no change");
        find(1, 2);
        assertEquals(7_001, pages.layout(0));
        assertEquals(0, pages.layout(1));
        db.cache.writeBackDirty(0);
        assertTrue(pages.validate(0));
        db.restamp(1, 1);
        find(1, 2);
        assertEquals(0, pages.layout(0));
        pages.describe(1, page -> -1);
        find(2);
        assertEquals(-1, pages.layout(0));
        db.evict(2, PAGES);
        db.stampOf(2);
        find(2);
        assertEquals(0, pages.layout(0), "it may have changed while it was away");
    }

    @Test
    void nothingIsSaidOfAPageThatIsLatchedOrHasLeft() {
        db.createFile(PAGES);
        assertEquals(0, db.stampOf(1) + db.stampOf(2));
        find(1);
        assertTrue(pages.isFound(0));
        Frame frame = db.cache.latch(FILE, 1);
        pages.describe(0, page -> 1);
        db.cache.unlatch(frame);
        find(1, 2);
        assertTrue(pages.isFound(0) && pages.isFound(1));
        assertEquals(0, pages.layout(0));
        db.evict(2, PAGES);
        pages.describe(1, page -> 1);
        db.stampOf(2);
        find(2);
        assertEquals(0, pages.layout(0));
    }

    @Test
    void pagesThatAreReadStayInMemory() {
        db.createFile(PAGES);
        PageBuffer into = PageBuffer.allocate(SIZE);
        db.stampOf(1);
        for (int round = 0; round < 5; round++) {
            for (int pageNo = 2; pageNo <= PAGES; pageNo++) {
                find(1);
                assertTrue(pages.isFound(0), "other pages have gone, this one was always used");
                db.cache.copy(FILE, pageNo, into);
            }
        }
        for (int pageNo = 2; pageNo <= PAGES; pageNo++) {
            db.cache.copy(FILE, pageNo, into);
        }
        assertNull(table().get(1), "and goes when it no longer is");
    }

    /** The pool makes frames of its own for threads that hold all others: what is in one of those is found only by its frame. */
    @Test
    void aPageInAnAddedFrameIsNotFound() {
        db.createFile(PAGES);
        List<Frame> all = new ArrayList<>();
        for (int pageNo = 1; pageNo <= FRAMES + 1; pageNo++) {
            all.add(db.cache.latch(FILE, pageNo));
        }
        all.forEach(db.cache::unlatch);
        assertEquals(FRAMES + 1, db.cache.statistics().frames());
        find(1, FRAMES + 1);
        assertTrue(pages.isFound(0));
        assertFalse(pages.isFound(1));
        assertNotNull(db.cache.findResident(FILE, FRAMES + 1));
    }

    @Test
    void aForgottenFilesPagesAreNotValid() {
        db.createFile(3);
        find(1);
        db.cache.forget(FILE);
        assertFalse(pages.validate(0));
        find(1);
        assertFalse(pages.isFound(0));
    }

    @Test
    void aFrameThatHasLostItsPageStampsNoOther() {
        db.createFile(3);
        db.cache.unlatch(db.cache.latchNew(FILE, 50));
        assertNull(table().get(50), "it was not marked dirty");
        find(0);
        assertEquals(PageKind.FILE_HEADER, PageHeader.kind(pages.page(0)));
        assertTrue(pages.validate(0));
    }

    @Test
    void afterTheCloseReadingFails() {
        db.createFile(1);
        find(1);
        PageBuffer page = pages.page(0);
        assertEquals(0, CacheFixture.stampOf(page));
        db.cache.close();
        assertThrows(IndexOutOfBoundsException.class, () -> pages.page(0).getByte(0));
    }
}
