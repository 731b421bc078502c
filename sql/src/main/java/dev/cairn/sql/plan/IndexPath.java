package dev.cairn.sql.plan;

import dev.cairn.engine.Index;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Schema;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.plan.IndexTerm.Test;
import dev.cairn.sql.type.Comparisons;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way through an index: equality in its first columns, a range in the next one, forwards or backwards.
 *
 * @param equal a term for each of the first columns
 * @param low from where on the next column's values are, null if from anywhere; likewise high
 */
record IndexPath(
        Index index,
        Schema schema,
        List<IndexTerm> equal,
        @Nullable IndexTerm low,
        @Nullable IndexTerm high,
        boolean backwards) {

    private static final @Nullable Object[] EMPTY_ROW = {};

    IndexPath {
        equal = List.copyOf(equal);
    }

    /** All terms that the path makes use of. */
    List<IndexTerm> terms() {
        List<IndexTerm> terms = new ArrayList<>(equal);
        if (low != null) {
            terms.add(low);
        }
        if (high != null) {
            terms.add(high);
        }
        return terms;
    }

    /** Whether it leads to one row at most for each value of its terms. */
    boolean isUnique() {
        return index.unique()
                && equal.size() == index.parts().size()
                && equal.stream().noneMatch(term -> term.test() == Test.IS_NULL);
    }

    /** The ranges to read one after another; none if nothing can meet the terms. */
    List<KeyRange> ranges(Evaluation evaluation) {
        List<List<@Nullable Object>> prefixes = new ArrayList<>();
        prefixes.add(List.of());
        for (int i = 0; i < equal.size(); i++) {
            List<@Nullable Object> values = values(i, evaluation);
            List<List<@Nullable Object>> longer = new ArrayList<>();
            for (List<@Nullable Object> prefix : prefixes) {
                for (Object value : values) {
                    longer.add(with(prefix, value));
                }
            }
            prefixes = longer;
        }
        List<KeyRange> ranges = new ArrayList<>();
        for (List<@Nullable Object> prefix : prefixes) {
            KeyRange range = low == null && high == null ? exactly(prefix) : between(prefix, evaluation);
            if (range == null) {
                return List.of();
            }
            ranges.add(backwards ? range.reversed() : range);
        }
        return ranges;
    }

    private static List<@Nullable Object> with(List<@Nullable Object> prefix, @Nullable Object value) {
        List<@Nullable Object> longer = new ArrayList<>(prefix);
        longer.add(value);
        return longer;
    }

    /** The distinct values of an equality that the column can have, in the order of the path. */
    private List<@Nullable Object> values(int part, Evaluation evaluation) {
        IndexTerm term = equal.get(part);
        List<@Nullable Object> values = new ArrayList<>();
        if (term.test() == Test.IS_NULL) {
            values.add(null);
            return values;
        }
        List<Object> found = new ArrayList<>();
        for (Expr expr : term.values()) {
            Object value = expr.eval(EMPTY_ROW, evaluation);
            if (value != null && clamp(value, term.column()) == 0) {
                found.add(fitted(value, term.column()));
            }
        }
        found.sort(Comparisons::compare);
        if (index.parts().get(part).descending() != backwards) {
            java.util.Collections.reverse(found);
        }
        for (Object value : found) {
            if (values.isEmpty() || !Comparisons.same(values.get(values.size() - 1), value)) {
                values.add(value);
            }
        }
        return values;
    }

    private KeyRange exactly(List<@Nullable Object> prefix) {
        KeyRange all = KeyRange.all(index.name());
        return prefix.isEmpty() ? all : all.from(prefix.toArray()).to(prefix.toArray());
    }

    /** Null if no value can be in the range. */
    private @Nullable KeyRange between(List<@Nullable Object> prefix, Evaluation evaluation) {
        Index.Part part = index.parts().get(equal.size());
        IndexTerm first = part.descending() ? high : low;
        IndexTerm last = part.descending() ? low : high;
        Object firstValue = first == null ? null : first.values().get(0).eval(EMPTY_ROW, evaluation);
        Object lastValue = last == null ? null : last.values().get(0).eval(EMPTY_ROW, evaluation);
        if ((first != null && firstValue == null) || (last != null && lastValue == null)) {
            return null;
        }
        if (isBeyond(first, firstValue) || isBeyond(last, lastValue)) {
            return null;
        }
        // Also of a column that is NOT NULL: an older snapshot may see nulls.
        KeyRange range = exactly(prefix);
        if (first != null && firstValue != null && clamp(firstValue, first.column()) == 0) {
            Object[] bound = with(prefix, fitted(firstValue, first.column())).toArray();
            range = isInclusive(first) ? range.from(bound) : range.after(bound);
        } else if (part.nullsFirst()) {
            range = range.after(with(prefix, null).toArray());
        }
        if (last != null && lastValue != null && clamp(lastValue, last.column()) == 0) {
            Object[] bound = with(prefix, fitted(lastValue, last.column())).toArray();
            range = isInclusive(last) ? range.to(bound) : range.before(bound);
        } else if (!part.nullsFirst()) {
            range = range.before(with(prefix, null).toArray());
        }
        return range;
    }

    private static boolean isInclusive(IndexTerm term) {
        return term.test() == Test.AT_LEAST || term.test() == Test.AT_MOST;
    }

    /** Whether the bound keeps out every value that the column can have. */
    private boolean isBeyond(@Nullable IndexTerm term, @Nullable Object value) {
        if (term == null || value == null) {
            return false;
        }
        boolean lower = term.test() == Test.GREATER || term.test() == Test.AT_LEAST;
        return clamp(value, term.column()) == (lower ? 1 : -1);
    }

    /** Where an integer stands to those of the column: -1 below all, 0 among them, 1 above; 0 for other values. */
    private int clamp(Object value, int column) {
        if (!(value instanceof Number number) || !isInteger(value)) {
            return 0;
        }
        long least;
        switch (schema.column(column).type().kind()) {
            case INTEGER -> least = Integer.MIN_VALUE;
            case SMALLINT -> least = Short.MIN_VALUE;
            default -> least = Long.MIN_VALUE;
        }
        long wide = number.longValue();
        return wide < least ? -1 : wide > -(least + 1) ? 1 : 0;
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short;
    }

    /** An integer as one of the column's type. */
    private Object fitted(Object value, int column) {
        if (!isInteger(value)) {
            return value;
        }
        long wide = ((Number) value).longValue();
        return switch (schema.column(column).type().kind()) {
            case INTEGER -> (int) wide;
            case SMALLINT -> (short) wide;
            default -> wide;
        };
    }
}
