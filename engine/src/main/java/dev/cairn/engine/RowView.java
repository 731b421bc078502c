package dev.cairn.engine;

import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.heap.TupleView;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is stored, into which one row after another is read: neither the row nor its values become objects unless they are asked
 * for as such. Shows a row until it is used to read another one, also after its transaction. One thread at a time.
 *
 * <p>Columns are counted from 0. What reads numbers and bytes allocates nothing, but for values that stand on pages of their own;
 * those can be read until the end of the transaction, as {@link Row#get(int)} says.
 */
public final class RowView {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final RowOffsets offsets = new RowOffsets();
    private final TupleView tuple = new TupleView();
    private @Nullable Table table;
    private boolean shows;

    /** Shows nothing from now on; what is read into the version that it returns is shown by {@link #show}. */
    TupleView clear() {
        shows = false;
        return tuple;
    }

    /** @param snapshot one that sees the version, and is held or is the statement's */
    void show(Table source, Snapshot snapshot) {
        offsets.locate(source.schema(), tuple.bytes(), tuple.start(), tuple.length());
        if (offsets.hasLarge()) {
            source.keepLarge(snapshot);
        }
        if (table != source) {
            table = source;
        }
        shows = true;
    }

    /**
     * Where the version stands that it shows.
     *
     * @throws IllegalStateException if it shows no row
     * @throws IllegalArgumentException if it is of another table
     */
    long versionOf(TableInfo wanted) {
        TableInfo source = shown().info();
        if (source.tableId() != wanted.tableId()) {
            throw new IllegalArgumentException(
                    "expected a row of table \"" + wanted.name() + "\", found one of \"" + source.name() + "\"");
        }
        return tuple.rowId();
    }

    /** Who made the version that it shows. */
    long xmin() {
        return tuple.xmin();
    }

    /** Whether it shows a row. */
    public boolean isPresent() {
        return shows;
    }

    /** How many columns the row has. */
    public int size() {
        shown();
        return offsets.columns();
    }

    /** The row's id. */
    public RowId id() {
        shown();
        return new RowId(tuple.rowId());
    }

    public boolean isNull(int column) {
        shown();
        return offsets.isNull(Objects.checkIndex(column, offsets.columns()));
    }

    /**
     * The value of a bigint, integer or smallint.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if the column is of another type
     */
    public long getLong(int column) {
        ColumnType.Kind kind = kind(column);
        int start = offsets.start(column);
        return switch (kind) {
            case BIGINT -> (long) LONG.get(tuple.bytes(), start);
            case INTEGER -> (int) INT.get(tuple.bytes(), start);
            case SMALLINT -> (short) SHORT.get(tuple.bytes(), start);
            default -> throw isOther(column, "an integer");
        };
    }

    /** The value of an integer or smallint; else as {@link #getLong}. */
    public int getInt(int column) {
        if (kind(column) == ColumnType.Kind.BIGINT) {
            throw isOther(column, "an integer of 4 bytes");
        }
        return (int) getLong(column);
    }

    /** The value of a double; else as {@link #getLong}. */
    public double getDouble(int column) {
        if (kind(column) != ColumnType.Kind.DOUBLE) {
            throw isOther(column, "a double");
        }
        return (double) DOUBLE.get(tuple.bytes(), offsets.start(column));
    }

    /** The value of a boolean; else as {@link #getLong}. */
    public boolean getBoolean(int column) {
        if (kind(column) != ColumnType.Kind.BOOLEAN) {
            throw isOther(column, "a boolean");
        }
        return tuple.bytes()[offsets.start(column)] != 0;
    }

    /** How many bytes a byte array has, or a text in UTF-8; else as {@link #getLong}. */
    public int length(int column) {
        int length = plainBytes(column);
        return length >= 0 ? length : reference(column).length();
    }

    /**
     * Copies a byte array, or a text in UTF-8; else as {@link #getLong}.
     *
     * @return how many bytes it has
     * @throws IndexOutOfBoundsException if they find no room
     */
    public int getBytes(int column, byte[] into, int at) {
        int length = plainBytes(column);
        if (length < 0) {
            byte[] large = large(column);
            System.arraycopy(large, 0, into, at, large.length);
            return large.length;
        }
        System.arraycopy(tuple.bytes(), offsets.content(column), into, at, length);
        return length;
    }

    /** A copy of a byte array, or of a text in UTF-8; else as {@link #getLong}. */
    public byte[] getBytes(int column) {
        int length = plainBytes(column);
        if (length < 0) {
            return large(column);
        }
        byte[] row = tuple.bytes();
        int from = offsets.content(column);
        // Unlike Arrays.copyOfRange, this leaves no doubt that all of the copy is written, which need not be zeroed
        // before; with nothing between the two.
        byte[] copy = new byte[length];
        System.arraycopy(row, from, copy, 0, length);
        return copy;
    }

    /** The value as {@link Row#get(int)} gives it. */
    public @Nullable Object get(int column) {
        if (isNull(column)) {
            return null;
        }
        ColumnType.Kind kind = kind(column);
        if (offsets.isLarge(tuple.bytes(), column)) {
            return shown().largeValue(reference(column), kind).get();
        }
        return RowCodec.value(kind, tuple.bytes(), offsets.start(column), offsets.end(column));
    }

    /** The same row as an object of its own. */
    public Row toRow() {
        return shown().decodeKept(tuple.toVersion());
    }

    private byte[] large(int column) {
        byte[] bytes = shown().readLarge(reference(column));
        if (bytes == null) {
            throw LargeValue.gone(reference(column));
        }
        return bytes;
    }

    private OverflowReference reference(int column) {
        return RowCodec.reference(tuple.bytes(), offsets.start(column));
    }

    private Table shown() {
        Table source = table;
        if (source == null || !shows) {
            throw new IllegalStateException("the view shows no row");
        }
        return source;
    }

    /** Of a value that is not null. */
    private ColumnType.Kind kind(int column) {
        if (isNull(column)) {
            throw new NullPointerException(
                    "column \"" + shown().schema().column(column).name() + "\" is null");
        }
        return offsets.kind(column);
    }

    /** How many bytes the value of a column of bytes has; below 0 if it is a large one. */
    private int plainBytes(int column) {
        int length = shows ? offsets.plainBytes(column) : -1;
        if (length < 0) {
            requireBytes(column);
        }
        return length;
    }

    private void requireBytes(int column) {
        ColumnType.Kind kind = kind(column);
        if (kind != ColumnType.Kind.BYTEA && kind != ColumnType.Kind.TEXT) {
            throw isOther(column, "a text or byte array");
        }
    }

    private IllegalArgumentException isOther(int column, String expected) {
        Column asked = shown().schema().column(column);
        return new IllegalArgumentException(
                "expected " + expected + " in column \"" + asked.name() + "\", found " + asked.type());
    }
}
