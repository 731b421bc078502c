package dev.cairn.recovery;

import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.XidAllocator;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one slot of the control file, little-endian.
 *
 * <p>Magic, version and checksum never move, whatever later versions do with the rest: so a slot of a newer version is
 * told from a damaged one. Every byte of the slot is under the checksum, the unused ones too. The seed is the slot's
 * number, so that a slot copied to the other's place is not valid.
 */
public final class ControlSlot {

    /** Bytes of a slot: what disks write in one piece, if they do that with anything. */
    public static final int BYTES = 4096;

    public static final int FORMAT_VERSION = 1;

    static final long MAGIC = 0x4C52_5443_4E52_4943L; // "CIRNCTRL" as the bytes stand on disk

    public static final Layout LAYOUT = Layout.named("control slot")
            .i64("magic", "the bytes CIRNCTRL")
            .u32("crc", "CRC-32C of the whole slot, this field read as zero, seeded with the slot's number (0 or 1)")
            .u16("version", "of the format of the whole directory: " + FORMAT_VERSION)
            .u8("phase", "1 being created, 2 open, 3 closed cleanly")
            .u8("zero1", "zero")
            .i64("databaseHigh", "database id, high half; random, chosen at creation")
            .i64("databaseLow", "database id, low half")
            .i64("sequence", "counts slots written; of two valid slots the greater counts")
            .u32("pageSize", "bytes of a page")
            .u32("segmentBytes", "bytes of a log segment")
            .i64("incarnation", "counter of the newest life")
            .i64("salt", "random salt of the newest life")
            .i64("redoIncarnation", "counter of the life that seeds the record at the redo point")
            .i64("redoSalt", "its salt")
            .i64("redoPoint", "LSN of the last complete checkpoint's begin record")
            .i64("checkpointEnd", "LSN after that checkpoint's end record; the log is durable at least to here")
            .i64("endLsn", "end of the log after a clean close, else 0")
            .i64("nextXid", "first xid not used before the redo point")
            .u32("nextFileId", "first file id not used before the redo point")
            .u32("zero2", "zero")
            .i64("statusDigest", "of the transaction status pages as of the checkpoint")
            .i64("createdMicros", "creation of the database, microseconds since 1970")
            .i64("writtenMicros", "writing of this slot, microseconds since 1970")
            .bytes("unused", BYTES - 144, "zero")
            .size(BYTES);

    private static final int CRC = LAYOUT.offset("crc");
    private static final int VERSION = LAYOUT.offset("version");

    private ControlSlot() {}

    private static final int NONE = -1;
    /** More ids than their states would fit in any memory. */
    private static final long MOST_XID = 1L << 40;

    /**
     * What a slot says, or why it cannot be read: the state, or the number of another version, or what is damaged.
     *
     * @param otherVersion negative unless another version wrote the slot
     */
    public record Reading(@Nullable ControlState state, int otherVersion, String damage) {}

    /** The slot's bytes, ready to be written. */
    static ByteBuffer encode(ControlState state, int slot) {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(LAYOUT.offset("magic"), MAGIC);
        b.putShort(VERSION, (short) FORMAT_VERSION);
        b.put(LAYOUT.offset("phase"), (byte) state.phase().code());
        b.putLong(LAYOUT.offset("databaseHigh"), state.databaseId().high());
        b.putLong(LAYOUT.offset("databaseLow"), state.databaseId().low());
        b.putLong(LAYOUT.offset("sequence"), state.sequence());
        b.putInt(LAYOUT.offset("pageSize"), state.pageSize());
        b.putInt(LAYOUT.offset("segmentBytes"), state.segmentBytes());
        b.putLong(LAYOUT.offset("incarnation"), state.incarnation().counter());
        b.putLong(LAYOUT.offset("salt"), state.incarnation().salt());
        b.putLong(LAYOUT.offset("redoIncarnation"), state.redoIncarnation().counter());
        b.putLong(LAYOUT.offset("redoSalt"), state.redoIncarnation().salt());
        b.putLong(LAYOUT.offset("redoPoint"), state.redoPoint());
        b.putLong(LAYOUT.offset("checkpointEnd"), state.checkpointEnd());
        b.putLong(LAYOUT.offset("endLsn"), state.endLsn());
        b.putLong(LAYOUT.offset("nextXid"), state.nextXid());
        b.putInt(LAYOUT.offset("nextFileId"), state.nextFileId());
        b.putLong(LAYOUT.offset("statusDigest"), state.statusDigest());
        b.putLong(LAYOUT.offset("createdMicros"), state.createdMicros());
        b.putLong(LAYOUT.offset("writtenMicros"), state.writtenMicros());
        b.putInt(CRC, Crc.of(slot, b.duplicate()));
        return b;
    }

