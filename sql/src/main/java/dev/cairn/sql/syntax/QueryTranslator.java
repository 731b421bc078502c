package dev.cairn.sql.syntax;

import dev.cairn.sql.syntax.Ast.Expr;
import dev.cairn.sql.type.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AllValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.ExceptOp;
import net.sf.jsqlparser.statement.select.Fetch;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.FunctionAllColumns;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.IntersectOp;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperation;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.TableStatement;
import net.sf.jsqlparser.statement.select.UnionOp;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/** JSqlParser's queries into ours. */
final class QueryTranslator {

    private QueryTranslator() {}

    static Ast.Query translate(Select select) {
        List<WithItem<?>> with = select.getWithItemsList();
        boolean wrapped = select instanceof ParenthesedSelect && with == null && !hasTail(select);
        if (wrapped) {
            return translate(((ParenthesedSelect) select).getSelect());
        }
        Limit limit = select.getLimit();
        if (limit != null && limit.getOffset() != null) {
            throw SqlErrors.syntax("LIMIT #,# syntax is not supported");
        }
        if (limit != null && limit.getByExpressions() != null) {
            throw Lexer.syntaxError("by", "syntax error");
        }
        Fetch fetch = select.getFetch();
        Expr count = fetch != null ? fetchCount(fetch) : limitCount(limit);
        Expr offset = select.getOffset() == null
                ? null
                : ExpressionTranslator.translate(select.getOffset().getOffset());
        return new Ast.Query(
                commonTables(with),
                with != null && with.stream().anyMatch(WithItem::isRecursive),
                body(select),
                ExpressionTranslator.order(select.getOrderByElements()),
                count,
                offset,
                locking(select));
    }

    private static boolean hasTail(Select select) {
        return select.getOrderByElements() != null
                || select.getLimit() != null
                || select.getOffset() != null
                || select.getFetch() != null
                || select.getForMode() != null;
    }

    private static @Nullable Expr fetchCount(Fetch fetch) {
        if (fetch.getFetchParameters().stream()
                .anyMatch(word -> word.toUpperCase(java.util.Locale.ROOT).contains("TIES"))) {
            throw SqlErrors.notSupported("FETCH … WITH TIES");
        }
        return fetch.getExpression() == null
                ? new Ast.Literal(Ast.Literal.Kind.NUMBER, "1")
                : ExpressionTranslator.translate(fetch.getExpression());
    }

    private static @Nullable Expr limitCount(@Nullable Limit limit) {
        if (limit == null
                || limit.getRowCount() == null
                || limit.getRowCount() instanceof AllValue
                || limit.getRowCount() instanceof NullValue) {
            return null;
        }
        return ExpressionTranslator.translate(limit.getRowCount());
    }

    private static Ast.@Nullable Locking locking(Select select) {
        if (select.getForMode() == null) {
            return null;
        }
        List<String> tables = new ArrayList<>();
        if (select.getForUpdateTables() != null) {
            select.getForUpdateTables().forEach(table -> tables.add(Names.unquote(table.getName())));
        }
        return new Ast.Locking(select.getForMode().getValue(), tables, select.isNoWait(), select.isSkipLocked());
    }

    static List<Ast.CommonTable> commonTables(@Nullable List<WithItem<?>> items) {
        List<Ast.CommonTable> tables = new ArrayList<>();
        if (items == null) {
            return tables;
        }
        for (WithItem<?> item : items) {
            if (!(item.getParenthesedStatement() instanceof ParenthesedSelect query)) {
                throw SqlErrors.notSupported("a data-modifying statement in WITH");
            }
            if (item.getSearchClause() != null || item.getCycleClause() != null) {
                throw SqlErrors.notSupported("SEARCH or CYCLE of WITH");
            }
            List<String> columns = new ArrayList<>();
            if (item.getWithItemList() != null) {
                for (SelectItem<?> column : item.getWithItemList()) {
                    columns.add(Names.unquote(column.getExpression().toString()));
                }
            }
            tables.add(new Ast.CommonTable(Names.unquote(item.getAliasName()), columns, translate(query)));
        }
        return tables;
    }

    private static Ast.Body body(Select select) {
        if (select instanceof PlainSelect plain) {
            return plain(plain);
        }
        if (select instanceof SetOperationList list) {
            return setOperation(list);
        }
        if (select instanceof Values values) {
            return new Ast.Values(rows(values));
        }
        if (select instanceof ParenthesedSelect nested) {
            return new Ast.Nested(translate(nested.getSelect()));
        }
        if (select instanceof TableStatement table) {
            return new Ast.Select(
                    false,
                    null,
                    List.of(new Ast.Item(null, null, null)),
                    List.of(new Ast.TableSource(name(table.getTable()), null, List.of())),
                    null,
                    null,
                    null);
        }
        throw SqlErrors.notSupported("the query " + select);
    }

