package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.Xact;
import dev.cairn.txn.overflow.Overflow;
import dev.cairn.txn.overflow.OverflowReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows of a table into bytes and back, with values on overflow pages where a row would not fit onto a page. Thread-safe.
 *
 * <p>Values move out of a row that is too long until it takes a quarter of a page at most, so that several go onto one: the longest
 * first, but none that an index is on, so that the keys of a version can always be told from its row.
 */
final class LargeValues {

    /** A row takes at most one in so many of a page once values have moved out of it. */
    private static final int ROWS_PER_PAGE = 4;
    /** What moves out is at least this long: a shorter value gains nothing. */
    private static final int SHORTEST = 2 * OverflowReference.BYTES;

    /**
     * A row as the heap stores it.
     *
     * @param written the values that were written for it
     */
    record Encoded(byte[] data, List<OverflowReference> written) {}

    private final Schema schema;
    private final int maxRowBytes;
    private final @Nullable Overflow overflow;

    /** @param overflow null if the table has no columns for large values */
    LargeValues(Schema schema, int maxRowBytes, @Nullable Overflow overflow) {
        this.schema = schema;
        this.maxRowBytes = maxRowBytes;
        this.overflow = overflow;
    }

    /** Null if the value has gone. */
    byte @Nullable [] readIfThere(OverflowReference reference) {
        return required(reference).readIfThere(reference);
    }

    OverflowReader.Pieces pieces(OverflowReference reference) {
        return required(reference).pieces(reference);
    }

    private Overflow required(OverflowReference reference) {
        if (overflow == null) {
            throw new CorruptionException("expected a table without large values, found a row with " + reference);
        }
        return overflow;
    }

    /**
     * Encodes a row, writing to overflow pages what does not fit. What stands there already stays there.
     *
     * @param values coerced; those to be kept where they are as {@link LargeValue}s of this table
     * @param isIndexed whether an index is on the column, which then stays
     * @throws TransactionException 54000 if the row is too big, 53100 if the disk is full
     */
    Encoded encode(Xact xact, @Nullable Object[] values, IntPredicate isIndexed) {
        if (!isLong(values)) {
            byte[] data = RowCodec.encode(schema, values);
            if (data.length <= maxRowBytes) {
                return new Encoded(data, List.of());
            }
        }
        return encodeLarge(xact, values.clone(), isIndexed);
    }

    /** Whether the row cannot fit onto a page as it is; what numbers and dates take is not counted. */
    boolean isLong(@Nullable Object[] values) {
        return leastSize(values) > maxRowBytes;
    }

    /** Bytes that the row takes at least, at no cost. */
    private static long leastSize(@Nullable Object[] values) {
        long size = 0;
        for (Object value : values) {
            if (value instanceof String text) {
                size += text.length();
            } else if (value instanceof byte[] bytes) {
                size += bytes.length;
            }
        }
        return size;
    }

    private Encoded encodeLarge(Xact xact, @Nullable Object[] values, IntPredicate isIndexed) {
        byte[][] bytes = new byte[values.length][];
        List<Integer> movable = new ArrayList<>();
        long whole = RowCodec.overhead(values.length);
        long size = whole;
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof String text) {
                bytes[i] = text.getBytes(StandardCharsets.UTF_8);
            } else if (value instanceof byte[] plain) {
                bytes[i] = plain;
            }
            int inRow = value == null ? 0 : RowCodec.size(bytes[i] == null ? value : bytes[i]);
            size += inRow;
            whole += value instanceof LargeValue large ? large.reference().length() : inRow;
            if (bytes[i] != null && inRow >= SHORTEST && !isIndexed.test(i)) {
                movable.add(i);
            }
        }
        if (whole > OverflowReference.MAX_LENGTH) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row is too big: " + whole + " bytes, at most " + OverflowReference.MAX_LENGTH + " are possible");
        }
        movable.sort(Comparator.comparing(i -> -bytes[i].length));
        List<OverflowReference> written = new ArrayList<>();
        for (int i : movable) {
            if (overflow == null || size <= maxRowBytes / ROWS_PER_PAGE) {
                break;
            }
            OverflowReference reference = overflow.write(xact, bytes[i]);
            written.add(reference);
            size -= RowCodec.size(bytes[i]) - OverflowReference.BYTES;
            values[i] = new LargeValue(reference, schema.column(i).type().kind(), RowCodec.NO_SOURCE);
            bytes[i] = new byte[0];
        }
        return new Encoded(RowCodec.encode(schema, values), written);
    }

    /** The row was not stored after all. */
    void discard(Encoded encoded) {
        encoded.written().forEach(reference -> required(reference).discard(reference));
    }

    /** A version has been replaced by one with these values, or deleted: what it alone referred to is deleted. */
    void replaced(Xact xact, @Nullable Object[] before, @Nullable Object @Nullable [] after) {
        for (int i = 0; i < before.length; i++) {
            if (before[i] instanceof LargeValue large && (after == null || after[i] != large)) {
                required(large.reference()).delete(xact, large.reference());
            }
        }
    }
}
