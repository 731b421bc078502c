package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries within expressions. One that takes nothing from outside is run once in a statement. */
final class Subqueries {

    private Subqueries() {}

    private static Evaluation inner(List<Expr> captures, @Nullable Object[] row, Evaluation evaluation) {
        return evaluation.with(Plans.evaluate(captures, row, evaluation));
    }

    /** The one value of a query; null if it has no row. */
    record Scalar(Plan plan, SqlType type, List<Expr> captures) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            @Nullable Object[] found = captures.isEmpty()
                    ? evaluation.once(plan, () -> single(evaluation))
                    : single(inner(captures, row, evaluation));
            return found[0];
        }

        private @Nullable Object[] single(Evaluation evaluation) {
            try (Plan.Rows rows = plan.open(evaluation)) {
                @Nullable Object[] first = rows.next();
                if (first != null && rows.next() != null) {
                    throw SqlErrors.of(
                            SqlState.CARDINALITY_VIOLATION,
                            "more than one row returned by a subquery used as an expression");
                }
                return first == null ? new Object[1] : first;
            }
        }

        @Override
        public List<Expr> children() {
            return captures;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return new Scalar(plan, type, children);
        }
    }

    /** Whether a query has a row. */
    record Exists(Plan plan, List<Expr> captures) implements Expr {
        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }

        @Override
        public Object eval(@Nullable Object[] row, Evaluation evaluation) {
            return captures.isEmpty()
                    ? evaluation.once(plan, () -> any(evaluation))
                    : any(inner(captures, row, evaluation));
        }

        private Boolean any(Evaluation evaluation) {
            try (Plan.Rows rows = plan.open(evaluation)) {
                return rows.next() != null;
            }
        }

        @Override
        public List<Expr> children() {
            return captures;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return new Exists(plan, children);
        }
    }

    /**
     * Whether a comparison holds for any, or for all, of a query's rows.
     *
     * @param operands over the row outside
     * @param comparison over the operands' values with a row of the query appended
     */
    record Quantified(Plan plan, boolean all, List<Expr> captures, List<Expr> operands, Expr comparison)
            implements Expr {
        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }

        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            List<@Nullable Object[]> rows = captures.isEmpty()
                    ? evaluation.once(plan, () -> plan.all(evaluation))
                    : plan.all(inner(captures, row, evaluation));
            @Nullable Object[] left = Plans.evaluate(operands, row, evaluation);
            boolean unknown = false;
            for (@Nullable Object[] candidate : rows) {
                @Nullable Object[] pair = new Object[left.length + candidate.length];
                System.arraycopy(left, 0, pair, 0, left.length);
                System.arraycopy(candidate, 0, pair, left.length, candidate.length);
                Object holds = comparison.eval(pair, evaluation);
                if (holds == null) {
                    unknown = true;
                } else if ((Boolean) holds != all) {
                    return !all;
                }
            }
            return unknown ? null : all;
        }

        @Override
        public List<Expr> children() {
            List<Expr> children = new ArrayList<>(captures);
            children.addAll(operands);
            return children;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            int n = captures.size();
            return new Quantified(plan, all, children.subList(0, n), children.subList(n, children.size()), comparison);
        }
    }
}
