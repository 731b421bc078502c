package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Operators;
import dev.cairn.sql.expr.Overloads;
import dev.cairn.sql.expr.Routine;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.sql.type.TextInput;
import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves the names and types of expressions in one clause. */
final class ExpressionBinder {

    /** Where an expression stands, as messages name it; says what may occur in it. */
    enum Clause {
        SELECT("SELECT", true, true),
        WHERE("WHERE", false, false),
        ON("JOIN conditions", false, false),
        GROUP_BY("GROUP BY", false, true),
        HAVING("HAVING", true, false),
        ORDER_BY("ORDER BY", true, true),
        VALUES("VALUES", false, false),
        LIMIT("LIMIT", false, false),
        SET("UPDATE", false, false),
        RETURNING("RETURNING", false, false),
        FROM("functions in FROM", false, true),
        CHECK("CHECK", false, false),
        DEFAULT("DEFAULT expressions", false, false),
        AGGREGATE("aggregate function calls", false, false);

        private final String text;
        private final boolean aggregates;
        private final boolean sets;

        Clause(String text, boolean aggregates, boolean sets) {
            this.text = text;
            this.aggregates = aggregates;
            this.sets = sets;
        }

        String text() {
            return text;
        }

        boolean allowsAggregates() {
            return aggregates;
        }

        boolean allowsSets() {
            return sets;
        }
    }

    private final Planner planner;
    private final Scope scope;
    private final Clause clause;
    private final Coercion coercion;
    private final CallBinder calls;

    ExpressionBinder(Planner planner, Scope scope, Clause clause) {
        this.planner = planner;
        this.scope = scope;
        this.clause = clause;
        this.coercion = planner.coercion();
        this.calls = new CallBinder(planner, this, clause);
    }

    ExpressionBinder in(Clause other) {
        return new ExpressionBinder(planner, scope, other);
    }

    Scope scope() {
        return scope;
    }

    List<Expr> bindAll(List<Ast.Expr> exprs) {
        return exprs.stream().map(this::bind).toList();
    }

    /** An expression that must be boolean. */
    Expr bindCondition(Ast.Expr expr) {
        return coercion.bool(bind(expr), clause == Clause.ON ? "JOIN/ON" : clause.text());
    }

    Expr bind(Ast.Expr expr) {
        if (expr instanceof Ast.Literal literal) {
            return literal(literal);
        }
        if (expr instanceof Ast.ColumnRef reference) {
            return column(reference);
        }
        if (expr instanceof Ast.Call call) {
            return calls.bind(call);
        }
        if (expr instanceof Ast.Unary unary) {
            return prefix(unary);
        }
        if (expr instanceof Ast.Binary binary) {
            return binary(binary);
        }
        if (expr instanceof Ast.Cast cast) {
            return coercion.explicit(bind(cast.operand()), TypeNames.resolve(cast.type()));
        }
        if (expr instanceof Ast.Case kase) {
            return caseOf(kase);
        }
        if (expr instanceof Ast.Row row) {
            return RowExpr.of(bindAll(row.fields()));
        }
        if (expr instanceof Ast.Scalar
                || expr instanceof Ast.Exists
                || expr instanceof Ast.InQuery
                || expr instanceof Ast.Quantified) {
            return subquery(expr);
        }
        if (expr instanceof Ast.WholeRow row) {
            Expr found = scope.wholeRow(row.table());
            if (found == null) {
                throw Scope.missingTable(row.table());
            }
            return found;
        }
        if (expr instanceof Ast.Default) {
            throw SqlErrors.syntax("DEFAULT is not allowed in this context");
        }
        if (expr instanceof Ast.Field) {
            throw SqlErrors.notSupported("a field of a composite value");
        }
        return test(expr);
    }

    private static Expr literal(Ast.Literal literal) {
        return switch (literal.kind()) {
            case NULL -> new Nodes.Const(SqlType.UNKNOWN, null);
            case BOOLEAN -> new Nodes.Const(SqlType.BOOLEAN, Boolean.valueOf(literal.text()));
            case STRING -> new Nodes.Const(SqlType.UNKNOWN, literal.text());
            case NUMBER -> number(literal.text());
        };
    }

    /** @param digits with a sign in front if a minus is part of the constant, as it is for PostgreSQL */
    private static Expr number(String digits) {
        if (digits.matches("-?[0-9]+")) {
            BigInteger value = new BigInteger(digits);
            if (value.bitLength() <= 31) {
                return new Nodes.Const(SqlType.INTEGER, value.intValue());
            }
            return value.bitLength() <= 63
                    ? new Nodes.Const(SqlType.BIGINT, value.longValue())
                    : new Nodes.Const(SqlType.NUMERIC, new BigDecimal(value));
        }
        return new Nodes.Const(SqlType.NUMERIC, TextInput.numericLiteral(digits));
    }

