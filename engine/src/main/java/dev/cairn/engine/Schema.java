package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a table, in order. Immutable, compared by value. */
public final class Schema {

    /** As in PostgreSQL. */
    public static final int MAX_COLUMNS = 1600;

    private final List<Column> columns;
    private final Map<String, Integer> indexes;

    /** @throws TransactionException 42701 if a name occurs twice, 54000 if there are more than {@link #MAX_COLUMNS} */
    public Schema(List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.indexes = new HashMap<>();
        if (columns.size() > MAX_COLUMNS) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "tables can have at most " + MAX_COLUMNS + " columns, found " + columns.size());
        }
        for (Column column : columns) {
            if (indexes.put(column.name(), indexes.size()) != null) {
                throw new TransactionException(
                        SqlState.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
            }
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    public List<Column> columns() {
        return columns;
    }

    public Column column(int index) {
        return columns.get(index);
    }

    public int size() {
        return columns.size();
    }

    /** The position of a column, from 0; -1 if there is none of that name (names are case-sensitive). */
    public int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Schema that && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return columns.toString();
    }

    /** Gathers columns. Not thread-safe. */
    public static final class Builder {
        private final List<Column> columns = new ArrayList<>();

        private Builder() {}

        public Builder column(String name, ColumnType type) {
            columns.add(new Column(name, type, false));
            return this;
        }

        /** Makes the latest column NOT NULL. */
        public Builder notNull() {
            if (columns.isEmpty()) {
                throw new IllegalStateException("notNull() follows a column; there is none yet");
            }
            Column last = columns.remove(columns.size() - 1);
            columns.add(new Column(last.name(), last.type(), true));
            return this;
        }

        public Schema build() {
            return new Schema(columns);
        }
    }
}
