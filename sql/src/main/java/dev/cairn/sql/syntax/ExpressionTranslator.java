package dev.cairn.sql.syntax;

import dev.cairn.sql.syntax.Ast.Expr;
import dev.cairn.sql.type.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.AnyComparisonExpression;
import net.sf.jsqlparser.expression.AnyType;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.RowConstructor;
import net.sf.jsqlparser.expression.RowGetExpression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TrimFunction;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseAnd;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseLeftShift;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseOr;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseRightShift;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseXor;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.create.table.ColDataType;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FunctionAllColumns;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/**
 * JSqlParser's expressions into ours. JSqlParser groups chains of operators in an order of its own: they are taken apart and
 * grouped again as PostgreSQL does.
 */
final class ExpressionTranslator {

    private static final Set<String> KEY_WORD_FUNCTIONS = Set.of(
            "current_date",
            "current_timestamp",
            "localtimestamp",
            "current_time",
            "localtime",
            "current_user",
            "session_user",
            "user",
            "current_role",
            "current_catalog",
            "current_schema");

    /** Those that bind stronger than comparisons. */
    private static final Map<Class<? extends BinaryExpression>, String> OPERATORS = Map.ofEntries(
            Map.entry(Addition.class, "+"),
            Map.entry(Subtraction.class, "-"),
            Map.entry(Multiplication.class, "*"),
            Map.entry(Division.class, "/"),
            Map.entry(Modulo.class, "%"),
            Map.entry(BitwiseXor.class, "^"),
            Map.entry(Concat.class, "||"),
            Map.entry(BitwiseAnd.class, "&"),
            Map.entry(BitwiseOr.class, "|"),
            Map.entry(BitwiseLeftShift.class, "<<"),
            Map.entry(BitwiseRightShift.class, ">>"));

    private ExpressionTranslator() {}

    static @Nullable Expr optional(@Nullable Expression expression) {
        return expression == null ? null : translate(expression);
    }

    static List<Expr> list(@Nullable List<? extends Expression> expressions) {
        List<Expr> list = new ArrayList<>();
        if (expressions != null) {
            expressions.forEach(expression -> list.add(translate(expression)));
        }
        return list;
    }

    static Expr translate(Expression e) {
        if (operator(e) != null) {
            return chain(e);
        }
        Expr simple = constant(e);
        if (simple == null) {
            simple = predicate(e);
        }
        if (simple == null) {
            simple = compound(e);
        }
        if (simple == null) {
            throw SqlErrors.notSupported("the expression " + e);
        }
        return simple;
    }

    private static @Nullable Expr constant(Expression e) {
        if (e instanceof NullValue) {
            return new Ast.Literal(Ast.Literal.Kind.NULL, "");
        }
        if (e instanceof BooleanValue value) {
            return new Ast.Literal(Ast.Literal.Kind.BOOLEAN, String.valueOf(value.getValue()));
        }
        if (e instanceof LongValue || e instanceof DoubleValue) {
            return new Ast.Literal(Ast.Literal.Kind.NUMBER, e.toString());
        }
        if (e instanceof StringValue value) {
            return new Ast.Literal(Ast.Literal.Kind.STRING, value.getNotExcapedValue());
        }
        if (e instanceof Column column) {
            return column(column);
        }
        if (e instanceof TimeKeyExpression key) {
            return Ast.Call.of(key.getStringValue().replace("()", "").toLowerCase(Locale.ROOT), List.of());
        }
        if (e instanceof DateTimeLiteralExpression literal) {
            String text = literal.getValue();
            String value = text.substring(1, text.length() - 1).replace("''", "'");
            String type = literal.getType().name().toLowerCase(Locale.ROOT);
            return new Ast.Cast(
                    new Ast.Literal(Ast.Literal.Kind.STRING, value), new Ast.TypeName(type, List.of(), false));
        }
        return null;
    }

    private static Expr column(Column column) {
        if (column.getArrayConstructor() != null) {
            throw SqlErrors.notSupported("an array");
        }
        String written = column.getColumnName();
        List<String> parts = new ArrayList<>();
        if (column.getTable() != null) {
            List<String> qualifiers = column.getTable().getNameParts();
            for (int i = qualifiers.size() - 1; i >= 0; i--) {
                if (qualifiers.get(i) != null) {
                    parts.add(Names.unquote(qualifiers.get(i)));
                }
            }
        }
        String name = Names.unquote(written);
        if (parts.isEmpty() && !written.startsWith("\"")) {
            if (name.equals("default")) {
                return new Ast.Default();
            }
            if (KEY_WORD_FUNCTIONS.contains(name)) {
                return Ast.Call.of(name, List.of());
            }
            if (Keywords.isReserved(name)) {
                throw Lexer.syntaxError(name, "syntax error");
            }
        }
        parts.add(name);
        return new Ast.ColumnRef(parts);
    }

