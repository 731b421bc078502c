package dev.cairn.fuzz.workload;

import dev.cairn.engine.Index;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.util.List;
import java.util.TreeMap;

/**
 * The tables of workloads with keys: a primary key; if the workload makes it, an index on the payload; and, but for the shared
 * table, a unique index whose keys change with every update. So updates of the shared table are hot until it gets the other
 * index. Whatever a scan gives, each index must give, too, and in its order.
 */
final class KeyedTable {

    private static final String PAYLOAD = "payload";

    private KeyedTable() {}

    static void create(Transaction tx, String table, boolean keyed) {
        if (!keyed) {
            tx.createTable(table, Found.SCHEMA);
            return;
        }
        tx.createTable(table, Found.SCHEMA.withKeys(List.of(new Schema.Key(primary(table), true, List.of("key")))));
        if (!table.equals(StepSource.SHARED)) {
            tx.createIndex(
                    table,
                    new Index(
                            versions(table),
                            true,
                            false,
                            List.of(Index.Part.descending("version"), Index.Part.ascending("key"))));
        }
    }

    static String primary(String table) {
        return table + "_primary";
    }

    private static String versions(String table) {
        return table + "_versions";
    }

    /** The name of the index that comes and goes. */
    static String extra(String table) {
        return table + "_extra";
    }

    /** Makes that index, and makes it anew as the column that it is on may be null from then on, or may not any more. */
    static void createExtra(Transaction tx, String table) {
        tx.createIndex(table, Index.of(extra(table), false, PAYLOAD));
        tx.alterTable(table)
                .setRules(
                        schema -> schema.withNotNull(
                                PAYLOAD, !schema.column(schema.indexOf(PAYLOAD)).notNull()),
                        row -> {});
    }

    static KeyRange only(String table, long key) {
        return KeyRange.prefix(primary(table), key);
    }

    /** What all indexes say, all rows compared with those of a scan that saw the same. Does nothing without indexes. */
    static void compareIndexes(Table table, TreeMap<Long, RowValue> scanned) {
        compareIndexes(table, scanned, () -> {});
    }

    /** @param afterEach called when an index has given a row */
    static void compareIndexes(Table table, TreeMap<Long, RowValue> scanned, Runnable afterEach) {
        for (Index index : table.indexes()) {
            TreeMap<Long, RowValue> found = new TreeMap<>();
            Row before = null;
            try (Scan scan = table.scan(KeyRange.all(index.name()), row -> true)) {
                while (scan.hasNext()) {
                    Row row = scan.next();
                    Mismatch.unless(
                            found.put(Found.keyOf(row), Found.valueOf(row)) == null,
                            "index " + index.name() + " gives row " + Found.keyOf(row) + " twice");
                    Mismatch.unless(
                            before == null || inOrder(index, before, row),
                            "index " + index.name() + " gives " + row + " behind " + before);
                    before = row;
                    afterEach.run();
                }
            }
            Mismatch.unless(
                    found.equals(scanned), "index " + index.name() + " gives " + found + ", a scan gives " + scanned);
        }
    }

    private static boolean inOrder(Index index, Row before, Row row) {
        String first = index.parts().get(0).column();
        return switch (first) {
            case "key" -> Found.keyOf(before) < Found.keyOf(row);
            case "version" ->
                Found.valueOf(before).version() >= Found.valueOf(row).version();
            default -> Found.payloadOf(before).compareTo(Found.payloadOf(row)) <= 0;
        };
    }
}
