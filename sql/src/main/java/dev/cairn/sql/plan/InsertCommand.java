package dev.cairn.sql.plan;

import dev.cairn.engine.Row;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** INSERT. Used once. */
final class InsertCommand {

    private final Planner planner;
    private final Evaluation evaluation;

    InsertCommand(Planner planner, Evaluation evaluation) {
        this.planner = planner;
        this.evaluation = evaluation;
    }

    Outcome run(Ast.Insert insert) {
        TableTarget target = new TableTarget(planner, insert.table(), insert.alias());
        List<Integer> columns = columns(insert, target);
        Plan source = source(insert, target, columns);
        ConflictAction conflict =
                insert.conflict() == null ? null : new ConflictAction(planner, evaluation, target, insert.conflict());
        target.returning(insert.returning(), target.scope());
        long count = 0;
        Map<Integer, Expr> defaults = null;
        try (Plan.Rows rows = source.open(evaluation)) {
            if (conflict != null) {
                conflict.requireArbiter();
            }
            planner.transaction().requireWritable("INSERT");
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                if (defaults == null) {
                    defaults = defaults(target, columns.subList(0, row.length));
                }
                @Nullable Object[] values = new Object[target.width()];
                for (int i = 0; i < row.length; i++) {
                    values[columns.get(i)] = row[i];
                }
                defaults.forEach((column, expr) -> values[column] = expr.eval(values, evaluation));
                target.rules().require(values, evaluation);
                Row written = conflict == null ? inserted(target, values) : conflict.insert(values);
                if (written != null) {
                    target.changed(Plans.values(written), evaluation);
                    count++;
                }
            }
        }
        return target.outcome("INSERT 0 " + count);
    }

    /** The plan in words; nothing is inserted. */
    List<String> explain(Ast.Insert insert) {
        TableTarget target = new TableTarget(planner, insert.table(), insert.alias());
        Plan source = source(insert, target, columns(insert, target));
        List<String> properties = List.of();
        ConflictAction conflict =
                insert.conflict() == null ? null : new ConflictAction(planner, evaluation, target, insert.conflict());
        target.returning(insert.returning(), target.scope());
        if (conflict != null) {
            conflict.requireArbiter();
            properties = conflict.explain();
        }
        return Explanation.ofChange("Insert on " + target.shown(), properties, source, evaluation);
    }

    private static Row inserted(TableTarget target, @Nullable Object[] values) {
        Row row = Row.of(values);
        target.table().insert(row);
        return row;
    }

    /** The default values of the columns that get no other. */
    private Map<Integer, Expr> defaults(TableTarget target, List<Integer> given) {
        Map<Integer, Expr> defaults = new LinkedHashMap<>();
        for (int i = 0; i < target.width(); i++) {
            if (!given.contains(i)) {
                defaults.put(i, Plans.fold(target.rules().byDefault(i), evaluation));
            }
        }
        return defaults;
    }

    private static List<Integer> columns(Ast.Insert insert, TableTarget target) {
        List<Integer> columns = new ArrayList<>();
        for (String name : insert.columns()) {
            int column = target.column(name);
            if (columns.contains(column)) {
                throw SqlErrors.of(SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
            }
            columns.add(column);
        }
        for (int i = 0; i < target.width() && insert.columns().isEmpty(); i++) {
            columns.add(i);
        }
        return columns;
    }

    /** The rows to insert, each value of its column's type. */
    private Plan source(Ast.Insert insert, TableTarget target, List<Integer> columns) {
        Ast.Query query = insert.source();
        if (query == null) {
            return new Plans.OneRow();
        }
        boolean named = !insert.columns().isEmpty();
        boolean plain =
                query.with().isEmpty() && query.orderBy().isEmpty() && query.limit() == null && query.offset() == null;
        if (query.body() instanceof Ast.Values values && plain) {
            return values(values, target, columns, named);
        }
        Plan plan = planner.query(query, new Scope.Level(null), true);
        requireWidth(plan.columns().size(), columns.size(), named);
        List<Expr> exprs = new ArrayList<>();
        List<Plan.Column> types = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
            Expr value = plan instanceof Plans.Project project
                    ? project.exprs().get(i)
                    : new Nodes.Col(plan.columns().get(i).type(), i);
            exprs.add(target.assigned(value, columns.get(i)));
            types.add(new Plan.Column("value", target.type(columns.get(i))));
        }
        return new Plans.Project(plan instanceof Plans.Project project ? project.input() : plan, types, exprs);
    }

    private static void requireWidth(int values, int columns, boolean named) {
        if (values > columns) {
            throw SqlErrors.syntax("INSERT has more expressions than target columns");
        }
        if (values < columns && named) {
            throw SqlErrors.syntax("INSERT has more target columns than expressions");
        }
    }

    private Plan values(Ast.Values values, TableTarget target, List<Integer> columns, boolean named) {
        ExpressionBinder binder = new ExpressionBinder(planner, Scope.empty(new Scope.Level(null)), Clause.VALUES);
        List<List<Expr>> rows = new ArrayList<>();
        for (List<Ast.Expr> row : values.rows()) {
            if (row.size() != values.rows().get(0).size()) {
                throw SqlErrors.syntax("VALUES lists must all be the same length");
            }
            requireWidth(row.size(), columns.size(), named);
            List<Expr> exprs = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                exprs.add(target.assigned(row.get(i), binder, columns.get(i)));
            }
            rows.add(exprs);
        }
        return new Plans.ValuesList(List.of(), rows);
    }
}
