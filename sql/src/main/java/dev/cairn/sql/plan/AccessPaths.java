package dev.cairn.sql.plan;

import dev.cairn.engine.Index;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Nodes.SortKey;
import dev.cairn.sql.expr.Operators;
import dev.cairn.sql.expr.Overloads;
import dev.cairn.sql.expr.Routine;
import dev.cairn.sql.plan.IndexTerm.Test;
import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses by which index a table is read. There are no statistics: an equality counts more than a range, a range more than an
 * order. What the index decides is asked of the rows again, as they may have changed by the time they are locked.
 *
 * <p>Stateless.
 */
final class AccessPaths {

    private static final int UNIQUE_SCORE = 1000;
    private static final int EQUAL_SCORE = 10;
    private static final int RANGE_SCORE = 6;
    private static final int ORDER_SCORE = 3;

    /** A plan, and whether its rows come in the order that was wished. */
    record Chosen(Plan plan, boolean ordered) {}

    private record Candidate(IndexPath path, boolean ordered) {
        int score() {
            boolean range = path.low() != null || path.high() != null;
            return (path.isUnique() ? UNIQUE_SCORE : 0)
                    + EQUAL_SCORE * path.equal().size()
                    + (range ? RANGE_SCORE : 0)
                    + (ordered ? ORDER_SCORE : 0);
        }
    }

    private AccessPaths() {}

    /** The same plan, with indexes for what the condition over its rows, and the order, make worth one. */
    static Chosen choose(Plan plan, @Nullable Expr condition, List<SortKey> order) {
        return choose(plan, IndexTerm.conjuncts(condition), order);
    }

    private static Chosen choose(Plan plan, List<Expr> conjuncts, List<SortKey> order) {
        if (plan instanceof Plans.Renamed renamed) {
            Chosen inner = choose(renamed.input(), conjuncts, order);
            return new Chosen(new Plans.Renamed(inner.plan(), renamed.columns()), inner.ordered());
        }
        if (plan instanceof JoinPlan join) {
            return join(join, conjuncts, order);
        }
        if (plan instanceof TableScan scan && scan.path() == null) {
            Candidate best = best(scan.table(), conjuncts, order);
            return best == null ? new Chosen(plan, false) : new Chosen(scan.by(best.path()), best.ordered());
        }
        return new Chosen(plan, false);
    }

    /** The path by which an update or delete finds its rows; null for none. */
    static @Nullable IndexPath path(Table table, @Nullable Expr condition) {
        Candidate best = best(table, IndexTerm.conjuncts(condition), List.of());
        return best == null ? null : best.path();
    }

    private static @Nullable Candidate best(Table table, List<Expr> conjuncts, List<SortKey> order) {
        List<IndexTerm> terms = IndexTerm.of(conjuncts, table.schema());
        return table.indexes().stream()
                .map(index -> candidate(index, table.schema(), terms, order))
                .filter(candidate -> candidate.score() > 0)
                .max(Comparator.comparing(Candidate::score)
                        .thenComparing(
                                candidate -> -candidate.path().index().parts().size())
                        .thenComparing(candidate -> candidate.path().index().primary()))
                .orElse(null);
    }

    private static Candidate candidate(Index index, Schema schema, List<IndexTerm> terms, List<SortKey> order) {
        List<IndexTerm> equal = new ArrayList<>();
        IndexTerm low = null;
        IndexTerm high = null;
        for (Index.Part part : index.parts()) {
            IndexTerm same = null;
            for (IndexTerm term : terms) {
                if (term.column() == schema.indexOf(part.column())) {
                    switch (term.test()) {
                        case EQUAL -> same = same == null || same.values().size() > 1 ? term : same;
                        case IS_NULL -> same = same == null ? term : same;
                        case GREATER, AT_LEAST -> low = low == null || !low.exact() ? term : low;
                        case LESS, AT_MOST -> high = high == null || !high.exact() ? term : high;
                    }
                }
            }
            if (same == null) {
                break;
            }
            equal.add(same);
            low = null;
            high = null;
        }
        IndexPath path = new IndexPath(index, schema, equal, low, high, false);
        Boolean backwards = order.isEmpty() ? null : direction(path, order);
        return backwards == null
                ? new Candidate(path, false)
                : new Candidate(new IndexPath(index, schema, equal, low, high, backwards), true);
    }

    /** Whether the path has to be gone backwards to give that order; null if it does not give it. */
    private static @Nullable Boolean direction(IndexPath path, List<SortKey> order) {
        Schema schema = path.schema();
        List<Index.Part> parts = path.index().parts();
        Set<Integer> fixed = new HashSet<>();
        for (IndexTerm term : path.equal()) {
            if (term.test() == Test.IS_NULL || term.values().size() == 1) {
                fixed.add(term.column());
            }
        }
        Boolean backwards = null;
        int at = 0;
        for (SortKey key : order) {
            Nodes.Col wanted = IndexTerm.column(key.expr(), schema);
            if (wanted != null && fixed.contains(wanted.index())) {
                continue;
            }
            while (at < parts.size()
                    && fixed.contains(schema.indexOf(parts.get(at).column()))) {
                at++;
            }
            if (at == parts.size()) {
                return isUniqueWithoutNulls(path) ? Boolean.TRUE.equals(backwards) : null;
            }
            Index.Part part = parts.get(at++);
            if (wanted == null || schema.indexOf(part.column()) != wanted.index()) {
                return null;
            }
            boolean reverse = part.descending() != key.descending();
            boolean nulls = key.nullsFirst() == (part.nullsFirst() != reverse);
            if (!nulls || (backwards != null && backwards != reverse)) {
                return null;
            }
            backwards = reverse;
        }
        return Boolean.TRUE.equals(backwards);
    }