    private static @Nullable Expr predicate(Expression e) {
        if (e instanceof AndExpression and) {
            return new Ast.Binary("and", translate(and.getLeftExpression()), translate(and.getRightExpression()));
        }
        if (e instanceof OrExpression or) {
            return new Ast.Binary("or", translate(or.getLeftExpression()), translate(or.getRightExpression()));
        }
        if (e instanceof NotExpression not) {
            return new Ast.Not(translate(not.getExpression()));
        }
        if (e instanceof ComparisonOperator comparison) {
            return comparison(comparison);
        }
        if (e instanceof IsNullExpression is) {
            return new Ast.IsNull(translate(is.getLeftExpression()), is.isNot() || is.isUseNotNull());
        }
        if (e instanceof IsBooleanExpression is) {
            return new Ast.IsTruth(translate(is.getLeftExpression()), is.isTrue(), is.isNot());
        }
        if (e instanceof IsUnknownExpression is) {
            return new Ast.IsTruth(translate(is.getLeftExpression()), null, is.isNot());
        }
        if (e instanceof IsDistinctExpression is) {
            return new Ast.IsDistinct(
                    translate(is.getLeftExpression()), translate(is.getRightExpression()), is.isNot());
        }
        if (e instanceof LikeExpression like) {
            return like(like);
        }
        if (e instanceof InExpression in) {
            return in(in);
        }
        if (e instanceof Between between) {
            return new Ast.Between(
                    translate(between.getLeftExpression()),
                    translate(between.getBetweenExpressionStart()),
                    translate(between.getBetweenExpressionEnd()),
                    between.isNot(),
                    between.isUsingSymmetric());
        }
        if (e instanceof ExistsExpression exists && exists.getRightExpression() instanceof Select select) {
            Expr test = new Ast.Exists(QueryTranslator.translate(select));
            return exists.isNot() ? new Ast.Not(test) : test;
        }
        return null;
    }

    private static Expr comparison(ComparisonOperator comparison) {
        String operator = comparison.getStringExpression().replace(" ", "");
        Expr left = translate(comparison.getLeftExpression());
        Expression right = comparison.getRightExpression();
        if (right instanceof AnyComparisonExpression any) {
            boolean all = any.getAnyType() == AnyType.ALL;
            return new Ast.Quantified(left, operator, all, QueryTranslator.translate(any.getSelect()));
        }
        if (right instanceof Function function && Set.of("any", "some", "all").contains(functionName(function))) {
            throw SqlErrors.notSupported("an array");
        }
        return new Ast.Binary(operator, left, translate(right));
    }

    private static Expr like(LikeExpression like) {
        LikeExpression.KeyWord word = like.getLikeKeyWord();
        if (word != LikeExpression.KeyWord.LIKE && word != LikeExpression.KeyWord.ILIKE) {
            throw SqlErrors.notSupported(word.name().replace('_', ' '));
        }
        return new Ast.Like(
                translate(like.getLeftExpression()),
                translate(like.getRightExpression()),
                optional(like.getEscape()),
                like.isNot(),
                word == LikeExpression.KeyWord.ILIKE);
    }

    private static Expr in(InExpression in) {
        Expr operand = translate(in.getLeftExpression());
        Expression right = in.getRightExpression();
        if (right instanceof Select select) {
            return new Ast.InQuery(operand, QueryTranslator.translate(select), in.isNot());
        }
        if (right instanceof ExpressionList<?> list && !list.isEmpty()) {
            return new Ast.InList(operand, list(list), in.isNot());
        }
        throw Lexer.syntaxError(String.valueOf(right), "syntax error");
    }

