package dev.cairn.sql.plan;

import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Nodes.SortKey;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans one select: sources, condition, groups, select list, order. Used once. */
final class SelectBinder {

    /** An item of the select list, bound. */
    private record Target(String name, Expr expr) {}

    private final Planner planner;
    private final Scope.Level level;
    private final boolean keepUnknown;

    SelectBinder(Planner planner, Scope.Level level, boolean keepUnknown) {
        this.planner = planner;
        this.level = level;
        this.keepUnknown = keepUnknown;
    }

    Plan plan(Ast.Select select, List<Ast.OrderItem> orderBy) {
        FromBinder.Bound from = new FromBinder(planner, level).bind(select.from());
        Scope scope = from.scope();
        Plan plan = from.plan();
        ExpressionBinder binder = new ExpressionBinder(planner, scope, Clause.SELECT);
        List<Target> targets = targets(select.items(), binder, keepUnknown && !select.distinct());
        Expr condition = select.where() == null ? null : binder.in(Clause.WHERE).bindCondition(select.where());
        Expr having = select.having() == null ? null : binder.in(Clause.HAVING).bindCondition(select.having());
        List<SortKey> order = new ArrayList<>();
        for (Ast.OrderItem item : orderBy) {
            order.add(sortKey(orderExpr(item.expr(), targets, binder), item));
        }
        List<Expr> keys = groupKeys(select, targets, binder);
        List<Expr> on = distinctOn(select, targets, binder);
        List<Expr> outputs = new ArrayList<>();
        targets.forEach(target -> outputs.add(target.expr()));
        int visible = outputs.size();
        order.forEach(key -> addOnce(outputs, key.expr()));
        on.forEach(key -> addOnce(outputs, key));
        boolean grouped = keys != null || having != null || outputs.stream().anyMatch(SelectBinder::aggregates);
        AccessPaths.Chosen chosen = AccessPaths.choose(plan, condition, grouped ? List.of() : order);
        plan = chosen.plan();
        if (condition != null) {
            plan = new Plans.Filter(plan, condition);
        }
        if (select.distinct() && on.isEmpty() && outputs.size() > visible) {
            throw SqlErrors.of(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
        }
        List<Expr> bound = new ArrayList<>(outputs);
        if (grouped) {
            Grouping grouping = new Grouping(plan, keys == null ? List.of() : keys, outputs, having, keys == null);
            plan = grouping.plan();
            bound = new ArrayList<>(grouping.outputs());
        }
        plan = expanded(plan, bound);
        plan = new Plans.Project(plan, columns(targets, outputs), bound);
        return ordered(plan, select.distinct(), visible, outputs, chosen.ordered() ? List.of() : order, on);
    }

    /** A select from one table, whose rows are locked. */
    Plan lockingPlan(Ast.Select select, List<Ast.OrderItem> orderBy, Ast.Locking locking) {
        LockPlan.requireLockable(select, locking);
        Ast.TableSource source = (Ast.TableSource) select.from().get(0);
        if (source.name().schema() == null && planner.commonTable(source.name().name()) != null) {
            throw SqlErrors.notSupported(LockPlan.strength(locking) + " of a WITH query");
        }
        Scope scope = new FromBinder(planner, level).bind(select.from()).scope();
        Table table = planner.table(source.name());
        List<Plan.Column> columns = new ArrayList<>(Planner.columns(table));
        columns.add(new Plan.Column("id", SqlType.BIGINT));
        String alias = source.alias() == null ? source.name().name() : source.alias();
        Plan plan = new TableScan(table, alias, columns, true, null);
        ExpressionBinder binder = new ExpressionBinder(planner, scope, Clause.SELECT);
        List<Target> targets = targets(select.items(), binder, keepUnknown);
        Expr condition = select.where() == null ? null : binder.in(Clause.WHERE).bindCondition(select.where());
        List<Expr> outputs = new ArrayList<>();
        targets.forEach(target -> outputs.add(target.expr()));
        int visible = outputs.size();
        List<SortKey> order = new ArrayList<>();
        for (Ast.OrderItem item : orderBy) {
            order.add(sortKey(orderExpr(item.expr(), targets, binder), item));
        }
        order.forEach(key -> addOnce(outputs, key.expr()));
        outputs.add(new Nodes.Col(SqlType.BIGINT, columns.size() - 1));
        for (Expr output : outputs) {
            if (aggregates(output) || Nodes.contains(output, Nodes.SeriesCall.class)) {
                throw LockPlan.notAllowed(
                        LockPlan.strength(locking), "aggregate or set-returning functions in the target list");
            }
        }
        AccessPaths.Chosen chosen = AccessPaths.choose(plan, condition, order);
        plan = chosen.plan();
        if (condition != null) {
            plan = new Plans.Filter(plan, condition);
        }
        List<Plan.Column> named = columns(targets, outputs);
        plan = new Plans.Project(plan, named, outputs);
        plan = ordered(plan, false, outputs.size(), outputs, chosen.ordered() ? List.of() : order, List.of());
        return new LockPlan(
                plan,
                outputs.size() - 1,
                table,
                LockPlan.mode(locking),
                LockPlan.policy(locking),
                condition,
                List.copyOf(outputs.subList(0, visible)),
                List.copyOf(named.subList(0, visible)));
    }

    private static boolean aggregates(Expr expr) {
        return Nodes.contains(expr, Nodes.AggregateCall.class);
    }

    private static void addOnce(List<Expr> outputs, Expr expr) {
        if (!outputs.contains(expr)) {
            outputs.add(expr);
        }
    }

    private static List<Plan.Column> columns(List<Target> targets, List<Expr> outputs) {
        List<Plan.Column> columns = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            String name = i < targets.size() ? targets.get(i).name() : "sort";
            columns.add(new Plan.Column(name, outputs.get(i).type()));
        }
        return columns;
    }

