package dev.cairn.sql.plan;

import dev.cairn.engine.Row;
import dev.cairn.engine.RowId;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * FOR UPDATE and its like: locks each row of one table as it is asked for, after sorting and before counting off a LIMIT. What
 * is selected is computed from the row as it was locked; one that no longer meets the condition is left out.
 *
 * @param input its rows have the row's id in the column {@code id}
 * @param targets over a row of the table
 */
record LockPlan(
        Plan input,
        int id,
        Table table,
        RowLockMode mode,
        RowLockPolicy policy,
        @Nullable Expr condition,
        List<Expr> targets,
        List<Column> columns)
        implements Plan {

    /** @throws dev.cairn.storage.base.TransactionException 0A000 where PostgreSQL does not lock, or Cairn does not */
    static void requireLockable(Ast.Select select, Ast.Locking locking) {
        String strength = strength(locking);
        if (select.distinct()) {
            throw notAllowed(strength, "DISTINCT clause");
        }
        if (select.groupBy() != null) {
            throw notAllowed(strength, "GROUP BY clause");
        }
        if (select.having() != null) {
            throw notAllowed(strength, "HAVING clause");
        }
        if (select.from().size() != 1 || !(select.from().get(0) instanceof Ast.TableSource source)) {
            throw SqlErrors.notSupported(strength + " of anything but one table");
        }
        String name = source.alias() == null ? source.name().name() : source.alias();
        for (String table : locking.tables()) {
            if (!table.equals(name)) {
                throw SqlErrors.of(
                        SqlState.UNDEFINED_TABLE,
                        "relation \"" + table + "\" in " + strength + " clause not found in FROM clause");
            }
        }
    }

    static RuntimeException notAllowed(String strength, String where) {
        return SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED, strength + " is not allowed with " + where);
    }

    static String strength(Ast.Locking locking) {
        return "FOR " + locking.strength().toUpperCase(Locale.ROOT);
    }

    static RowLockMode mode(Ast.Locking locking) {
        return switch (strength(locking)) {
            case "FOR UPDATE" -> RowLockMode.UPDATE;
            case "FOR NO KEY UPDATE" -> RowLockMode.NO_KEY_UPDATE;
            case "FOR SHARE" -> RowLockMode.SHARE;
            case "FOR KEY SHARE" -> RowLockMode.KEY_SHARE;
            default -> throw SqlErrors.notSupported(strength(locking));
        };
    }

    static RowLockPolicy policy(Ast.Locking locking) {
        if (locking.skipLocked()) {
            return RowLockPolicy.SKIP_LOCKED;
        }
        return locking.noWait() ? RowLockPolicy.NO_WAIT : RowLockPolicy.WAIT;
    }

    @Override
    public Rows open(Evaluation evaluation) {
        table.requireLockable(mode);
        Rows rows = input.open(evaluation);
        Expr where = condition == null ? null : Plans.fold(condition, evaluation);
        List<Expr> outputs = Plans.fold(targets, evaluation);
        Predicate<Row> holds = row -> where == null || where.isTrue(Plans.values(row), evaluation);
        return new Rows() {
            @Override
            public @Nullable Object @Nullable [] next() {
                for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                    Object rowId = row[id];
                    if (rowId == null) {
                        throw new IllegalStateException("a row to be locked has no id");
                    }
                    Row locked = table.lock(new RowId((Long) rowId), mode, policy, holds);
                    if (locked != null) {
                        return Plans.evaluate(outputs, Plans.values(locked), evaluation);
                    }
                }
                return null;
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }
}
