package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of one stored row stand, as {@link RowCodec} has put them. Used again and again, it allocates nothing but for the
 * first two rows of another schema. Not thread-safe.
 *
 * <p>Where they stand, counted from the row's start, is said by the row's length and by the few bytes that are no value's own: the number of
 * columns, the bitmaps, the lengths. These are the row's marks. A row that is as long as the one before and has the same marks
 * at the same places has its values at the same places, too, and no more of it need be looked at.
 */
final class RowOffsets {

    private static final int NULL = -1;
    private static final ColumnType.Kind[] NO_KINDS = {};
    private static final int[] NONE = {};
    private static final long[] NO_MARKS = {};

    private @Nullable Schema known;
    private ColumnType.Kind[] kinds = NO_KINDS;
    private int[] fixedBytes = NONE;
    private int columns;
    /** The row's start, from which all other places are counted. */
    private int base;

    private int rowLength;
    private int[] starts = NONE;
    private int[] contents = NONE;
    private int[] ends = NONE;
    /** How long texts and byte arrays are that stand in the row. */
    private int[] plain = NONE;

    private int largeBitmap;
    private boolean hasLarge;
    // The marks as eight bytes at a time, which of those are marks, and where they stand; none if it does not know
    // them.
    private long[] marks = NO_MARKS;
    private long[] markMasks = NO_MARKS;
    private int[] markPlaces = NONE;
    private int markCount;

    /** What is the same for all rows of a schema. */
    private void prepare(Schema schema) {
        columns = schema.size();
        kinds = new ColumnType.Kind[columns];
        fixedBytes = new int[columns];
        for (int i = 0; i < columns; i++) {
            kinds[i] = schema.column(i).type().kind();
            fixedBytes[i] = RowCodec.fixedBytes(kinds[i]);
        }
        starts = new int[columns];
        contents = new int[columns];
        ends = new int[columns];
        plain = new int[columns];
        marks = NO_MARKS;
        rowLength = NULL;
        known = schema;
    }

    /**
     * Takes up a row.
     *
     * @param from where it begins among the bytes
     * @param length how many of them are the row's
     * @throws CorruptionException if the bytes are no row of this schema
     */
    @SuppressWarnings("ReferenceEquality")
    void locate(Schema schema, byte[] data, int from, int length) {
        if (schema != known) {
            prepare(schema);
        }
        base = from;
        boolean again = length == rowLength;
        if (again && hasMarks(data)) {
            return;
        }
        markCount = 0;
        rowLength = length;
        find(data, length);
        if (again) {
            // Not before the second row of a length: where each has another one, marks would be of no use.
            remember(data);
        }
    }

    /** Of a row as long as the one before. */
    private boolean hasMarks(byte[] data) {
        int count = markCount;
        for (int i = 0; i < count; i++) {
            if ((RowCodec.longAt(data, base + markPlaces[i]) & markMasks[i]) != marks[i]) {
                return false;
            }
        }
        return count > 0;
    }

    /** A row of less than eight bytes is looked at anew each time. */
    private void remember(byte[] data) {
        if (rowLength >= Long.BYTES) {
            makeRoom();
            mark(data, 0, overhead(hasLarge));
            for (int i = 0; i < columns; i++) {
                if (!isNull(i)) {
                    mark(data, starts[i], contents[i]);
                }
            }
        }
    }

    /** Not before it is needed: most transactions write one row of a table. */
    private void makeRoom() {
        if (marks.length == 0) {
            // A value has at most two varints.
            marks = new long[overhead(true) / Long.BYTES + 1 + 2 * columns];
            markMasks = new long[marks.length];
            markPlaces = new int[marks.length];
        }
    }

    private void mark(byte[] data, int from, int to) {
        for (int at = from; at < to; at++) {
            if (markCount == 0 || at >= markPlaces[markCount - 1] + Long.BYTES) {
                markPlaces[markCount] = Math.min(at, rowLength - Long.BYTES);
                markMasks[markCount++] = 0;
            }
            int last = markCount - 1;
            markMasks[last] |= 0xFFL << ((at - markPlaces[last]) * Byte.SIZE);
            marks[last] = RowCodec.longAt(data, base + markPlaces[last]) & markMasks[last];
        }
    }

    /** Bytes of a row before its first value. */
    private int overhead(boolean withLarge) {
        return Short.BYTES + (withLarge ? 2 : 1) * bitmapBytes();
    }

