package dev.cairn.engine;

import java.util.List;

/**
 * An index of a table: keys in order, each leading to rows.
 *
 * @param name 1 to 63 bytes of UTF-8, unique among tables and indexes
 * @param unique whether two rows may have the same key; a key with a null in it equals no other
 * @param primary whether it is the table's primary key
 * @param constraint whether it stands for a key of the table: then it is not dropped by itself
 * @param parts the columns of the key, the first of which decides first
 */
public record Index(String name, boolean unique, boolean primary, boolean constraint, List<Part> parts) {

    /** As in PostgreSQL. */
    public static final int MAX_PARTS = 32;

    public Index {
        Column.requireName("index", name);
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("an index has 1 to " + MAX_PARTS + " columns, found " + parts.size());
        }
        if ((primary && !constraint) || (constraint && !unique)) {
            throw new IllegalArgumentException("a primary key is a key, and keys are unique");
        }
    }

    /** An index that stands for a key only if it is the primary one. */
    public Index(String name, boolean unique, boolean primary, List<Part> parts) {
        this(name, unique, primary, primary, parts);
    }

    /** A column of an index. */
    public record Part(String column, boolean descending, boolean nullsFirst) {

        /** Ascending, nulls last. */
        public static Part ascending(String column) {
            return new Part(column, false, false);
        }

        /** Descending, nulls first. */
        public static Part descending(String column) {
            return new Part(column, true, true);
        }
    }

    /** An index on those columns, all ascending. */
    public static Index of(String name, boolean unique, String... columns) {
        return new Index(
                name,
                unique,
                false,
                java.util.Arrays.stream(columns).map(Part::ascending).toList());
    }
}
