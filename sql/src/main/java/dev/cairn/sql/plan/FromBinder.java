package dev.cairn.sql.plan;

import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.syntax.Ast.JoinSource.Kind;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans what stands in FROM, and says which names it gives. */
final class FromBinder {

    /** Sources and their names. */
    record Bound(Plan plan, Scope scope) {}

    /** A source that may take values from those on its left; null captures if it does not. */
    private record Item(Plan plan, Scope scope, @Nullable List<Expr> captures) {}

    private final Planner planner;
    private final Scope.Level level;

    FromBinder(Planner planner, Scope.Level level) {
        this.planner = planner;
        this.level = level;
    }

    Bound bind(List<Ast.Source> sources) {
        if (sources.isEmpty()) {
            return new Bound(new Plans.OneRow(), Scope.empty(level));
        }
        Bound left = bind(sources.get(0), Scope.empty(level));
        for (Ast.Source source : sources.subList(1, sources.size())) {
            Item right = item(source, left.scope());
            left = joined(left, right, Kind.CROSS, null);
        }
        return left;
    }

    private Bound bind(Ast.Source source, Scope left) {
        Item item = item(source, left);
        return new Bound(item.plan(), item.scope());
    }

    /** @param left what a lateral source sees besides the queries around */
    private Item item(Ast.Source source, Scope left) {
        if (source instanceof Ast.TableSource table) {
            return table(table);
        }
        if (source instanceof Ast.FunctionSource function) {
            return function(function, left);
        }
        if (source instanceof Ast.QuerySource query) {
            return query(query, left);
        }
        Ast.JoinSource join = (Ast.JoinSource) source;
        Bound bound = join(join, left);
        if (join.alias() == null) {
            return new Item(bound.plan(), bound.scope(), null);
        }
        List<Plan.Column> columns = new ArrayList<>();
        List<Expr> exprs = new ArrayList<>();
        for (Scope.Entry entry : bound.scope().star(null)) {
            columns.add(new Plan.Column(entry.name(), entry.expr().type()));
            exprs.add(entry.expr());
        }
        Plan plan = new Plans.Project(bound.plan(), columns, exprs);
        return named(plan, join.alias(), join.columnAliases(), null);
    }

    private Item named(Plan plan, String alias, List<String> columnAliases, @Nullable List<Expr> captures) {
        List<Plan.Column> columns = Planner.renamed(plan.columns(), columnAliases, alias);
        return new Item(new Plans.Renamed(plan, columns), Scope.of(level, alias, columns, 0), captures);
    }

    private Item table(Ast.TableSource source) {
        Ast.Name name = source.name();
        String alias = source.alias() == null ? name.name() : source.alias();
        Plan common = name.schema() == null ? planner.commonTable(name.name()) : null;
        if (common != null) {
            return named(common, alias, source.columnAliases(), null);
        }
        Table table = planner.table(name);
        Plan scan = new TableScan(table, alias, Planner.columns(table), false, null);
        return named(scan, alias, source.columnAliases(), null);
    }

    private Item function(Ast.FunctionSource source, Scope left) {
        Scope.Level inner = new Scope.Level(left);
        Expr call = new ExpressionBinder(planner, Scope.empty(inner), Clause.FROM).bind(source.call());
        String alias = source.alias() == null ? source.call().name() : source.alias();
        List<Plan.Column> columns = new ArrayList<>();
        columns.add(new Plan.Column(alias, call.type()));
        if (source.ordinality()) {
            columns.add(new Plan.Column("ordinality", SqlType.BIGINT));
        }
        Plan plan = call instanceof Nodes.SeriesCall series
                ? new Plans.SeriesScan(series, columns, source.ordinality())
                : new Plans.Project(new Plans.OneRow(), columns.subList(0, 1), List.of(call));
        if (source.ordinality() && !(call instanceof Nodes.SeriesCall)) {
            throw SqlErrors.notSupported("WITH ORDINALITY of a function that returns no set");
        }
        return lateral(named(plan, alias, source.columnAliases(), null), inner, left);
    }

    private Item query(Ast.QuerySource source, Scope left) {
        if (source.alias() == null) {
            throw SqlErrors.syntax("subquery in FROM must have an alias");
        }
        if (!source.lateral()) {
            return named(planner.query(source.query(), level, false), source.alias(), source.columnAliases(), null);
        }
        Scope.Level inner = new Scope.Level(left);
        Plan plan = planner.query(source.query(), inner, false);
        return lateral(named(plan, source.alias(), source.columnAliases(), null), inner, left);
    }

    /** What the source takes from the left row, and through it from the queries around. */
    private Item lateral(Item item, Scope.Level inner, Scope left) {
        List<Expr> captures = inner.captures();
        boolean alone = left.entries().isEmpty();
        if (captures.isEmpty()) {
            return item;
        }
        if (alone) {
            Plan once =
                    new JoinPlan(new Plans.OneRow(), item.plan(), false, false, captures, List.of(), List.of(), null);
            return new Item(once, item.scope(), null);
        }
        return new Item(item.plan(), item.scope(), captures);
    }