    private Plan ordered(
            Plan projected, boolean distinct, int visible, List<Expr> outputs, List<SortKey> order, List<Expr> on) {
        Plan plan = projected;
        if (distinct && on.isEmpty()) {
            plan = new Plans.Distinct(plan, visible, null);
        }
        if (!order.isEmpty()) {
            List<SortKey> keys = new ArrayList<>();
            for (SortKey key : order) {
                int index = outputs.indexOf(key.expr());
                keys.add(new SortKey(new Nodes.Col(key.expr().type(), index), key.descending(), key.nullsFirst()));
            }
            plan = new Plans.Sort(plan, keys);
        }
        if (!on.isEmpty()) {
            List<Expr> columns = new ArrayList<>();
            on.forEach(key -> columns.add(new Nodes.Col(key.type(), outputs.indexOf(key))));
            plan = new Plans.Distinct(plan, visible, columns);
        }
        return outputs.size() > visible ? new Plans.Cut(plan, visible) : plan;
    }

    /** Replaces set-returning calls in the outputs by columns that the expanded rows have behind. */
    private static Plan expanded(Plan plan, List<Expr> outputs) {
        List<Nodes.SeriesCall> calls = new ArrayList<>();
        outputs.forEach(output -> collect(output, calls));
        if (calls.isEmpty()) {
            return plan;
        }
        int width = plan.columns().size();
        outputs.replaceAll(output -> replaced(output, calls, width));
        return new Plans.Expand(plan, calls);
    }