    private int bitmapBytes() {
        return (columns + Byte.SIZE - 1) / Byte.SIZE;
    }

    private void find(byte[] data, int length) {
        int count = length < Short.BYTES ? -1 : (data[base] & 0xFF) | (data[base + 1] & 0xFF) << Byte.SIZE;
        hasLarge = (count & RowCodec.HAS_LARGE) != 0;
        int at = overhead(hasLarge);
        if ((count & ~RowCodec.HAS_LARGE) != columns || at > length) {
            throw new CorruptionException("expected a row of " + columns + " columns, found " + length
                    + " bytes that say " + (count & ~RowCodec.HAS_LARGE));
        }
        int nullBitmap = base + Short.BYTES;
        largeBitmap = Short.BYTES + bitmapBytes();
        for (int i = 0; i < columns; i++) {
            at = RowCodec.isSet(data, nullBitmap, i) ? nothing(i, at) : value(data, length, i, at);
        }
        if (at != length) {
            throw new CorruptionException("a row of " + length + " bytes ends after " + at);
        }
    }

    private int nothing(int i, int at) {
        starts[i] = NULL;
        plain[i] = NULL;
        return at;
    }

    /** Returns where the next value stands. */
    private int value(byte[] data, int rowEnd, int i, int at) {
        ColumnType.Kind kind = kinds[i];
        boolean large = isLarge(data, i);
        if (large && kind != ColumnType.Kind.TEXT && kind != ColumnType.Kind.BYTEA) {
            throw new CorruptionException("expected a text or byte array on overflow pages, found a " + kind);
        }
        int length = large ? OverflowReference.BYTES : fixedBytes[i];
        int content = at;
        if (length < 0) {
            // A numeric's scale comes before its length.
            int lengthAt = kind == ColumnType.Kind.NUMERIC ? end(varint(data, rowEnd, at)) : at;
            long varint = varint(data, rowEnd, lengthAt);
            content = end(varint);
            length = (int) varint;
        }
        if (length < 0 || length > rowEnd - content) {
            throw new CorruptionException("a value of " + length + " bytes where " + (rowEnd - content) + " are left");
        }
        starts[i] = at;
        contents[i] = content;
        ends[i] = content + length;
        plain[i] = large || (kind != ColumnType.Kind.TEXT && kind != ColumnType.Kind.BYTEA) ? NULL : length;
        return ends[i];
    }

    private static int end(long varint) {
        return (int) (varint >>> Integer.SIZE);
    }

    /** The number in the lower half, where it ends in the upper. */
    private long varint(byte[] data, int end, int from) {
        if (from < end && data[base + from] >= 0) {
            return (long) (from + 1) << Integer.SIZE | data[base + from];
        }
        return longVarint(data, end, from);
    }

    private long longVarint(byte[] data, int end, int from) {
        int value = 0;
        int at = from;
        for (int shift = 0; shift < RowCodec.VARINT_BITS && at < end; shift += RowCodec.VARINT_STEP) {
            int next = data[base + at++];
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (long) at << Integer.SIZE | (value & 0xFFFF_FFFFL);
            }
        }
        throw new CorruptionException("a length that does not end within 5 bytes and its row of " + end);
    }

    int columns() {
        return columns;
    }

    ColumnType.Kind kind(int i) {
        return kinds[i];
    }

    /** Whether values stand on overflow pages. */
    boolean hasLarge() {
        return hasLarge;
    }

    boolean isLarge(byte[] data, int i) {
        return hasLarge && RowCodec.isSet(data, base + largeBitmap, i);
    }

    boolean isNull(int i) {
        return starts[i] == NULL;
    }

    /** Of the first byte that belongs to the value, its length included if it says its own. */
    int start(int i) {
        return base + starts[i];
    }

    /** Of the value's own first byte. */
    int content(int i) {
        return base + contents[i];
    }

    /** Of a numeric. */
    int scale(byte[] data, int i) {
        return (int) varint(data, contents[i], starts[i]);
    }

    /** Behind the value's last byte. */
    int end(int i) {
        return base + ends[i];
    }

    /** Bytes of a text or byte array that stands in the row, at {@link #content}; below 0 for all other values. */
    int plainBytes(int i) {
        return plain[i];
    }
}
