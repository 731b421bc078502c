package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of one stored row stand, as {@link RowCodec} has put them. Used again and again, it allocates nothing but for a
 * row of another schema. Not thread-safe.
 */
final class RowOffsets {

    private static final int NULL = -1;
    private static final ColumnType.Kind[] NO_KINDS = {};
    private static final int[] NONE = {};

    private @Nullable Schema known;
    private ColumnType.Kind[] kinds = NO_KINDS;
    private int[] fixedBytes = NONE;
    private int[] starts = NONE;
    private int[] contents = NONE;
    private int[] ends = NONE;
    private int columns;
    private int largeBitmap;
    private boolean hasLarge;

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
        int count = length < Short.BYTES ? -1 : (data[from] & 0xFF) | (data[from + 1] & 0xFF) << Byte.SIZE;
        hasLarge = (count & RowCodec.HAS_LARGE) != 0;
        int nullBitmap = from + Short.BYTES;
        int bitmapBytes = (columns + Byte.SIZE - 1) / Byte.SIZE;
        int at = nullBitmap + (hasLarge ? 2 * bitmapBytes : bitmapBytes);
        int end = from + length;
        if ((count & ~RowCodec.HAS_LARGE) != columns || at > end) {
            throw new CorruptionException("expected a row of " + columns + " columns, found " + length
                    + " bytes that say " + (count & ~RowCodec.HAS_LARGE));
        }
        largeBitmap = nullBitmap + bitmapBytes;
        for (int i = 0; i < columns; i++) {
            at = RowCodec.isSet(data, nullBitmap, i) ? nothing(i, at) : value(data, end, i, at);
        }
        if (at != end) {
            throw new CorruptionException("a row of " + length + " bytes ends after " + (at - from));
        }
    }

    private int nothing(int i, int at) {
        starts[i] = NULL;
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
        return ends[i];
    }

    private static int end(long varint) {
        return (int) (varint >>> Integer.SIZE);
    }

    /** The number in the lower half, where it ends in the upper. */
    private static long varint(byte[] data, int end, int from) {
        if (from < end && data[from] >= 0) {
            return (long) (from + 1) << Integer.SIZE | data[from];
        }
        return longVarint(data, end, from);
    }

    private static long longVarint(byte[] data, int end, int from) {
        int value = 0;
        int at = from;
        for (int shift = 0; shift < RowCodec.VARINT_BITS && at < end; shift += RowCodec.VARINT_STEP) {
            int next = data[at++];
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
        return hasLarge && RowCodec.isSet(data, largeBitmap, i);
    }

    boolean isNull(int i) {
        return starts[i] == NULL;
    }

    /** Of the first byte that belongs to the value, its length included if it says its own. */
    int start(int i) {
        return starts[i];
    }

    /** Of the value's own first byte. */
    int content(int i) {
        return contents[i];
    }

    /** Of a numeric. */
    int scale(byte[] data, int i) {
        return (int) varint(data, contents[i], starts[i]);
    }

    /** Behind the value's last byte. */
    int end(int i) {
        return ends[i];
    }
}
