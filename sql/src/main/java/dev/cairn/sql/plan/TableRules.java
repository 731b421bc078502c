package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.Schema;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.syntax.Parser;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.TextOutput;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.base.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a table asks of its rows: default values, NOT NULL, checks. Used by one statement, in one thread. */
final class TableRules {

    private static final int MAX_PARSED = 1000;
    private static final int MAX_SHOWN_BYTES = 64;

    /** The catalog's expressions, parsed; the same text always means the same tree. */
    private static final Map<String, Ast.Expr> PARSED = new ConcurrentHashMap<>();

    private record Check(String name, Expr condition) {}

    private final Planner planner;
    private final String table;
    private final Schema schema;
    private final List<Check> checks = new ArrayList<>();

    /** @param columns the table's, at the beginning of a row */
    TableRules(Planner planner, String table, Schema schema, Scope columns) {
        this.planner = planner;
        this.table = table;
        this.schema = schema;
        ExpressionBinder binder = new ExpressionBinder(planner, columns, Clause.CHECK);
        // PostgreSQL asks them by name.
        schema.checks().stream()
                .sorted(Comparator.comparing(Schema.Check::name))
                .forEach(check -> {
                    Expr condition = binder.bindCondition(parsed(check.expression()));
                    checks.add(new Check(check.name(), condition));
                });
    }

    private static Ast.Expr parsed(String text) {
        if (PARSED.size() > MAX_PARSED) {
            PARSED.clear();
        }
        return PARSED.computeIfAbsent(text, Parser::expression);
    }

    /** The default value of a column, of its type. */
    Expr byDefault(int column) {
        Column target = schema.column(column);
        String text = schema.defaults().get(target.name());
        return text == null
                ? new Nodes.Const(SqlType.of(target.type()), null)
                : defaultValue(planner, parsed(text), target);
    }

    /** @throws TransactionException whatever keeps the expression from being the column's default value */
    static Expr defaultValue(Planner planner, Ast.Expr expr, Column column) {
        ExpressionBinder binder = new ExpressionBinder(planner, Scope.empty(new Scope.Level(null)), Clause.DEFAULT);
        return planner.coercion().assignment(binder.bind(expr), SqlType.of(column.type()), column.name());
    }

    /** @throws TransactionException 23502, 23514 */
    void require(@Nullable Object[] values, Evaluation evaluation) {
        for (int i = 0; i < values.length; i++) {
            Column column = schema.column(i);
            if (values[i] == null && column.notNull()) {
                throw violation(
                        SqlState.NOT_NULL_VIOLATION,
                        "null value in column \"" + column.name() + "\" of relation \"" + table
                                + "\" violates not-null constraint",
                        values);
            }
        }
        for (Check check : checks) {
            if (Boolean.FALSE.equals(check.condition().eval(values, evaluation))) {
                throw violation(
                        SqlState.CHECK_VIOLATION,
                        "new row for relation \"" + table + "\" violates check constraint \"" + check.name() + "\"",
                        values);
            }
        }
    }

    /** Whether no check is false of a row. */
    boolean keepsChecks(@Nullable Object[] values, Evaluation evaluation) {
        return checks.stream()
                .noneMatch(check -> Boolean.FALSE.equals(check.condition().eval(values, evaluation)));
    }

    private TransactionException violation(String sqlState, String message, @Nullable Object[] values) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            SqlType type = SqlType.of(schema.column(i).type());
            shown.add(value == null ? "null" : cut(TextOutput.of(type, value)));
        }
        return new TransactionException(
                sqlState, message, "Failing row contains (" + String.join(", ", shown) + ").", null);
    }

    private static String cut(String text) {
        String shown = Utf8.cut(text, MAX_SHOWN_BYTES);
        return shown.length() == text.length() ? text : shown + "...";
    }
}
