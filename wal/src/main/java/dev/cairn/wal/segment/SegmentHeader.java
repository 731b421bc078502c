package dev.cairn.wal.segment;

/** The first bytes of a segment file. */
public final class SegmentHeader {

    /** Length in bytes; the first record follows. */
    public static final int BYTES = 64;

    private SegmentHeader() {}
}
