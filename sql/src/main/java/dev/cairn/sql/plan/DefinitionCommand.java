package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE TABLE, DROP TABLE, TRUNCATE. Used once. */
final class DefinitionCommand {

    private final Planner planner;
    private final Evaluation evaluation;

    DefinitionCommand(Planner planner, Evaluation evaluation) {
        this.planner = planner;
        this.evaluation = evaluation;
    }

    Outcome create(Ast.CreateTable create) {
        Planner.requireSchema(create.name());
        String name = create.name().name();
        if (!create.unsupported().isEmpty()) {
            throw SqlErrors.notSupported(create.unsupported().get(0));
        }
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Ast.ColumnDefinition definition : create.columns()) {
            if (definition.notNull() && definition.explicitNull()) {
                throw SqlErrors.syntax("conflicting NULL/NOT NULL declarations for column \"" + definition.name()
                        + "\" of table \"" + name + "\"");
            }
            if (!names.add(definition.name())) {
                throw duplicate(definition.name());
            }
            columns.add(new Column(
                    definition.name(), columnType(TypeNames.resolve(definition.type())), definition.notNull()));
        }
        if (planner.transaction().hasTable(name)) {
            return existing(create, name);
        }
        if (create.query() != null) {
            return createAs(create, create.query());
        }
        planner.transaction().createTable(name, new Schema(columns));
        return Outcome.of("CREATE TABLE");
    }

    private static RuntimeException duplicate(String column) {
        return SqlErrors.of(SqlState.DUPLICATE_COLUMN, "column \"" + column + "\" specified more than once");
    }

    private static ColumnType columnType(SqlType type) {
        ColumnType columnType = type.columnType();
        if (columnType == null) {
            throw SqlErrors.notSupported("a column of type " + type);
        }
        return columnType;
    }

    private static Outcome existing(Ast.CreateTable create, String name) {
        if (!create.ifNotExists()) {
            throw SqlErrors.of(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
        }
        String tag = create.query() == null ? "CREATE TABLE" : "CREATE TABLE AS";
        return new Outcome(
                tag,
                null,
                List.of(),
                List.of(new Outcome.Notice(
                        SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping")));
    }

    private Outcome createAs(Ast.CreateTable create, Ast.Query query) {
        Plan plan = planner.query(query, new Scope.Level(null), false);
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Plan.Column> renamed = Planner.renamed(
                plan.columns(), create.queryColumns(), create.name().name());
        for (Plan.Column column : renamed) {
            if (!names.add(column.name())) {
                throw duplicate(column.name());
            }
            columns.add(new Column(column.name(), columnType(column.type()), false));
        }
        Table table = planner.transaction().createTable(create.name().name(), new Schema(columns));
        long count = 0;
        try (Plan.Rows rows = plan.open(evaluation)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                table.insert(Row.of(row));
                count++;
            }
        }
        return Outcome.of("SELECT " + count);
    }

    Outcome drop(Ast.DropTable drop) {
        List<Outcome.Notice> notices = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (Ast.Name name : drop.tables()) {
            Planner.requireSchema(name);
            if (planner.transaction().hasTable(name.name())) {
                if (!found.contains(name.name())) {
                    found.add(name.name());
                }
            } else if (drop.ifExists()) {
                notices.add(new Outcome.Notice("00000", "table \"" + name.name() + "\" does not exist, skipping"));
            } else {
                throw SqlErrors.of(SqlState.UNDEFINED_TABLE, "table \"" + Planner.display(name) + "\" does not exist");
            }
        }
        found.forEach(planner.transaction()::dropTable);
        return new Outcome("DROP TABLE", null, List.of(), notices);
    }

    Outcome truncate(Ast.Truncate truncate) {
        List<Table> tables = truncate.tables().stream().map(planner::table).toList();
        tables.forEach(table -> table.delete(row -> true));
        return Outcome.of("TRUNCATE TABLE");
    }
}
