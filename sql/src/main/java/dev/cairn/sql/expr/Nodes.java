package dev.cairn.sql.expr;

import dev.cairn.sql.type.Coercions;
import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of bound expressions but subqueries. */
public final class Nodes {

    private static final @Nullable Object[] NO_ROW = {};

    private Nodes() {}

    /** A constant. */
    public record Const(SqlType type, @Nullable Object value) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            return value;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return this;
        }
    }

    /** A column of the row. */
    public record Col(SqlType type, int index) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            return Unread.resolved(row[index]);
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return this;
        }
    }

    /** A value that a subquery takes from the row outside of it. */
    public record Param(SqlType type, int index) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            return evaluation.parameter(index);
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return this;
        }
    }

    /** A function or operator applied. */
    public record Apply(Routine routine, SqlType type, List<Expr> children) implements Expr {

        public static Apply of(Routine routine, Expr... arguments) {
            return new Apply(routine, routine.result(), List.of(arguments));
        }

        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            @Nullable Object[] arguments = new Object[children.size()];
            for (int i = 0; i < arguments.length; i++) {
                Object value = children.get(i).eval(row, evaluation);
                if (value == null && routine.strict()) {
                    return null;
                }
                arguments[i] = value;
            }
            return routine.body().apply(arguments, evaluation);
        }

        @Override
        public Expr withChildren(List<Expr> other) {
            return new Apply(routine, type, other);
        }
    }

    /** A coercion. */
    public record Convert(SqlType type, Expr operand, boolean explicit) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            Object value = operand.eval(row, evaluation);
            if (value == null) {
                return null;
            }
            return Coercions.convert(
                    value, operand.type(), type, explicit, evaluation.session().statementTime());
        }

        @Override
        public List<Expr> children() {
            return List.of(operand);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            return new Convert(type, children.get(0), explicit);
        }
    }

    /** AND or OR: from the left, until the result is certain. */
    public record Logic(boolean and, List<Expr> children) implements Expr {
        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }

        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            boolean unknown = false;
            for (Expr child : children) {
                Object value = child.eval(row, evaluation);
                if (value == null) {
                    unknown = true;
                } else if ((Boolean) value != and) {
                    return !and;
                }
            }
            return unknown ? null : and;
        }

        @Override
        public Expr withChildren(List<Expr> other) {
            return new Logic(and, other);
        }
    }

    /** The first value that is not null. */
    public record Coalesce(SqlType type, List<Expr> children) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            for (Expr child : children) {
                Object value = child.eval(row, evaluation);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        @Override
        public Expr withChildren(List<Expr> other) {
            return new Coalesce(type, other);
        }
    }

    /** CASE: conditions and values in turn, then the value for none of them. */
    public record Cases(SqlType type, List<Expr> when, List<Expr> then, Expr otherwise) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            for (int i = 0; i < when.size(); i++) {
                if (when.get(i).isTrue(row, evaluation)) {
                    return then.get(i).eval(row, evaluation);
                }
            }
            return otherwise.eval(row, evaluation);
        }

        @Override
        public List<Expr> children() {
            List<Expr> all = new ArrayList<>(when);
            all.addAll(then);
            all.add(otherwise);
            return all;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            int n = when.size();
            return new Cases(type, children.subList(0, n), children.subList(n, 2 * n), children.get(2 * n));
        }
    }

    /** An aggregate's call, to be replaced by a column of the grouped rows. */
    public record AggregateCall(
            Aggregate aggregate,
            SqlType type,
            List<Expr> arguments,
            boolean distinct,
            List<SortKey> order,
            @Nullable Expr filter)
            implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            throw new IllegalStateException("an aggregate has no value for one row");
        }

        @Override
        public List<Expr> children() {
            List<Expr> all = new ArrayList<>(arguments);
            order.forEach(key -> all.add(key.expr()));
            if (filter != null) {
                all.add(filter);
            }
            return all;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            int at = arguments.size();
            List<SortKey> keys = new ArrayList<>();
            for (SortKey key : order) {
                keys.add(key.with(children.get(at++)));
            }
            return new AggregateCall(
                    aggregate,
                    type,
                    children.subList(0, arguments.size()),
                    distinct,
                    keys,
                    filter == null ? null : children.get(at));
        }
    }

    /** A set-returning function's call, to be replaced by a column of the expanded rows. */
    public record SeriesCall(SetFunction function, SqlType type, List<Expr> children) implements Expr {
        @Override
        public @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation) {
            throw new IllegalStateException("a set has no single value");
        }

        @Override
        public Expr withChildren(List<Expr> other) {
            return new SeriesCall(function, type, other);
        }
    }

    /** How rows are ordered by one expression. */
    public record SortKey(Expr expr, boolean descending, boolean nullsFirst) {
        SortKey with(Expr other) {
            return new SortKey(other, descending, nullsFirst);
        }
    }

    /** Whether the expression or one below it is of this class. */
    public static boolean contains(Expr expr, Class<? extends Expr> kind) {
        return kind.isInstance(expr) || expr.children().stream().anyMatch(child -> contains(child, kind));
    }

    /** The expression with every part that has no need of a row computed, from the left, as PostgreSQL's planner does. */
    public static Expr fold(Expr expr, Evaluation evaluation) {
        if (expr instanceof Logic logic) {
            return foldLogic(logic, evaluation);
        }
        if (expr instanceof Cases cases) {
            return foldCases(cases, evaluation);
        }
        if (expr instanceof Coalesce
                || expr instanceof AggregateCall
                || expr.children().isEmpty()) {
            return expr;
        }
        List<Expr> children = new ArrayList<>();
        boolean constant = true;
        for (Expr child : expr.children()) {
            Expr folded = fold(child, evaluation);
            constant &= folded instanceof Const;
            children.add(folded);
        }
        boolean strict = !(expr instanceof Apply apply) || apply.routine().strict();
        if (strict && pureOrApply(expr) && children.stream().anyMatch(Nodes::isNullConstant)) {
            return new Const(expr.type(), null);
        }
        Expr result = expr.withChildren(children);
        boolean pure = result instanceof Convert
                || (result instanceof Apply apply && apply.routine().immutable());
        return constant && pure ? new Const(expr.type(), result.eval(NO_ROW, evaluation)) : result;
    }

    private static Expr foldLogic(Logic logic, Evaluation evaluation) {
        List<Expr> children = new ArrayList<>();
        for (Expr child : logic.children()) {
            Expr folded = fold(child, evaluation);
            if (folded instanceof Const constant && constant.value() != null) {
                if ((Boolean) constant.value() != logic.and()) {
                    return folded;
                }
            } else {
                children.add(folded);
            }
        }
        if (children.isEmpty()) {
            return new Const(SqlType.BOOLEAN, logic.and());
        }
        return children.stream().allMatch(Nodes::isNullConstant)
                ? new Const(SqlType.BOOLEAN, null)
                : new Logic(logic.and(), children);
    }

    private static boolean isNullConstant(Expr expr) {
        return expr instanceof Const constant && constant.value() == null;
    }

    private static boolean pureOrApply(Expr expr) {
        return expr instanceof Apply || expr instanceof Convert;
    }

    private static Expr foldCases(Cases cases, Evaluation evaluation) {
        List<Expr> when = new ArrayList<>();
        List<Expr> then = new ArrayList<>();
        for (int i = 0; i < cases.when().size(); i++) {
            Expr condition = fold(cases.when().get(i), evaluation);
            if (!(condition instanceof Const constant)) {
                when.add(condition);
                then.add(fold(cases.then().get(i), evaluation));
            } else if (Boolean.TRUE.equals(constant.value())) {
                Expr value = fold(cases.then().get(i), evaluation);
                return when.isEmpty() ? value : new Cases(cases.type(), when, then, value);
            }
        }
        Expr otherwise = fold(cases.otherwise(), evaluation);
        return when.isEmpty() ? otherwise : new Cases(cases.type(), when, then, otherwise);
    }
}
