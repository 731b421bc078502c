package dev.cairn.wal.segment;

import dev.cairn.storage.format.Layout;

/**
 * What surrounds every record.
 *
 * <pre>
 *   | length | crc | type | flags | zero | prevBytes | xid | imageMask | image 0 | image 1 | body | padding |
 *   |&lt;---------------------- 24 ------------------------&gt;|&lt;--------------- payload ------------&gt;|
 * </pre>
 *
 * The CRC covers header (itself read as zero) and payload; padding must be zero.
 */
public final class RecordFrame {

    /** Bytes of the header before the payload. */
    public static final int HEADER_BYTES = 24;

    /** Every record starts at a multiple of this. */
    public static final int ALIGNMENT = 8;

    public static final Layout LAYOUT = Layout.named("record frame")
            .u32("length", "bytes of header and payload, without padding")
            .u32("crc", "CRC-32C of header, this field read as zero, and payload, with the record's seed")
            .u8("type", "WalRecordType")
            .u8("flags", "zero")
            .u16("zero", "zero")
            .u32(
                    "prevBytes",
                    "distance back to the start of the previous record; 0 at a segment's first, or if unknown")
            .i64("xid", "the transaction or sub-transaction; 0 if none")
            .size(HEADER_BYTES);

    public static final Layout PAYLOAD_LAYOUT = Layout.named("record payload")
            .u8("imageMask", "bit i is set if the i-th page that the record changes comes with its image")
            .varying(
                    "image",
                    "u8 encoding, u16 stored length - 1, bytes",
                    "for each bit: 0 raw or 1 LZ4 block, unpacked one page")
            .varying("body", "as the type says", "the record")
            .size(1);

    public static final int LENGTH = LAYOUT.offset("length");
    public static final int CRC = LAYOUT.offset("crc");
    public static final int TYPE = LAYOUT.offset("type");
    public static final int FLAGS = LAYOUT.offset("flags");
    public static final int ZERO = LAYOUT.offset("zero");
    public static final int PREV_BYTES = LAYOUT.offset("prevBytes");
    public static final int XID = LAYOUT.offset("xid");

    /** The shortest record: header and an empty image mask. */
    public static final int MIN_LENGTH = HEADER_BYTES + 1;

    /** The shortest record with its padding. */
    public static final int MIN_BYTES = 32;

    /** Bytes before a full-page image's own: encoding and stored length. */
    public static final int IMAGE_HEADER_BYTES = 3;

    public static final int IMAGE_RAW = 0;
    public static final int IMAGE_LZ4 = 1;

    private RecordFrame() {}
}
