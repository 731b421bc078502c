package dev.cairn.sql.plan;

import dev.cairn.engine.Column;
import dev.cairn.engine.ColumnType;
import dev.cairn.engine.IndexNames;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.plan.ExpressionBinder.Clause;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.syntax.Ast.Constraint;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What CREATE TABLE says of a table, as a schema with names for all. Used once. */
final class TableDefinition {

    private final Planner planner;
    private final String table;

    TableDefinition(Planner planner, String table) {
        this.planner = planner;
        this.table = table;
    }

    /** @throws dev.cairn.storage.base.TransactionException whatever is wrong with columns, keys, checks and default values */
    Schema schema(Ast.CreateTable create) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Ast.ColumnDefinition definition : create.columns()) {
            String name = definition.name();
            if (definition.notNull() && definition.explicitNull()) {
                throw SqlErrors.syntax("conflicting NULL/NOT NULL declarations for column \"" + name + "\" of table \""
                        + table + "\"");
            }
            if (!names.add(name)) {
                throw duplicateColumn(name);
            }
            columns.add(new Column(name, columnType(TypeNames.resolve(definition.type())), definition.notNull()));
        }
        for (int i = 0; i < columns.size(); i++) {
            Ast.Written byDefault = create.columns().get(i).byDefault();
            if (byDefault != null) {
                Expr value = TableRules.defaultValue(planner, byDefault.expr(), columns.get(i));
                boolean isNull = value instanceof Nodes.Const constant && constant.value() == null;
                if (!isNull) {
                    defaults.put(columns.get(i).name(), byDefault.text());
                }
            }
        }
        Schema schema = new Schema(columns);
        return schema.withDefaults(defaults)
                .withChecks(checks(create.constraints(), schema))
                .withKeys(keys(create.constraints()));
    }

    static RuntimeException duplicateColumn(String column) {
        return SqlErrors.of(SqlState.DUPLICATE_COLUMN, "column \"" + column + "\" specified more than once");
    }

    static ColumnType columnType(SqlType type) {
        ColumnType columnType = type.columnType();
        if (columnType == null) {
            throw SqlErrors.notSupported("a column of type " + type);
        }
        return columnType;
    }

    private List<Schema.Check> checks(List<Constraint> constraints, Schema schema) {
        Set<String> taken = new HashSet<>();
        for (Constraint constraint : constraints) {
            if (constraint.name() != null && !taken.add(constraint.name())) {
                throw SqlErrors.of(
                        SqlState.DUPLICATE_OBJECT,
                        "constraint \"" + constraint.name() + "\" for relation \"" + table + "\" already exists");
            }
        }
        for (Table other : planner.transaction().tables()) {
            other.schema().checks().forEach(check -> taken.add(check.name()));
        }
        Scope scope = scope(table, schema);
        List<Schema.Check> checks = new ArrayList<>();
        for (Constraint constraint : constraints) {
            Ast.Written check = constraint.check();
            if (check != null) {
                Expr condition = new ExpressionBinder(planner, scope, Clause.CHECK).bindCondition(check.expr());
                String name = constraint.name();
                if (name == null) {
                    String about = constraint.column() == null ? only(condition, schema) : constraint.column();
                    name = IndexNames.ofCheck(table, about, taken::contains);
                    taken.add(name);
                }
                checks.add(new Schema.Check(name, check.text()));
            }
        }
        return checks;
    }

    /** The columns of a table, at the beginning of a row. */
    static Scope scope(String table, Schema schema) {
        return Scope.of(new Scope.Level(null), table, columns(schema), 0);
    }

    /**
     * A check that a table is to get.
     *
     * @throws dev.cairn.storage.base.TransactionException 42710 if a constraint of the table has its name
     */
    Schema.Check check(Constraint constraint, Table present) {
        String name = constraint.name();
        boolean taken = present.schema().checks().stream()
                        .anyMatch(check -> check.name().equals(name))
                || present.indexes().stream()
                        .anyMatch(index -> index.constraint() && index.name().equals(name));
        if (taken) {
            throw SqlErrors.of(
                    SqlState.DUPLICATE_OBJECT,
                    "constraint \"" + name + "\" for relation \"" + table + "\" already exists");
        }
        return checks(List.of(constraint), present.schema()).get(0);
    }

    /** A key that a table is to get. */
    Schema.Key key(Constraint constraint) {
        return keys(List.of(constraint)).get(0);
    }

    private static List<Plan.Column> columns(Schema schema) {
        return schema.columns().stream()
                .map(column -> new Plan.Column(column.name(), SqlType.of(column.type())))
                .toList();
    }

    /** The name of the one column that an expression uses; empty if it uses none or several. */
    private static String only(Expr condition, Schema schema) {
        Set<Integer> used = new HashSet<>();
        collect(condition, used);
        return used.size() == 1 ? schema.column(used.iterator().next()).name() : "";
    }

    private static void collect(Expr expr, Set<Integer> used) {
        if (expr instanceof Nodes.Col column) {
            used.add(column.index());
        }
        expr.children().forEach(child -> collect(child, used));
    }

    /** The primary key first; of keys on the same columns the first, under any name that one of them has. */
    private List<Schema.Key> keys(List<Constraint> constraints) {
        List<Schema.Key> keys = new ArrayList<>();
        for (Constraint constraint : constraints) {
            if (constraint.kind() == Constraint.Kind.CHECK) {
                continue;
            }
            boolean primary = constraint.kind() == Constraint.Kind.PRIMARY_KEY;
            if (primary && !keys.isEmpty() && keys.get(0).primary()) {
                throw SqlErrors.of(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "multiple primary keys for table \"" + table + "\" are not allowed");
            }
            Set<String> seen = new HashSet<>();
            for (String column : constraint.columns()) {
                if (!seen.add(column)) {
                    throw SqlErrors.of(
                            SqlState.DUPLICATE_COLUMN,
                            "column \"" + column + "\" appears twice in " + (primary ? "primary key" : "unique")
                                    + " constraint");
                }
            }
            keys.add(primary ? 0 : keys.size(), new Schema.Key(constraint.name(), primary, constraint.columns()));
        }
        List<Schema.Key> distinct = new ArrayList<>();
        for (Schema.Key key : keys) {
            int same = -1;
            for (int i = 0; i < distinct.size(); i++) {
                same = distinct.get(i).columns().equals(key.columns()) ? i : same;
            }
            if (same < 0) {
                distinct.add(key);
            } else if (distinct.get(same).name() == null) {
                Schema.Key first = distinct.get(same);
                distinct.set(same, new Schema.Key(key.name(), first.primary(), first.columns()));
            }
        }
        return distinct;
    }
}
