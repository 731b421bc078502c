package dev.cairn.sql.syntax;

import java.nio.charset.StandardCharsets;

/** Identifiers as PostgreSQL keeps them. */
final class Names {

    /** The longest identifier, in bytes of UTF-8. */
    private static final int MAX_BYTES = 63;

    private Names() {}

    /** The name without its quotes, cut to the longest that PostgreSQL keeps. */
    static String unquote(String written) {
        if (written.length() >= 2 && written.startsWith("\"") && written.endsWith("\"")) {
            return cut(written.substring(1, written.length() - 1).replace("\"\"", "\""));
        }
        return cut(written.toLowerCase(java.util.Locale.ROOT));
    }

    static String cut(String name) {
        int bytes = 0;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            bytes += Character.toString(name.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                return name.substring(0, i);
            }
        }
        return name;
    }
}
