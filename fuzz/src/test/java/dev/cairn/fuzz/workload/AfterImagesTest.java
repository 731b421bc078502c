package dev.cairn.fuzz.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import org.junit.jupiter.api.Test;

class AfterImagesTest {

    private static final int CHECKSUM = PageHeader.LAYOUT.offset("checksum");

    private final AfterImages images = new AfterImages();

    private static PageBuffer page(long recordEnd) {
        PageBuffer page = PageBuffer.allocate(512);
        PageHeader.init(page, PageKind.HEAP, 2, 7);
        PageHeader.pageLsn(page, recordEnd);
        return page;
    }

    private AfterImages.Redone redone(PageBuffer page) {
        AfterImages.Redone redone = images.redone();
        redone.changed(2, 7, page);
        return redone;
    }

    @Test
    void i10_everyByteOfARedonePageCountsButTheChecksums() {
        images.beginLife(() -> false);
        images.changed(2, 7, page(100));
        for (int offset = 0; offset < 512; offset++) {
            PageBuffer other = page(100);
            other.putByte(offset, other.getByte(offset) ^ 1);
            boolean isOtherState = offset < Long.BYTES;
            boolean isChecksum = offset >= CHECKSUM && offset < CHECKSUM + Integer.BYTES;
            AfterImages.Redone redone = redone(other);
            assertEquals(isOtherState ? 0 : 1, redone.compared());
            if (isOtherState || isChecksum) {
                assertNull(redone.fault(), "byte " + offset);
            } else {
                assertNotNull(redone.fault(), "byte " + offset);
            }
        }
        assertNull(redone(page(100)).fault());
    }

    @Test
    void aPageThatIsChangedWithoutARecordIsNoticedAtTheEndOfALifeThatEndsWell() {
        images.beginLife(() -> false);
        images.changed(2, 7, page(100));
        images.changed(2, 7, page(100));
        images.endLife();
        PageBuffer changed = page(100);
        changed.putByte(300, 1);
        images.changed(2, 7, changed);
        assertThrows(Mismatch.class, images::endLife);
        assertNull(redone(page(100)).fault());
    }

    @Test
    void aPageMayNotEvenBeginWithoutARecord() {
        images.beginLife(() -> false);
        images.changed(2, 7, page(0));
        assertThrows(Mismatch.class, images::endLife);
    }

    @Test
    void aLaterLifeMayUseAPlaceInTheLogAgain() {
        images.beginLife(() -> false);
        images.changed(2, 7, page(100));
        PageBuffer changed = page(100);
        changed.putByte(300, 1);
        images.beginLife(() -> false);
        images.changed(2, 7, changed);
        images.endLife();
        assertNull(redone(changed).fault());
        assertNotNull(redone(page(100)).fault());
    }

    /** Seed 60000567 of checkpoints: a page was pruned and written to at once where another life's record had ended. */
    @Test
    void whatWasLostWithTheEndOfTheLogDoesNotCount() {
        images.beginLife(() -> false);
        images.changed(2, 7, page(100));
        images.changed(2, 7, page(200));
        images.beginLife(() -> false);
        images.opened(150);
        PageBuffer other = page(200);
        other.putByte(300, 1);
        assertNull(redone(other).fault());
        PageBuffer kept = page(100);
        kept.putByte(300, 1);
        assertNotNull(redone(kept).fault());
    }

    /** Seed 118 of races: the log could not take the record, and the page had the place of the pruning just before. */
    @Test
    void whatAnEngineLeavesThatCannotLogDoesNotCount() {
        boolean[] failed = new boolean[1];
        images.beginLife(() -> failed[0]);
        failed[0] = true;
        PageBuffer changed = page(100);
        changed.putByte(300, 1);
        images.changed(2, 7, changed);
        assertEquals(0, redone(page(100)).compared());
        images.endLife();
    }
}