    private static @Nullable Expr compound(Expression e) {
        if (e instanceof SignedExpression signed) {
            return new Ast.Unary(String.valueOf(signed.getSign()), translate(signed.getExpression()));
        }
        if (e instanceof RowConstructor<?> row) {
            return new Ast.Row(list(row));
        }
        if (e instanceof ParenthesedExpressionList<?> list) {
            return list.size() == 1 ? translate(list.get(0)) : new Ast.Row(list(list));
        }
        if (e instanceof CastExpression cast) {
            if (!List.of("", "CAST").contains(cast.keyword == null ? "" : cast.keyword.toUpperCase(Locale.ROOT))) {
                throw Lexer.syntaxError(cast.keyword, "syntax error");
            }
            return new Ast.Cast(translate(cast.getLeftExpression()), type(cast.getColDataType()));
        }
        if (e instanceof CaseExpression kase) {
            return caseOf(kase);
        }
        if (e instanceof Select select) {
            return new Ast.Scalar(QueryTranslator.translate(select));
        }
        if (e instanceof AllTableColumns all) {
            return new Ast.WholeRow(Names.unquote(all.getTable().getName()));
        }
        if (e instanceof FunctionAllColumns all) {
            return new Ast.Field(translate(all.getFunction()), "*");
        }
        if (e instanceof RowGetExpression get) {
            return new Ast.Field(translate(get.getExpression()), Names.unquote(get.getColumnName()));
        }
        return call(e);
    }

    private static Expr caseOf(CaseExpression kase) {
        List<Expr> when = new ArrayList<>();
        List<Expr> then = new ArrayList<>();
        for (WhenClause clause : kase.getWhenClauses()) {
            when.add(translate(clause.getWhenExpression()));
            then.add(translate(clause.getThenExpression()));
        }
        return new Ast.Case(optional(kase.getSwitchExpression()), when, then, optional(kase.getElseExpression()));
    }

    private static @Nullable Expr call(Expression e) {
        if (e instanceof Function function) {
            return function(function);
        }
        if (e instanceof AnalyticExpression analytic) {
            return filtered(analytic);
        }
        if (e instanceof ExtractExpression extract) {
            String field = extract.getName();
            String name = field.startsWith("'") ? field.substring(1, field.length() - 1) : Names.unquote(field);
            return Ast.Call.of(
                    "extract",
                    List.of(
                            new Ast.Literal(Ast.Literal.Kind.STRING, name.toLowerCase(Locale.ROOT)),
                            translate(extract.getExpression())));
        }
        if (e instanceof TrimFunction trim) {
            return trim(trim);
        }
        if (e instanceof IntervalExpression interval && interval.getParameter() != null) {
            String text = interval.getParameter();
            return new Ast.Cast(
                    new Ast.Literal(Ast.Literal.Kind.STRING, text.substring(1, text.length() - 1)),
                    new Ast.TypeName("interval", List.of(), false));
        }
        return null;
    }

    private static Expr trim(TrimFunction trim) {
        String name = trim.getTrimSpecification() == null
                ? "btrim"
                : switch (trim.getTrimSpecification()) {
                    case BOTH -> "btrim";
                    case LEADING -> "ltrim";
                    case TRAILING -> "rtrim";
                };
        Expression first = trim.getExpression();
        Expression second = trim.getFromExpression();
        List<Expr> arguments = new ArrayList<>();
        if (trim.isUsingFromKeyword() && second != null) {
            arguments.add(translate(second));
            if (first != null) {
                arguments.add(translate(first));
            }
        } else {
            arguments.addAll(first == null ? List.of() : List.of(translate(first)));
            arguments.addAll(second == null ? List.of() : List.of(translate(second)));
        }
        return Ast.Call.of(name, arguments);
    }

    static String functionName(Function function) {
        List<String> parts = function.getMultipartName();
        return Names.unquote(parts.get(parts.size() - 1));
    }

    static Ast.Expr function(Function function) {
        String name = functionName(function);
        List<String> parts = function.getMultipartName();
        String schema = parts.size() > 1 ? Names.unquote(parts.get(parts.size() - 2)) : null;
        if (function.getKeep() != null || function.getAttribute() != null || function.isEscaped()) {
            throw Lexer.syntaxError(name, "syntax error");
        }
        boolean keyWordForm = function.getNamedParameters() != null;
        List<? extends Expression> parameters = keyWordForm ? function.getNamedParameters() : function.getParameters();
        boolean star = parameters != null && parameters.size() == 1 && isStar(parameters.get(0));
        List<Expr> arguments = star ? List.of() : list(parameters);
        if (parts.size() == 1 && !parts.get(0).startsWith("\"")) {
            if (name.equals("row")) {
                return new Ast.Row(arguments);
            }
            if (name.equals("position") && keyWordForm) {
                return Ast.Call.of("position", List.of(arguments.get(1), arguments.get(0)));
            }
        }
        return new Ast.Call(
                schema, name, arguments, star, function.isDistinct(), order(function.getOrderByElements()), null);
    }

