package dev.cairn.wal;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.RecordOutput;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way into the log: what can be done before its place is known is done outside the append lock. Used
 * again and again, it allocates nothing. Not thread-safe.
 *
 * <p>{@link WalWriter#begin} gives one out: its body is written before the page is changed, it is appended after, and closed in any
 * case.
 *
 * <p>The bytes lie in up to four pieces, in the order of the log: head (with the seed in front, where the checksum wants
 * it), two images, body.
 */
public final class PendingRecord implements AutoCloseable {

    /** Offset of a page's pageLsn. */
    private static final int PAGE_LSN = 0;

    private static final int SEED_BYTES = Long.BYTES;
    private static final int MASK = SEED_BYTES + RecordFrame.HEADER_BYTES;
    private static final int HEAD_BYTES = MASK + 1;
    private static final int MAX_IMAGES = 2;
    private static final byte[] NONE = {};

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();

    private final @Nullable PendingRecords home;
    private final int pageSize;
    private final byte[] head = new byte[HEAD_BYTES];
    private final byte[] page;
    /** Made when first needed. */
    private final byte[][] images = new byte[MAX_IMAGES][];

    private final int[] imageBytes = new int[MAX_IMAGES];
    private final RecordOutput body = new RecordOutput();
    private final CRC32C crc = new CRC32C();
    private WalRecordType type = WalRecordType.SEGMENT_END;
    private long xid;
    private int mask;
    /** Bit i is set if the record initialises its i-th page. */
    private int initialised;

    /** Where the record was put; set by {@link LogBuffer}. */
    long start;

    /** @param home where it goes when it is closed; null if it stays with who made it */
    PendingRecord(int pageSize, @Nullable PendingRecords home) {
        this.pageSize = pageSize;
        this.home = home;
        this.page = new byte[pageSize];
        images[0] = NONE;
        images[1] = NONE;
    }

    /** Takes up a record, without images. */
    void set(long newXid, WalRecord record) {
        begin(newXid, record.type());
        for (int i = 0; i < record.pageCount(); i++) {
            initialised |= record.initialises(i) ? 1 << i : 0;
        }
        WalCodec.encode(record, body);
    }

    /** Takes up a record without body and images, which initialises no page. */
    PendingRecord begin(long newXid, WalRecordType newType) {
        xid = newXid;
        type = newType;
        mask = 0;
        initialised = 0;
        imageBytes[0] = 0;
        imageBytes[1] = 0;
        body.clear();
        return this;
    }

    WalRecordType type() {
        return type;
    }

    long xid() {
        return xid;
    }

    /** The record's body, to be written as {@link WalCodec} says. */
    public RecordOutput body() {
        return body;
    }

    int bodyBytes() {
        return body.length();
    }

    /** Bytes of header and payload, without padding. */
    int length() {
        return RecordFrame.HEADER_BYTES + 1 + imageBytes[0] + imageBytes[1] + body.length();
    }

    int imageCount() {
        return Integer.bitCount(mask);
    }

    int imageBytes() {
        return imageBytes[0] + imageBytes[1];
    }

    /** Whether the image of the record's i-th page has yet to be added, given the redo point. */
    boolean lacksImage(int i, PageBuffer changed, long redoPoint) {
        return ((mask | initialised) & 1 << i) == 0
                && (type == WalRecordType.PAGE_IMAGE || changed.getLong(PAGE_LSN) <= redoPoint);
    }

    /** Adds the page's image. */
    void addImage(int i, PageBuffer changed) {
        changed.get(0, page, 0, pageSize);
        byte[] image = imageBuffer(i);
        int stored = LZ4.compress(
                page,
                0,
                pageSize,
                image,
                RecordFrame.IMAGE_HEADER_BYTES,
                image.length - RecordFrame.IMAGE_HEADER_BYTES);
        if (stored < pageSize) {
            image[0] = RecordFrame.IMAGE_LZ4;
        } else {
            image[0] = RecordFrame.IMAGE_RAW;
            System.arraycopy(page, 0, image, RecordFrame.IMAGE_HEADER_BYTES, pageSize);
            stored = pageSize;
        }
        SHORT.set(image, 1, (short) (stored - 1));
        imageBytes[i] = RecordFrame.IMAGE_HEADER_BYTES + stored;
        mask |= 1 << i;
    }

    private byte[] imageBuffer(int i) {
        if (images[i] == NONE) {
            images[i] = new byte[RecordFrame.IMAGE_HEADER_BYTES + LZ4.maxCompressedLength(pageSize)];
        }
        return images[i];
    }

    /** Writes header and checksum, now that the place is known. */
    void seal(long seed, int prevBytes) {
        LONG.set(head, 0, seed);
        INT.set(head, SEED_BYTES + RecordFrame.LENGTH, length());
        INT.set(head, SEED_BYTES + RecordFrame.CRC, 0);
        head[SEED_BYTES + RecordFrame.TYPE] = (byte) type.code();
        INT.set(head, SEED_BYTES + RecordFrame.PREV_BYTES, prevBytes);
        LONG.set(head, SEED_BYTES + RecordFrame.XID, xid);
        head[MASK] = (byte) mask;
        crc.reset();
        crc.update(head, 0, HEAD_BYTES);
        for (int i = 0; i < MAX_IMAGES; i++) {
            crc.update(images[i], 0, imageBytes[i]);
        }
        crc.update(body.array(), 0, body.length());
        INT.set(head, SEED_BYTES + RecordFrame.CRC, (int) crc.getValue());
    }

    /** The record has been appended, or never will be. */
    @Override
    public void close() {
        if (home != null) {
            home.give(this);
        }
    }

    /** Copies the sealed record to where it belongs. */
    void copyTo(LogRing ring, long at) {
        long to = at;
        to = ring.put(to, head, SEED_BYTES, HEAD_BYTES - SEED_BYTES);
        for (int i = 0; i < MAX_IMAGES; i++) {
            to = ring.put(to, images[i], 0, imageBytes[i]);
        }
        ring.put(to, body.array(), 0, body.length());
    }
}
