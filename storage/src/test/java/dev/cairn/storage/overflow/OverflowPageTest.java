package dev.cairn.storage.overflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OverflowPageTest {

    private static final int PAGE = 512;
    private static final int FILE = 7;
    private static final int NUMBER = 3;
    private static final long CREATOR = 0x1_0000_0001L;

    private final PageBuffer page = PageBuffer.allocate(PAGE);

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 0x5A);
        return data;
    }

    /** The first page of a plain value of 900 bytes. */
    private void first() {
        int capacity = OverflowPage.capacity(PAGE);
        OverflowPage.init(
                page, FILE, NUMBER, CREATOR, new Chunk(5, 0, 4, 900, 900, OverflowPage.PLAIN, data(capacity)));
    }

    private void following() {
        OverflowPage.init(page, FILE, NUMBER, CREATOR, new Chunk(5, 1, 0, 0, 0, 0, data(20)));
    }

    private static int at(String field) {
        return OverflowPage.LAYOUT.offset(field);
    }

    private void refused(String expected) {
        CorruptPageException refused = assertThrows(CorruptPageException.class, () -> OverflowPage.check(page));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("page 3 of file 7"), message);
        assertTrue(message.contains(expected), message);
    }

    @Test
    void whatWasPutThereIsThere() {
        first();
        OverflowPage.check(page);
        assertFalse(OverflowPage.isFree(page));
        assertTrue(OverflowPage.isOf(page, CREATOR, 5, 0));
        assertFalse(OverflowPage.isOf(page, CREATOR + 1, 5, 0));
        assertFalse(OverflowPage.isOf(page, CREATOR, 6, 0));
        assertFalse(OverflowPage.isOf(page, CREATOR, 5, 1));
        assertEquals(CREATOR, OverflowPage.creator(page));
        assertEquals(0, OverflowPage.deleter(page));
        assertEquals(5, OverflowPage.value(page));
        assertEquals(0, OverflowPage.index(page));
        assertEquals(4, OverflowPage.next(page));
        assertEquals(900, OverflowPage.length(page));
        assertEquals(900, OverflowPage.stored(page));
        assertEquals(OverflowPage.PLAIN, OverflowPage.form(page));
        byte[] bytes = new byte[OverflowPage.dataLength(page)];
        page.get(OverflowPage.DATA, bytes, 0, bytes.length);
        assertArrayEquals(data(OverflowPage.capacity(PAGE)), bytes);
    }

    /** I10: a page that is made anew forgets all that it was. */
    @Test
    void aPageThatIsFreedIsAsIfItHadNeverBeenUsed() {
        PageBuffer fresh = PageBuffer.allocate(PAGE);
        OverflowPage.initFree(fresh, FILE, NUMBER);
        first();
        OverflowPage.delete(page, 77);
        OverflowPage.initFree(page, FILE, NUMBER);
        OverflowPage.check(page);
        assertTrue(OverflowPage.isFree(page));
        byte[] expected = new byte[PAGE];
        byte[] found = new byte[PAGE];
        fresh.get(0, expected, 0, PAGE);
        page.get(0, found, 0, PAGE);
        assertArrayEquals(expected, found);
    }

    @Test
    void onlyAFirstPageIsDeletedAndALaterDeleterCounts() {
        first();
        OverflowPage.delete(page, 77);
        OverflowPage.delete(page, 99);
        assertEquals(99, OverflowPage.deleter(page));
        OverflowPage.check(page);
        following();
        OverflowPage.check(page);
        CorruptPageException second = assertThrows(CorruptPageException.class, () -> OverflowPage.delete(page, 77));
        assertTrue(String.valueOf(second.getMessage()).endsWith("found its page 1"), second.getMessage());
        OverflowPage.initFree(page, FILE, NUMBER);
        CorruptPageException free = assertThrows(CorruptPageException.class, () -> OverflowPage.delete(page, 77));
        assertTrue(String.valueOf(free.getMessage()).endsWith("found a free page"), free.getMessage());
    }

    @Test
    void aPageOfAnotherKindIsNobodys() {
        PageHeader.init(page, PageKind.HEAP, FILE, NUMBER);
        assertFalse(OverflowPage.isOf(page, 0, 0, 0));
        refused("kind OVERFLOW");
    }

    @Test
    void headersThatCannotBeAreRefused() {
        first();
        PageHeader.flags(page, 1);
        refused("no page flags, found 1");
        first();
        PageHeader.lower(page, OverflowPage.DATA - 1);
        refused("lower from 88 to 512, found 87");
        PageHeader.lower(page, PAGE + 1);
        refused("lower from 88 to 512, found 513");
        first();
        PageHeader.upper(page, PAGE - 1);
        refused("upper 512, found 511");
    }

    @Test
    void fieldsThatCannotBeAreRefused() {
        first();
        page.putLong(at("creator"), -1);
        refused("ids that are not negative");
        first();
        page.putLong(at("deleter"), -1);
        refused("ids that are not negative");
        first();
        page.putInt(at("next"), -1);
        refused("a page number, found -1");
        first();
        page.putInt(at("index"), -1);
        refused("a place in the value, found -1");
    }

    @Test
    void aFreePageHasNoValue() {
        OverflowPage.initFree(page, FILE, NUMBER);
        PageHeader.lower(page, OverflowPage.DATA + 1);
        refused("a free page without a value");
        OverflowPage.initFree(page, FILE, NUMBER);
        page.putInt(at("next"), 9);
        refused("a free page without a value");
        OverflowPage.initFree(page, FILE, NUMBER);
        page.putLong(at("deleter"), 9);
        refused("a free page without a value");
    }

    @Test
    void lengthsThatCannotBeAreRefused() {
        first();
        page.putInt(at("length"), -1);
        refused("a length, found -1");
        page.putInt(at("length"), OverflowReference.MAX_LENGTH + 1);
        refused("a length, found 67108865");
        first();
        page.putInt(at("stored"), -1);
        refused("at most 900 bytes stored, found -1");
        page.putInt(at("stored"), 901);
        refused("at most 900 bytes stored, found 901");
        page.putInt(at("stored"), 899);
        refused("900 bytes stored, found 899");
        page.putU8(at("form"), OverflowPage.BLOCKS);
        assertDoesNotThrow(() -> OverflowPage.check(page));
        page.putU8(at("form"), 2);
        refused("form 0 or 1, found 2");
    }

    @Test
    void onlyAFirstPageHasADeleter() {
        following();
        page.putLong(at("deleter"), 9);
        refused("a deleter on a first page only, found 9");
    }

    @Test
    void aReferenceComesBackOrIsRefused() {
        OverflowReference reference = new OverflowReference(9, CREATOR, -5, OverflowReference.MAX_LENGTH);
        assertEquals(reference, again(reference));
        assertRefused(new OverflowReference(0, CREATOR, 1, 1));
        assertRefused(new OverflowReference(1, 0, 1, 1));
        assertRefused(new OverflowReference(1, CREATOR, 1, -1));
        assertRefused(new OverflowReference(1, CREATOR, 1, OverflowReference.MAX_LENGTH + 1));
    }

    private static OverflowReference again(OverflowReference reference) {
        ByteBuffer bytes = ByteBuffer.allocate(OverflowReference.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        reference.put(bytes);
        return OverflowReference.get(bytes.flip());
    }

    private static void assertRefused(OverflowReference reference) {
        CorruptionException refused = assertThrows(CorruptionException.class, () -> again(reference));
        assertTrue(String.valueOf(refused.getMessage()).contains(reference.toString()), refused.getMessage());
    }
}
