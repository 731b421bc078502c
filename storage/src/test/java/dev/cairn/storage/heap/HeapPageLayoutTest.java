package dev.cairn.storage.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is said of a page's layout leads to the same versions as the page's own line pointers do. */
class HeapPageLayoutTest {

    private static final int SIZE = 1024;
    private static final int BYTES = 30;
    private static final int VERSIONS = 8;

    private final PageBuffer page = PageBuffer.allocate(SIZE);

    private void fill(long xidBase) {
        HeapPage.init(page, 5, 6, xidBase);
        for (int slot = 0; slot < VERSIONS; slot++) {
            insert(slot, BYTES);
        }
    }

    private void insert(int slot, int bytes) {
        HeapPage.insert(page, slot, PageHeader.xidBase(page) + 3, 0, 0, new byte[bytes], 0, bytes);
    }

    private void requireIrregular() {
        assertEquals(HeapPage.IRREGULAR, HeapPage.layout(page));
    }

    @Test
    void ofVersionsEquallyLongItLeadsToEachAndToNoOther() {
        fill(0);
        int layout = HeapPage.layout(page);
        assertTrue(layout > 0);
        for (int slot = 0; slot <= VERSIONS; slot++) {
            assertEquals(HeapPage.pointer(page, slot), HeapPage.pointer(layout, page, slot));
        }
        assertEquals(0, HeapPage.pointer(layout, page, 5000));
        insert(VERSIONS, BYTES);
        assertNotEquals(layout, HeapPage.layout(page));
    }

    @Test
    void changesOfHeadersAloneLeaveItAsItIs() {
        fill(0);
        int layout = HeapPage.layout(page);
        HeapPage.markDeleted(page, 2, 9, 1, 0, RowIds.of(6, 3));
        HeapPage.freeze(page, new int[] {1});
        assertEquals(layout, HeapPage.layout(page));
    }

    @Test
    void otherPagesAreIrregular() {
        HeapPage.init(page, 5, 6, 0);
        requireIrregular();
        fill(1);
        requireIrregular();
        fill(0);
        insert(VERSIONS, BYTES - 1);
        requireIrregular();
        fill(0);
        HeapPage.remove(page, new int[] {3});
        requireIrregular();
        insert(3, BYTES);
        requireIrregular();
        fill(0);
        HeapPage.remove(page, new int[] {0, 1, 2, 3, 4, 5, 6, 7});
        requireIrregular();
        fill(0);
        insert(VERSIONS, BYTES);
        HeapPage.prune(page, new int[] {2}, new int[] {});
        requireIrregular();
    }

    @Test
    void whateverThePageHoldsNothingIsThrownAndNothingLeadsOutside() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 20_000; round++) {
            fill(0);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(PageHeader.BYTES + 4 * VERSIONS);
                page.putByte(at, random.nextInt());
            }
            int layout = HeapPage.layout(page);
            for (int slot = 0; slot < 2 * VERSIONS && layout > 0; slot++) {
                assertEquals(HeapPage.pointer(page, slot), HeapPage.pointer(layout, page, slot));
            }
        }
    }
}
