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