    /** Whether no two rows are equal in all of the index's columns, so that nothing can order them further. */
    private static boolean isUniqueWithoutNulls(IndexPath path) {
        return path.index().unique()
                && path.index().parts().stream()
                        .allMatch(part -> path.schema()
                                .column(path.schema().indexOf(part.column()))
                                .notNull());
    }

    /**
     * Each side by what the condition says of it alone; a table on the right that an index leads into, once for each row on the
     * left if those are few.
     */
    private static Chosen join(JoinPlan join, List<Expr> conjuncts, List<SortKey> order) {
        int width = join.left().columns().size();
        int all = join.columns().size();
        boolean inner = !join.keepLeft() && !join.keepRight();
        List<Expr> known = new ArrayList<>(conjuncts);
        if (inner) {
            known.addAll(IndexTerm.conjuncts(join.condition()));
        }
        Plan left = join.left();
        Plan right = join.right();
        boolean ordered = false;
        if (!join.keepRight()) {
            List<SortKey> leftOrder =
                    order.stream().allMatch(key -> isWithin(key.expr(), 0, width)) ? order : List.of();
            Chosen chosen = choose(left, within(known, 0, width), leftOrder);
            left = chosen.plan();
            ordered = chosen.ordered();
        }
        if (!join.keepLeft() && join.captures() == null) {
            right = choose(right, within(known, width, all), List.of()).plan();
        }
        List<Expr> leftKeys = new ArrayList<>(join.leftKeys());
        List<Expr> rightKeys = new ArrayList<>(join.rightKeys());
        if (inner && join.captures() == null) {
            for (Expr conjunct : conjuncts) {
                Expr[] sides = FromBinder.equality(conjunct, width);
                if (sides != null) {
                    leftKeys.add(sides[0]);
                    rightKeys.add(Scope.shifted(sides[1], -width));
                }
            }
        }
        Plan nested = isNarrow(left) && !join.keepRight() && join.captures() == null
                ? nested(right, leftKeys, rightKeys, within(known, width, all))
                : null;
        if (nested != null) {
            JoinPlan loop = new JoinPlan(
                    left, nested, join.keepLeft(), false, leftKeys, List.of(), List.of(), join.condition());
            return new Chosen(loop, ordered);
        }
        JoinPlan chosen = new JoinPlan(
                left, right, join.keepLeft(), join.keepRight(), join.captures(), leftKeys, rightKeys, join.condition());
        return new Chosen(chosen, ordered);
    }

    /** Whether an index leads to what may be few rows. */
    private static boolean isNarrow(Plan plan) {
        if (plan instanceof Plans.Renamed renamed) {
            return isNarrow(renamed.input());
        }
        if (plan instanceof JoinPlan join) {
            return isNarrow(join.left()) && join.captures() != null;
        }
        return plan instanceof TableScan scan
                && scan.path() != null
                && !scan.path().terms().isEmpty();
    }

    /** The right side read by an index anew for each row on the left, whose keys are its parameters; null if no index serves. */
    private static @Nullable Plan nested(Plan right, List<Expr> leftKeys, List<Expr> rightKeys, List<Expr> own) {
        if (leftKeys.isEmpty() || own.stream().anyMatch(expr -> Nodes.contains(expr, Nodes.Param.class))) {
            return null;
        }
        Plan table = right instanceof Plans.Renamed renamed ? renamed.input() : right;
        if (!(table instanceof TableScan scan)) {
            return null;
        }
        List<Expr> conjuncts = new ArrayList<>(own);
        for (int i = 0; i < leftKeys.size(); i++) {
            SqlType type = leftKeys.get(i).type().unlimited();
            Routine equality = Overloads.operator(Operators.binary("="), type, type);
            if (equality == null) {
                return null;
            }
            conjuncts.add(Nodes.Apply.of(equality, rightKeys.get(i), new Nodes.Param(type, i)));
        }
        Candidate best = best(scan.table(), conjuncts, List.of());
        if (best == null || best.path().equal().size() != leftKeys.size()) {
            return null;
        }
        boolean led = best.path().equal().stream()
                .flatMap(term -> term.values().stream())
                .allMatch(Nodes.Param.class::isInstance);
        return led ? new Plans.Renamed(scan.by(best.path()), right.columns()) : null;
    }

    private static List<Expr> within(List<Expr> conjuncts, int from, int to) {
        return conjuncts.stream()
                .filter(conjunct -> isWithin(conjunct, from, to))
                .map(conjunct -> Scope.shifted(conjunct, -from))
                .toList();
    }

    private static boolean isWithin(Expr expr, int from, int to) {
        if (expr instanceof Nodes.Col column) {
            return column.index() >= from && column.index() < to;
        }
        return expr.children().stream().allMatch(child -> isWithin(child, from, to));
    }
}
