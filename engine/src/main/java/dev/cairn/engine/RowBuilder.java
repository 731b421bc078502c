package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.memory.DecimalDigits;
import dev.cairn.storage.overflow.OverflowReference;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row in the making, the counterpart of {@link RowView}: {@link Table#newRow} gives one, {@link Table#insert(RowBuilder)} and {@link
 * Table#update(RowView, RowBuilder)} store what it holds, as often as wanted. Used for one row after another it allocates nothing, once
 * its buffers are as long as the values; numerics, dates and timestamps come as objects.
 *
 * <p>Columns are counted from 0. All are null at first; each keeps its value until it is set otherwise. Values are judged when they are
 * set, which fails no transaction. One thread at a time.
 */
public final class RowBuilder {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] EMPTY = {};
    /** Longer buffers are not kept for the next value. */
    private static final int MOST_KEPT = 1 << 16;

    private static final int ASCII_END = 0x80;

    /** What stands for a column's value. */
    private enum Form {
        NULL,
        FIXED,
        BYTES,
        LARGE
    }

    /** Of equal ones the one that was last asked for. */
    private Schema schema;

    private final ColumnType.Kind[] kinds;
    private final Form[] forms;
    /** Of fixed length; the scale of a numeric. */
    private final long[] numbers;
    /** Of texts in UTF-8, byte arrays and unscaled numerics. */
    private final byte[][] contents;

    private final int[] lengths;
    private final @Nullable OverflowReference[] references;
    private byte[] row = EMPTY;
    private long rowId;

    RowBuilder(Schema schema) {
        int columns = schema.size();
        this.schema = schema;
        this.kinds = new ColumnType.Kind[columns];
        this.forms = new Form[columns];
        this.numbers = new long[columns];
        this.contents = new byte[columns][];
        this.lengths = new int[columns];
        this.references = new @Nullable OverflowReference[columns];
        for (int i = 0; i < columns; i++) {
            kinds[i] = schema.column(i).type().kind();
            forms[i] = Form.NULL;
            contents[i] = EMPTY;
        }
    }

    /** Whether it is a row of this schema, which is told at a glance if the row before was. */
    boolean isOf(Schema wanted) {
        boolean is = schema.equals(wanted);
        if (is) {
            schema = wanted;
        }
        return is;
    }

    Schema schema() {
        return schema;
    }

    /** How many columns the row has. */
    public int size() {
        return kinds.length;
    }

    /** Makes every column null. */
    public RowBuilder clear() {
        Arrays.fill(forms, Form.NULL);
        return this;
    }

    public RowBuilder setNull(int column) {
        forms[column] = Form.NULL;
        return this;
    }

    /**
     * Sets a bigint, integer or smallint.
     *
     * @throws TransactionException 22003 if the column's type does not hold the number
     * @throws IllegalArgumentException if the column is of another type
     */
    public RowBuilder setLong(int column, long value) {
        long held = switch (kinds[column]) {
            case BIGINT -> value;
            case INTEGER -> (int) value;
            case SMALLINT -> (short) value;
            default -> throw isOther(column, "an integer");
        };
        if (held != value) {
            throw new TransactionException(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE, schema.column(column).type() + " out of range");
        }
        return fixed(column, value);
    }

    /** Sets a double; else as {@link #setLong}. */
    public RowBuilder setDouble(int column, double value) {
        require(column, ColumnType.Kind.DOUBLE, "a double");
        return fixed(column, Double.doubleToRawLongBits(value));
    }

    /** Sets a boolean; else as {@link #setLong}. */
    public RowBuilder setBoolean(int column, boolean value) {
        require(column, ColumnType.Kind.BOOLEAN, "a boolean");
        return fixed(column, value ? 1 : 0);
    }

    /** Sets a byte array, which is copied; else as {@link #setLong}. */
    public RowBuilder setBytes(int column, byte[] value) {
        return setBytes(column, value, 0, value.length);
    }

    /**
     * Sets a byte array to a part of another one, which is copied; else as {@link #setLong}.
     *
     * @throws IndexOutOfBoundsException if there is no such part
     */
    public RowBuilder setBytes(int column, byte[] from, int at, int count) {
        require(column, ColumnType.Kind.BYTEA, "a byte array");
        Objects.checkFromIndexSize(at, count, from.length);
        System.arraycopy(from, at, room(column, count), 0, count);
        return bytes(column, count);
    }

    /**
     * Sets a text; else as {@link #setLong}.
     *
     * @throws TransactionException 22001 if it is too long for the column, 22021 if UTF-8 cannot hold it
     */
    public RowBuilder setText(int column, String value) {
        require(column, ColumnType.Kind.TEXT, "a text");
        schema.column(column).type().coerce(value);
        return text(column, value);
    }

    /**
     * Sets a value of the class that {@link Row} has for the column's type, or null.
     *
     * @throws TransactionException as {@link ColumnType#coerce}
     * @throws IllegalArgumentException if it is of another class
     */
    public RowBuilder set(int column, @Nullable Object value) {
        return put(column, value == null ? null : schema.column(column).type().coerce(value));
    }

    /** Sets all columns to values that have been coerced; a {@link LargeValue} is referred to, not read. */
    RowBuilder setAll(@Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            put(i, values[i]);
        }
        return this;
    }

    private RowBuilder put(int column, @Nullable Object value) {
        if (value == null) {
            return setNull(column);
        }
        if (value instanceof LargeValue large) {
            return setLarge(column, large.reference());
        }
        return switch (kinds[column]) {
            case BIGINT, INTEGER, SMALLINT -> fixed(column, ((Number) value).longValue());
            case DOUBLE -> fixed(column, Double.doubleToRawLongBits((Double) value));
            case BOOLEAN -> fixed(column, (Boolean) value ? 1 : 0);
            case DATE -> fixed(column, ((LocalDate) value).toEpochDay());
            case TIMESTAMP -> fixed(column, micros((LocalDateTime) value));
            case TEXT -> text(column, (String) value);
            case BYTEA -> setBytes(column, (byte[]) value);
            case NUMERIC -> numeric(column, (BigDecimal) value);
        };
    }

    /** Of few digits, as most are, without an array or number in between. */
    private RowBuilder numeric(int column, BigDecimal value) {
        numbers[column] = value.scale();
        if (value.precision() > KeyCodec.LONG_DIGITS) {
            contents[column] = value.unscaledValue().toByteArray();
            return bytes(column, contents[column].length);
        }
        long unscaled = DecimalDigits.unscaled(value);
        int signBits = Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled);
        int length = (Long.SIZE - signBits) / Byte.SIZE + 1;
        byte[] into = room(column, Long.BYTES);
        for (int i = length - 1; i >= 0; i--) {
            into[i] = (byte) unscaled;
            unscaled >>= Byte.SIZE;
        }
        return bytes(column, length);
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + time.getNano() / 1000;
    }

    /** Plain ASCII, the ordinary case, is copied without an array in between. */
    private RowBuilder text(int column, String value) {
        int chars = value.length();
        byte[] into = room(column, chars);
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= ASCII_END) {
                contents[column] = value.getBytes(StandardCharsets.UTF_8);
                return bytes(column, contents[column].length);
            }
            into[i] = (byte) c;
        }
        return bytes(column, chars);
    }

    private byte[] room(int column, int bytes) {
        byte[] present = contents[column];
        if (present.length < bytes || (present.length > MOST_KEPT && bytes <= MOST_KEPT)) {
            present = new byte[bytes];
            contents[column] = present;
        }
        return present;
    }

    private RowBuilder fixed(int column, long value) {
        numbers[column] = value;
        forms[column] = Form.FIXED;
        return this;
    }

    private RowBuilder bytes(int column, int length) {
        lengths[column] = length;
        forms[column] = Form.BYTES;
        return this;
    }

    private void require(int column, ColumnType.Kind wanted, String given) {
        if (kinds[column] != wanted) {
            throw isOther(column, given);
        }
    }

    private IllegalArgumentException isOther(int column, String given) {
        Column there = schema.column(column);
        return new IllegalArgumentException(
                "column \"" + there.name() + "\" of type " + there.type() + " does not take " + given);
    }

    /**
     * The id of the row that was last stored from this.
     *
     * @throws IllegalStateException if none was
     */
    public RowId id() {
        if (rowId == 0) {
            throw new IllegalStateException("no row has been stored from this");
        }
        return new RowId(rowId);
    }

    void stored(long newRowId) {
        rowId = newRowId;
    }

    /** A value stands on pages of its own. */
    RowBuilder setLarge(int column, OverflowReference reference) {
        references[column] = reference;
        forms[column] = Form.LARGE;
        return this;
    }

    /** The same values in a builder of its own. */
    RowBuilder copy() {
        RowBuilder copy = new RowBuilder(schema);
        System.arraycopy(forms, 0, copy.forms, 0, forms.length);
        System.arraycopy(numbers, 0, copy.numbers, 0, numbers.length);
        System.arraycopy(lengths, 0, copy.lengths, 0, lengths.length);
        System.arraycopy(references, 0, copy.references, 0, references.length);
        for (int i = 0; i < contents.length; i++) {
            copy.contents[i] = forms[i] == Form.BYTES ? Arrays.copyOf(contents[i], lengths[i]) : EMPTY;
        }
        return copy;
    }

    boolean isNull(int column) {
        return forms[column] == Form.NULL;
    }

    /** Whether the value is a text or byte array that could stand on pages of its own, and does not. */
    boolean isMovable(int column) {
        return forms[column] == Form.BYTES && kinds[column] != ColumnType.Kind.NUMERIC;
    }

    /** Of what {@link #isMovable}: its bytes. */
    byte[] content(int column) {
        return Arrays.copyOf(contents[column], lengths[column]);
    }

    /** Of what stands on pages of its own or {@link #isMovable}: how many bytes it has. */
    int contentLength(int column) {
        OverflowReference reference = references[column];
        return forms[column] == Form.LARGE && reference != null ? reference.length() : lengths[column];
    }

    boolean isLarge(int column) {
        return forms[column] == Form.LARGE;
    }

    /** Bytes that the value takes in its row. */
    int inRow(int column) {
        return switch (forms[column]) {
            case NULL -> 0;
            case FIXED -> RowCodec.fixedBytes(kinds[column]);
            case LARGE -> OverflowReference.BYTES;
            case BYTES -> {
                int scale = kinds[column] == ColumnType.Kind.NUMERIC ? varintSize((int) numbers[column]) : 0;
                yield Math.addExact(scale + varintSize(lengths[column]), lengths[column]);
            }
        };
    }

    /** Bytes of the whole row as it is now. */
    long rowBytes() {
        int bitmap = (kinds.length + Byte.SIZE - 1) / Byte.SIZE;
        long bytes = Short.BYTES + (hasLarge() ? 2L * bitmap : bitmap);
        for (int i = 0; i < kinds.length; i++) {
            bytes += inRow(i);
        }
        return bytes;
    }

    private boolean hasLarge() {
        for (Form form : forms) {
            if (form == Form.LARGE) {
                return true;
            }
        }
        return false;
    }

    /** Puts the row together as {@link RowCodec} describes it, and returns its length. {@link #bytes} has it until the next time. */
    int encode() {
        int length = Math.toIntExact(rowBytes());
        if (row.length < length || (row.length > MOST_KEPT && length <= MOST_KEPT)) {
            row = new byte[length > MOST_KEPT ? length : Integer.highestOneBit(length) << 1];
        }
        boolean large = hasLarge();
        int columns = kinds.length;
        int bitmap = (columns + Byte.SIZE - 1) / Byte.SIZE;
        SHORT.set(row, 0, (short) (large ? columns | RowCodec.HAS_LARGE : columns));
        int at = Short.BYTES + (large ? 2 * bitmap : bitmap);
        Arrays.fill(row, Short.BYTES, at, (byte) 0);
        for (int i = 0; i < columns; i++) {
            switch (forms[i]) {
                case NULL -> setBit(Short.BYTES, i);
                case FIXED -> at = putFixed(at, i);
                case BYTES -> at = putBytes(at, i);
                case LARGE -> {
                    setBit(Short.BYTES + bitmap, i);
                    at = putLarge(at, i);
                }
            }
        }
        return length;
    }

    /** What {@link #encode} has put together. */
    byte[] bytes() {
        return row;
    }

    private void setBit(int bitmap, int i) {
        row[bitmap + (i >> 3)] |= (byte) (1 << (i & 7));
    }

    private int putFixed(int at, int i) {
        int size = RowCodec.fixedBytes(kinds[i]);
        switch (size) {
            case Long.BYTES -> LONG.set(row, at, numbers[i]);
            case Integer.BYTES -> INT.set(row, at, (int) numbers[i]);
            case Short.BYTES -> SHORT.set(row, at, (short) numbers[i]);
            default -> row[at] = (byte) numbers[i];
        }
        return at + size;
    }

    private int putBytes(int from, int i) {
        int at = kinds[i] == ColumnType.Kind.NUMERIC ? putVarint(from, (int) numbers[i]) : from;
        at = putVarint(at, lengths[i]);
        System.arraycopy(contents[i], 0, row, at, lengths[i]);
        return at + lengths[i];
    }

    private int putLarge(int at, int i) {
        Objects.requireNonNull(references[i])
                .put(ByteBuffer.wrap(row, at, OverflowReference.BYTES).order(ByteOrder.LITTLE_ENDIAN));
        return at + OverflowReference.BYTES;
    }

    private int putVarint(int from, int value) {
        int at = from;
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            row[at++] = (byte) (rest | 0x80);
            rest >>>= RowCodec.VARINT_STEP;
        }
        row[at++] = (byte) rest;
        return at;
    }

    private static int varintSize(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / RowCodec.VARINT_STEP;
    }
}
