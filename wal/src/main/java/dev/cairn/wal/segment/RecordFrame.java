package dev.cairn.wal.segment;

/** What surrounds every record. */
public final class RecordFrame {

    /** Bytes of the header before the payload. */
    public static final int HEADER_BYTES = 24;

    /** Bytes before a full-page image's own. */
    public static final int IMAGE_HEADER_BYTES = 3;

    private RecordFrame() {}
}
