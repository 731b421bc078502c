package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.Schema;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a condition that an index can answer: a column compared with what needs no row of the table.
 *
 * @param column its position in the table
 * @param values what it is compared with; several only for EQUAL, which then means any of them
 * @param shown the condition as EXPLAIN shows it, which the index decides
 * @param exact whether the index decides all of {@code condition}
 */
record IndexTerm(int column, Test test, List<Expr> values, Expr condition, boolean exact, Expr shown) {

    /** How the column is compared. */
    enum Test {
        EQUAL,
        IS_NULL,
        GREATER,
        AT_LEAST,
        LESS,
        AT_MOST
    }

    private static final Set<String> VOLATILE = Set.of("random", "clock_timestamp");

    /** The conditions that must all hold. */
    static List<Expr> conjuncts(@Nullable Expr condition) {
        List<Expr> parts = new ArrayList<>();
        if (condition != null) {
            split(condition, parts);
        }
        return parts;
    }

    private static void split(Expr condition, List<Expr> parts) {
        if (condition instanceof Nodes.Logic logic && logic.and()) {
            logic.children().forEach(child -> split(child, parts));
        } else {
            parts.add(condition);
        }
    }

    /** The terms in conditions over rows that begin with the table's columns. */
    static List<IndexTerm> of(List<Expr> conjuncts, Schema schema) {
        List<IndexTerm> terms = new ArrayList<>();
        for (Expr condition : conjuncts) {
            if (condition instanceof Nodes.Logic) {
                IndexTerm any = anyOf(condition, schema);
                if (any != null) {
                    terms.add(any);
                }
            } else if (condition instanceof Nodes.Apply apply) {
                terms.addAll(applied(apply, schema));
            } else {
                Nodes.Col flag = column(condition, schema);
                if (flag != null) {
                    terms.add(flag(flag, true, condition));
                }
            }
        }
        return terms;
    }

    private static IndexTerm flag(Nodes.Col column, boolean value, Expr condition) {
        return new IndexTerm(
                column.index(),
                Test.EQUAL,
                List.of(new Nodes.Const(SqlType.BOOLEAN, value)),
                condition,
                true,
                condition);
    }

    /** {@code column = a OR column = b}, which is also what IN becomes. */
    private static @Nullable IndexTerm anyOf(Expr condition, Schema schema) {
        List<Expr> values = new ArrayList<>();
        int column = -1;
        for (Expr child : condition.children()) {
            List<IndexTerm> terms = child instanceof Nodes.Apply apply ? applied(apply, schema) : List.of();
            boolean fits = terms.size() == 1
                    && terms.get(0).test == Test.EQUAL
                    && (column < 0 || terms.get(0).column == column);
            if (!fits) {
                return null;
            }
            column = terms.get(0).column;
            values.addAll(terms.get(0).values);
        }
        return new IndexTerm(column, Test.EQUAL, values, condition, true, condition);
    }

    private static List<IndexTerm> applied(Nodes.Apply apply, Schema schema) {
        List<Expr> arguments = apply.children();
        if (apply.routine().equals(Tests.LIKE)) {
            return LikePrefix.terms(apply, column(arguments.get(0), schema));
        }
        if (apply.routine().equals(Tests.IS_NULL) || apply.routine().equals(Tests.NOT)) {
            Nodes.Col column = column(arguments.get(0), schema);
            if (column == null) {
                return List.of();
            }
            return apply.routine().equals(Tests.IS_NULL)
                    ? List.of(new IndexTerm(column.index(), Test.IS_NULL, List.of(), apply, true, apply))
                    : List.of(flag(column, false, apply));
        }
        Test test = arguments.size() == 2 ? test(apply.routine().name()) : null;
        if (test == null) {
            return List.of();
        }
        Nodes.Col left = column(arguments.get(0), schema);
        Nodes.Col right = column(arguments.get(1), schema);
        if (left != null && fits(arguments.get(1), left, schema)) {
            return List.of(new IndexTerm(left.index(), test, List.of(arguments.get(1)), apply, true, apply));
        }
        if (right != null && fits(arguments.get(0), right, schema)) {
            return List.of(new IndexTerm(right.index(), turned(test), List.of(arguments.get(0)), apply, true, apply));
        }
        return List.of();
    }

    private static @Nullable Test test(String operator) {
        return switch (operator) {
            case "=" -> Test.EQUAL;
            case ">" -> Test.GREATER;
            case ">=" -> Test.AT_LEAST;
            case "<" -> Test.LESS;
            case "<=" -> Test.AT_MOST;
            default -> null;
        };
    }

    private static Test turned(Test test) {
        return switch (test) {
            case EQUAL, IS_NULL -> test;
            case GREATER -> Test.LESS;
            case AT_LEAST -> Test.AT_MOST;
            case LESS -> Test.GREATER;
            case AT_MOST -> Test.AT_LEAST;
        };
    }

    /** The table's column that an expression is, a varchar taken as a text included. */
    static Nodes.@Nullable Col column(Expr expr, Schema schema) {
        Expr inner = expr instanceof Nodes.Convert convert
                        && convert.type().is(Kind.TEXT)
                        && convert.operand().type().is(Kind.VARCHAR)
                ? convert.operand()
                : expr;
        return inner instanceof Nodes.Col column && column.index() < schema.size() ? column : null;
    }

    /** Whether the value needs no row and compares with the column as the index orders it. */
    private static boolean fits(Expr value, Nodes.Col column, Schema schema) {
        Column target = schema.column(column.index());
        Kind want = SqlType.of(target.type()).kind();
        Kind have = value.type().kind();
        boolean comparable =
                want == have || (want.isInteger() && have.isInteger()) || (want.isString() && have.isString());
        return comparable && isFixed(value);
    }

    /** Whether the value is one and the same for a whole run. */
    private static boolean isFixed(Expr value) {
        boolean varies = value instanceof Nodes.Col
                || value instanceof Nodes.SeriesCall
                || value instanceof Nodes.AggregateCall
                || (value instanceof Nodes.Apply apply
                        && VOLATILE.contains(apply.routine().name()));
        return !varies && value.children().stream().allMatch(IndexTerm::isFixed);
    }
}