    private static List<List<Expr>> rows(Values values) {
        List<List<Expr>> rows = new ArrayList<>();
        ExpressionList<?> list = values.getExpressions();
        if (list instanceof ParenthesedExpressionList<?>) {
            rows.add(ExpressionTranslator.list(list));
            return rows;
        }
        for (Expression row : list) {
            if (!(row instanceof ParenthesedExpressionList<?> fields)) {
                throw Lexer.syntaxError(String.valueOf(row), "syntax error");
            }
            rows.add(ExpressionTranslator.list(fields));
        }
        return rows;
    }

    /** INTERSECT binds stronger than UNION and EXCEPT, which go from left to right. */
    private static Ast.Body setOperation(SetOperationList list) {
        List<Ast.Body> bodies = new ArrayList<>();
        for (Select select : list.getSelects()) {
            bodies.add(
                    hasTail(select) || select.getWithItemsList() != null
                            ? new Ast.Nested(translate(select))
                            : body(select));
        }
        List<SetOperation> operations = new ArrayList<>(list.getOperations());
        for (boolean intersect : new boolean[] {true, false}) {
            for (int i = 0; i < operations.size(); ) {
                if (operations.get(i) instanceof IntersectOp == intersect) {
                    SetOperation operation = operations.remove(i);
                    Ast.Body right = bodies.remove(i + 1);
                    bodies.set(i, new Ast.SetOperation(operator(operation), operation.isAll(), bodies.get(i), right));
                } else {
                    i++;
                }
            }
        }
        return bodies.get(0);
    }

    private static Ast.SetOperation.Operator operator(SetOperation operation) {
        if (operation instanceof UnionOp) {
            return Ast.SetOperation.Operator.UNION;
        }
        if (operation instanceof IntersectOp) {
            return Ast.SetOperation.Operator.INTERSECT;
        }
        if (operation instanceof ExceptOp) {
            return Ast.SetOperation.Operator.EXCEPT;
        }
        throw Lexer.syntaxError(operation.toString(), "syntax error");
    }

    private static Ast.Select plain(PlainSelect plain) {
        if (plain.getIntoTables() != null && !plain.getIntoTables().isEmpty()) {
            throw SqlErrors.notSupported("SELECT INTO");
        }
        if (plain.getWindowDefinitions() != null
                && !plain.getWindowDefinitions().isEmpty()) {
            throw SqlErrors.notSupported("WINDOW");
        }
        List<Expr> distinctOn = null;
        if (plain.getDistinct() != null && plain.getDistinct().getOnSelectItems() != null) {
            distinctOn = new ArrayList<>();
            for (SelectItem<?> item : plain.getDistinct().getOnSelectItems()) {
                distinctOn.add(ExpressionTranslator.translate(item.getExpression()));
            }
        }
        return new Ast.Select(
                plain.getDistinct() != null,
                distinctOn,
                items(plain.getSelectItems()),
                sources(plain.getFromItem(), plain.getJoins()),
                ExpressionTranslator.optional(plain.getWhere()),
                groupBy(plain.getGroupBy()),
                ExpressionTranslator.optional(plain.getHaving()));
    }

    private static @Nullable List<Expr> groupBy(@Nullable GroupByElement group) {
        if (group == null) {
            return null;
        }
        if (group.getGroupingSets() != null && !group.getGroupingSets().isEmpty()) {
            throw SqlErrors.notSupported("GROUPING SETS");
        }
        List<Expr> keys = ExpressionTranslator.list(group.getGroupByExpressionList());
        for (Expr key : keys) {
            if (key instanceof Ast.Call call
                    && (call.name().equals("rollup") || call.name().equals("cube"))) {
                throw SqlErrors.notSupported(call.name());
            }
        }
        return keys;
    }

    static List<Ast.Item> items(List<? extends SelectItem<?>> items) {
        List<Ast.Item> list = new ArrayList<>();
        for (SelectItem<?> item : items) {
            Expression expression = item.getExpression();
            if (expression instanceof AllTableColumns all) {
                list.add(new Ast.Item(null, null, Names.unquote(all.getTable().getName())));
            } else if (expression instanceof AllColumns && !(expression instanceof FunctionAllColumns)) {
                list.add(new Ast.Item(null, null, null));
            } else if (!expression.toString().equals(Names.quote(Preparation.NO_ITEMS))) {
                list.add(new Ast.Item(ExpressionTranslator.translate(expression), alias(item.getAlias()), null));
            }
        }
        return list;
    }

    private static @Nullable String alias(@Nullable Alias alias) {
        if (alias == null) {
            return null;
        }
        if (alias.getName().startsWith("'")) {
            throw Lexer.syntaxError(alias.getName(), "syntax error");
        }
        return Names.identifier(alias.getName());
    }

    private static List<String> columnAliases(@Nullable Alias alias) {
        List<String> names = new ArrayList<>();
        if (alias != null && alias.getAliasColumns() != null) {
            alias.getAliasColumns().forEach(column -> {
                if (column.colDataType != null) {
                    throw SqlErrors.notSupported("a column definition list");
                }
                names.add(Names.unquote(column.name));
            });
        }
        return names;
    }

