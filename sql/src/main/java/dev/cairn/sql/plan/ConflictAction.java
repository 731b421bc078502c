package dev.cairn.sql.plan;

import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ON CONFLICT does with a row in whose way another is. Used by one statement. */
final class ConflictAction {

    private final Evaluation evaluation;
    private final TableTarget target;
    private final List<String> columns;
    /** Over a row of the table with the one that could not be inserted appended; null for DO NOTHING. */
    private final @Nullable Map<Integer, Expr> values;

    private final @Nullable Expr condition;

    /** @throws dev.cairn.storage.base.TransactionException 42703 or 42704 if there is no such column or constraint, and what is wrong in SET and WHERE */
    ConflictAction(Planner planner, Evaluation evaluation, TableTarget target, Ast.Conflict conflict) {
        this.evaluation = evaluation;
        this.target = target;
        this.columns = columns(target, conflict);
        if (conflict.assignments() == null) {
            this.values = null;
            this.condition = null;
            return;
        }
        Scope proposed = Scope.of(target.scope().level(), "excluded", Planner.columns(target.table()), 0);
        Scope scope = target.scope().with(proposed, target.width());
        ExpressionBinder binder = new ExpressionBinder(planner, scope, Clause.SET);
        this.values = new LinkedHashMap<>();
        Assignments.bind(conflict.assignments(), target, binder)
                .forEach((column, expr) -> values.put(column, Plans.fold(expr, evaluation)));
        this.condition = conflict.where() == null
                ? null
                : Plans.fold(binder.in(Clause.WHERE).bindCondition(conflict.where()), evaluation);
    }

    private static List<String> columns(TableTarget target, Ast.Conflict conflict) {
        Table table = target.table();
        String constraint = conflict.constraint();
        if (constraint != null) {
            for (Index index : table.indexes()) {
                if (index.constraint() && index.name().equals(constraint)) {
                    return parts(index);
                }
            }
            throw SqlErrors.of(
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \"" + constraint + "\" for table \"" + table.name() + "\" does not exist");
        }
        conflict.columns().forEach(target::column);
        return conflict.columns();
    }

    /**
     * To be asked once the rest of the statement is known to be right, as PostgreSQL does.
     *
     * @throws dev.cairn.storage.base.TransactionException 42P10 if no unique index has these columns
     */
    void requireArbiter() {
        if (!columns.isEmpty() && arbiters().isEmpty()) {
            throw SqlErrors.of(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    "there is no unique or exclusion constraint matching the ON CONFLICT specification");
        }
    }

    private List<Index> arbiters() {
        Set<String> wanted = Set.copyOf(columns);
        return target.table().indexes().stream()
                .filter(index -> index.unique() && wanted.equals(Set.copyOf(parts(index))))
                .toList();
    }

    private static List<String> parts(Index index) {
        return index.parts().stream().map(Index.Part::column).toList();
    }

    /** The action in words. */
    List<String> explain() {
        List<String> arbiters = arbiters().stream()
                .map(index -> Explanation.quoted(index.name()))
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add("Conflict Resolution: " + (values == null ? "NOTHING" : "UPDATE"));
        if (!arbiters.isEmpty()) {
            lines.add("Conflict Arbiter Indexes: " + String.join(", ", arbiters));
        }
        return lines;
    }

    /** Inserts the row or does what is to be done instead; the row that was written, null if none was. */
    @Nullable Row insert(@Nullable Object[] proposed) {
        Row row = Row.of(proposed);
        Map<Integer, Expr> assigned = values;
        if (assigned == null) {
            return target.table().insertUnlessThere(row, columns) ? row : null;
        }
        return target.table().insertOrUpdate(row, columns, present -> {
            @Nullable Object[] both = new Object[2 * proposed.length];
            @Nullable Object[] next = Plans.values(present);
            System.arraycopy(next, 0, both, 0, next.length);
            System.arraycopy(proposed, 0, both, next.length, proposed.length);
            if (condition != null && !condition.isTrue(both, evaluation)) {
                return null;
            }
            assigned.forEach((column, expr) -> next[column] = expr.eval(both, evaluation));
            target.rules().require(next, evaluation);
            return Plans.changed(present, next, assigned.keySet());
        });
    }
}
