package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.Xact;
import dev.cairn.txn.overflow.Overflow;
import dev.cairn.txn.overflow.OverflowReader;
import java.util.ArrayList;
import java.util.Arrays;
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

    private final int maxRowBytes;
    private final @Nullable Overflow overflow;

    /** @param overflow null if the table has no columns for large values */
    LargeValues(int maxRowBytes, @Nullable Overflow overflow) {
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

    /** Whether the row cannot fit onto a page as it is. */
    boolean isLong(RowBuilder row) {
        return row.rowBytes() > maxRowBytes;
    }

    /**
     * A row which {@link #isLong} with values on overflow pages, as many as it takes to fit. What stands there already stays there.
     *
     * @param isIndexed whether an index is on the column, which then stays
     * @param written gets the values that are written
     * @return another row
     * @throws TransactionException 54000 if the row is too big, 53100 if the disk is full
     */
    RowBuilder fitting(Xact xact, RowBuilder row, IntPredicate isIndexed, List<OverflowReference> written) {
        List<Integer> movable = new ArrayList<>();
        long whole = RowCodec.overhead(row.size());
        long size = whole;
        for (int i = 0; i < row.size(); i++) {
            size += row.inRow(i);
            whole += row.isLarge(i) ? row.contentLength(i) : row.inRow(i);
            if (row.isMovable(i) && row.inRow(i) >= SHORTEST && !isIndexed.test(i)) {
                movable.add(i);
            }
        }
        if (whole > OverflowReference.MAX_LENGTH) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row is too big: " + whole + " bytes, at most " + OverflowReference.MAX_LENGTH + " are possible");
        }
        RowBuilder fitting = row.copy();
        movable.sort(Comparator.comparing(i -> -row.contentLength(i)));
        for (int i : movable) {
            if (overflow == null || size <= maxRowBytes / ROWS_PER_PAGE) {
                break;
            }
            OverflowReference reference = overflow.write(xact, row.content(i));
            written.add(reference);
            size -= row.inRow(i) - OverflowReference.BYTES;
            fitting.setLarge(i, reference);
        }
        return fitting;
    }

    /** The row was not stored after all. */
    void discard(List<OverflowReference> written) {
        written.forEach(reference -> required(reference).discard(reference));
    }

    /** A version has been deleted: what it referred to is deleted. */
    void replaced(Xact xact, byte[] before, RowOffsets inBefore) {
        for (int i = 0; inBefore.hasLarge() && i < inBefore.columns(); i++) {
            if (inBefore.isLarge(before, i)) {
                delete(xact, before, inBefore.start(i));
            }
        }
    }

    /** A version has been replaced by another one: what it alone referred to is deleted. */
    void replaced(Xact xact, byte[] before, RowOffsets inBefore, byte[] after, RowOffsets inAfter) {
        for (int i = 0; inBefore.hasLarge() && i < inBefore.columns(); i++) {
            if (inBefore.isLarge(before, i) && !isKept(i, before, inBefore, after, inAfter)) {
                delete(xact, before, inBefore.start(i));
            }
        }
    }

    private static boolean isKept(int i, byte[] before, RowOffsets inBefore, byte[] after, RowOffsets inAfter) {
        return inAfter.isLarge(after, i)
                && Arrays.equals(before, inBefore.start(i), inBefore.end(i), after, inAfter.start(i), inAfter.end(i));
    }

    private void delete(Xact xact, byte[] row, int start) {
        OverflowReference reference = RowCodec.reference(row, start);
        required(reference).delete(xact, reference);
    }
}
