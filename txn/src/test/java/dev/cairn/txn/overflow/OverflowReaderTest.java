package dev.cairn.txn.overflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages that say anything, and the reader that believes none of them. */
class OverflowReaderTest {

    private static final int PAGE = 512;
    private static final int CAPACITY = OverflowPage.capacity(PAGE);
    private static final int FILE = 7;
    private static final long CREATOR = 12;
    private static final int VALUE = 3;
    /** Far less than a value may say that it has. */
    private static final long LITTLE = 1 << 20;

    /** Page 0 is the file's header. */
    private final List<PageBuffer> pages = new ArrayList<>(List.of(PageBuffer.allocate(PAGE)));

    private OverflowReader reader() {
        return new OverflowReader(
                FILE,
                pages.size(),
                PageBuffer.allocate(PAGE),
                (pageNo, into) -> into.copyFrom(0, pages.get(pageNo), 0, PAGE));
    }

    private void add(int index, int next, int length, int stored, int form, byte[] data) {
        PageBuffer page = PageBuffer.allocate(PAGE);
        OverflowPage.init(page, FILE, pages.size(), CREATOR, new Chunk(VALUE, index, next, length, stored, form, data));
        pages.add(page);
    }

    /** A value on pages from 1 on. */
    private OverflowReference write(byte[] stored, int length, int form) {
        int count = Math.max(1, (stored.length + CAPACITY - 1) / CAPACITY);
        for (int i = 0; i < count; i++) {
            byte[] data = Arrays.copyOfRange(stored, i * CAPACITY, Math.min(stored.length, (i + 1) * CAPACITY));
            int next = i == count - 1 ? 0 : i + 2;
            add(i, next, i == 0 ? length : 0, i == 0 ? stored.length : 0, i == 0 ? form : 0, data);
        }
        return new OverflowReference(1, CREATOR, VALUE, length);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static int at(String field) {
        return OverflowPage.LAYOUT.offset(field);
    }

    private static byte[] piecesOf(OverflowReader reader, OverflowReference reference) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        OverflowReader.Pieces pieces = reader.pieces(reference);
        for (byte[] piece = pieces.next(); piece != null; piece = pieces.next()) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** All ways of reading it refuse it, and take no memory for it. */
    private void refused(OverflowReference reference, String expected) {
        OverflowReader reader = reader();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        CorruptionException read = assertThrows(CorruptionException.class, () -> reader.read(reference));
        CorruptionException checked =
                assertThrows(CorruptionException.class, () -> reader.check(reference, pageNo -> {}));
        assertThrows(CorruptionException.class, () -> piecesOf(reader, reference));
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < LITTLE, "memory was taken");
        assertTrue(String.valueOf(read.getMessage()).contains(expected), read.getMessage());
        assertEquals(read.getMessage(), checked.getMessage());
    }

    @Test
    void valuesOfAllSizesAreRead() {
        for (int length : new int[] {0, 1, CAPACITY - 1, CAPACITY, CAPACITY + 1, 3 * CAPACITY, 10_000}) {
            pages.subList(1, pages.size()).clear();
            OverflowReference reference = write(noise(length), length, OverflowPage.PLAIN);
            assertTrue(reader().isThere(reference));
            assertArrayEquals(noise(length), reader().read(reference));
            assertArrayEquals(noise(length), piecesOf(reader(), reference));
            List<Integer> seen = new ArrayList<>();
            reader().check(reference, seen::add);
            assertEquals(pages.size() - 1, seen.size());
        }
    }

    @Test
    void blocksAreReadAndOthersRefused() {
        byte[] value = new byte[100_000];
        byte[] blocks = ValueBlocks.compress(value, value.length);
        assertNotNull(blocks);
        OverflowReference reference = write(blocks, value.length, OverflowPage.BLOCKS);
        assertArrayEquals(value, reader().read(reference));
        assertArrayEquals(value, piecesOf(reader(), reference));
        pages.get(1).putInt(OverflowPage.DATA, 5);
        assertThrows(CorruptionException.class, () -> piecesOf(reader(), reference));
        CorruptionException refused = assertThrows(CorruptionException.class, () -> reader().read(reference));
        assertTrue(String.valueOf(refused.getMessage()).contains("its value makes no sense"), refused.getMessage());
    }

    @Test
    void aValueThatHasGoneIsNotThere() {
        OverflowReference reference = write(noise(900), 900, OverflowPage.PLAIN);
        assertFalse(reader().isThere(new OverflowReference(1, CREATOR + 1, VALUE, 900)));
        assertFalse(reader().isThere(new OverflowReference(pages.size(), CREATOR, VALUE, 900)));
        OverflowPage.initFree(pages.get(1), FILE, 1);
        assertFalse(reader().isThere(reference));
        refused(reference, "found a free page");
        PageHeader.init(pages.get(1), PageKind.HEAP, FILE, 1);
        refused(reference, "found a page of kind HEAP");
    }

    @Test
    void chainsThatGoAstrayAreRefused() {
        OverflowReference reference = write(noise(1200), 1200, OverflowPage.PLAIN);
        for (int to : new int[] {1, 2}) {
            pages.get(2).putInt(at("next"), to); // in a circle
            refused(reference, "expected page 2 of value 3 of transaction 12, found page " + (to - 1));
        }
        pages.get(2).putInt(at("next"), 4);
        refused(reference, "only 4 are in use");
        pages.get(2).putInt(at("next"), 0);
        refused(reference, "expected 1200 bytes on the value's pages, found 848");
        pages.get(2).putInt(at("next"), 3);
        pages.get(3).putInt(at("value"), 4); // another value's
        refused(reference, "found page 2 of value 4 of transaction 12");
    }

    @Test
    void chainsThatAreTooLongOrTooShortAreRefused() {
        OverflowReference reference = write(noise(900), 900, OverflowPage.PLAIN);
        pages.get(3).putInt(at("next"), 2);
        refused(reference, "expected the value's last page, found that page 2 follows");
        pages.get(3).putInt(at("next"), 0);
        PageHeader.lower(pages.get(3), OverflowPage.DATA + 53);
        refused(reference, "expected at most 52 bytes of the value, found 53");
        PageHeader.lower(pages.get(3), OverflowPage.DATA);
        refused(reference, "expected at most 52 bytes of the value, found 0");
        PageHeader.lower(pages.get(3), OverflowPage.DATA + 51);
        refused(reference, "expected 900 bytes on the value's pages, found 899");
    }

    @Test
    void lengthsThatLieTakeNoMemory() {
        OverflowReference reference = write(noise(900), 900, OverflowPage.PLAIN);
        int most = OverflowReference.MAX_LENGTH;
        OverflowReference longer = new OverflowReference(1, CREATOR, VALUE, most);
        refused(longer, "expected a value of 67108864 bytes, found one of 900");
        pages.get(1).putInt(at("length"), most);
        pages.get(1).putInt(at("stored"), most);
        refused(longer, "expected a value of at most 1272 bytes, as there are 4 pages, found one of 67108864");
        refused(reference, "expected a value of 900 bytes, found one of 67108864");
    }

    @Test
    void aBombTakesNoMemory() {
        byte[] blocks = ValueBlocks.compress(new byte[1 << 16], 1 << 16);
        assertNotNull(blocks);
        OverflowReference reference = write(blocks, OverflowReference.MAX_LENGTH, OverflowPage.BLOCKS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(CorruptionException.class, () -> reader().read(reference));
        assertThrows(CorruptionException.class, () -> piecesOf(reader(), reference));
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < LITTLE, "memory was taken");
    }
}
