package dev.cairn.wal;

import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentHeader;

/**
 * How a log is laid out and buffered.
 *
 * @param segmentBytes bytes of a segment file, a power of two from 16 KiB to 1 GiB, at least 4 pages; fixed at the
 *     database's creation
 * @param bufferBytes bytes of log that may wait for their write; made larger if two records would not fit
 * @param pageSize bytes of a data page, a power of two from 512 to 32768; fixed at the database's creation
 * @param retainedSegments how many segments are kept for reuse at most when they are no longer needed
 */
public record WalOptions(int segmentBytes, int bufferBytes, int pageSize, int retainedSegments) {

    private static final int MIN_SEGMENT_BYTES = 16 << 10;
    private static final int MAX_SEGMENT_BYTES = 1 << 30;
    private static final int MIN_PAGE_SIZE = 512;
    private static final int MAX_PAGE_SIZE = 32 << 10;
    private static final int MOST_RECORD_BYTES = 1 << 20;
    private static final int MAX_BUFFER_BYTES = 1 << 30;
    private static final int MIN_PAGES_PER_SEGMENT = 4;
    private static final int DEFAULT_RETAINED_SEGMENTS = 4;

    public WalOptions {
        requirePowerOfTwo("pageSize", pageSize, MIN_PAGE_SIZE, MAX_PAGE_SIZE);
        requirePowerOfTwo(
                "segmentBytes",
                segmentBytes,
                Math.max(MIN_SEGMENT_BYTES, MIN_PAGES_PER_SEGMENT * pageSize),
                MAX_SEGMENT_BYTES);
        require("bufferBytes", bufferBytes, bufferBytes > 0 && bufferBytes <= MAX_BUFFER_BYTES);
        require("retainedSegments", retainedSegments, retainedSegments >= 0);
    }

    public static WalOptions of(int segmentBytes, int bufferBytes, int pageSize) {
        return new WalOptions(segmentBytes, bufferBytes, pageSize, DEFAULT_RETAINED_SEGMENTS);
    }

    /**
     * The longest record, header and page images included: 1 MiB, or what fits in a segment if that is less. It follows from
     * the format, so that a reader never has to trust a length beyond it.
     */
    public int maxRecordBytes() {
        return Math.min(MOST_RECORD_BYTES, segmentBytes - SegmentHeader.BYTES);
    }

    /**
     * The longest body that always finds its place, whatever page images the log adds to the record.
     *
     * @param pages how many pages the record changes
     */
    public int maxBodyBytes(int pages) {
        return maxRecordBytes() - RecordFrame.HEADER_BYTES - 1 - pages * (RecordFrame.IMAGE_HEADER_BYTES + pageSize);
    }

    private static void requirePowerOfTwo(String name, int value, int min, int max) {
        require(name, value, value >= min && value <= max && Integer.bitCount(value) == 1);
    }

    private static void require(String name, int value, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }
}