    private static boolean isStar(Expression parameter) {
        return parameter instanceof AllColumns && !(parameter instanceof AllTableColumns);
    }

    private static Expr filtered(AnalyticExpression analytic) {
        if (analytic.getType() != AnalyticType.FILTER_ONLY) {
            throw SqlErrors.notSupported("a window function or ordered-set aggregate");
        }
        List<Expr> arguments = new ArrayList<>();
        boolean star = analytic.isAllColumns();
        for (Expression argument :
                new @Nullable Expression[] {analytic.getExpression(), analytic.getOffset(), analytic.getDefaultValue()
                }) {
            if (argument != null && isStar(argument)) {
                star = true;
            } else if (argument != null) {
                arguments.add(translate(argument));
            }
        }
        String written = analytic.getName();
        int dot = written.indexOf("\".\"");
        String schema = dot < 0 ? null : Names.unquote(written.substring(0, dot + 1));
        return new Ast.Call(
                schema,
                Names.unquote(dot < 0 ? written : written.substring(dot + 2)),
                arguments,
                star,
                analytic.isDistinct(),
                order(analytic.getFuncOrderBy()),
                optional(analytic.getFilterExpression()));
    }

    static List<Ast.OrderItem> order(@Nullable List<OrderByElement> elements) {
        List<Ast.OrderItem> items = new ArrayList<>();
        if (elements == null) {
            return items;
        }
        for (OrderByElement element : elements) {
            Boolean nullsFirst = element.getNullOrdering() == null
                    ? null
                    : element.getNullOrdering() == OrderByElement.NullOrdering.NULLS_FIRST;
            items.add(new Ast.OrderItem(translate(element.getExpression()), !element.isAsc(), nullsFirst));
        }
        return items;
    }

    /** The type's name without quotes, numbers and schema. */
    static Ast.TypeName type(ColDataType type) {
        String written = type.getDataType();
        int parenthesis = written.indexOf('(');
        List<Integer> modifiers = new ArrayList<>();
        String name = written;
        if (parenthesis >= 0) {
            int close = written.indexOf(')', parenthesis);
            addModifiers(
                    modifiers, List.of(written.substring(parenthesis + 1, close).split(",", -1)));
            name = written.substring(0, parenthesis) + written.substring(close + 1);
        } else if (type.getArgumentsStringList() != null) {
            addModifiers(modifiers, type.getArgumentsStringList());
        }
        name = name.replaceAll("\\s+", " ").strip();
        String catalog = "\"pg_catalog\".";
        if (name.startsWith(catalog)) {
            name = name.substring(catalog.length());
        }
        boolean array = type.getArrayData() != null && !type.getArrayData().isEmpty();
        return new Ast.TypeName(Names.unquote(name), modifiers, array);
    }

    private static void addModifiers(List<Integer> modifiers, List<String> written) {
        for (String number : written) {
            String digits = number.strip();
            if (!digits.matches("-? ?[0-9]{1,9}")) {
                throw Lexer.syntaxError(digits, "syntax error");
            }
            modifiers.add(Integer.valueOf(digits.replace(" ", "")));
        }
    }

    /** An operator that binds stronger than comparisons, or null. */
    private static @Nullable String operator(Expression e) {
        return OPERATORS.get(e.getClass());
    }

    private static int strength(String operator) {
        return switch (operator) {
            case "^" -> 4;
            case "*", "/", "%" -> 3;
            case "+", "-" -> 2;
            default -> 1;
        };
    }

    /** The operators and operands in the order of the text, grouped by precedence, to the left. */
    private static Expr chain(Expression e) {
        List<Expr> operands = new ArrayList<>();
        List<String> operators = new ArrayList<>();
        flatten(e, operands, operators);
        for (int strength = 4; strength >= 1; strength--) {
            for (int i = 0; i < operators.size(); ) {
                if (strength(operators.get(i)) == strength) {
                    Expr joined = new Ast.Binary(operators.remove(i), operands.get(i), operands.remove(i + 1));
                    operands.set(i, joined);
                } else {
                    i++;
                }
            }
        }
        return operands.get(0);
    }

    private static void flatten(Expression e, List<Expr> operands, List<String> operators) {
        String operator = operator(e);
        if (operator == null) {
            operands.add(translate(e));
            return;
        }
        BinaryExpression binary = (BinaryExpression) e;
        flatten(binary.getLeftExpression(), operands, operators);
        operators.add(operator);
        flatten(binary.getRightExpression(), operands, operators);
    }
}
