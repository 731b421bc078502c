package dev.cairn.sql.plan;

import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE and DELETE. The engine asks the condition again on the newest version of a row that somebody else changed; the rows of
 * FROM or USING stay those of the statement's snapshot. Used once.
 */
final class ChangeCommand {

    private final Planner planner;
    private final Evaluation evaluation;

    ChangeCommand(Planner planner, Evaluation evaluation) {
        this.planner = planner;
        this.evaluation = evaluation;
    }

    Outcome update(Ast.Update update) {
        TableTarget target = new TableTarget(planner, update.table(), update.alias());
        Matching matching = new Matching(target, update.from(), update.where());
        Map<Integer, Expr> values = Assignments.bind(update.assignments(), target, matching.binder.in(Clause.SET));
        target.returning(update.returning(), matching.scope);
        matching.open();
        Map<Integer, Expr> folded = new LinkedHashMap<>();
        values.forEach((column, expr) -> folded.put(column, Plans.fold(expr, evaluation)));
        planner.transaction().requireWritable("UPDATE");
        long count = matching.sum(range -> target.table()
                .update(
                        range,
                        matching::test,
                        row -> {
                            @Nullable Object[] next = Plans.values(row);
                            folded.forEach((column, expr) -> next[column] = expr.eval(matching.latest, evaluation));
                            target.rules().require(next, evaluation);
                            return Plans.changed(row, next, folded.keySet());
                        },
                        row -> target.changed(matching.withNew(row), evaluation)));
        return target.outcome("UPDATE " + count);
    }

    Outcome delete(Ast.Delete delete) {
        TableTarget target = new TableTarget(planner, delete.table(), delete.alias());
        Matching matching = new Matching(target, delete.using(), delete.where());
        target.returning(delete.returning(), matching.scope);
        matching.open();
        planner.transaction().requireWritable("DELETE");
        long count = matching.sum(range ->
                target.table().delete(range, matching::test, row -> target.changed(matching.latest, evaluation)));
        return target.outcome("DELETE " + count);
    }

    /** The plan in words; nothing is changed. */
    List<String> explain(Ast.Update update) {
        TableTarget target = new TableTarget(planner, update.table(), update.alias());
        Matching matching = new Matching(target, update.from(), update.where());
        Assignments.bind(update.assignments(), target, matching.binder.in(Clause.SET));
        target.returning(update.returning(), matching.scope);
        return Explanation.ofChange("Update on " + target.shown(), List.of(), matching.plan(target), evaluation);
    }

    /** As for an update. */
    List<String> explain(Ast.Delete delete) {
        TableTarget target = new TableTarget(planner, delete.table(), delete.alias());
        Matching matching = new Matching(target, delete.using(), delete.where());
        target.returning(delete.returning(), matching.scope);
        return Explanation.ofChange("Delete on " + target.shown(), List.of(), matching.plan(target), evaluation);
    }

    /** The condition, and the row of FROM that met it. */
    private final class Matching {
        private final Scope scope;
        private final ExpressionBinder binder;
        private final @Nullable Plan others;
        private final int width;
        private final @Nullable Expr condition;
        private final @Nullable IndexPath path;
        private @Nullable Expr folded;
        private List<@Nullable Object[]> otherRows = new ArrayList<>();
        private @Nullable Object[] latest = {};

        Matching(TableTarget target, List<Ast.Source> sources, Ast.@Nullable Expr where) {
            this.width = target.width();
            if (sources.isEmpty()) {
                this.others = null;
                this.scope = target.scope();
            } else {
                FromBinder.Bound from = new FromBinder(planner, target.scope().level()).bind(sources);
                this.others = from.plan();
                this.scope = target.scope().with(from.scope(), width);
            }
            this.binder = new ExpressionBinder(planner, scope, Clause.WHERE);
            this.condition = where == null ? null : binder.bindCondition(where);
            this.path = AccessPaths.path(target.table(), condition);
        }

        /** What a change does to all rows that may match, or to those in each range of an index. */
        long sum(ToLongFunction<@Nullable KeyRange> change) {
            if (path == null) {
                return change.applyAsLong(null);
            }
            return path.ranges(evaluation).stream().mapToLong(change).sum();
        }

        /** What {@link #sum} and {@link #test} do, for EXPLAIN. */
        Plan plan(TableTarget target) {
            Plan scan = target.scan(path);
            if (others != null) {
                return new JoinPlan(scan, others, false, false, null, List.of(), List.of(), condition);
            }
            return condition == null ? scan : new Plans.Filter(scan, condition);
        }

        void open() {
            folded = condition == null ? null : Plans.fold(condition, evaluation);
            if (others != null) {
                otherRows = others.all(evaluation);
            }
        }

        boolean test(Row row) {
            @Nullable Object[] values = Plans.values(row);
            if (others == null) {
                latest = values;
                return folded == null || folded.isTrue(values, evaluation);
            }
            for (@Nullable Object[] other : otherRows) {
                latest = joined(values, other);
                if (folded == null || folded.isTrue(latest, evaluation)) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable Object[] joined(@Nullable Object[] values, @Nullable Object[] other) {
            @Nullable Object[] row = new Object[values.length + other.length];
            System.arraycopy(values, 0, row, 0, values.length);
            System.arraycopy(other, 0, row, values.length, other.length);
            return row;
        }

        /** The latest match with the table's part as it is now. */
        @Nullable Object[] withNew(Row row) {
            @Nullable Object[] next = latest.clone();
            System.arraycopy(Plans.values(row), 0, next, 0, width);
            return next;
        }
    }
}
