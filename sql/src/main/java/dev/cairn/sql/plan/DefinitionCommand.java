package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.Index;
import dev.cairn.engine.IndexNames;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE and DROP of tables and indexes, TRUNCATE. Used once. */
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
        Plan query = create.query() == null ? null : planner.query(create.query(), new Scope.Level(null), false);
        String tag = query == null ? "CREATE TABLE" : "CREATE TABLE AS";
        planner.transaction().requireWritable(tag);
        Schema schema = query == null ? new TableDefinition(planner, name).schema(create) : null;
        if (planner.transaction().hasTable(name)) {
            return existing(create, name, tag);
        }
        if (query != null) {
            return createAs(create, query);
        }
        planner.transaction().createTable(name, Objects.requireNonNull(schema));
        return Outcome.of("CREATE TABLE");
    }

    private static Outcome existing(Ast.CreateTable create, String name, String tag) {
        if (!create.ifNotExists()) {
            throw SqlErrors.of(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
        }
        return skipping(tag, SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
    }

    private Outcome createAs(Ast.CreateTable create, Plan plan) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Plan.Column> renamed = Planner.renamed(
                plan.columns(), create.queryColumns(), create.name().name());
        for (Plan.Column column : renamed) {
            if (!names.add(column.name())) {
                throw TableDefinition.duplicateColumn(column.name());
            }
            columns.add(new Column(column.name(), TableDefinition.columnType(column.type()), false));
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
        planner.transaction().requireWritable("DROP TABLE");
        List<Outcome.Notice> notices = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (Ast.Name name : drop.tables()) {
            Planner.requireSchema(name);
            if (planner.transaction().hasIndex(name.name())) {
                throw SqlErrors.of(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a table");
            }
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

    Outcome createIndex(Ast.CreateIndex create) {
        planner.transaction().requireWritable("CREATE INDEX");
        Table table = planner.table(create.table());
        List<Index.Part> parts = new ArrayList<>();
        for (Ast.IndexPart part : create.parts()) {
            if (table.schema().indexOf(part.column()) < 0) {
                throw SqlErrors.of(SqlState.UNDEFINED_COLUMN, "column \"" + part.column() + "\" does not exist");
            }
            boolean nullsFirst = part.nullsFirst() == null ? part.descending() : part.nullsFirst();
            parts.add(new Index.Part(part.column(), part.descending(), nullsFirst));
        }
        Transaction transaction = planner.transaction();
        String name = create.name();
        if (name == null) {
            List<String> columns = parts.stream().map(Index.Part::column).toList();
            name = IndexNames.ofIndex(
                    table.name(), columns, taken -> transaction.hasTable(taken) || transaction.hasIndex(taken));
        } else if (create.ifNotExists() && (transaction.hasTable(name) || transaction.hasIndex(name))) {
            return skipping(
                    "CREATE INDEX", SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
        }
        transaction.createIndex(table.name(), new Index(name, create.unique(), false, parts));
        return Outcome.of("CREATE INDEX");
    }

    Outcome dropIndex(Ast.DropIndex drop) {
        planner.transaction().requireWritable("DROP INDEX");
        List<Outcome.Notice> notices = new ArrayList<>();
        Set<String> found = new LinkedHashSet<>();
        for (Ast.Name name : drop.indexes()) {
            Planner.requireSchema(name);
            if (planner.transaction().hasTable(name.name())) {
                throw SqlErrors.of(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not an index");
            }
            if (planner.transaction().hasIndex(name.name())) {
                found.add(name.name());
            } else if (drop.ifExists()) {
                notices.add(new Outcome.Notice("00000", "index \"" + name.name() + "\" does not exist, skipping"));
            } else {
                throw SqlErrors.of(SqlState.UNDEFINED_OBJECT, "index \"" + Planner.display(name) + "\" does not exist");
            }
        }
        found.forEach(planner.transaction()::dropIndex);
        return new Outcome("DROP INDEX", null, List.of(), notices);
    }

    private static Outcome skipping(String tag, String sqlState, String message) {
        return new Outcome(tag, null, List.of(), List.of(new Outcome.Notice(sqlState, message)));
    }

    Outcome truncate(Ast.Truncate truncate) {
        planner.transaction().requireWritable("TRUNCATE TABLE");
        List<Table> tables = truncate.tables().stream().map(planner::table).toList();
        tables.forEach(table -> table.delete(row -> true));
        return Outcome.of("TRUNCATE TABLE");
    }
}
