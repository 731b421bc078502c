package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Routine;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.List;

/** The predicates that have a syntax of their own. */
final class Tests {

    static final Routine NOT = strict("not", List.of(SqlType.BOOLEAN), (a, e) -> !Boolean.TRUE.equals(a[0]));
    static final Routine IS_NULL = nullable("is null", (a, e) -> a[0] == null);
    static final Routine IS_NOT_NULL = nullable("is not null", (a, e) -> a[0] != null);
    static final Routine IS_TRUE = nullable("is true", (a, e) -> Boolean.TRUE.equals(a[0]));
    static final Routine IS_FALSE = nullable("is false", (a, e) -> Boolean.FALSE.equals(a[0]));
    static final Routine LIKE = strict(
            "like",
            List.of(SqlType.TEXT, SqlType.TEXT, SqlType.TEXT),
            (a, e) -> like(text(a[0]), text(a[1]), escape(text(a[2]))));
    static final Routine ILIKE = strict(
            "ilike",
            List.of(SqlType.TEXT, SqlType.TEXT, SqlType.TEXT),
            (a, e) -> like(folded(text(a[0])), folded(text(a[1])), escape(text(a[2]))));

    private Tests() {}

    private static Routine strict(String name, List<SqlType> parameters, Routine.Body body) {
        return new Routine(name, parameters, SqlType.BOOLEAN, true, true, false, body);
    }

    private static Routine nullable(String name, Routine.Body body) {
        return new Routine(name, List.of(SqlType.UNKNOWN), SqlType.BOOLEAN, false, true, false, body);
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return String.valueOf(value);
    }

    /** Only ASCII letters have cases, as with PostgreSQL's collation C. */
    private static String folded(String value) {
        StringBuilder out = new StringBuilder(value);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                out.setCharAt(i, (char) (c + 32));
            }
        }
        return out.toString();
    }

    /** The escape character; -1 for none. */
    private static int escape(String escape) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw SqlErrors.of(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string");
        }
        return escape.isEmpty() ? -1 : escape.codePointAt(0);
    }

    private static boolean like(String value, String pattern, int escape) {
        return like(value.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0, escape);
    }

    private static boolean like(int[] value, int v, int[] pattern, int p, int escape) {
        int at = v;
        for (int i = p; i < pattern.length; i++) {
            int c = pattern[i];
            if (c == escape) {
                i++;
                if (at == value.length) {
                    return false;
                }
                if (i == pattern.length) {
                    throw SqlErrors.of(
                            SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
                }
                c = pattern[i];
            } else if (c == '%') {
                return likeRest(value, at, pattern, i + 1, escape);
            } else if (c == '_') {
                if (at++ == value.length) {
                    return false;
                }
                continue;
            }
            if (at == value.length || value[at++] != c) {
                return false;
            }
        }
        return at == value.length;
    }

    private static boolean likeRest(int[] value, int from, int[] pattern, int p, int escape) {
        if (p == pattern.length) {
            return true;
        }
        for (int at = from; at <= value.length; at++) {
            if (like(value, at, pattern, p, escape)) {
                return true;
            }
        }
        return false;
    }
}
