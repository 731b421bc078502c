package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.sql.type.TextOutput;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bound expressions as SQL, as PostgreSQL's EXPLAIN writes them. Immutable. */
final class ExprText {

    private final List<String> columns;

    /** @param columns what each column of the row is called */
    ExprText(List<String> columns) {
        this.columns = columns;
    }

    String of(Expr expr) {
        if (expr instanceof Nodes.Const constant) {
            return constant(constant.type(), constant.value());
        }
        if (expr instanceof Nodes.Col column) {
            return columns.get(column.index());
        }
        if (expr instanceof Nodes.Param parameter) {
            return "$" + parameter.index();
        }
        if (expr instanceof Nodes.Convert convert) {
            return converted(convert);
        }
        if (expr instanceof Nodes.Logic logic) {
            return joined(logic.children(), logic.and() ? " AND " : " OR ", "(", ")");
        }
        if (expr instanceof Nodes.Apply apply) {
            return applied(apply);
        }
        if (expr instanceof Nodes.Cases cases) {
            return cases(cases);
        }
        if (expr instanceof Nodes.Coalesce) {
            return joined(expr.children(), ", ", "COALESCE(", ")");
        }
        if (expr instanceof Nodes.AggregateCall call) {
            String arguments = call.arguments().isEmpty() ? "*" : joined(call.arguments(), ", ", "", "");
            return call.aggregate().name() + "(" + (call.distinct() ? "DISTINCT " : "") + arguments + ")";
        }
        if (expr instanceof Nodes.SeriesCall call) {
            return call.function().name() + joined(call.children(), ", ", "(", ")");
        }
        if (expr instanceof RowExpr) {
            return joined(expr.children(), ", ", "ROW(", ")");
        }
        return "(SubPlan)";
    }

    /** An expression that stands alone, in parentheses unless it has some. */
    String condition(Expr expr) {
        String text = of(expr);
        return text.startsWith("(") ? text : "(" + text + ")";
    }

    private String joined(List<Expr> exprs, String separator, String before, String after) {
        return exprs.stream().map(this::of).collect(Collectors.joining(separator, before, after));
    }

    private static String constant(SqlType type, @Nullable Object value) {
        if (value == null) {
            return "NULL::" + type;
        }
        String text = TextOutput.ofCast(type, value);
        if (type.is(Kind.BOOLEAN)) {
            return text;
        }
        boolean plain = type.is(Kind.INTEGER) || type.is(Kind.NUMERIC);
        return plain && !text.startsWith("-") ? text : "'" + text.replace("'", "''") + "'::" + type;
    }

    private String converted(Nodes.Convert convert) {
        String inner = of(convert.operand());
        boolean simple = convert.operand() instanceof Nodes.Const || inner.startsWith("(");
        return (simple ? inner : "(" + inner + ")") + "::" + convert.type();
    }

    private String applied(Nodes.Apply apply) {
        String name = apply.routine().name();
        List<Expr> arguments = apply.children();
        if (apply.routine().equals(Tests.LIKE) || apply.routine().equals(Tests.ILIKE)) {
            String operator = apply.routine().equals(Tests.LIKE) ? " ~~ " : " ~~* ";
            return "(" + of(arguments.get(0)) + operator + of(arguments.get(1)) + ")";
        }
        if (apply.routine().equals(Tests.NOT)) {
            return "(NOT " + of(arguments.get(0)) + ")";
        }
        if (name.startsWith("is ")) {
            return "(" + of(arguments.get(0)) + " " + name.toUpperCase(java.util.Locale.ROOT) + ")";
        }
        if (Character.isLetter(name.charAt(0))) {
            return name + joined(arguments, ", ", "(", ")");
        }
        return arguments.size() == 1
                ? "(" + name + " " + of(arguments.get(0)) + ")"
                : joined(arguments, " " + name + " ", "(", ")");
    }

    private String cases(Nodes.Cases cases) {
        StringBuilder out = new StringBuilder("CASE");
        for (int i = 0; i < cases.when().size(); i++) {
            out.append(" WHEN ").append(of(cases.when().get(i)));
            out.append(" THEN ").append(of(cases.then().get(i)));
        }
        return out.append(" ELSE ").append(of(cases.otherwise())).append(" END").toString();
    }
}
