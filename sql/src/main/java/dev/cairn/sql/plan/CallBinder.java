package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Aggregate;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Functions;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Overloads;
import dev.cairn.sql.expr.Routine;
import dev.cairn.sql.expr.SetFunction;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.Comparisons;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves calls of functions, aggregates and set-returning functions, and the special forms that look like calls. */
final class CallBinder {

    private final ExpressionBinder binder;
    private final Clause clause;
    private final Coercion coercion;

    CallBinder(Planner planner, ExpressionBinder binder, Clause clause) {
        this.binder = binder;
        this.clause = clause;
        this.coercion = planner.coercion();
    }

    Expr bind(Ast.Call call) {
        if (call.schema() != null && !call.schema().equals("pg_catalog")) {
            throw SqlErrors.of(SqlState.INVALID_SCHEMA_NAME, "schema \"" + call.schema() + "\" does not exist");
        }
        if (call.schema() == null) {
            Expr special = special(call);
            if (special != null) {
                return special;
            }
        }
        if (Aggregate.exists(call.name())) {
            return aggregate(call);
        }
        if (call.star() || call.distinct() || !call.orderBy().isEmpty() || call.filter() != null) {
            binder.bindAll(call.arguments());
            requireKnown(call, List.of());
            throw SqlErrors.of(SqlState.WRONG_OBJECT_TYPE, call.name() + " is not an aggregate function");
        }
        List<Expr> arguments = binder.bindAll(call.arguments());
        List<SqlType> types = arguments.stream().map(Expr::type).toList();
        Routine set = Overloads.choose(SetFunction.routines(call.name()), types);
        if (set != null) {
            return series(set, arguments);
        }
        Routine routine = Overloads.choose(Functions.named(call.name()), types);
        if (routine == null) {
            Expr cast = functionalCast(call, arguments);
            if (cast != null) {
                return cast;
            }
            requireKnown(call, types);
            throw undefined(call, types);
        }
        return fitted(routine, arguments);
    }

