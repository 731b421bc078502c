package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.TableAlteration;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.syntax.Ast.Constraint;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE: what drops something first, as in PostgreSQL, then the rest in order. Used once. */
final class AlterCommand {

    private final Planner planner;
    private final Evaluation evaluation;
    private final List<Outcome.Notice> notices = new ArrayList<>();

    AlterCommand(Planner planner, Evaluation evaluation) {
        this.planner = planner;
        this.evaluation = evaluation;
    }

    Outcome run(Ast.AlterTable alter) {
        planner.transaction().requireWritable("ALTER TABLE");
        Planner.requireSchema(alter.table());
        String name = alter.table().name();
        if (planner.transaction().hasIndex(name)) {
            throw new TransactionException(
                    SqlState.WRONG_OBJECT_TYPE,
                    "ALTER action " + action(alter.alterations().get(0)) + " cannot be performed on relation \"" + name
                            + "\"",
                    "This operation is not supported for indexes.",
                    null);
        }
        if (alter.ifExists() && !planner.transaction().hasTable(name)) {
            notices.add(new Outcome.Notice("00000", "relation \"" + name + "\" does not exist, skipping"));
            return outcome();
        }
        planner.table(alter.table());
        alter.alterations().stream().filter(AlterCommand::drops).forEach(one -> change(alter.table(), one));
        alter.alterations().stream().filter(one -> !drops(one)).forEach(one -> change(alter.table(), one));
        return outcome();
    }

    private Outcome outcome() {
        return new Outcome("ALTER TABLE", null, List.of(), notices);
    }

    private static String action(Ast.Alteration alteration) {
        if (alteration instanceof Ast.SetNotNull set) {
            return "ALTER COLUMN ... " + (set.notNull() ? "SET" : "DROP") + " NOT NULL";
        }
        if (alteration instanceof Ast.SetDefault set) {
            return "ALTER COLUMN ... " + (set.value() != null ? "SET" : "DROP") + " DEFAULT";
        }
        return alteration instanceof Ast.AddConstraint ? "ADD CONSTRAINT" : "DROP CONSTRAINT";
    }

    private static boolean drops(Ast.Alteration alteration) {
        return alteration instanceof Ast.DropConstraint
                || (alteration instanceof Ast.SetNotNull set && !set.notNull())
                || (alteration instanceof Ast.SetDefault byDefault && byDefault.value() == null);
    }

    private void change(Ast.Name name, Ast.Alteration alteration) {
        Table table = planner.table(name);
        TableAlteration changes = planner.transaction().alterTable(table.name());
        if (alteration instanceof Ast.AddConstraint add) {
            add(table, changes, add.constraint());
        } else if (alteration instanceof Ast.DropConstraint drop) {
            drop(table, changes, drop);
        } else if (alteration instanceof Ast.SetNotNull set) {
            notNull(table, changes, set);
        } else if (alteration instanceof Ast.SetDefault set) {
            byDefault(table, changes, set);
        }
    }

    private void add(Table table, TableAlteration changes, Constraint constraint) {
        TableDefinition definition = new TableDefinition(planner, table.name());
        if (constraint.kind() == Constraint.Kind.CHECK) {
            addCheck(table, changes, definition.check(constraint, table));
            return;
        }
        Schema.Key key = definition.key(constraint);
        if (key.primary()) {
            key.columns().forEach(column -> require(table, column));
        }
        changes.addKey(key);
    }

    private void addCheck(Table table, TableAlteration changes, Schema.Check check) {
        Schema alone = new Schema(table.schema().columns()).withChecks(List.of(check));
        TableRules rules = new TableRules(planner, table.name(), alone, TableDefinition.scope(table.name(), alone));
        changes.setRules(
                schema -> {
                    List<Schema.Check> all = new ArrayList<>(schema.checks());
                    all.add(check);
                    return schema.withChecks(all);
                },
                row -> {
                    if (!rules.keepsChecks(values(row), evaluation)) {
                        throw SqlErrors.of(
                                SqlState.CHECK_VIOLATION,
                                "check constraint \"" + check.name() + "\" of relation \"" + table.name()
                                        + "\" is violated by some row");
                    }
                });
    }

    private static @Nullable Object[] values(Row row) {
        @Nullable Object[] values = new @Nullable Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }

    private void drop(Table table, TableAlteration changes, Ast.DropConstraint drop) {
        String name = drop.name();
        if (table.schema().checks().stream().anyMatch(check -> check.name().equals(name))) {
            set(
                    changes,
                    schema -> schema.withChecks(schema.checks().stream()
                            .filter(check -> !check.name().equals(name))
                            .toList()));
        } else if (drop.ifExists()
                && table.indexes().stream()
                        .noneMatch(index -> index.constraint() && index.name().equals(name))) {
            notices.add(new Outcome.Notice(
                    "00000",
                    "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist, skipping"));
        } else {
            changes.dropKey(name);
        }
    }

    private static void notNull(Table table, TableAlteration changes, Ast.SetNotNull set) {
        Column column = require(table, set.column());
        boolean isKey = table.indexes().stream()
                .filter(Index::primary)
                .flatMap(index -> index.parts().stream())
                .anyMatch(part -> part.column().equals(column.name()));
        if (isKey && !set.notNull()) {
            throw SqlErrors.of(
                    SqlState.INVALID_TABLE_DEFINITION, "column \"" + column.name() + "\" is in a primary key");
        }
        set(changes, schema -> schema.withNotNull(column.name(), set.notNull()));
    }

    private void byDefault(Table table, TableAlteration changes, Ast.SetDefault set) {
        Column column = require(table, set.column());
        Ast.Written written = set.value();
        Expr value = written == null ? null : TableRules.defaultValue(planner, written.expr(), column);
        boolean isNull = value instanceof Nodes.Const constant && constant.value() == null;
        set(changes, schema -> {
            Map<String, String> defaults = new LinkedHashMap<>(schema.defaults());
            if (written == null || isNull) {
                defaults.remove(column.name());
            } else {
                defaults.put(column.name(), written.text());
            }
            return schema.withDefaults(defaults);
        });
    }

    private static void set(TableAlteration changes, UnaryOperator<Schema> change) {
        changes.setRules(change, row -> {});
    }

    private static Column require(Table table, String column) {
        int index = table.schema().indexOf(column);
        if (index < 0) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"" + column + "\" of relation \"" + table.name() + "\" does not exist");
        }
        return table.schema().column(index);
    }
}
