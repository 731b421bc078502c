package dev.cairn.storage.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeapPageTest {
    private static final int LOWER = PageHeader.LAYOUT.offset("lower");
    private static final int UPPER = PageHeader.LAYOUT.offset("upper");
    private static final int POINTERS = PageHeader.BYTES;
    private final PageBuffer page = PageBuffer.allocate(1024);

    @BeforeEach
    void threeVersionsAndAHole() {
        HeapPage.init(page, 5, 6, 100);
        for (int slot = 0; slot < 4; slot++) {
            HeapPage.insert(page, slot, 101 + slot, slot, 0, new byte[30], 0, 30);
        }
        HeapPage.remove(page, new int[] {1});
        HeapPage.check(page);
    }

    @Test
    void aRemovedSlotIsGivenAwayFirst() {
        assertEquals(1, HeapPage.slotForInsert(page));
        HeapPage.insert(page, 1, 200, 0, 0, new byte[1], 0, 1);
        assertEquals(4, HeapPage.slotForInsert(page));
        HeapPage.check(page);
    }

    @Test
    void idsBeyondTheBaseAreRefused() {
        assertFalse(HeapPage.canHold(page, 100));
        assertFalse(HeapPage.canHold(page, 99));
        assertTrue(HeapPage.canHold(page, 101));
        assertTrue(HeapPage.canHold(page, 100 + 0xFFFF_FFFFL));
        assertFalse(HeapPage.canHold(page, 101 + 0xFFFF_FFFFL));
        assertThrows(
                CorruptPageException.class,
                () -> HeapPage.insert(page, 1, 101 + 0xFFFF_FFFFL, 0, 0, new byte[0], 0, 0));
        assertThrows(CorruptPageException.class, () -> HeapPage.markDeleted(page, 0, 100, 0, 0, 0));
    }

    @Test
    void theLargestDeltaComesBack() {
        HeapPage.insert(page, 1, 100 + 0xFFFF_FFFFL, -1, 0, new byte[0], 0, 0);
        assertEquals(100 + 0xFFFF_FFFFL, HeapPage.xmin(page, 1));
        assertEquals(-1, HeapPage.command(page, 1));
    }

    @Test
    void aSlotLeadsOnlyToAVersionThatNothingElseLeadsTo() {
        HeapPage.insert(page, 1, 200, 0, TupleFlags.HEAP_ONLY, new byte[1], 0, 1);
        assertThrows(CorruptPageException.class, () -> HeapPage.prune(page, new int[0], new int[] {0, 2}));
        assertThrows(CorruptPageException.class, () -> HeapPage.prune(page, new int[] {1}, new int[] {0, 1}));
        assertThrows(CorruptPageException.class, () -> HeapPage.prune(page, new int[0], new int[] {0}));
        assertThrows(CorruptPageException.class, () -> HeapPage.prune(page, new int[0], new int[] {7, 1}));
        HeapPage.prune(page, new int[] {2}, new int[] {0, 1});
        assertTrue(HeapPage.isRedirect(page, 0));
        assertEquals(1, HeapPage.redirect(page, 0));
        assertEquals(2, HeapPage.slotForInsert(page));
        HeapPage.check(page);
        page.putU16(POINTERS + 2, 3 + 1);
        assertThrows(CorruptPageException.class, () -> HeapPage.check(page));
        page.putU16(POINTERS + 2, 100);
        assertThrows(CorruptPageException.class, () -> HeapPage.checkBounds(page));
    }

    @Test
    void whatIsNotThereCannotBeChanged() {
        assertThrows(CorruptPageException.class, () -> HeapPage.markDeleted(page, 1, 300, 0, 0, 0));
        assertThrows(CorruptPageException.class, () -> HeapPage.remove(page, new int[] {0, 4}));
        assertThrows(CorruptPageException.class, () -> HeapPage.freeze(page, new int[] {-1}));
        assertThrows(CorruptPageException.class, () -> HeapPage.insert(page, 0, 300, 0, 0, new byte[1], 0, 1));
        assertThrows(CorruptPageException.class, () -> HeapPage.insert(page, 5, 300, 0, 0, new byte[1], 0, 1));
        assertThrows(
                CorruptPageException.class,
                () -> HeapPage.insert(page, 1, 300, 0, TupleFlags.ALL + 1, new byte[1], 0, 1));
        HeapPage.check(page);
        assertTrue(HeapPage.isUsed(page, 0), "a refused removal removes nothing");
    }

    @Test
    void theCheckNamesEachKindOfDamage() {
        damage("kind", p -> p.putU8(PageHeader.LAYOUT.offset("kind"), 3));
        damage("unknown page flags", p -> PageHeader.flags(p, 2 | HeapPage.HAS_UNUSED_SLOTS));
        damage("lower", p -> p.putU16(LOWER, PageHeader.BYTES - 4));
        damage("inside a line pointer", p -> p.putU16(LOWER, PageHeader.BYTES + 18));
        damage("upper", p -> p.putU16(UPPER, 1025));
        damage("upper", p -> p.putU16(UPPER, PageHeader.BYTES));
        damage("id base", p -> PageHeader.xidBase(p, -1));
        damage("points to", p -> p.putU16(POINTERS, 1024 - 10));
        damage("points to", p -> p.putU16(POINTERS, 60));
        damage("points to", p -> p.putU16(POINTERS + 2, 19));
        damage("leads to slot 19 of 4", p -> p.putU16(POINTERS + 4 + 2, 20));
        damage("no heap-only version", p -> p.putU16(POINTERS + 4 + 2, 1));
        damage("overlaps", p -> p.putU16(POINTERS + 12, p.getU16(POINTERS + 12) + 1));
        damage("last slot", p -> p.putInt(POINTERS + 12, 0));
        damage("flag for unused slots", p -> PageHeader.flags(p, 0));
        damage("garbage", p -> PageHeader.garbage(p, 0));
        damage("unknown flags", p -> p.putU16(p.getU16(POINTERS) + TupleHeader.FLAGS, TupleFlags.ALL + 1));
        damage("no xmin", p -> p.putInt(p.getU16(POINTERS) + TupleHeader.XMIN, 0));
    }

    @Test
    void aPageOfAnotherKindIsNoPageOfRows() {
        HeapPage.requireKind(page);
        page.putU8(PageHeader.LAYOUT.offset("kind"), 4);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> HeapPage.requireKind(page));
        assertTrue(e.getMessage().contains("expected a page of rows, found one of kind BTREE"), e.getMessage());
    }

    @Test
    void rowIdsHoldTheirParts() {
        long id = RowIds.of(0xFFFF_FFFE, 0xFFFF);
        assertEquals(0xFFFF_FFFE, RowIds.page(id));
        assertEquals(0xFFFF, RowIds.slot(id));
        assertTrue(id > 0 && id < 1L << 48);
        assertEquals("(3,4)", RowIds.format(RowIds.of(3, 4)));
    }

    private void damage(String expected, Consumer<PageBuffer> change) {
        PageBuffer copy = PageBuffer.allocate(page.size());
        copy.copyFrom(0, page, 0, page.size());
        change.accept(copy);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> HeapPage.check(copy), expected);
        assertTrue(e.getMessage().contains(expected), () -> expected + " not in: " + e.getMessage());
        assertEquals(5, e.fileId());
        assertEquals(6, e.pageNo());
    }
}
