package dev.cairn.engine;

import java.nio.charset.StandardCharsets;

/**
 * A column of a table.
 *
 * @param name 1 to 63 bytes of UTF-8
 * @param notNull whether null is refused, with 23502
 */
public record Column(String name, ColumnType type, boolean notNull) {

    /** The longest name of a table, column or savepoint, in bytes of UTF-8, as in PostgreSQL. */
    public static final int MAX_NAME_BYTES = 63;

    /** Of UTF-8, for each char of a string. */
    private static final int MOST_BYTES_A_CHAR = 3;

    public Column {
        requireName("column", name);
    }

    static void requireName(String what, String name) {
        if (!name.isEmpty() && name.length() <= MAX_NAME_BYTES / MOST_BYTES_A_CHAR) {
            return;
        }
        int bytes = isAscii(name) ? name.length() : name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the name of a " + what + " has 1 to " + MAX_NAME_BYTES
                    + " bytes, found " + bytes + ": \"" + name + "\"");
        }
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
