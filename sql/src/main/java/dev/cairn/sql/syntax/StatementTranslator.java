package dev.cairn.sql.syntax;

import dev.cairn.sql.syntax.Ast.Expr;
import dev.cairn.sql.type.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.ReturningClause;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.drop.Drop;
import net.sf.jsqlparser.statement.insert.ConflictActionType;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.insert.InsertConflictTarget;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/** JSqlParser's statements into ours. */
final class StatementTranslator {

    private StatementTranslator() {}

    static Ast.Statement translate(Statement statement) {
        if (statement instanceof Select select) {
            return QueryTranslator.translate(select);
        }
        if (statement instanceof Insert insert) {
            return insert(insert);
        }
        if (statement instanceof Update update) {
            return update(update);
        }
        if (statement instanceof Delete delete) {
            return delete(delete);
        }
        if (statement instanceof CreateTable create) {
            return createTable(create);
        }
        if (statement instanceof Drop drop) {
            return drop(drop);
        }
        if (statement instanceof Truncate truncate) {
            return new Ast.Truncate(names(truncate.getTables()));
        }
        throw Lexer.syntaxError("", "syntax error");
    }

    private static List<Ast.Name> names(List<Table> tables) {
        return tables.stream().map(QueryTranslator::name).toList();
    }

    private static @Nullable String alias(Table table) {
        Alias alias = table.getAlias();
        if (alias != null
                && alias.getAliasColumns() != null
                && !alias.getAliasColumns().isEmpty()) {
            throw Lexer.syntaxError("(", "syntax error");
        }
        return alias == null ? null : Names.identifier(alias.getName());
    }

    private static boolean recursive(@Nullable List<WithItem<?>> with) {
        return with != null && with.stream().anyMatch(WithItem::isRecursive);
    }

    private static @Nullable List<Ast.Item> returning(@Nullable ReturningClause clause) {
        if (clause == null) {
            return null;
        }
        if (clause.getDataItems() != null && !clause.getDataItems().isEmpty()) {
            throw Lexer.syntaxError("into", "syntax error");
        }
        return QueryTranslator.items(clause);
    }

    private static Ast.Insert insert(Insert insert) {
        if (insert.getSetUpdateSets() != null || insert.getDuplicateUpdateSets() != null || insert.isOverwrite()) {
            throw Lexer.syntaxError("set", "syntax error");
        }
        if (insert.isOverriding()) {
            throw SqlErrors.notSupported("OVERRIDING");
        }
        List<String> columns = new ArrayList<>();
        if (insert.getColumns() != null) {
            insert.getColumns().forEach(column -> columns.add(Names.identifier(column.getColumnName())));
        }
        Select source = insert.getSelect();
        if (source == null && !insert.isOnlyDefaultValues()) {
            throw Lexer.syntaxError("", "syntax error");
        }
        return new Ast.Insert(
                QueryTranslator.commonTables(insert.getWithItemsList()),
                recursive(insert.getWithItemsList()),
                QueryTranslator.name(insert.getTable()),
                alias(insert.getTable()),
                columns,
                source == null ? null : QueryTranslator.translate(source),
                conflict(insert),
                returning(insert.getReturningClause()));
    }

    private static Ast.@Nullable Conflict conflict(Insert insert) {
        if (insert.getConflictAction() == null) {
            return null;
        }
        List<String> columns = new ArrayList<>();
        String constraint = null;
        InsertConflictTarget target = insert.getConflictTarget();
        if (target != null) {
            if (target.getIndexExpression() != null) {
                throw SqlErrors.notSupported("ON CONFLICT for an expression");
            }
            if (target.getIndexColumnNames() != null) {
                target.getIndexColumnNames().forEach(name -> columns.add(Names.unquote(name)));
            }
            constraint = target.getConstraintName() == null ? null : Names.unquote(target.getConstraintName());
        }
        boolean nothing = insert.getConflictAction().getConflictActionType() == ConflictActionType.DO_NOTHING;
        if (!nothing && target == null) {
            throw SqlErrors.syntax("ON CONFLICT DO UPDATE requires inference specification or constraint name");
        }
        return new Ast.Conflict(
                columns,
                constraint,
                nothing ? null : assignments(insert.getConflictAction().getUpdateSets()),
                ExpressionTranslator.optional(insert.getConflictAction().getWhereExpression()));
    }

