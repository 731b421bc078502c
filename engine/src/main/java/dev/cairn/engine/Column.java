package dev.cairn.engine;

import dev.cairn.storage.base.Utf8;

/**
 * A column of a table.
 *
 * @param name 1 to 63 bytes of UTF-8
 * @param notNull whether null is refused, with 23502
 */
public record Column(String name, ColumnType type, boolean notNull) {

    /** The longest name of a table, column or savepoint, in bytes of UTF-8, as in PostgreSQL. */
    public static final int MAX_NAME_BYTES = 63;

    public Column {
        requireName("column", name);
    }

    static void requireName(String what, String name) {
        int bytes = Utf8.length(name);
        if (bytes < 1 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the name of a " + what + " has 1 to " + MAX_NAME_BYTES
                    + " bytes, found " + bytes + ": \"" + name + "\"");
        }
    }
}