    /** Reads a slot. {@code bytes} holds what the file had, which may be less than a slot. Never throws. */
    static Reading decode(ByteBuffer bytes, int slot) {
        if (bytes.remaining() != BYTES) {
            return damaged("expected " + BYTES + " bytes, found " + bytes.remaining());
        }
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(bytes.duplicate()).flip();
        long magic = b.getLong(LAYOUT.offset("magic"));
        if (magic != MAGIC) {
            return damaged("expected magic " + hex(MAGIC) + ", found " + hex(magic));
        }
        int found = b.getInt(CRC);
        b.putInt(CRC, 0);
        int expected = Crc.of(slot, b.duplicate());
        if (found != expected) {
            return damaged(
                    "expected checksum " + Integer.toHexString(expected) + ", found " + Integer.toHexString(found));
        }
        int version = Short.toUnsignedInt(b.getShort(VERSION));
        if (version != FORMAT_VERSION) {
            return new Reading(null, version, "");
        }
        return fields(b);
    }

    private static Reading fields(ByteBuffer b) {
        int code = b.get(LAYOUT.offset("phase"));
        Phase phase = null;
        for (Phase p : Phase.values()) {
            if (p.code() == code) {
                phase = p;
            }
        }
        if (phase == null) {
            return damaged("expected a phase from 1 to 3, found " + code);
        }
        String nonsense = nonsense(b);
        if (nonsense != null) {
            return damaged(nonsense);
        }
        ControlState state = new ControlState(
                new DatabaseId(b.getLong(LAYOUT.offset("databaseHigh")), b.getLong(LAYOUT.offset("databaseLow"))),
                b.getLong(LAYOUT.offset("sequence")),
                phase,
                b.getInt(LAYOUT.offset("pageSize")),
                b.getInt(LAYOUT.offset("segmentBytes")),
                new IncarnationId(b.getLong(LAYOUT.offset("incarnation")), b.getLong(LAYOUT.offset("salt"))),
                new IncarnationId(b.getLong(LAYOUT.offset("redoIncarnation")), b.getLong(LAYOUT.offset("redoSalt"))),
                b.getLong(LAYOUT.offset("redoPoint")),
                b.getLong(LAYOUT.offset("checkpointEnd")),
                b.getLong(LAYOUT.offset("endLsn")),
                b.getLong(LAYOUT.offset("nextXid")),
                b.getInt(LAYOUT.offset("nextFileId")),
                b.getLong(LAYOUT.offset("statusDigest")),
                b.getLong(LAYOUT.offset("createdMicros")),
                b.getLong(LAYOUT.offset("writtenMicros")));
        return new Reading(state, NONE, "");
    }

    /** What cannot be, although the checksum holds: the rest of the engine relies on these. */
    private static @Nullable String nonsense(ByteBuffer b) {
        int pageSize = b.getInt(LAYOUT.offset("pageSize"));
        if (!isPowerOfTwo(pageSize, PageHeader.MIN_PAGE_SIZE, PageHeader.MAX_PAGE_SIZE)) {
            return "expected a page size from 512 to 32768, found " + pageSize;
        }
        int segmentBytes = b.getInt(LAYOUT.offset("segmentBytes"));
        int leastSegment = Math.max(StoreOptions.MIN_SEGMENT_BYTES, StoreOptions.MIN_PAGES_PER_SEGMENT * pageSize);
        if (!isPowerOfTwo(segmentBytes, leastSegment, StoreOptions.MAX_SEGMENT_BYTES)) {
            return "expected segments of " + leastSegment + " bytes to 1 GiB, found " + segmentBytes;
        }
        long nextXid = b.getLong(LAYOUT.offset("nextXid"));
        if (nextXid < XidAllocator.FIRST || nextXid > MOST_XID) {
            return "expected a transaction id from " + XidAllocator.FIRST + " to 2^40 as the next one, found "
                    + nextXid;
        }
        int nextFileId = b.getInt(LAYOUT.offset("nextFileId"));
        return nextFileId > 0 ? null : "expected a file id as the next one, found " + nextFileId;
    }

    private static boolean isPowerOfTwo(int value, int min, int max) {
        return value >= min && value <= max && Integer.bitCount(value) == 1;
    }

    private static Reading damaged(String expectedAndFound) {
        return new Reading(null, NONE, expectedAndFound);
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }
}
