package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.syntax.Ast.SetOperation.Operator;
import dev.cairn.sql.type.Comparisons.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** UNION, INTERSECT and EXCEPT, with or without ALL; rows in the order of the left side, then of the right. */
record SetPlan(Operator operator, boolean all, Plan left, Plan right) implements Plan {

    @Override
    public List<Column> columns() {
        return left.columns();
    }

    @Override
    public Rows open(Evaluation evaluation) {
        return operator == Operator.UNION ? union(evaluation) : against(evaluation);
    }

    private Rows union(Evaluation evaluation) {
        Rows first = left.open(evaluation);
        Set<Key> seen = new HashSet<>();
        return new Rows() {
            private @Nullable Rows second;

            @Override
            public @Nullable Object @Nullable [] next() {
                @Nullable Object[] row = advance();
                while (row != null && !all && !seen.add(new Key(row))) {
                    row = advance();
                }
                return row;
            }

            private @Nullable Object @Nullable [] advance() {
                if (second == null) {
                    @Nullable Object[] row = first.next();
                    if (row != null) {
                        return row;
                    }
                    second = right.open(evaluation);
                }
                return second.next();
            }

            @Override
            public void close() {
                first.close();
                if (second != null) {
                    second.close();
                }
            }
        };
    }

    /** The right side's rows are counted; each left row takes one away. */
    private Rows against(Evaluation evaluation) {
        Map<Key, Integer> counts = new HashMap<>();
        right.all(evaluation).forEach(row -> counts.merge(new Key(row), 1, Integer::sum));
        Set<Key> given = new HashSet<>();
        Rows rows = left.open(evaluation);
        boolean intersect = operator == Operator.INTERSECT;
        return new Rows() {
            @Override
            public @Nullable Object @Nullable [] next() {
                @Nullable Object[] row = rows.next();
                while (row != null && !passes(new Key(row))) {
                    row = rows.next();
                }
                return row;
            }

            private boolean passes(Key key) {
                int count = counts.getOrDefault(key, 0);
                if (!all) {
                    return count > 0 == intersect && given.add(key);
                }
                if (count > 0) {
                    counts.put(key, count - 1);
                }
                return count > 0 == intersect;
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }
}
