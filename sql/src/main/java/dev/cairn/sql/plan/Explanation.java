package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.TextOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan in words, as PostgreSQL's {@code EXPLAIN (COSTS OFF)} writes it. Used once. */
final class Explanation {

    private final Evaluation evaluation;
    private final List<String> lines = new ArrayList<>();
    private boolean qualified;

    private Explanation(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    static List<String> of(Plan plan, Evaluation evaluation) {
        Explanation explanation = new Explanation(evaluation);
        explanation.qualified = tables(plan) > 1;
        explanation.node(plan, 0, List.of());
        return explanation.lines;
    }

    /** A change, of what the plan gives. */
    static List<String> ofChange(String title, List<String> properties, Plan plan, Evaluation evaluation) {
        Explanation explanation = new Explanation(evaluation);
        explanation.qualified = tables(plan) > 1;
        explanation.line(title, 0);
        properties.forEach(property -> explanation.property(property, 0));
        explanation.node(plan, 1, List.of());
        return explanation.lines;
    }

    /** A table under the name that the query gives it. */
    static String table(String name, String alias) {
        return name.equals(alias) ? quoted(name) : quoted(name) + " " + quoted(alias);
    }

    static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static int tables(Plan plan) {
        int own = plan instanceof TableScan || plan instanceof Plans.SeriesScan || plan instanceof Plans.Remembered
                ? 1
                : 0;
        return own + inputs(plan).stream().mapToInt(Explanation::tables).sum();
    }

    private void line(String text, int depth) {
        lines.add(depth == 0 ? text : " ".repeat(2 + 6 * (depth - 1)) + "->  " + text);
    }

    private void property(String text, int depth) {
        lines.add(" ".repeat(2 + 6 * depth) + text);
    }

    /** @param filters conditions on the plan's rows that stand above it */
    private void node(Plan plan, int depth, List<Expr> filters) {
        if (plan instanceof Plans.Filter filter) {
            List<Expr> all = new ArrayList<>(IndexTerm.conjuncts(Plans.fold(filter.condition(), evaluation)));
            all.addAll(filters);
            node(filter.input(), depth, all);
            return;
        }
        if (isSilent(plan)) {
            node(inputs(plan).get(0), depth, filters);
            return;
        }
        if (plan instanceof TableScan scan) {
            scan(scan, depth, filters);
            return;
        }
        line(title(plan), depth);
        properties(plan, depth);
        filter(filters, names(plan), depth);
        inputs(plan).forEach(input -> node(input, depth + 1, List.of()));
    }

    /** What gives other names or columns is no step of its own. */
    private static boolean isSilent(Plan plan) {
        return plan instanceof Plans.Renamed || plan instanceof Plans.Project || plan instanceof Plans.Cut;
    }

    private void scan(TableScan scan, int depth, List<Expr> filters) {
        String table = table(scan.table().name(), scan.alias());
        IndexPath path = scan.path();
        if (path == null) {
            line("Seq Scan on " + table, depth);
            filter(filters, ownNames(scan), depth);
            return;
        }
        String how = path.backwards() ? "Index Scan Backward using " : "Index Scan using ";
        line(how + quoted(path.index().name()) + " on " + table, depth);
        ExprText text = new ExprText(ownNames(scan));
        if (!path.terms().isEmpty()) {
            List<String> conditions = path.terms().stream()
                    .map(term -> term(term, text, scan))
                    .distinct()
                    .toList();
            property("Index Cond: " + and(conditions), depth);
        }
        List<Expr> decided = path.terms().stream()
                .filter(IndexTerm::exact)
                .map(term -> Plans.fold(term.condition(), evaluation))
                .toList();
        filter(filters.stream().filter(expr -> !decided.contains(expr)).toList(), ownNames(scan), depth);
    }

    private String term(IndexTerm term, ExprText text, TableScan scan) {
        List<Expr> values = Plans.fold(term.values(), evaluation);
        if (values.size() > 1 && values.stream().allMatch(Nodes.Const.class::isInstance)) {
            SqlType type = values.get(0).type();
            String list = values.stream()
                    .map(value -> ((Nodes.Const) value).value())
                    .filter(Objects::nonNull)
                    .map(value -> TextOutput.ofCast(type, value))
                    .collect(Collectors.joining(","));
            return "(" + ownNames(scan).get(term.column()) + " = ANY ('{" + list.replace("'", "''") + "}'::" + type
                    + "[]))";
        }
        return text.condition(Plans.fold(term.shown(), evaluation));
    }

    private static String and(List<String> conditions) {
        return conditions.size() == 1 ? conditions.get(0) : "(" + String.join(" AND ", conditions) + ")";
    }

    private void filter(List<Expr> filters, List<String> names, int depth) {
        if (!filters.isEmpty()) {
            ExprText text = new ExprText(names);
            property("Filter: " + and(filters.stream().map(text::condition).toList()), depth);
        }
    }

    private static String title(Plan plan) {
        if (plan instanceof JoinPlan join) {
            String kind = join.keepLeft()
                    ? (join.keepRight() ? "Full Join" : "Left Join")
                    : join.keepRight() ? "Right Join" : "";
            boolean hashed = !join.leftKeys().isEmpty();
            String how = hashed ? "Hash" : "Nested Loop";
            return kind.isEmpty() ? (hashed ? "Hash Join" : how) : how + " " + kind;
        }
        if (plan instanceof Groups groups) {
            return groups.keys().isEmpty() ? "Aggregate" : "HashAggregate";
        }
        if (plan instanceof Plans.SeriesScan series) {
            return "Function Scan on "
                    + table(
                            series.call().function().name(),
                            series.columns().get(0).name());
        }
        if (plan instanceof Plans.ValuesList list && list.lists().size() > 1) {
            return "Values Scan on \"*VALUES*\"";
        }
        if (plan instanceof SetPlan set) {
            String all = set.all() ? " All" : "";
            return switch (set.operator()) {
                case UNION -> set.all() ? "Append" : "HashAggregate over Append";
                case INTERSECT -> "HashSetOp Intersect" + all;
                case EXCEPT -> "HashSetOp Except" + all;
            };
        }
        if (plan instanceof Plans.Distinct distinct) {
            return distinct.on() == null ? "HashAggregate" : "Unique";
        }
        return plainTitle(plan);
    }

    private static String plainTitle(Plan plan) {
        if (plan instanceof Plans.Sort) {
            return "Sort";
        }
        if (plan instanceof Plans.Limit) {
            return "Limit";
        }
        if (plan instanceof LockPlan) {
            return "LockRows";
        }
        if (plan instanceof Plans.Expand) {
            return "ProjectSet";
        }
        if (plan instanceof Plans.Remembered) {
            return "CTE Scan";
        }
        return plan instanceof RecursivePlan ? "Recursive Union" : "Result";
    }

    private void properties(Plan plan, int depth) {
        if (plan instanceof Plans.Sort sort) {
            ExprText text = new ExprText(names(sort.input()));
            List<String> keys = sort.keys().stream()
                    .map(key -> text.of(Plans.fold(key.expr(), evaluation))
                            + (key.descending() ? " DESC" : "")
                            + (key.nullsFirst() == key.descending()
                                    ? ""
                                    : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"))
                    .toList();
            property("Sort Key: " + String.join(", ", keys), depth);
        } else if (plan instanceof Groups groups && !groups.keys().isEmpty()) {
            ExprText text = new ExprText(names(groups.input()));
            property("Group Key: " + texts(groups.keys(), text), depth);
        } else if (plan instanceof Plans.Distinct distinct && distinct.on() == null) {
            List<String> names = names(distinct.input());
            property("Group Key: " + String.join(", ", names.subList(0, distinct.leading())), depth);
        } else if (plan instanceof JoinPlan join) {
            joinProperties(join, depth);
        }
    }

    private void joinProperties(JoinPlan join, int depth) {
        if (!join.leftKeys().isEmpty()) {
            ExprText left = new ExprText(names(join.left()));
            ExprText right = new ExprText(names(join.right()));
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < join.leftKeys().size(); i++) {
                keys.add("("
                        + left.of(join.leftKeys().get(i)) + " = "
                        + right.of(join.rightKeys().get(i)) + ")");
            }
            property("Hash Cond: " + and(keys), depth);
        }
        Expr condition = join.condition();
        if (condition != null) {
            ExprText text = new ExprText(names(join));
            property("Join Filter: " + text.condition(Plans.fold(condition, evaluation)), depth);
        }
    }

    private String texts(List<Expr> exprs, ExprText text) {
        return Plans.fold(exprs, evaluation).stream().map(text::of).collect(Collectors.joining(", "));
    }

    private static List<Plan> inputs(Plan plan) {
        Plan only = input(plan);
        if (only != null) {
            return List.of(only);
        }
        if (plan instanceof JoinPlan join) {
            return List.of(join.left(), join.right());
        }
        if (plan instanceof SetPlan set) {
            return List.of(set.left(), set.right());
        }
        return plan instanceof RecursivePlan recursive ? List.of(recursive.first(), recursive.second()) : List.of();
    }

    private static @Nullable Plan input(Plan plan) {
        if (plan instanceof Plans.Renamed renamed) {
            return renamed.input();
        }
        if (plan instanceof Plans.Project project) {
            return project.input();
        }
        if (plan instanceof Plans.Filter filter) {
            return filter.input();
        }
        if (plan instanceof Plans.Cut cut) {
            return cut.input();
        }
        if (plan instanceof Plans.Sort sort) {
            return sort.input();
        }
        if (plan instanceof Plans.Distinct distinct) {
            return distinct.input();
        }
        if (plan instanceof Plans.Limit limit) {
            return limit.input();
        }
        if (plan instanceof Plans.Expand expand) {
            return expand.input();
        }
        if (plan instanceof Groups groups) {
            return groups.input();
        }
        if (plan instanceof LockPlan lock) {
            return lock.input();
        }
        return plan instanceof Plans.Remembered remembered ? remembered.source() : null;
    }

    private static List<String> ownNames(TableScan scan) {
        return scan.columns().stream().map(column -> quoted(column.name())).toList();
    }

    /** What the columns of a plan's rows are called in the conditions above it. */
    private List<String> names(Plan plan) {
        if (plan instanceof Plans.Project project) {
            ExprText text = new ExprText(names(project.input()));
            return Plans.fold(project.exprs(), evaluation).stream()
                    .map(text::of)
                    .toList();
        }
        if (plan instanceof Groups groups) {
            ExprText text = new ExprText(names(groups.input()));
            List<String> names = new ArrayList<>();
            groups.keys().forEach(key -> names.add(text.of(Plans.fold(key, evaluation))));
            groups.calls().forEach(call -> names.add(text.of(call)));
            return names;
        }
        if (plan instanceof JoinPlan join) {
            List<String> names = new ArrayList<>(names(join.left()));
            names.addAll(names(join.right()));
            return names;
        }
        if (plan instanceof TableScan scan) {
            String prefix = qualified ? quoted(scan.alias()) + "." : "";
            return ownNames(scan).stream().map(name -> prefix + name).toList();
        }
        Plan below = input(plan);
        boolean same = below != null
                && !(plan instanceof Plans.Remembered)
                && below.columns().size() >= plan.columns().size();
        return same && below != null
                ? names(below)
                : plan.columns().stream().map(column -> quoted(column.name())).toList();
    }
}
