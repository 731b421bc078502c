package dev.cairn.sql.syntax;

import dev.cairn.storage.base.Utf8;

/** Identifiers as PostgreSQL keeps them. */
final class Names {

    /** The longest identifier, in bytes of UTF-8. */
    private static final int MAX_BYTES = 63;

    private Names() {}

    /** Stand for line breaks in quoted names, which JSqlParser does not read. */
    private static final char LINE_FEED = '\uE00A';

    private static final char CARRIAGE_RETURN = '\uE00D';

    /** The name in quotes, as JSqlParser reads it. */
    static String quote(String name) {
        return "\"" + name.replace("\"", "\"\"").replace('\n', LINE_FEED).replace('\r', CARRIAGE_RETURN) + "\"";
    }

    /** The name of a table, column or alias, which no reserved word is without quotes. */
    static String identifier(String written) {
        String name = unquote(written);
        if (!written.startsWith("\"") && Keywords.isReserved(name)) {
            throw Lexer.syntaxError(name, "syntax error");
        }
        return name;
    }

    /** The name without its quotes, cut to the longest that PostgreSQL keeps. */
    static String unquote(String written) {
        if (written.length() >= 2 && written.startsWith("\"") && written.endsWith("\"")) {
            String name = written.substring(1, written.length() - 1).replace("\"\"", "\"");
            return cut(name.replace(LINE_FEED, '\n').replace(CARRIAGE_RETURN, '\r'));
        }
        return cut(written.toLowerCase(java.util.Locale.ROOT));
    }

    static String cut(String name) {
        return Utf8.cut(name, MAX_BYTES);
    }
}
