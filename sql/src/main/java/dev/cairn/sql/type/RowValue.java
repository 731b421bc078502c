package dev.cairn.sql.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A composite value: a row constructor's, a whole table row, or the pair of a session's counters. */
public record RowValue(List<SqlType> types, @Nullable Object[] values) {

    /** As PostgreSQL prints it: {@code (64,t)}, fields quoted where they need it. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            Object value = values[i];
            if (value != null) {
                append(out, TextOutput.of(types.get(i), value));
            }
        }
        return out.append(')').toString();
    }

    private static void append(StringBuilder out, String text) {
        boolean quote = text.isEmpty();
        for (int i = 0; i < text.length() && !quote; i++) {
            char c = text.charAt(i);
            quote = c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || Character.isWhitespace(c);
        }
        out.append(quote ? "\"" + text.replace("\\", "\\\\").replace("\"", "\"\"") + "\"" : text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowValue that && Comparisons.sameRow(values, that.values);
    }

    @Override
    public int hashCode() {
        return Comparisons.hash(values);
    }
}
