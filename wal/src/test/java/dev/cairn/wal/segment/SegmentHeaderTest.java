package dev.cairn.wal.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.LogCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SegmentHeaderTest {

    private static final SegmentHeader HEADER = new SegmentHeader(1, 2, 3, 16 << 10, 4, 5);

    private static SegmentHeader decode(ByteBuffer bytes) {
        return SegmentHeader.decode(bytes, "wal-x", 1, 2);
    }

    /** A header that says that it is of that version, under a checksum that holds. */
    private static ByteBuffer ofVersion(int version) {
        ByteBuffer b = HEADER.encode().order(ByteOrder.LITTLE_ENDIAN);
        b.putShort(SegmentHeader.LAYOUT.offset("version"), (short) version);
        b.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        b.putInt(SegmentHeader.LAYOUT.offset("crc"), Crc.of(0, b.duplicate()));
        return b;
    }

    @Test
    void readsBackWhatItWrote() {
        assertEquals(HEADER, decode(HEADER.encode()));
        assertEquals(HEADER, SegmentHeader.decodeOrNull(HEADER.encode()));
    }

    @Test
    void damageIsNamed() {
        for (int length : new int[] {0, 63, 65}) {
            LogCorruptException e = assertThrows(LogCorruptException.class, () -> decode(ByteBuffer.allocate(length)));
            assertTrue(e.getMessage().contains("expected 64 bytes, found " + length), e.getMessage());
            assertNull(SegmentHeader.decodeOrNull(ByteBuffer.allocate(length)));
        }
        LogCorruptException noMagic =
                assertThrows(LogCorruptException.class, () -> decode(ByteBuffer.allocate(SegmentHeader.BYTES)));
        assertTrue(noMagic.getMessage().contains("expected magic 4c41574e52494143, found 0"), noMagic.getMessage());
        ByteBuffer flipped = HEADER.encode();
        flipped.put(40, (byte) 1);
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> decode(flipped));
        assertTrue(e.getMessage().contains("does not hold"), e.getMessage());
    }

    @Test
    void anotherVersionIsToldFromDamage() {
        for (int version : new int[] {2, 0xFFFF, 0}) {
            ByteBuffer other = ofVersion(version);
            FormatVersionException e = assertThrows(FormatVersionException.class, () -> decode(other));
            assertTrue(e.getMessage().contains("format version " + version), e.getMessage());
            assertTrue(e.getMessage().endsWith(version > 1 ? "too new" : "too old"), e.getMessage());
            assertNull(SegmentHeader.decodeOrNull(other));
            other.put(40, (byte) 77);
            assertThrows(LogCorruptException.class, () -> decode(other));
            SegmentHeader.requireKnownVersion(other, "damaged, so it says nothing");
        }
        ByteBuffer noMagic = ofVersion(2);
        noMagic.putLong(0, 0);
        noMagic.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        noMagic.putInt(SegmentHeader.LAYOUT.offset("crc"), Crc.of(0, noMagic.duplicate()));
        SegmentHeader.requireKnownVersion(noMagic, "no header at all");
        SegmentHeader.requireKnownVersion(HEADER.encode(), "this version");
        SegmentHeader.requireKnownVersion(ByteBuffer.allocate(10), "too short to say");
    }

    @Test
    void eachHalfOfTheDatabasesIdCounts() {
        HEADER.requireOwn("wal-x", 1, 2);
        for (long[] id : new long[][] {{1, 3}, {0, 2}}) {
            ForeignFileException e = assertThrows(
                    ForeignFileException.class, () -> SegmentHeader.decode(HEADER.encode(), "wal-x", id[0], id[1]));
            assertTrue(
                    e.getMessage().contains("wal-x belongs to database 00000000000000010000000000000002"),
                    e.getMessage());
        }
    }
}