    private Expr column(Ast.ColumnRef reference) {
        if (clause == Clause.DEFAULT) {
            throw SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED, "cannot use column reference in DEFAULT expression");
        }
        if (reference.parts().size() > 3) {
            throw SqlErrors.notSupported("a reference to another database");
        }
        Expr found = scope.find(reference);
        if (found == null && reference.parts().size() == 1) {
            found = scope.wholeRow(reference.last());
        }
        return found != null ? found : scope.resolve(reference);
    }

    private Expr prefix(Ast.Unary unary) {
        if (unary.operator().equals("-")
                && unary.operand() instanceof Ast.Literal literal
                && literal.kind() == Ast.Literal.Kind.NUMBER) {
            return number("-" + literal.text());
        }
        Expr operand = bind(unary.operand());
        Routine routine = Overloads.choose(Operators.prefix(unary.operator()), List.of(operand.type()));
        if (routine == null) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + unary.operator() + " " + operand.type());
        }
        return apply(routine, List.of(operand));
    }

    private Expr binary(Ast.Binary binary) {
        String operator = binary.operator();
        if (operator.equals("and") || operator.equals("or")) {
            List<Expr> operands = new ArrayList<>();
            String word = operator.equals("and") ? "AND" : "OR";
            logic(binary, operator, word, operands);
            return new Nodes.Logic(operator.equals("and"), operands);
        }
        return compare(operator, bind(binary.left()), bind(binary.right()));
    }

    /** Flattens a chain of one connective; it may be long. */
    private void logic(Ast.Expr expr, String operator, String word, List<Expr> operands) {
        Ast.Expr at = expr;
        List<Ast.Expr> rights = new ArrayList<>();
        while (at instanceof Ast.Binary binary && binary.operator().equals(operator)) {
            rights.add(binary.right());
            at = binary.left();
        }
        operands.add(coercion.bool(bind(at), word));
        for (int i = rights.size() - 1; i >= 0; i--) {
            operands.add(coercion.bool(bind(rights.get(i)), word));
        }
    }

    /** An operator over bound operands, rows compared field by field. */
    Expr compare(String operator, Expr left, Expr right) {
        if (left instanceof RowExpr a && right instanceof RowExpr b) {
            return compareRows(operator, a.children(), b.children());
        }
        if (operator.equals("||")) {
            Expr joined = concatenation(left, right);
            if (joined != null) {
                return joined;
            }
        }
        Routine routine = Overloads.operator(Operators.binary(operator), left.type(), right.type());
        if (routine == null) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_FUNCTION,
                    "operator does not exist: " + left.type() + " " + operator + " " + right.type());
        }
        return apply(routine, List.of(left, right));
    }

    /** A string concatenated with a value of any type but bytea. */
    private @Nullable Expr concatenation(Expr left, Expr right) {
        boolean strings = left.type().kind().isString() || right.type().kind().isString();
        boolean unknown = left.type().is(Kind.UNKNOWN) || right.type().is(Kind.UNKNOWN);
        boolean bytes = left.type().is(Kind.BYTEA) || right.type().is(Kind.BYTEA);
        if ((!strings && !unknown) || bytes) {
            return null;
        }
        Routine routine = Operators.binary("||").get(0);
        return Nodes.Apply.of(routine, coercion.explicit(left, SqlType.TEXT), coercion.explicit(right, SqlType.TEXT));
    }

    private Expr compareRows(String operator, List<Expr> left, List<Expr> right) {
        if (left.size() != right.size()) {
            throw SqlErrors.syntax("unequal number of entries in row expressions");
        }
        if (left.isEmpty()) {
            throw SqlErrors.notSupported("comparison of rows of zero length");
        }
        switch (operator) {
            case "=", "<>" -> {
                List<Expr> fields = new ArrayList<>();
                for (int i = 0; i < left.size(); i++) {
                    fields.add(compare(operator, left.get(i), right.get(i)));
                }
                return fields.size() == 1 ? fields.get(0) : new Nodes.Logic(operator.equals("="), fields);
            }
            case "<", ">", "<=", ">=" -> {
                int last = left.size() - 1;
                Expr result = compare(operator, left.get(last), right.get(last));
                String strict = operator.substring(0, 1);
                for (int i = last - 1; i >= 0; i--) {
                    Expr less = compare(strict, left.get(i), right.get(i));
                    Expr equal = compare("=", left.get(i), right.get(i));
                    result = new Nodes.Logic(false, List.of(less, new Nodes.Logic(true, List.of(equal, result))));
                }
                return result;
            }
            default ->
                throw SqlErrors.of(
                        SqlState.UNDEFINED_FUNCTION, "operator does not exist: record " + operator + " record");
        }
    }

    /** The routine applied to arguments made to fit. */
    Expr apply(Routine routine, List<Expr> arguments) {
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            SqlType want =
                    routine.parameters().get(Math.min(i, routine.parameters().size() - 1));
            fitted.add(coercion.implicit(arguments.get(i), want));
        }
        return new Nodes.Apply(routine, routine.result(), fitted);
    }

    private Expr caseOf(Ast.Case kase) {
        Expr operand = kase.operand() == null ? null : coercion.known(bind(kase.operand()));
        List<Expr> when = new ArrayList<>();
        List<Expr> then = new ArrayList<>();
        for (Ast.Expr condition : kase.when()) {
            Expr bound = bind(condition);
            when.add(operand == null ? coercion.bool(bound, "CASE/WHEN") : compare("=", operand, bound));
        }
        kase.then().forEach(value -> then.add(bind(value)));
        Expr otherwise = kase.otherwise() == null ? new Nodes.Const(SqlType.UNKNOWN, null) : bind(kase.otherwise());
        List<SqlType> types = new ArrayList<>();
        types.add(otherwise.type());
        then.forEach(value -> types.add(value.type()));
        SqlType type = Coercion.common(types, "CASE");
        return new Nodes.Cases(
                type,
                when,
                then.stream().map(value -> coercion.implicit(value, type)).toList(),
                coercion.implicit(otherwise, type));
    }

    private Expr test(Ast.Expr expr) {
        if (expr instanceof Ast.Not not) {
            return not(coercion.bool(bind(not.operand()), "NOT"));
        }
        if (expr instanceof Ast.IsNull is) {
            return isNull(bind(is.operand()), is.not());
        }
        if (expr instanceof Ast.IsTruth is) {
            Boolean value = is.value();
            String word = value == null ? "UNKNOWN" : value ? "TRUE" : "FALSE";
            Expr operand = coercion.bool(bind(is.operand()), "IS " + (is.not() ? "NOT " : "") + word);
            if (value == null) {
                return Nodes.Apply.of(is.not() ? Tests.IS_NOT_NULL : Tests.IS_NULL, operand);
            }
            Expr test = Nodes.Apply.of(value ? Tests.IS_TRUE : Tests.IS_FALSE, operand);
            return is.not() ? not(test) : test;
        }
        if (expr instanceof Ast.IsDistinct is) {
            return distinct(bind(is.left()), bind(is.right()), is.not());
        }
        if (expr instanceof Ast.Like like) {
            return like(like);
        }
        if (expr instanceof Ast.InList in) {
            return inList(in);
        }
        if (expr instanceof Ast.Between between) {
            return between(between);
        }
        throw SqlErrors.notSupported("the expression " + expr);
    }

    static Expr not(Expr operand) {
        return Nodes.Apply.of(Tests.NOT, operand);
    }

    private Expr isNull(Expr operand, boolean not) {
        if (operand instanceof RowExpr row && !row.children().isEmpty()) {
            List<Expr> fields =
                    row.children().stream().map(field -> isNull(field, not)).toList();
            return new Nodes.Logic(true, fields);
        }
        return Nodes.Apply.of(not ? Tests.IS_NOT_NULL : Tests.IS_NULL, operand);
    }

    /** IS DISTINCT FROM by the equality operator, so that the same types compare. */
    private Expr distinct(Expr left, Expr right, boolean not) {
        Expr equality = compare("=", left, right);
        if (!(equality instanceof Nodes.Apply apply)) {
            throw SqlErrors.notSupported("IS DISTINCT FROM between rows");
        }
        Expr x = apply.children().get(0);
        Expr y = apply.children().get(1);
        Expr bothNull =
                new Nodes.Logic(true, List.of(Nodes.Apply.of(Tests.IS_NULL, x), Nodes.Apply.of(Tests.IS_NULL, y)));
        Expr same = new Nodes.Logic(false, List.of(bothNull, Nodes.Apply.of(Tests.IS_TRUE, equality)));
        return not ? same : not(same);
    }

    private Expr like(Ast.Like like) {
        Expr operand = bind(like.operand());
        Expr pattern = bind(like.pattern());
        for (Expr side : List.of(operand, pattern)) {
            if (!side.type().kind().isString() && !side.type().is(Kind.UNKNOWN)) {
                throw SqlErrors.of(
                        SqlState.UNDEFINED_FUNCTION,
                        "operator does not exist: " + operand.type() + " " + (like.not() ? "!" : "") + "~~"
                                + (like.anyCase() ? "* " : " ") + pattern.type());
            }
        }
        List<Expr> arguments = new ArrayList<>();
        arguments.add(coercion.implicit(operand, SqlType.TEXT));
        arguments.add(coercion.implicit(pattern, SqlType.TEXT));
        arguments.add(
                like.escape() == null
                        ? new Nodes.Const(SqlType.TEXT, "\\")
                        : coercion.implicit(bind(like.escape()), SqlType.TEXT));
        Expr test = new Nodes.Apply(like.anyCase() ? Tests.ILIKE : Tests.LIKE, SqlType.BOOLEAN, arguments);
        return like.not() ? not(test) : test;
    }

    private Expr inList(Ast.InList in) {
        Expr operand = bind(in.operand());
        List<Expr> list = bindAll(in.list());
        if (!(operand instanceof RowExpr) && list.size() > 1 && list.stream().noneMatch(RowExpr.class::isInstance)) {
            List<SqlType> types = new ArrayList<>();
            types.add(operand.type());
            list.forEach(value -> types.add(value.type()));
            SqlType common = commonOrNull(types);
            if (common != null) {
                list = list.stream()
                        .map(value -> coercion.implicit(value, common))
                        .toList();
                operand = operand.type().is(Kind.UNKNOWN) ? coercion.implicit(operand, common) : operand;
            }
        }
        List<Expr> tests = new ArrayList<>();
        for (Expr value : list) {
            tests.add(compare(in.not() ? "<>" : "=", operand, value));
        }
        return tests.size() == 1 ? tests.get(0) : new Nodes.Logic(in.not(), tests);
    }

    private static @Nullable SqlType commonOrNull(List<SqlType> types) {
        try {
            return Coercion.common(types, "IN");
        } catch (dev.cairn.storage.base.TransactionException none) {
            return null;
        }
    }

    private Expr between(Ast.Between between) {
        Expr operand = bind(between.operand());
        Expr low = bind(between.low());
        Expr high = bind(between.high());
        Expr test = within(operand, low, high, between.not());
        if (!between.symmetric()) {
            return test;
        }
        return new Nodes.Logic(between.not(), List.of(test, within(operand, high, low, between.not())));
    }

    private Expr within(Expr operand, Expr low, Expr high, boolean not) {
        return not
                ? new Nodes.Logic(false, List.of(compare("<", operand, low), compare(">", operand, high)))
                : new Nodes.Logic(true, List.of(compare(">=", operand, low), compare("<=", operand, high)));
    }

    private Expr subquery(Ast.Expr expr) {
        if (clause == Clause.CHECK || clause == Clause.DEFAULT) {
            throw SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED, "cannot use subquery in " + clause.text());
        }
        Scope.Level level = new Scope.Level(scope);
        if (expr instanceof Ast.Scalar scalar) {
            Plan plan = planner.query(scalar.query(), level, false);
            if (plan.columns().size() != 1) {
                throw SqlErrors.syntax("subquery must return only one column");
            }
            return new Subqueries.Scalar(plan, plan.columns().get(0).type(), level.captures());
        }
        if (expr instanceof Ast.Exists exists) {
            return new Subqueries.Exists(planner.query(exists.query(), level, false), level.captures());
        }
        if (expr instanceof Ast.InQuery in) {
            Plan plan = planner.query(in.query(), level, false);
            Expr test = quantified(in.operand(), "=", false, plan, level);
            return in.not() ? not(test) : test;
        }
        Ast.Quantified quantified = (Ast.Quantified) expr;
        Plan plan = planner.query(quantified.query(), level, false);
        return quantified(quantified.operand(), quantified.operator(), quantified.all(), plan, level);
    }

    private Expr quantified(Ast.Expr operand, String operator, boolean all, Plan plan, Scope.Level level) {
        Expr left = bind(operand);
        List<Expr> operands = left instanceof RowExpr row ? row.children() : List.of(left);
        if (operands.size() != plan.columns().size()) {
            throw SqlErrors.syntax(
                    operands.size() > plan.columns().size()
                            ? "subquery has too few columns"
                            : "subquery has too many columns");
        }
        List<Expr> leftColumns = new ArrayList<>();
        List<Expr> rightColumns = new ArrayList<>();
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            SqlType right = plan.columns().get(i).type();
            Expr fit = operands.get(i).type().is(Kind.UNKNOWN)
                    ? coercion.implicit(operands.get(i), right)
                    : operands.get(i);
            fitted.add(fit);
            leftColumns.add(new Nodes.Col(fit.type(), i));
            rightColumns.add(new Nodes.Col(right, operands.size() + i));
        }
        Expr comparison = operands.size() == 1
                ? compare(operator, leftColumns.get(0), rightColumns.get(0))
                : compareRows(operator, leftColumns, rightColumns);
        return new Subqueries.Quantified(plan, all, level.captures(), fitted, comparison);
    }
}