    private Bound join(Ast.JoinSource join, Scope outerLeft) {
        Bound left = bind(join.left(), outerLeft);
        Item right = item(join.right(), left.scope());
        if (right.captures() != null && (join.kind() == Kind.RIGHT || join.kind() == Kind.FULL)) {
            throw SqlErrors.of(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    "the combining JOIN type must be INNER or LEFT for a LATERAL reference");
        }
        List<String> using = new ArrayList<>(join.using());
        if (join.natural()) {
            using.addAll(commonNames(left.scope(), right.scope()));
        }
        if (!using.isEmpty()) {
            return joinedUsing(left, right, join.kind(), using);
        }
        if (join.on() == null) {
            return joined(left, right, join.kind(), null);
        }
        return joined(left, right, join.kind(), join.on());
    }

    private static List<String> commonNames(Scope left, Scope right) {
        List<String> names = new ArrayList<>();
        for (Scope.Entry entry : left.star(null)) {
            boolean shared =
                    right.star(null).stream().anyMatch(other -> other.name().equals(entry.name()));
            if (shared && !names.contains(entry.name())) {
                names.add(entry.name());
            }
        }
        return names;
    }

    private Bound joined(Bound left, Item right, Kind kind, Ast.@Nullable Expr on) {
        int width = left.plan().columns().size();
        Scope scope = left.scope().with(right.scope(), width);
        Expr condition = on == null ? null : new ExpressionBinder(planner, scope, Clause.ON).bindCondition(on);
        return new Bound(plan(left.plan(), right, kind, condition, width), scope);
    }

    private Bound joinedUsing(Bound left, Item right, Kind kind, List<String> using) {
        int width = left.plan().columns().size();
        Scope both = left.scope().with(right.scope(), width);
        ExpressionBinder binder = new ExpressionBinder(planner, both, Clause.ON);
        List<Expr> tests = new ArrayList<>();
        List<Scope.Entry> merged = new ArrayList<>();
        List<Scope.Entry> hidden = new ArrayList<>();
        for (String name : using) {
            Scope.Entry a = only(left.scope(), name, "left");
            Scope.Entry inRight = only(right.scope(), name, "right");
            Expr b = Scope.shifted(inRight.expr(), width);
            tests.add(binder.compare("=", a.expr(), b));
            SqlType type = Coercion.common(List.of(a.expr().type(), b.type()), "JOIN/USING");
            Expr x = planner.coercion().implicit(a.expr(), type);
            Expr y = planner.coercion().implicit(b, type);
            Expr value = switch (kind) {
                case RIGHT -> y;
                case FULL -> new Nodes.Coalesce(type, List.of(x, y));
                case INNER, LEFT, CROSS -> x;
            };
            merged.add(new Scope.Entry(null, name, value, false));
            hidden.add(a);
            hidden.add(new Scope.Entry(inRight.table(), name, b, false));
        }
        List<Scope.Entry> entries = new ArrayList<>(merged);
        for (Scope.Entry entry : both.entries()) {
            if (!hidden.contains(entry)) {
                entries.add(entry);
            } else if (entry.table() != null) {
                entries.add(new Scope.Entry(entry.table(), entry.name(), entry.expr(), true));
            }
        }
        Expr condition = tests.size() == 1 ? tests.get(0) : new Nodes.Logic(true, tests);
        Scope scope = new Scope(level, entries, both.tables());
        return new Bound(plan(left.plan(), right, kind, condition, width), scope);
    }

    private static Scope.Entry only(Scope scope, String name, String side) {
        List<Scope.Entry> found = scope.star(null).stream()
                .filter(entry -> entry.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"" + name + "\" specified in USING clause does not exist in " + side + " table");
        }
        if (found.size() > 1) {
            throw SqlErrors.of(
                    SqlState.AMBIGUOUS_COLUMN,
                    "common column name \"" + name + "\" appears more than once in " + side + " table");
        }
        return found.get(0);
    }

    /** Equalities between both sides are taken out of the condition, to be hashed. */
    private static Plan plan(Plan left, Item right, Kind kind, @Nullable Expr condition, int width) {
        List<Expr> leftKeys = new ArrayList<>();
        List<Expr> rightKeys = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        List<Expr> parts = condition == null
                ? List.of()
                : condition instanceof Nodes.Logic logic && logic.and() ? logic.children() : List.of(condition);
        for (Expr part : parts) {
            Expr[] sides = equality(part, width);
            if (sides == null || right.captures() != null) {
                rest.add(part);
            } else {
                leftKeys.add(sides[0]);
                rightKeys.add(Scope.shifted(sides[1], -width));
            }
        }
        Expr remaining = rest.isEmpty() ? null : rest.size() == 1 ? rest.get(0) : new Nodes.Logic(true, rest);
        return new JoinPlan(
                left,
                right.plan(),
                kind == Kind.LEFT || kind == Kind.FULL,
                kind == Kind.RIGHT || kind == Kind.FULL,
                right.captures(),
                leftKeys,
                rightKeys,
                remaining);
    }

    /** The two sides of an equality of one kind of values, the left one first; null for any other expression. */
    static Expr @Nullable [] equality(Expr expr, int width) {
        if (!(expr instanceof Nodes.Apply apply) || !apply.routine().name().equals("=")) {
            return null;
        }
        Expr a = apply.children().get(0);
        Expr b = apply.children().get(1);
        if (!(a instanceof Nodes.Col x)
                || !(b instanceof Nodes.Col y)
                || a.type().kind() != b.type().kind()) {
            return null;
        }
        if (x.index() < width && y.index() >= width) {
            return new Expr[] {a, b};
        }
        return y.index() < width && x.index() >= width ? new Expr[] {b, a} : null;
    }
}
