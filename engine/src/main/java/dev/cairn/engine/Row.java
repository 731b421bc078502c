package dev.cairn.engine;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of a row, immutable. A row that was read from a table knows its id and its columns' names.
 *
 * <p>Values too large for a page are read when they are first asked for: who looks at other columns never touches them.
 *
 * <p>Values are Long, Integer, Short, Double, Boolean, String, byte[], BigDecimal, LocalDate, LocalDateTime or null. Byte
 * arrays are shared, not copied: whoever changes one breaks the promise.
 */
public final class Row {

    private final @Nullable Object[] values;
    private final @Nullable Schema schema;
    private final @Nullable RowId id;

    private Row(@Nullable Object[] values, @Nullable Schema schema, @Nullable RowId id) {
        this.values = values;
        this.schema = schema;
        this.id = id;
    }

    public static Row of(@Nullable Object... values) {
        return new Row(values.clone(), null, null);
    }

    /** Not a copy. */
    @Nullable Object[] values() {
        return values;
    }

    static Row read(@Nullable Object[] values, Schema schema, RowId id) {
        return new Row(values, schema, id);
    }

    public int size() {
        return values.length;
    }

    /**
     * The value. A large one is read from its pages now, if it has not been before: that is possible until the end of the
     * transaction that read the row.
     *
     * @throws IllegalStateException if a large value that has not been read is asked for after the end of the transaction, or
     *     after the rollback of the savepoint in which it was written
     */
    public @Nullable Object get(int index) {
        return LargeValue.resolved(values[index]);
    }

    /** Whether the value stands on pages of its own that have not been read. */
    public boolean isUnread(int index) {
        return values[index] instanceof LargeValue large && !large.isRead();
    }

    /** The length in bytes of a value that {@link #isUnread}; -1 of any other. */
    public int unreadBytes(int index) {
        return values[index] instanceof LargeValue large && !large.isRead()
                ? large.reference().length()
                : -1;
    }

    /** As it stands in the row. */
    @Nullable Object raw(int index) {
        return values[index];
    }

    /** @throws IllegalArgumentException if the row was not read from a table, or the table has no such column */
    public @Nullable Object get(String column) {
        return get(indexOf(column));
    }

    int indexOf(String column) {
        int index = schema == null ? -1 : schema.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("no column \"" + column + "\" in "
                    + (schema == null ? "a row that was not read from a table" : schema));
        }
        return index;
    }

    /** @throws NullPointerException if the value is null; ClassCastException if it is not a Long (so for its siblings) */
    public long getLong(String column) {
        return (Long) required(column);
    }

    public int getInt(String column) {
        return (Integer) required(column);
    }

    public double getDouble(String column) {
        return (Double) required(column);
    }

    public boolean getBoolean(String column) {
        return (Boolean) required(column);
    }

    public @Nullable String getString(String column) {
        return (String) get(column);
    }

    public @Nullable BigDecimal getNumeric(String column) {
        return (BigDecimal) get(column);
    }

    private Object required(String column) {
        return Objects.requireNonNull(get(column), () -> "column \"" + column + "\" is null");
    }

    /** @throws IllegalStateException if the row was not read from a table */
    public RowId id() {
        if (id == null) {
            throw new IllegalStateException("a row that was not read from a table has no id");
        }
        return id;
    }

    /** The same row but for one value. Keeps id and names. */
    public Row with(int index, @Nullable Object value) {
        @Nullable Object[] copy = values.clone();
        copy[index] = value;
        return new Row(copy, schema, id);
    }

    /** The same row but for one value, by name. */
    public Row with(String column, @Nullable Object value) {
        return with(indexOf(column), value);
    }

    /** Compares the values alone; numerics by value and scale, byte arrays by content. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row that && Arrays.deepEquals(resolved(), that.resolved());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(resolved());
    }

    private @Nullable Object[] resolved() {
        @Nullable Object[] all = values.clone();
        for (int i = 0; i < all.length; i++) {
            all[i] = get(i);
        }
        return all;
    }

    /** Large values that have not been read are not read for this: their length stands for them. */
    @Override
    public String toString() {
        return Arrays.deepToString(values);
    }
}
