package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table that a statement changes, and what RETURNING makes of its rows. Used by one thread. */
final class TableTarget {

    private final Planner planner;
    private final Table table;
    private final Scope scope;
    private final TableRules rules;
    private final String alias;
    private @Nullable List<Plan.Column> returning;
    private List<Expr> returned = List.of();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    TableTarget(Planner planner, Ast.Name name, @Nullable String given) {
        this.planner = planner;
        this.table = planner.table(name);
        this.alias = given == null ? name.name() : given;
        this.scope = Scope.of(new Scope.Level(null), alias, Planner.columns(table), 0);
        this.rules = new TableRules(
                planner,
                table.name(),
                table.schema(),
                Scope.of(new Scope.Level(null), table.name(), Planner.columns(table), 0));
    }

    Table table() {
        return table;
    }

    /** The table's columns under its name or alias. */
    Scope scope() {
        return scope;
    }

    /** The table as EXPLAIN names it. */
    String shown() {
        return Explanation.table(table.name(), alias);
    }

    /** How the rows to be changed are found. */
    TableScan scan(@Nullable IndexPath path) {
        return new TableScan(table, alias, Planner.columns(table), false, path);
    }

    TableRules rules() {
        return rules;
    }

    int width() {
        return table.schema().size();
    }

    SqlType type(int column) {
        return SqlType.of(table.schema().column(column).type());
    }

    /** @throws dev.cairn.storage.base.TransactionException 42703 */
    int column(String name) {
        int index = table.schema().indexOf(name);
        if (index < 0) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
        }
        return index;
    }

    /** The expression as a value of a column; its default value for DEFAULT. */
    Expr assigned(Ast.Expr expr, ExpressionBinder binder, int column) {
        if (expr instanceof Ast.Default) {
            return rules.byDefault(column);
        }
        return assigned(binder.bind(expr), column);
    }

    Expr assigned(Expr bound, int column) {
        Column target = table.schema().column(column);
        return planner.coercion().assignment(bound, type(column), target.name());
    }

    /** Binds RETURNING over the given names, if there is one. */
    void returning(@Nullable List<Ast.Item> items, Scope names) {
        if (items != null) {
            returned = new ArrayList<>();
            returning = SelectBinder.returningColumns(planner, items, names, returned);
        }
    }

    /** Takes a row that RETURNING tells of. */
    void changed(@Nullable Object[] row, Evaluation evaluation) {
        if (returning != null) {
            rows.add(Plans.evaluate(returned, row, evaluation));
        }
    }

    Outcome outcome(String tag) {
        return new Outcome(tag, returning, rows, List.of());
    }
}
