package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import org.jspecify.annotations.Nullable;

/** Rows from callers, judged by the schema of the table that is to have them. Immutable. */
record RowInput(TableInfo info) {

    /** @throws IllegalArgumentException if the number of values or a value's class is not the schema's */
    void requireShape(Row row) {
        Schema schema = info.schema();
        if (row.size() != schema.size()) {
            throw new IllegalArgumentException("table \"" + info.name() + "\" has " + schema.size()
                    + " columns, the row has " + row.size() + " values");
        }
        for (int i = 0; i < row.size(); i++) {
            Object value = row.raw(i);
            if (!(value instanceof LargeValue)) {
                schema.column(i).type().requireClass(value);
            }
        }
    }

    /** @throws IllegalArgumentException if the row is not in the making for a table of this schema */
    void requireShape(RowBuilder row) {
        if (!row.isOf(info.schema())) {
            throw new IllegalArgumentException("expected a row of " + info.schema() + ", found one of " + row.schema());
        }
    }

    /**
     * The row's values as the columns hold them.
     *
     * @param before the values of the version that the row replaces, whose large ones it may keep; null if it is new
     * @throws TransactionException 23502 null in a column that is NOT NULL, else as {@link ColumnType#coerce}
     */
    @Nullable Object[] coerced(Row row, @Nullable Object @Nullable [] before) {
        requireShape(row);
        Schema schema = info.schema();
        @Nullable Object[] values = new @Nullable Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            Object raw = row.raw(i);
            boolean kept = raw instanceof LargeValue && before != null && raw == before[i];
            Object value = kept ? raw : row.get(i);
            Column column = schema.column(i);
            if (kept) {
                values[i] = raw;
            } else if (value != null) {
                values[i] = column.type().coerce(value);
            } else if (column.notNull()) {
                throw isNull(column);
            }
        }
        return values;
    }

    /** @throws TransactionException 23502 null in a column that is NOT NULL */
    void requireComplete(RowBuilder row) {
        for (int i = 0; i < row.size(); i++) {
            if (row.isNull(i) && info.schema().column(i).notNull()) {
                throw isNull(info.schema().column(i));
            }
        }
    }

    private TransactionException isNull(Column column) {
        return new TransactionException(
                SqlState.NOT_NULL_VIOLATION,
                "null value in column \"" + column.name() + "\" of relation \"" + info.name()
                        + "\" violates not-null constraint");
    }
}
