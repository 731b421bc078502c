package dev.cairn.wal.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.format.Layout;
import dev.cairn.wal.record.WalRecord.Commit;
import dev.cairn.wal.record.WalRecord.HeapInsert;
import dev.cairn.wal.record.WalRecord.Subabort;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WalCodecTest {

    @Property(tries = 2_000)
    void whatIsEncodedIsDecoded(@ForAll("records") WalRecord record) {
        byte[] bytes = encode(record);
        WalRecord read = decode(record.type(), bytes);
        assertSame(record.getClass(), read.getClass());
        assertSame(record.type(), read.type());
        assertEquals(text(record), text(read));
        assertArrayEquals(bytes, encode(read));
    }

    /** A shorter or longer body is refused; nothing is allocated by a length that is not there. */
    @Property(tries = 500)
    void aBodyOfAnotherLengthIsRefused(@ForAll("records") WalRecord record) {
        byte[] bytes = encode(record);
        assertThrows(CorruptionException.class, () -> decode(record.type(), Arrays.copyOf(bytes, bytes.length + 1)));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(CorruptionException.class, () -> decode(record.type(), cut));
        }
    }

    @Test
    void wildBytesAreDecodedOrRefused() {
        Random random = new Random(42);
        for (WalRecordType type : WalRecordType.values()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                try {
                    decode(type, bytes);
                } catch (CorruptionException e) {
                    assertTrue(e.getMessage().startsWith("expected"), e.getMessage());
                }
            }
        }
    }

    @Test
    void aHugeCountIsRefusedBeforeItAllocates() {
        RecordOutput out = new RecordOutput().i64(0).i64(0).i32(0).i64(0).i32(Integer.MAX_VALUE);
        byte[] bytes = Arrays.copyOf(out.array(), out.length());
        assertThrows(CorruptionException.class, () -> decode(WalRecordType.COMMIT, bytes));
    }

    private static void isDamaged(WalRecordType type, RecordOutput body, String why) {
        byte[] bytes = Arrays.copyOf(body.array(), body.length());
        CorruptionException e = assertThrows(CorruptionException.class, () -> decode(type, bytes));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void valuesThatNoWriterWritesAreRefused() {
        RecordOutput begin = new RecordOutput().i64(3).u31(2).i64(1);
        isDamaged(
                WalRecordType.CHECKPOINT_BEGIN,
                begin.longs(new long[] {3, 4}).longs(new long[1]),
                "expected as many first LSNs as active transactions (2), found 1");
        isDamaged(
                WalRecordType.COMMIT_CHILDREN,
                new RecordOutput().longs(new long[3]),
                "expected runs as pairs, found 3 numbers");
        isDamaged(WalRecordType.ABORT, new RecordOutput().i64(1).text8("4000"), "expected an SQLSTATE or nothing");
        isDamaged(WalRecordType.FILE_DROP, new RecordOutput().i32(-1), "from 0 to 2^31-1, found 4294967295");
        isDamaged(WalRecordType.ABORT, new RecordOutput().i64(1).u8(1).u8(0xFF), "expected UTF-8 text");
        isDamaged(WalRecordType.COMMIT_CHILDREN, new RecordOutput().i32(-1), "from 0 to 2^31-1");
        isDamaged(
                WalRecordType.HEAP_PRUNE,
                new RecordOutput().u31(1).u31(1).u16(0xFFFF).u16(1),
                "expected 131070 bytes, found only 2");
    }

    /** The greatest values of each width, and one more than that. */
    @Test
    void fieldsAreUsedToTheirLimits() {
        RecordOutput out = new RecordOutput().u8(0).u8(255).u16(65_535).u31(Integer.MAX_VALUE);
        out.text8("x".repeat(255))
                .text8("")
                .text16("\u00e9".repeat(100))
                .text32("\u00e9x")
                .bytes16(new byte[65_535]);
        RecordInput in = new RecordInput(out.array(), 0, out.length());
        assertEquals(out.length(), in.remaining());
        assertEquals(0, in.u8());
        assertEquals(255, in.u8());
        assertEquals(65_535, in.u16());
        assertEquals(Integer.MAX_VALUE, in.u31());
        assertEquals("x".repeat(255), in.text8());
        assertEquals("", in.text8());
        assertEquals("\u00e9".repeat(100), in.text16());
        assertEquals("\u00e9x", in.text32());
        assertEquals(65_535, in.bytes16().length);
        in.requireEnd();
        assertThrows(IllegalArgumentException.class, () -> out.u8(256));
        assertThrows(IllegalArgumentException.class, () -> out.u8(-1));
        assertThrows(IllegalArgumentException.class, () -> out.u16(65_536));
        assertThrows(IllegalArgumentException.class, () -> out.u31(-1));
        assertThrows(IllegalArgumentException.class, () -> out.text8("\u00e9".repeat(128)));
        assertThrows(IllegalArgumentException.class, () -> out.text16("x".repeat(65_536)));
        assertThrows(IndexOutOfBoundsException.class, () -> new RecordInput(new byte[4], 2, 3));
    }

    /** ASCII takes a way of its own, as long as all of it is. */
    @Test
    void textIsUtf8() {
        for (String text : new String[] {"\u007f", "\u0080", "a\u0080", "\u00e9a", "a\u2603b", ""}) {
            RecordOutput out = new RecordOutput().text8(text);
            byte[] expected = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(expected.length, out.array()[0]);
            assertArrayEquals(expected, Arrays.copyOfRange(out.array(), 1, out.length()));
        }
    }

    /** An output grows to what is needed, and what has been written before stays. */
    @Test
    void anOutputGrows() {
        RecordOutput out = new RecordOutput();
        byte[] all = new byte[5_000];
        new Random(1).nextBytes(all);
        out.raw(Arrays.copyOfRange(all, 0, 256));
        assertEquals(256, out.array().length, "the first capacity is used to its end");
        out.raw(Arrays.copyOfRange(all, 256, 257));
        assertEquals(512, out.array().length, "then it doubles");
        out.raw(Arrays.copyOfRange(all, 257, 5_000));
        assertEquals(5_000, out.array().length, "or takes what is needed");
        assertArrayEquals(all, Arrays.copyOf(out.array(), out.length()));
        assertEquals(0, out.clear().length());
        assertEquals(5_000, out.array().length);
    }

    /** Which pages a record changes, and which of them it makes anew: what redo and the log's images go by. */
    @Test
    void pagesOfRecords() {
        WalRecord.HeapUpdate far = new WalRecord.HeapUpdate(9, 1, 4, 0, 0, 0, 7, 0, 0, 0, new byte[1], false);
        assertEquals(2, far.pageCount());
        assertEquals(7, far.pageNo(0));
        assertEquals(4, far.pageNo(1));
        WalRecord.HeapUpdate near = new WalRecord.HeapUpdate(9, 1, 4, 0, 0, 0, 4, 1, 0, 0, new byte[1], true);
        assertEquals(1, near.pageCount());
        assertEquals(4, near.pageNo(0));
        WalRecord.FileExtend extend = new WalRecord.FileExtend(9, 5, 1);
        assertEquals(2, extend.pageCount());
        assertEquals(5, extend.pageNo(0));
        assertEquals(0, extend.pageNo(1));
        assertTrue(extend.initialises(0) && !extend.initialises(1));
        WalRecord.FileCreate create = new WalRecord.FileCreate(9, 1);
        assertEquals(1, create.pageCount());
        assertEquals(0, create.pageNo(0));
        assertTrue(create.initialises(0));
        assertEquals(3, new WalRecord.HeapPrune(9, 3, new int[1], new int[2], 1).pageNo(0));
        assertTrue(!near.initialises(0) && !far.initialises(1));
        WalRecord none = new WalRecord.DurableMark(1);
        assertEquals(0, none.pageCount());
        assertEquals(0, none.fileId());
        assertEquals(9, new WalRecord.FileDrop(9).fileId());
        IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class, () -> none.pageNo(0));
        assertTrue(e.getMessage().contains("DURABLE_MARK changes 0 pages, asked for number 0"), e.getMessage());
        for (WalRecordType type : WalRecordType.values()) {
            assertTrue(type.meaning().length() > 5, type.name());
        }
    }

    @Test
    void everyTypeHasItsGenerator() {
        for (WalRecordType type : WalRecordType.values()) {
            assertSame(type, WalRecords.of(type).sample().type());
        }
    }

    /** The layouts are what FORMAT.md says: with empty varying parts a body has their size and the lengths' own. */
    @Property(tries = 1_000)
    void bodiesAreAsTheirLayoutsSay(@ForAll("records") WalRecord record) {
        Layout layout = WalLayouts.of(record.type());
        int bytes = encode(record).length;
        if (layout == null) {
            assertEquals(0, bytes);
        } else if (layout.fields().stream().noneMatch(f -> f.kind() == Layout.Kind.VARYING)) {
            assertEquals(layout.size(), bytes, record.type().name());
        } else {
            assertTrue(bytes > layout.size(), record.type().name());
        }
    }

    @Test
    void codesAreUniqueAndFound() {
        Set<Integer> codes = new HashSet<>();
        for (WalRecordType type : WalRecordType.values()) {
            assertTrue(codes.add(type.code()), type.name());
            assertSame(type, WalRecordType.ofCode(type.code()));
        }
        assertNull(WalRecordType.ofCode(0));
        assertNull(WalRecordType.ofCode(0xFF));
        assertNull(WalRecordType.ofCode(-1));
        assertNull(WalRecordType.ofCode(256));
    }

    @Test
    void whatHasNoPlaceInItsFieldIsRefused() {
        assertRefused(new HeapInsert(1, 1, 1, 0x1_0000, 0, 0, new byte[1]));
        assertRefused(new HeapInsert(1, 1, 1, 0, 0, -1, new byte[1]));
        assertRefused(new HeapInsert(-1, 1, 1, 0, 0, 0, new byte[1]));
        assertRefused(new HeapInsert(1, 1, 1, 0, 0, 0, new byte[0x1_0000]));
        assertRefused(new Subabort(1, "4000", 0));
        assertRefused(new Commit(0, 0, 0, 0, new long[3]));
        assertRefused(new WalRecord.CheckpointBegin(1, 1, 1, new long[2], new long[1]));
        assertRefused(new WalRecord.SubxactAssign(1, 1, 1, "x".repeat(256), 1));
    }

    @Provide
    net.jqwik.api.Arbitrary<WalRecord> records() {
        return WalRecords.any();
    }

    private static void assertRefused(WalRecord record) {
        assertThrows(IllegalArgumentException.class, () -> encode(record));
    }

    private static byte[] encode(WalRecord record) {
        RecordOutput out = WalCodec.encode(record, new RecordOutput());
        return Arrays.copyOf(out.array(), out.length());
    }

    private static WalRecord decode(WalRecordType type, byte[] bytes) {
        return WalCodec.decode(type, new RecordInput(bytes, 0, bytes.length));
    }

    /** A record's text with its arrays' identities left out. */
    private static String text(WalRecord record) {
        return record.toString().replaceAll("\\[[BIJ]@[0-9a-f]+", "[]");
    }
}
