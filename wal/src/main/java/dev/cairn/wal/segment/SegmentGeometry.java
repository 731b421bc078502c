package dev.cairn.wal.segment;

/**
 * Where things lie in the endless log. Segment {@code n} holds the bytes [n * segmentBytes, (n + 1) * segmentBytes), its
 * header first; the first segment is number 1.
 *
 * <pre>
 *   | header 64 | record | record | ... | record | SEGMENT_END, zeros | header 64 | record ...
 *               ^ start            ^ end of one = start of the next   ^ an end may be here: the next start is behind the header
 * </pre>
 *
 * Records are aligned to 8 bytes. A record that would leave less than {@link RecordFrame#MIN_BYTES} of its segment takes
 * them too, as padding: so there is always room for SEGMENT_END, and the end of a record follows from its start and length.
 */
public record SegmentGeometry(int segmentBytes) {

    public SegmentGeometry {
        if (Integer.bitCount(segmentBytes) != 1 || segmentBytes <= SegmentHeader.BYTES) {
            throw new IllegalArgumentException("segmentBytes cannot be " + segmentBytes);
        }
    }

    public long segmentNo(long lsn) {
        return lsn >>> Integer.numberOfTrailingZeros(segmentBytes);
    }

    /** The segment whose last byte, or an earlier one, is the last before {@code end}: where a record ends. */
    public long segmentOfEnd(long end) {
        return segmentNo(end - 1);
    }

    public int offset(long lsn) {
        return (int) (lsn & segmentBytes - 1);
    }

    /** LSN of a segment's first byte. */
    public long startOf(long segmentNo) {
        return segmentNo << Integer.numberOfTrailingZeros(segmentBytes);
    }

    /** LSN of a segment's first record. */
    public long firstRecord(long segmentNo) {
        return startOf(segmentNo) + SegmentHeader.BYTES;
    }

    /** LSN behind the segment in which {@code lsn} lies. */
    public long endOfSegment(long lsn) {
        return startOf(segmentNo(lsn) + 1);
    }

    /** Where the record stands that follows one that ends at {@code end}. */
    public long startAfter(long end) {
        return offset(end) == 0 ? end + SegmentHeader.BYTES : end;
    }

    /** Where a record ends that starts at {@code start} and has {@code length} bytes, which fit in its segment. */
    public long endOf(long start, int length) {
        long end = start + length + RecordFrame.ALIGNMENT - 1 & -RecordFrame.ALIGNMENT;
        long segmentEnd = endOfSegment(start);
        return segmentEnd - end < RecordFrame.MIN_BYTES ? segmentEnd : end;
    }
}