    private static List<Ast.Assignment> assignments(List<UpdateSet> sets) {
        List<Ast.Assignment> assignments = new ArrayList<>();
        for (UpdateSet set : sets) {
            List<String> columns = new ArrayList<>();
            set.getColumns().forEach(column -> columns.add(Names.identifier(column.getColumnName())));
            boolean row = set.getColumns() instanceof ParenthesedExpressionList<?>;
            List<Expr> values = ExpressionTranslator.list(set.getValues());
            boolean rowValue = row && set.getValues() instanceof ParenthesedExpressionList<?>;
            if (!row && values.size() != 1) {
                throw Lexer.syntaxError("", "syntax error");
            }
            assignments.add(new Ast.Assignment(columns, rowValue ? new Ast.Row(values) : values.get(0)));
        }
        return assignments;
    }

    private static Ast.Update update(Update update) {
        if (update.getLimit() != null
                || update.getOrderByElements() != null
                || (update.getStartJoins() != null && !update.getStartJoins().isEmpty())) {
            throw Lexer.syntaxError("", "syntax error");
        }
        return new Ast.Update(
                QueryTranslator.commonTables(update.getWithItemsList()),
                recursive(update.getWithItemsList()),
                QueryTranslator.name(update.getTable()),
                alias(update.getTable()),
                assignments(update.getUpdateSets()),
                QueryTranslator.sources(update.getFromItem(), update.getJoins()),
                ExpressionTranslator.optional(update.getWhere()),
                returning(update.getReturningClause()));
    }

    private static Ast.Delete delete(Delete delete) {
        boolean foreign = delete.getLimit() != null
                || delete.getOrderByElements() != null
                || !delete.isHasFrom()
                || delete.getTable() == null
                || (delete.getTables() != null && !delete.getTables().isEmpty());
        if (foreign) {
            throw Lexer.syntaxError("", "syntax error");
        }
        List<Ast.Source> using = new ArrayList<>();
        if (delete.getUsingFromItemList() != null) {
            for (FromItem item : delete.getUsingFromItemList()) {
                using.addAll(QueryTranslator.sources(item, null));
            }
        }
        if (delete.getJoins() != null && !delete.getJoins().isEmpty()) {
            throw SqlErrors.notSupported("a join in DELETE … USING");
        }
        return new Ast.Delete(
                QueryTranslator.commonTables(delete.getWithItemsList()),
                recursive(delete.getWithItemsList()),
                QueryTranslator.name(delete.getTable()),
                alias(delete.getTable()),
                using,
                ExpressionTranslator.optional(delete.getWhere()),
                returning(delete.getReturningClause()));
    }

    private static Ast.DropTable drop(Drop drop) {
        for (String parameter : drop.getParameters() == null ? List.<String>of() : drop.getParameters()) {
            if (!parameter.equalsIgnoreCase("cascade") && !parameter.equalsIgnoreCase("restrict")) {
                throw Lexer.syntaxError(parameter, "syntax error");
            }
        }
        return new Ast.DropTable(names(drop.getNames()), drop.isIfExists());
    }

    private static Ast.CreateTable createTable(CreateTable create) {
        List<String> unsupported = new ArrayList<>();
        if (create.isUnlogged()) {
            unsupported.add("an unlogged table");
        }
        if (create.getCreateOptionsStrings() != null) {
            create.getCreateOptionsStrings()
                    .forEach(option -> unsupported.add("CREATE " + option.toUpperCase(Locale.ROOT) + " TABLE"));
        }
        if (create.isOrReplace()) {
            throw Lexer.syntaxError("replace", "syntax error");
        }
        List<String> queryColumns = new ArrayList<>();
        if (create.getColumns() != null) {
            create.getColumns().forEach(name -> queryColumns.add(Names.unquote(name)));
        }
        Select query = create.getSelect();
        if (query == null) {
            throw Lexer.syntaxError("", "syntax error");
        }
        return new Ast.CreateTable(
                QueryTranslator.name(create.getTable()),
                create.isIfNotExists(),
                List.of(),
                List.of(),
                unsupported,
                QueryTranslator.translate(query),
                queryColumns);
    }
}