    private static void collect(Expr expr, List<Nodes.SeriesCall> calls) {
        if (expr instanceof Nodes.SeriesCall call) {
            if (call.children().stream().anyMatch(child -> Nodes.contains(child, Nodes.SeriesCall.class))) {
                throw SqlErrors.notSupported("a set-returning function within another");
            }
            if (!calls.contains(call)) {
                calls.add(call);
            }
        } else {
            if ((expr instanceof Nodes.Cases || expr instanceof Nodes.Coalesce)
                    && Nodes.contains(expr, Nodes.SeriesCall.class)) {
                throw SqlErrors.of(
                        SqlState.FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in CASE or COALESCE");
            }
            expr.children().forEach(child -> collect(child, calls));
        }
    }

    private static Expr replaced(Expr expr, List<Nodes.SeriesCall> calls, int width) {
        if (expr instanceof Nodes.SeriesCall call) {
            return new Nodes.Col(call.type(), width + calls.indexOf(call));
        }
        return expr.withChildren(expr.children().stream()
                .map(child -> replaced(child, calls, width))
                .toList());
    }

    private List<Target> targets(List<Ast.Item> items, ExpressionBinder binder, boolean unknown) {
        List<Target> targets = new ArrayList<>();
        for (Ast.Item item : items) {
            Ast.Expr expr = item.expr();
            if (expr == null) {
                star(item.starOf(), binder.scope(), targets);
            } else {
                String name = item.alias() != null ? item.alias() : ColumnNames.of(expr);
                Expr bound = binder.bind(expr);
                targets.add(
                        new Target(name, unknown ? bound : planner.coercion().known(bound)));
            }
        }
        return targets;
    }

    private static void star(@Nullable String table, Scope scope, List<Target> targets) {
        if (table == null && scope.tables().isEmpty()) {
            throw SqlErrors.syntax("SELECT * with no tables specified is not valid");
        }
        if (table != null && !scope.tables().contains(table)) {
            throw Scope.missingTable(table);
        }
        scope.star(table).forEach(entry -> targets.add(new Target(entry.name(), entry.expr())));
    }

    /** A name of the select list, a position in it, or an expression over the sources. */
    private Expr orderExpr(Ast.Expr expr, List<Target> targets, ExpressionBinder binder) {
        Integer position = position(expr, targets.size(), "ORDER BY");
        if (position != null) {
            return targets.get(position).expr();
        }
        Expr named = named(expr, targets, "ORDER BY");
        return named != null
                ? named
                : planner.coercion().known(binder.in(Clause.ORDER_BY).bind(expr));
    }

    private static @Nullable Expr named(Ast.Expr expr, List<Target> targets, String clause) {
        if (!(expr instanceof Ast.ColumnRef reference) || reference.parts().size() > 1) {
            return null;
        }
        Expr found = null;
        for (Target target : targets) {
            if (target.name().equals(reference.last())) {
                if (found != null && !found.equals(target.expr())) {
                    throw SqlErrors.of(
                            SqlState.AMBIGUOUS_COLUMN, clause + " \"" + reference.last() + "\" is ambiguous");
                }
                found = target.expr();
            }
        }
        return found;
    }

    /** The index that a whole number stands for; null for any other expression. */
    static @Nullable Integer position(Ast.Expr expr, int count, String clause) {
        if (expr instanceof Ast.Unary unary
                && unary.operator().equals("-")
                && unary.operand() instanceof Ast.Literal negated) {
            Integer index = position(negated, Integer.MAX_VALUE, clause);
            if (index != null) {
                throw notInList(clause, "-" + negated.text());
            }
        }
        if (!(expr instanceof Ast.Literal literal)) {
            return null;
        }
        if (literal.kind() != Ast.Literal.Kind.NUMBER || !isInteger(literal.text())) {
            throw SqlErrors.syntax("non-integer constant in " + clause);
        }
        int position = Integer.parseInt(literal.text());
        if (position < 1 || position > count) {
            throw notInList(clause, literal.text());
        }
        return position - 1;
    }

    /** Whether the digits are a constant of type integer. */
    private static boolean isInteger(String digits) {
        return digits.matches("[0-9]+") && new BigInteger(digits).bitLength() <= 31;
    }

    private static RuntimeException notInList(String clause, String position) {
        return SqlErrors.of(
                SqlState.INVALID_COLUMN_REFERENCE, clause + " position " + position + " is not in select list");
    }

    static SortKey sortKey(Expr expr, Ast.OrderItem item) {
        return new SortKey(expr, item.descending(), nullsFirst(item));
    }

    private static boolean nullsFirst(Ast.OrderItem item) {
        return item.nullsFirst() == null ? item.descending() : item.nullsFirst();
    }

    /** Null without GROUP BY. A name means a column of the sources before one of the select list. */
    private @Nullable List<Expr> groupKeys(Ast.Select select, List<Target> targets, ExpressionBinder binder) {
        if (select.groupBy() == null) {
            return null;
        }
        List<Expr> keys = new ArrayList<>();
        for (Ast.Expr expr : select.groupBy()) {
            Integer position = position(expr, targets.size(), "GROUP BY");
            Expr key = position == null ? null : targets.get(position).expr();
            if (key == null
                    && expr instanceof Ast.ColumnRef reference
                    && reference.parts().size() == 1) {
                key = binder.scope().findHere(reference);
                key = key == null ? named(expr, targets, "GROUP BY") : key;
            }
            key = key == null
                    ? planner.coercion().known(binder.in(Clause.GROUP_BY).bind(expr))
                    : key;
            if (aggregates(key)) {
                throw SqlErrors.of(SqlState.GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY");
            }
            addOnce(keys, key);
        }
        return keys;
    }

    private List<Expr> distinctOn(Ast.Select select, List<Target> targets, ExpressionBinder binder) {
        List<Expr> keys = new ArrayList<>();
        if (select.distinctOn() != null) {
            for (Ast.Expr expr : select.distinctOn()) {
                addOnce(keys, orderExpr(expr, targets, binder));
            }
        }
        return keys;
    }

    /** The types of a select list that RETURNING gives. */
    static List<Plan.Column> returningColumns(Planner planner, List<Ast.Item> items, Scope scope, List<Expr> exprs) {
        SelectBinder binder = new SelectBinder(planner, scope.level(), false);
        List<Plan.Column> columns = new ArrayList<>();
        for (Target target : binder.targets(items, new ExpressionBinder(planner, scope, Clause.RETURNING), false)) {
            exprs.add(target.expr());
            SqlType type = target.expr().type();
            columns.add(new Plan.Column(target.name(), type));
        }
        return columns;
    }
}
