package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a table, in order, and what is said of them. Immutable; compared by columns, defaults and rules. */
public final class Schema {

    /** As in PostgreSQL. */
    public static final int MAX_COLUMNS = 1600;

    /**
     * A rule that every row must keep. The engine keeps the expression for whoever can evaluate it, which is SQL.
     *
     * @param expression in SQL
     */
    public record Check(String name, String expression) {}

    /**
     * A key that a table gets with its creation, as a unique index.
     *
     * @param name of the index; null for the name that PostgreSQL would give it
     */
    public record Key(@Nullable String name, boolean primary, List<String> columns) {
        public Key {
            columns = List.copyOf(columns);
        }
    }

    private final List<Column> columns;
    private final Map<String, Integer> indexes;
    private final List<Key> keys;
    private final Map<String, String> defaults;
    private final List<Check> checks;

    /** @throws TransactionException 42701 if a name occurs twice, 54000 if there are more than {@link #MAX_COLUMNS} */
    public Schema(List<Column> columns) {
        this(columns, List.of(), Map.of(), List.of());
    }

    private Schema(List<Column> columns, List<Key> keys, Map<String, String> defaults, List<Check> checks) {
        this.columns = List.copyOf(columns);
        this.keys = List.copyOf(keys);
        this.defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        this.checks = List.copyOf(checks);
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

    /** Whether there is a column whose values may be too large for a page. */
    boolean holdsLargeValues() {
        return columns.stream()
                .map(column -> column.type().kind())
                .anyMatch(kind -> kind == ColumnType.Kind.TEXT || kind == ColumnType.Kind.BYTEA);
    }

    /** The position of a column, from 0; -1 if there is none of that name (names are case-sensitive). */
    public int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    /** The keys that a table of this schema gets with its creation; a table's own schema has none: see its indexes. */
    public List<Key> keys() {
        return keys;
    }

    /** Default values as SQL expressions, by column. */
    public Map<String, String> defaults() {
        return defaults;
    }

    public List<Check> checks() {
        return checks;
    }

    /**
     * The same with these keys.
     *
     * @throws TransactionException 42703 if a key names a column that there is not, 42P16 if there are two primary keys
     */
    public Schema withKeys(List<Key> newKeys) {
        List<Column> strict = new ArrayList<>(columns);
        boolean hasPrimary = false;
        for (Key key : newKeys) {
            if (key.primary() && hasPrimary) {
                throw new TransactionException(
                        SqlState.INVALID_TABLE_DEFINITION, "multiple primary keys for a table are not allowed");
            }
            hasPrimary |= key.primary();
            for (String name : key.columns()) {
                int index = indexOf(name);
                if (index < 0) {
                    throw new TransactionException(
                            SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" named in key does not exist");
                }
                if (key.primary()) {
                    strict.set(index, new Column(name, column(index).type(), true));
                }
            }
        }
        return new Schema(strict, newKeys, defaults, checks);
    }

    /** Whether there is a rule of that name. */
    boolean hasCheck(String name) {
        return checks.stream().anyMatch(check -> check.name().equals(name));
    }

    /**
     * The same with that column NOT NULL, or not.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Schema withNotNull(String column, boolean notNull) {
        int index = indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("there is no column \"" + column + "\" in " + this);
        }
        List<Column> changed = new ArrayList<>(columns);
        changed.set(index, new Column(column, column(index).type(), notNull));
        return new Schema(changed, keys, defaults, checks);
    }

    /** The same with these default values, SQL expressions by column. */
    public Schema withDefaults(Map<String, String> newDefaults) {
        return new Schema(columns, keys, newDefaults, checks);
    }

    /** The same with these rules. */
    public Schema withChecks(List<Check> newChecks) {
        return new Schema(columns, keys, defaults, newChecks);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Schema that
                        && columns.equals(that.columns)
                        && defaults.equals(that.defaults)
                        && checks.equals(that.checks));
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
        private final List<Key> keys = new ArrayList<>();

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

        /** Those columns, which become NOT NULL, are the primary key. */
        public Builder primaryKey(String... names) {
            keys.add(new Key(null, true, List.of(names)));
            return this;
        }

        /** No two rows may have the same values there. */
        public Builder unique(String... names) {
            keys.add(new Key(null, false, List.of(names)));
            return this;
        }

        public Schema build() {
            return new Schema(columns).withKeys(keys);
        }
    }
}
