package dev.cairn.wal.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SegmentGeometryTest {

    private static final int BYTES = 16 << 10;

    private final SegmentGeometry geometry = new SegmentGeometry(BYTES);

    @Test
    void aSegmentIsAPowerOfTwoAndHoldsMoreThanItsHeader() {
        assertEquals(128, new SegmentGeometry(128).segmentBytes());
        for (int bytes : new int[] {0, -1, 1, 64, 100, 129, BYTES + 1}) {
            assertThrows(IllegalArgumentException.class, () -> new SegmentGeometry(bytes), String.valueOf(bytes));
        }
    }

    @Test
    void bordersBelongToTheSegmentTheyBegin() {
        assertEquals(2, geometry.segmentNo(3L * BYTES - 1));
        assertEquals(3, geometry.segmentNo(3L * BYTES));
        assertEquals(2, geometry.segmentOfEnd(3L * BYTES));
        assertEquals(3, geometry.segmentOfEnd(3L * BYTES + 1));
        assertEquals(0, geometry.offset(3L * BYTES));
        assertEquals(BYTES - 1, geometry.offset(3L * BYTES - 1));
        assertEquals(3L * BYTES, geometry.startOf(3));
        assertEquals(3L * BYTES + 64, geometry.firstRecord(3));
        assertEquals(3L * BYTES, geometry.endOfSegment(3L * BYTES - 1));
        assertEquals(4L * BYTES, geometry.endOfSegment(3L * BYTES));
        assertEquals(3L * BYTES + 64, geometry.startAfter(3L * BYTES));
        assertEquals(3L * BYTES + 8, geometry.startAfter(3L * BYTES + 8));
    }

    @Property
    void placesOfAnyLsnFitTogether(@ForAll @LongRange(min = BYTES, max = Long.MAX_VALUE / 4) long lsn) {
        long no = geometry.segmentNo(lsn);
        assertEquals(lsn, geometry.startOf(no) + geometry.offset(lsn));
        assertTrue(geometry.startOf(no) <= lsn && lsn < geometry.endOfSegment(lsn));
        assertEquals(geometry.startOf(no + 1), geometry.endOfSegment(lsn));
    }

    /** The next record starts aligned, or the segment is over; what is left of it has room for SEGMENT_END. */
    @Property
    void theRestOfASegmentHasRoomForItsEnd(
            @ForAll @IntRange(min = 8, max = BYTES / 8 - 4) int startWord,
            @ForAll @IntRange(min = RecordFrame.MIN_LENGTH, max = BYTES) int wanted) {
        long start = 5L * BYTES + startWord * 8L;
        long segmentEnd = 6L * BYTES;
        int length = (int) Math.min(wanted, segmentEnd - start);
        long end = geometry.endOf(start, length);
        assertTrue(end >= start + length && end <= segmentEnd);
        assertEquals(0, end % 8);
        if (end < segmentEnd) {
            assertTrue(end - start - length < 8);
            assertTrue(segmentEnd - end >= RecordFrame.MIN_BYTES);
        } else {
            assertTrue(segmentEnd - start - length < 8 + RecordFrame.MIN_BYTES);
        }
    }

    @Test
    void aRestOfExactlyTheShortestRecordIsLeft() {
        long end = 6L * BYTES - RecordFrame.MIN_BYTES;
        assertEquals(end, geometry.endOf(end - 40, 40));
        assertEquals(end, geometry.endOf(end - 40, 33));
        assertEquals(6L * BYTES, geometry.endOf(end - 40, 41));
    }
}
