package dev.cairn.storage.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.MemoryGate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PageMemoryTest {

    private static final int SIZE = 512;

    @Test
    void valuesAreLittleEndianAtAnyAlignment() {
        PageBuffer page = PageBuffer.allocate(SIZE);
        for (int off = 0; off < 16; off++) {
            page.putLong(off, 0x8877665544332211L);
            assertEquals(0x11, page.getU8(off));
            assertEquals((byte) 0x88, page.getByte(off + 7));
            assertEquals(0x8877, page.getU16(off + 6));
            assertEquals((short) 0x8877, page.getShort(off + 6));
            assertEquals(0x88776655, page.getInt(off + 4));
            assertEquals(0x88776655L, page.getU32(off + 4));
            assertEquals(0x887766554433L, page.getU48(off + 2));
            assertEquals(0x8877665544332211L, page.getLong(off));
            page.putU48(off, 0xFFEE_DDCC_BBAAL);
            assertEquals(0xFFEE_DDCC_BBAAL, page.getU48(off));
            assertEquals(0x8877, page.getU16(off + 6), "six bytes and no more");
            page.putU32(off, 0xF0F0F0F0L);
            page.putU16(off + 4, 0xABCD);
            page.putU8(off + 6, 0xEF);
            page.putShort(off + 8, -2);
            page.putByte(off + 10, -3);
            assertEquals(0x88EFABCDF0F0F0F0L, page.getLong(off));
            assertEquals(-2, page.getShort(off + 8));
            assertEquals(-3, page.getByte(off + 10));
        }
    }

    @Test
    void linesAreLoadedFromThePageAloneWhateverTheOffset() {
        try (PageMemory memory = PageMemory.allocate(3, SIZE)) {
            for (int i = 0; i < 3; i++) {
                memory.frame(i).fill(0, SIZE, 7 + i);
            }
            PageBuffer page = memory.frame(1);
            LineBatch lines = new LineBatch(1 + 2 * LineBatch.STRETCH_LINES);
            int[] offsets = {0, 1, SIZE - 1, SIZE, -1, -SIZE, 3 * SIZE + 5, Integer.MAX_VALUE, Integer.MIN_VALUE};
            for (int offset : offsets) {
                assertEquals(8, CacheLines.load(page, offset));
                lines.add(page, offset);
                lines.addStretch(page, offset, 100);
                lines.addStretch(page, offset, offset);
                assertEquals((1 + 2 * LineBatch.STRETCH_LINES) * 8, lines.load());
                assertEquals(0, lines.load(), "all are loaded");
            }
            lines.add(page, SIZE);
            memory.close();
            assertEquals(8, lines.load(), "the page closed before its line was loaded");
            assertEquals(8, CacheLines.load(page, SIZE), "its first byte is still there");
        }
    }

    @Test
    void everyAccessOutsideIsRefused() {
        PageBuffer page = PageBuffer.allocate(SIZE);
        byte[] bytes = new byte[SIZE];
        refuses(page::getByte, Byte.BYTES);
        refuses(page::getShort, Short.BYTES);
        refuses(page::getInt, Integer.BYTES);
        refuses(page::getLong, Long.BYTES);
        refuses(page::getU48, 6);
        refuses(off -> page.putByte(off, 1), Byte.BYTES);
        refuses(off -> page.putShort(off, 1), Short.BYTES);
        refuses(off -> page.putInt(off, 1), Integer.BYTES);
        refuses(off -> page.putLong(off, 1), Long.BYTES);
        refuses(off -> page.putU48(off, 1), 6);
        refuses(off -> page.get(off, bytes, 0, 10), 10);
        refuses(off -> page.put(off, bytes, 0, 10), 10);
        refuses(off -> page.fill(off, 10, 1), 10);
        refuses(off -> page.move(off, 0, 10), 10);
        refuses(off -> page.move(0, off, 10), 10);
        refuses(off -> page.copyFrom(off, page, 0, 10), 10);
        refuses(off -> page.copyFrom(0, page, off, 10), 10);
        refuses(off -> page.get(0, bytes, off, 10), 10);
        refuses(off -> page.put(0, bytes, off, 10), 10);
        assertThrows(IndexOutOfBoundsException.class, () -> page.get(0, bytes, 0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> page.fill(0, -1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> page.fill(8, Integer.MAX_VALUE, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> page.writeTo(ByteBuffer.allocate(SIZE - 1)));
        assertThrows(IndexOutOfBoundsException.class, () -> page.readFrom(ByteBuffer.allocate(SIZE - 1)));
        assertThrows(
                ReadOnlyBufferException.class,
                () -> page.writeTo(ByteBuffer.allocate(SIZE).asReadOnlyBuffer()));
        PageBuffer tiny = PageBuffer.allocate(3);
        assertThrows(IndexOutOfBoundsException.class, () -> tiny.getLong(0));
        assertThrows(IndexOutOfBoundsException.class, () -> tiny.getInt(-1));
    }

    private static void refuses(IntConsumer access, int width) {
        access.accept(0);
        access.accept(SIZE - width);
        for (int off : new int[] {-1, SIZE - width + 1, SIZE, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> access.accept(off), () -> "offset " + off);
        }
    }

    @Test
    void bulkOperationsMatchArrays() {
        Random random = new Random(42);
        byte[] model = new byte[SIZE];
        PageBuffer page = PageBuffer.allocate(SIZE);
        PageBuffer other = PageBuffer.allocate(SIZE);
        byte[] otherModel = new byte[SIZE];
        for (int round = 0; round < 5_000; round++) {
            int from = random.nextInt(SIZE);
            int to = random.nextInt(SIZE);
            int len = random.nextInt(SIZE - Math.max(from, to));
            switch (random.nextInt(4)) {
                case 0 -> {
                    page.move(from, to, len);
                    System.arraycopy(model, from, model, to, len);
                }
                case 1 -> {
                    int value = random.nextInt();
                    page.fill(to, len, value);
                    Arrays.fill(model, to, to + len, (byte) value);
                }
                case 2 -> {
                    random.nextBytes(otherModel);
                    page.put(to, otherModel, from, len);
                    System.arraycopy(otherModel, from, model, to, len);
                }
                default -> {
                    random.nextBytes(otherModel);
                    other.put(0, otherModel, 0, SIZE);
                    page.copyFrom(to, other, from, len);
                    System.arraycopy(otherModel, from, model, to, len);
                }
            }
            byte[] found = new byte[SIZE];
            page.get(0, found, 0, SIZE);
            assertArrayEquals(model, found);
        }
    }

    @Test
    void wholePagesGoThroughAnyByteBuffer() {
        PageBuffer page = PageBuffer.allocate(SIZE);
        for (int i = 0; i < SIZE; i += 8) {
            page.putLong(i, i * 0x9E3779B97F4A7C15L);
        }
        for (ByteBuffer buffer : List.of(
                ByteBuffer.allocate(SIZE + 20),
                ByteBuffer.allocateDirect(SIZE + 20),
                ByteBuffer.allocate(SIZE + 40).position(13).slice())) {
            buffer.position(5);
            page.writeTo(buffer);
            assertEquals(5 + SIZE, buffer.position());
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(page.getLong(8), buffer.getLong(13));
            for (ByteBuffer source : List.of(buffer, buffer.asReadOnlyBuffer())) {
                PageBuffer copy = PageBuffer.allocate(SIZE);
                assertTrue(copy.isZero());
                copy.readFrom(source.position(5));
                assertEquals(5 + SIZE, source.position());
                for (int i = 0; i < SIZE; i += 8) {
                    assertEquals(page.getLong(i), copy.getLong(i));
                }
                assertFalse(copy.isZero());
            }
        }
    }

    @Test
    void isZeroSeesEveryByte() {
        PageBuffer page = PageBuffer.allocate(21);
        for (int i = 0; i < 21; i++) {
            page.putByte(i, 1);
            assertFalse(page.isZero());
            page.putByte(i, 0);
            assertTrue(page.isZero());
        }
    }

    @Test
    void framesAreDistinctAndClosedTogether() {
        int pageSize = 32 << 10;
        int frames = (int) (PageMemory.MAX_SLAB_BYTES / pageSize) + 3;
        PageMemory memory = PageMemory.allocate(frames, pageSize);
        assertEquals(frames, memory.frames());
        for (int i = 0; i < frames; i++) {
            PageBuffer frame = memory.frame(i);
            assertSame(frame, memory.frame(i));
            frame.putLong(0, i);
            frame.putLong(pageSize - Long.BYTES, ~i);
        }
        for (int i = 0; i < frames; i++) {
            assertEquals(i, memory.frame(i).getLong(0));
            assertEquals(~i, memory.frame(i).getLong(pageSize - Long.BYTES));
        }
        PageBuffer kept = memory.frame(1);
        memory.close();
        assertThrows(IndexOutOfBoundsException.class, () -> kept.getByte(0));
        assertThrows(IllegalArgumentException.class, () -> PageMemory.allocate(0, pageSize));
    }

    @Test
    void thereAreHugePagesWhereNativeAccessIsOnTheClassPath() {
        boolean isPossible = getClass().getClassLoader().getResource("jnr/ffi/Platform.class") != null
                && System.getProperty("os.name").equals("Linux");
        try (PageMemory memory = PageMemory.allocate(1024, 8192)) {
            assertEquals(isPossible, memory.adviseHugePages());
            memory.frame(1023).putLong(0, 7);
            assertEquals(7, memory.frame(1023).getLong(0));
        }
    }

    /** Without the collector's help this would keep 2.5 GB. */
    @Test
    void closedMemoryIsGivenBack() {
        long before = residentBytes();
        for (int round = 0; round < 40; round++) {
            try (PageMemory memory = PageMemory.allocate(8192, 8192)) {
                for (int i = 0; i < memory.frames(); i++) {
                    memory.frame(i).putLong(0, i);
                    memory.frame(i).putLong(4096, i);
                }
            }
        }
        long kept = residentBytes() - before;
        assertTrue(kept < 1L << 30, "resident bytes more than before: " + kept);
    }

    private static long residentBytes() {
        try {
            String[] fields = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
            return Long.parseLong(fields[1]) * 4096;
        } catch (IOException e) {
            return Assumptions.abort("no /proc/self/statm here");
        }
    }

    @Test
    void accessAllocatesNothing() {
        PageBuffer page = PageBuffer.allocate(8192);
        byte[] bytes = new byte[100];
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 20_000; i++) {
                int off = (i & 63) << 6;
                page.putLong(off, page.getLong(off + 8) + page.getU48(off) + page.getU16(off) + page.getU8(off));
                page.put(off, bytes, 0, 100);
                page.get(off, bytes, 0, 100);
                page.move(off, off + 3, 50);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(least < 20_000, "bytes allocated by 120,000 accesses: " + least);
    }

    @Test
    void poolReusesAndNeverWaits() {
        IoBuffers pool = new IoBuffers(1, 512, MemoryGate.OPEN);
        ByteBuffer first = pool.acquire();
        ByteBuffer second = pool.acquire();
        assertNotSame(first, second);
        assertTrue(first.isDirect());
        first.putInt(0, 0x01020304);
        assertEquals(4, first.get(0));
        pool.release(first.position(9).limit(10));
        pool.release(second);
        ByteBuffer again = pool.acquire();
        assertSame(first, again);
        assertEquals(0, again.position());
        assertEquals(512, again.limit());
        assertNotSame(second, pool.acquire());
        assertThrows(IllegalArgumentException.class, () -> pool.release(ByteBuffer.allocateDirect(511)));
    }
}
