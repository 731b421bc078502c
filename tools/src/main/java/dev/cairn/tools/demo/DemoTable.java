package dev.cairn.tools.demo;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The table that the child fills. */
final class DemoTable {

    static final String NAME = "booking";

    private static final Schema SCHEMA = Schema.builder()
            .column("batch", ColumnType.BIGINT)
            .notNull()
            .column("branch", ColumnType.INTEGER)
            .notNull()
            .column("line", ColumnType.INTEGER)
            .notNull()
            .column("amount", ColumnType.BIGINT)
            .notNull()
            .build();

    private DemoTable() {}

    static void create(Database database) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable(NAME, SCHEMA);
            transaction.commit();
        }
    }

    static Row row(long batch, RowKey key, long amount) {
        return Row.of(batch, key.branch(), key.line(), amount);
    }

    /**
     * Everything that is there, by batch.
     *
     * @throws IllegalStateException if a row is there twice
     */
    static TreeMap<Long, Map<RowKey, Long>> read(Database database) {
        TreeMap<Long, Map<RowKey, Long>> batches = new TreeMap<>();
        try (Transaction transaction = database.begin();
                Scan scan = transaction.table(NAME).scan()) {
            while (scan.hasNext()) {
                Row row = scan.next();
                RowKey key = new RowKey(row.getInt("branch"), row.getInt("line"));
                Long before = batches.computeIfAbsent(row.getLong("batch"), batch -> new HashMap<>())
                        .put(key, row.getLong("amount"));
                if (before != null) {
                    throw new IllegalStateException(
                            "batch " + row.getLong("batch") + " has two visible versions of " + key);
                }
            }
        }
        return batches;
    }
}