    static List<Ast.Source> sources(@Nullable FromItem first, @Nullable List<Join> joins) {
        List<Ast.Source> sources = new ArrayList<>();
        if (first == null) {
            return sources;
        }
        sources.add(source(first));
        if (joins != null) {
            for (Join join : joins) {
                Ast.Source right = source(join.getFromItem());
                if (join.isSimple()) {
                    sources.add(right);
                } else {
                    Ast.Source left = sources.remove(sources.size() - 1);
                    sources.add(join(left, right, join));
                }
            }
        }
        return sources;
    }

    private static Ast.Source join(Ast.Source left, Ast.Source right, Join join) {
        if (join.getOnExpressions() != null && join.getOnExpressions().size() > 1) {
            throw SqlErrors.notSupported("a join nested without parentheses");
        }
        List<String> using = new ArrayList<>();
        if (join.getUsingColumns() != null) {
            for (Column column : join.getUsingColumns()) {
                using.add(Names.identifier(column.getColumnName()));
            }
        }
        Expr on = join.getOnExpressions() == null || join.getOnExpressions().isEmpty()
                ? null
                : ExpressionTranslator.translate(
                        join.getOnExpressions().iterator().next());
        Ast.JoinSource.Kind kind = Ast.JoinSource.Kind.INNER;
        if (join.isLeft()) {
            kind = Ast.JoinSource.Kind.LEFT;
        } else if (join.isRight()) {
            kind = Ast.JoinSource.Kind.RIGHT;
        } else if (join.isFull()) {
            kind = Ast.JoinSource.Kind.FULL;
        } else if (join.isCross()) {
            kind = Ast.JoinSource.Kind.CROSS;
        }
        boolean conditioned = on != null || !using.isEmpty() || join.isNatural();
        if (conditioned == (kind == Ast.JoinSource.Kind.CROSS)) {
            throw Lexer.syntaxError("", "syntax error: a join has a condition, a cross join has none,");
        }
        return new Ast.JoinSource(kind, left, right, join.isNatural(), using, on, null, List.of());
    }

    private static Ast.Source source(FromItem item) {
        if (item.getPivot() != null || item.getUnPivot() != null) {
            throw Lexer.syntaxError("pivot", "syntax error");
        }
        String alias = alias(item.getAlias());
        List<String> columns = columnAliases(item.getAlias());
        if (item instanceof Table table) {
            if (table.getSampleClause() != null) {
                throw SqlErrors.notSupported("TABLESAMPLE");
            }
            return new Ast.TableSource(name(table), alias, columns);
        }
        if (item instanceof TableFunction function) {
            return functionSource(function, alias, columns);
        }
        if (item instanceof LateralSubSelect lateral) {
            return new Ast.QuerySource(translate(lateral.getSelect()), alias, columns, true);
        }
        if (item instanceof ParenthesedSelect query) {
            return new Ast.QuerySource(translate(query.getSelect()), alias, columns, false);
        }
        if (item instanceof Values values) {
            return new Ast.QuerySource(translate(values), alias, columns, false);
        }
        if (item instanceof ParenthesedFromItem nested) {
            return nested(nested, alias, columns);
        }
        throw SqlErrors.notSupported("FROM " + item);
    }

    private static Ast.Source functionSource(TableFunction function, @Nullable String alias, List<String> columns) {
        if (function.isRowsFrom()) {
            throw SqlErrors.notSupported("ROWS FROM");
        }
        if (!(ExpressionTranslator.function(function.getFunction()) instanceof Ast.Call call)) {
            throw Lexer.syntaxError(function.toString(), "syntax error");
        }
        boolean ordinality = "ORDINALITY".equalsIgnoreCase(function.getWithClause());
        return new Ast.FunctionSource(call, alias, columns, ordinality);
    }

    private static Ast.Source nested(ParenthesedFromItem nested, @Nullable String alias, List<String> columns) {
        List<Ast.Source> sources = sources(nested.getFromItem(), nested.getJoins());
        if (sources.size() != 1) {
            throw Lexer.syntaxError(",", "syntax error");
        }
        Ast.Source inner = sources.get(0);
        if (inner instanceof Ast.JoinSource join) {
            return new Ast.JoinSource(
                    join.kind(), join.left(), join.right(), join.natural(), join.using(), join.on(), alias, columns);
        }
        if (inner instanceof Ast.QuerySource query && query.alias() == null) {
            return new Ast.QuerySource(query.query(), alias, columns, query.lateral());
        }
        throw Lexer.syntaxError(")", "syntax error");
    }

    static Ast.Name name(Table table) {
        List<String> parts = table.getNameParts();
        String schema = parts.size() > 1 && parts.get(1) != null ? Names.unquote(parts.get(1)) : null;
        if (parts.size() > 2) {
            throw SqlErrors.notSupported("a reference to another database");
        }
        return new Ast.Name(schema, Names.identifier(parts.get(0)));
    }
}
