package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Operators;
import dev.cairn.sql.expr.Routine;
import dev.cairn.sql.plan.IndexTerm.Test;
import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What LIKE says of the order of a text: that it lies between its constant beginning and the next text after all with that. Stateless. */
final class LikePrefix {

    private LikePrefix() {}

    /** @param like LIKE with its operand, pattern and escape character */
    static List<IndexTerm> terms(Nodes.Apply like, Nodes.@Nullable Col column) {
        String begin = column == null
                ? ""
                : beginning(like.children().get(1), like.children().get(2));
        if (column == null || begin.isEmpty()) {
            return List.of();
        }
        List<IndexTerm> terms = new ArrayList<>();
        terms.add(term(like, column, Test.AT_LEAST, ">=", begin));
        String end = next(begin);
        if (!end.isEmpty()) {
            terms.add(term(like, column, Test.LESS, "<", end));
        }
        return terms;
    }

    private static IndexTerm term(Nodes.Apply like, Nodes.Col column, Test test, String operator, String bound) {
        Nodes.Const value = new Nodes.Const(SqlType.TEXT, bound);
        Routine comparison = Operators.binary(operator).stream()
                .filter(routine -> routine.parameters().equals(List.of(SqlType.TEXT, SqlType.TEXT)))
                .findFirst()
                .orElseThrow();
        Expr shown = Nodes.Apply.of(comparison, column, value);
        return new IndexTerm(column.index(), test, List.of(value), like, false, shown);
    }

    /** The pattern up to its first wildcard; empty if it is not known before the run. */
    private static String beginning(Expr pattern, Expr escape) {
        if (!(pattern instanceof Nodes.Const constant)
                || !(escape instanceof Nodes.Const escapeConstant)
                || !(constant.value() instanceof String text)
                || !(escapeConstant.value() instanceof String escapeText)) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escaped = !escapeText.isEmpty() && text.startsWith(escapeText, i);
            if (escaped) {
                i += escapeText.length();
            }
            if (i >= text.length() || (!escaped && (text.charAt(i) == '%' || text.charAt(i) == '_'))) {
                break;
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    /** The first text behind all that begin so, by code point; empty if there is none. */
    private static String next(String begin) {
        int[] points = begin.codePoints().toArray();
        for (int i = points.length - 1; i >= 0; i--) {
            int next = points[i] + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : points[i] + 1;
            if (next <= Character.MAX_CODE_POINT) {
                points[i] = next;
                return new String(points, 0, i + 1);
            }
        }
        return "";
    }
}