    /** The arguments of concat and its like may be of any type, and become text. */
    private Expr fitted(Routine routine, List<Expr> arguments) {
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            SqlType want =
                    routine.parameters().get(Math.min(i, routine.parameters().size() - 1));
            Expr argument = coercion.known(arguments.get(i));
            if (!want.is(Kind.UNKNOWN)) {
                fitted.add(coercion.implicit(arguments.get(i), want));
            } else if (argument.type().is(Kind.BOOLEAN)) {
                fitted.add(new Nodes.Cases(
                        SqlType.TEXT,
                        List.of(Nodes.Apply.of(Tests.IS_TRUE, argument), Nodes.Apply.of(Tests.IS_FALSE, argument)),
                        List.of(new Nodes.Const(SqlType.TEXT, "t"), new Nodes.Const(SqlType.TEXT, "f")),
                        new Nodes.Const(SqlType.TEXT, null)));
            } else {
                fitted.add(coercion.explicit(argument, SqlType.TEXT));
            }
        }
        return new Nodes.Apply(routine, routine.result(), fitted);
    }

    private @Nullable Expr functionalCast(Ast.Call call, List<Expr> arguments) {
        boolean castable = arguments.size() == 1
                && List.of(
                                "text",
                                "int4",
                                "int8",
                                "int2",
                                "float8",
                                "numeric",
                                "bool",
                                "date",
                                "varchar",
                                "bytea",
                                "timestamp",
                                "interval",
                                "timestamptz")
                        .contains(call.name());
        return castable
                ? coercion.explicit(
                        arguments.get(0), TypeNames.resolve(new Ast.TypeName(call.name(), List.of(), false)))
                : null;
    }

    private static void requireKnown(Ast.Call call, List<SqlType> types) {
        boolean ours = !Functions.named(call.name()).isEmpty()
                || !SetFunction.routines(call.name()).isEmpty();
        if (!ours && PostgresFunctions.contains(call.name())) {
            throw SqlErrors.notSupported("function " + call.name());
        }
        if (!ours) {
            throw undefined(call, types);
        }
    }

    private static RuntimeException undefined(Ast.Call call, List<SqlType> types) {
        String list = String.join(", ", types.stream().map(SqlType::toString).toList());
        return SqlErrors.of(SqlState.UNDEFINED_FUNCTION, "function " + call.name() + "(" + list + ") does not exist");
    }

    private @Nullable Expr special(Ast.Call call) {
        switch (call.name()) {
            case "coalesce" -> {
                List<Expr> values = common(call, "COALESCE");
                return new Nodes.Coalesce(values.get(0).type(), values);
            }
            case "greatest", "least" -> {
                return extreme(call);
            }
            case "nullif" -> {
                requireArguments(call, 2);
                Expr left = binder.bind(call.arguments().get(0));
                Expr right = binder.bind(call.arguments().get(1));
                Expr equality = binder.compare("=", left, right);
                Expr first = equality.children().get(0);
                return new Nodes.Cases(
                        first.type(), List.of(equality), List.of(new Nodes.Const(first.type(), null)), first);
            }
            case "pg_typeof" -> {
                requireArguments(call, 1);
                String name =
                        binder.bind(call.arguments().get(0)).type().unlimited().toString();
                return new Nodes.Const(SqlType.TEXT, name);
            }
            default -> {
                return null;
            }
        }
    }

    private static void requireArguments(Ast.Call call, int count) {
        if (call.arguments().size() != count) {
            throw SqlErrors.syntax(call.name() + " takes " + count + " arguments");
        }
    }

    private List<Expr> common(Ast.Call call, String construct) {
        if (call.arguments().isEmpty()) {
            throw SqlErrors.syntax("syntax error at or near \")\"");
        }
        List<Expr> values = binder.bindAll(call.arguments());
        SqlType type = Coercion.common(values.stream().map(Expr::type).toList(), construct);
        return values.stream().map(value -> coercion.implicit(value, type)).toList();
    }

    /** GREATEST and LEAST pass over nulls. */
    private Expr extreme(Ast.Call call) {
        List<Expr> values = common(call, call.name().equals("greatest") ? "GREATEST" : "LEAST");
        int sign = call.name().equals("greatest") ? 1 : -1;
        SqlType type = values.get(0).type();
        binder.compare("<", values.get(0), values.get(0));
        Routine routine = new Routine(call.name(), List.of(type), type, false, true, true, (a, e) -> {
            Object best = null;
            for (Object value : a) {
                if (value != null && (best == null || Comparisons.compare(value, best) * sign > 0)) {
                    best = value;
                }
            }
            return best;
        });
        return new Nodes.Apply(routine, type, values);
    }

    private Expr aggregate(Ast.Call call) {
        if (!clause.allowsAggregates()) {
            throw SqlErrors.of(
                    SqlState.GROUPING_ERROR,
                    clause == Clause.AGGREGATE
                            ? "aggregate function calls cannot be nested"
                            : "aggregate functions are not allowed in " + clause.text());
        }
        ExpressionBinder inner = binder.in(Clause.AGGREGATE);
        List<Expr> arguments = inner.bindAll(call.arguments());
        List<SqlType> types = arguments.stream().map(Expr::type).toList();
        boolean countOfNothing = call.name().equals("count") && !call.star() && arguments.isEmpty();
        if (countOfNothing) {
            throw SqlErrors.of(
                    SqlState.WRONG_OBJECT_TYPE, "count(*) must be used to call a parameterless aggregate function");
        }
        Routine routine = Overloads.choose(Aggregate.routines(call.name()), types);
        if (routine == null || (call.star() && !call.name().equals("count"))) {
            throw undefined(call, types);
        }
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            SqlType want = routine.parameters().get(i);
            fitted.add(
                    want.is(Kind.UNKNOWN)
                            ? coercion.known(arguments.get(i))
                            : coercion.implicit(arguments.get(i), want));
        }
        List<Nodes.SortKey> order = new ArrayList<>();
        for (Ast.OrderItem item : call.orderBy()) {
            order.add(SelectBinder.sortKey(coercion.known(inner.bind(item.expr())), item));
        }
        if (call.distinct()) {
            for (Nodes.SortKey key : order) {
                if (!fitted.contains(key.expr())) {
                    throw SqlErrors.of(
                            SqlState.INVALID_COLUMN_REFERENCE,
                            "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list");
                }
            }
        }
        Expr filter = call.filter() == null ? null : coercion.bool(inner.bind(call.filter()), "FILTER");
        return new Nodes.AggregateCall(Aggregate.of(routine), routine.result(), fitted, call.distinct(), order, filter);
    }

    private Expr series(Routine routine, List<Expr> arguments) {
        if (!clause.allowsSets()) {
            throw SqlErrors.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    clause == Clause.AGGREGATE
                            ? "aggregate function calls cannot contain set-returning function calls"
                            : "set-returning functions are not allowed in " + clause.text());
        }
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            fitted.add(coercion.implicit(arguments.get(i), routine.parameters().get(i)));
        }
        return new Nodes.SeriesCall(SetFunction.of(routine), routine.result(), fitted);
    }
}
