package dev.cairn.wal.segment;

import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.format.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment file. Magic, CRC and version never move, so that a newer version is told from damage. The CRC
 * is not seeded with the database, so that another database's segment is told from damage.
 *
 * @param databaseHigh the database's id, high half
 * @param databaseLow its low half
 * @param segmentNo the segment's number; it begins at LSN segmentNo * segmentBytes
 * @param segmentBytes bytes of every segment of this database
 * @param incarnation counter of the life that seeds the segment's first record
 * @param salt that life's salt
 */
public record SegmentHeader(
        long databaseHigh, long databaseLow, long segmentNo, int segmentBytes, long incarnation, long salt) {

    /** Length in bytes; the first record follows. */
    public static final int BYTES = 64;

    public static final int FORMAT_VERSION = 1;

    /** The bytes CAIRNWAL as they stand on disk. */
    static final long MAGIC = 0x4C41_574E_5249_4143L;

    public static final Layout LAYOUT = Layout.named("segment header")
            .i64("magic", "the bytes CAIRNWAL")
            .u32("crc", "CRC-32C of the header, this field read as zero, seeded with 0")
            .u16("version", "format version, " + FORMAT_VERSION)
            .u16("zero", "zero")
            .i64("databaseHigh", "database id, high half")
            .i64("databaseLow", "database id, low half")
            .i64("segmentNo", "number of the segment, from 1")
            .u32("segmentBytes", "bytes of a segment")
            .u32("zero2", "zero")
            .i64("incarnation", "counter of the life that seeds the first record")
            .i64("salt", "its salt")
            .size(BYTES);

    /** A buffer of {@link #BYTES} bytes, ready to be written. */
    public ByteBuffer encode() {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(LAYOUT.offset("magic"), MAGIC);
        b.putShort(LAYOUT.offset("version"), (short) FORMAT_VERSION);
        b.putLong(LAYOUT.offset("databaseHigh"), databaseHigh);
        b.putLong(LAYOUT.offset("databaseLow"), databaseLow);
        b.putLong(LAYOUT.offset("segmentNo"), segmentNo);
        b.putInt(LAYOUT.offset("segmentBytes"), segmentBytes);
        b.putLong(LAYOUT.offset("incarnation"), incarnation);
        b.putLong(LAYOUT.offset("salt"), salt);
        b.putInt(LAYOUT.offset("crc"), Crc.of(0, b.duplicate()));
        return b;
    }

    /** Reads the buffer's remaining bytes; null if they are not an intact header of this format version. */
    public static @Nullable SegmentHeader decodeOrNull(ByteBuffer bytes) {
        return damage(bytes) == null ? fields(ordered(bytes)) : null;
    }

    /**
     * Reads the header of a segment that must be there.
     *
     * @param name the file's, for messages
     * @throws FormatVersionException if another version wrote it
     * @throws LogCorruptException if it is damaged
     * @throws ForeignFileException if it is another database's
     */
    public static SegmentHeader decode(ByteBuffer bytes, String name, long databaseHigh, long databaseLow) {
        String damage = damage(bytes);
        if (damage != null) {
            requireKnownVersion(bytes, name);
            throw new LogCorruptException(name + " has no valid segment header: " + damage);
        }
        SegmentHeader header = fields(ordered(bytes));
        header.requireOwn(name, databaseHigh, databaseLow);
        return header;
    }

    /** @throws FormatVersionException if the header is intact but of another version */
    public static void requireKnownVersion(ByteBuffer bytes, String name) {
        if (bytes.remaining() == BYTES) {
            ByteBuffer b = ordered(bytes);
            int version = Short.toUnsignedInt(b.getShort(LAYOUT.offset("version")));
            if (version != FORMAT_VERSION && b.getLong(LAYOUT.offset("magic")) == MAGIC && crcHolds(b)) {
                throw new FormatVersionException(name + " has format version " + version + ", this is version "
                        + FORMAT_VERSION + (version > FORMAT_VERSION ? ": too new" : ": too old"));
            }
        }
    }

    /** @throws ForeignFileException if the header is another database's */
    public void requireOwn(String name, long high, long low) {
        if (databaseHigh != high || databaseLow != low) {
            throw new ForeignFileException(String.format(
                    "%s belongs to database %016x%016x, expected %016x%016x",
                    name, databaseHigh, databaseLow, high, low));
        }
    }

    private static @Nullable String damage(ByteBuffer bytes) {
        if (bytes.remaining() != BYTES) {
            return "expected " + BYTES + " bytes, found " + bytes.remaining();
        }
        ByteBuffer b = ordered(bytes);
        long magic = b.getLong(LAYOUT.offset("magic"));
        if (magic != MAGIC) {
            return String.format("expected magic %016x, found %016x", MAGIC, magic);
        }
        if (!crcHolds(b)) {
            return String.format("checksum %08x does not hold", b.getInt(LAYOUT.offset("crc")));
        }
        int version = Short.toUnsignedInt(b.getShort(LAYOUT.offset("version")));
        return version == FORMAT_VERSION ? null : "expected version " + FORMAT_VERSION + ", found " + version;
    }

    private static boolean crcHolds(ByteBuffer b) {
        ByteBuffer copy = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(b.duplicate()).flip();
        copy.putInt(LAYOUT.offset("crc"), 0);
        return Crc.of(0, copy) == b.getInt(LAYOUT.offset("crc"));
    }

    private static SegmentHeader fields(ByteBuffer b) {
        return new SegmentHeader(
                b.getLong(LAYOUT.offset("databaseHigh")),
                b.getLong(LAYOUT.offset("databaseLow")),
                b.getLong(LAYOUT.offset("segmentNo")),
                b.getInt(LAYOUT.offset("segmentBytes")),
                b.getLong(LAYOUT.offset("incarnation")),
                b.getLong(LAYOUT.offset("salt")));
    }

    private static ByteBuffer ordered(ByteBuffer bytes) {
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
