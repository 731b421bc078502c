package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Changes of a table's rules and keys: each is made once nobody else uses the table, and all is as before if the level that made it is
 * rolled back. {@link Table}s whose rules have been changed are to be asked for again. Used by its transaction's thread.
 */
public final class TableAlteration {

    private static final String COMMAND = "ALTER TABLE";

    private final Transaction transaction;
    private final DataDefinition definition;
    private final String name;

    TableAlteration(Transaction transaction, DataDefinition definition, String name) {
        this.transaction = transaction;
        this.definition = definition;
        this.name = name;
    }

    /**
     * Gives the table other rules: the same columns with other NOT NULLs, default values and checks. Indexes that were made while a
     * column was NOT NULL are made anew when it ceases to be.
     *
     * @param change makes the new schema of the present one; its keys are of no meaning
     * @param judge is given every row, and throws if one breaks a rule
     * @throws TransactionException 42P01 if there is no such table, 23502 if a column that is to be NOT NULL holds a null
     * @throws IllegalArgumentException if the names or types of the columns differ
     */
    public void setRules(UnaryOperator<Schema> change, Consumer<Row> judge) {
        transaction.statement(() -> {
            transaction.requireWritable(COMMAND);
            TableInfo table = definition.useAlone(name);
            set(table, change.apply(table.schema()), judge);
            return Boolean.TRUE;
        });
    }

    /**
     * Adds a primary key, whose columns become NOT NULL, or a unique constraint.
     *
     * @throws TransactionException 42P01 if there is no such table, 42703 no such column, 42P16 if it would be the second primary
     *     key, 42P07 or 42710 if the name is taken, 23502 if a column of a primary key holds a null, 23505 if two rows have the same
     *     key
     */
    public void addKey(Schema.Key key) {
        transaction.statement(() -> {
            transaction.requireWritable(COMMAND);
            TableInfo table = definition.useAlone(name);
            if (key.primary() && table.primaryKey() != null) {
                throw new TransactionException(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "multiple primary keys for table \"" + name + "\" are not allowed");
            }
            set(table, strict(table.schema(), key), row -> {});
            definition.addKey(definition.use(name), key);
            return Boolean.TRUE;
        });
    }

    /**
     * Drops a primary key or a unique constraint; columns stay NOT NULL.
     *
     * @throws TransactionException 42P01 if there is no such table, 42704 if it has no key of that name
     */
    public void dropKey(String key) {
        transaction.statement(() -> {
            transaction.requireWritable(COMMAND);
            definition.dropKey(definition.useAlone(name), key);
            return Boolean.TRUE;
        });
    }

    private static Schema strict(Schema schema, Schema.Key key) {
        schema.withKeys(List.of(key));
        Schema strict = schema;
        for (String column : key.columns()) {
            strict = key.primary() ? strict.withNotNull(column, true) : strict;
        }
        return strict;
    }

    private void set(TableInfo table, Schema schema, Consumer<Row> judge) {
        if (schema.equals(table.schema())) {
            return;
        }
        definition.alter(table, schema);
        List<Column> strict = schema.columns().stream()
                .filter(column -> column.notNull()
                        && !table.schema().column(schema.indexOf(column.name())).notNull())
                .toList();
        new Table(transaction, definition.use(name)).forEachNow(row -> {
            strict.forEach(column -> requireValue(column, row));
            judge.accept(row);
        });
    }

    private void requireValue(Column column, Row row) {
        if (row.get(column.name()) == null) {
            throw new TransactionException(
                    SqlState.NOT_NULL_VIOLATION,
                    "column \"" + column.name() + "\" of relation \"" + name + "\" contains null values");
        }
    }
}
