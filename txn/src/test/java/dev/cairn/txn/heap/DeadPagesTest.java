package dev.cairn.txn.heap;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeadPagesTest {

    /** Hostile image 6469 of seed 59000178: an index entry whose row id names no page. */
    @Test
    void aNumberThatIsNoPagesIsNotKnown() {
        DeadPages pages = new DeadPages();
        pages.noteDeleted(7, 5);
        assertTrue(pages.contains(7));
        assertFalse(pages.contains(6));
        assertFalse(pages.contains(-1_622_802_427));
        assertFalse(pages.contains(Integer.MIN_VALUE));
    }
}
