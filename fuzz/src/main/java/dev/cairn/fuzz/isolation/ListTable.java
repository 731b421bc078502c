package dev.cairn.fuzz.isolation;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Lists as rows: a key, and the values in order of their appending, as text. One transaction's. */
final class ListTable {

    static final String NAME = "lists";
    private static final String INDEX = NAME + "_pkey";

    private final Table table;

    ListTable(Transaction transaction) {
        this.table = transaction.table(NAME);
    }

    static void create(Database database) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable(
                    NAME,
                    Schema.builder()
                            .column("k", ColumnType.BIGINT)
                            .column("v", ColumnType.TEXT)
                            .primaryKey("k")
                            .build());
            transaction.commit();
        }
    }

    private static KeyRange range(long low, long high) {
        return low == high
                ? KeyRange.prefix(INDEX, low)
                : KeyRange.all(INDEX).from(low).to(high);
    }

    private static UnaryOperator<Row> appending(long value) {
        return row -> row.with("v", row.get("v") + " " + value);
    }

    /** Appends to a list that is there. @return whether it is */
    boolean append(long key, long value) {
        return table.update(range(key, key), row -> true, appending(value), row -> {}) > 0;
    }

    /** Appends to a list, which is made if it is not there. */
    void put(long key, long value) {
        table.insertOrUpdate(Row.of(key, Long.toString(value)), List.of("k"), appending(value)::apply);
    }

    /** Writes over a list that is there, unseen. @return whether it is */
    boolean set(long key, long value) {
        return table.update(range(key, key), row -> true, row -> row.with("v", Long.toString(value)), row -> {}) > 0;
    }

    /** Writes over a list, which is made if it is not there. */
    void putOver(long key, long value) {
        table.insertOrUpdate(
                Row.of(key, Long.toString(value)), List.of("k"), row -> row.with("v", Long.toString(value)));
    }

    /** @return whether it was there */
    boolean delete(long key) {
        return table.delete(range(key, key), row -> true, row -> {}) > 0;
    }

    Map<Long, List<Long>> read(long low, long high) {
        return collect(table.scan(range(low, high), row -> true));
    }

    /** The same by looking at all rows. */
    Map<Long, List<Long>> readAll(long low, long high) {
        return collect(table.scan(row -> row.getLong("k") >= low && row.getLong("k") <= high));
    }

    /** The same, and locks them. */
    Map<Long, List<Long>> lock(long low, long high, RowLockMode mode) {
        Map<Long, List<Long>> lists = new TreeMap<>();
        table.lock(range(low, high), mode, RowLockPolicy.WAIT, row -> true).forEach(row -> add(lists, row));
        return lists;
    }

    private static Map<Long, List<Long>> collect(Scan scan) {
        Map<Long, List<Long>> lists = new TreeMap<>();
        scan.forEachRemaining(row -> add(lists, row));
        return lists;
    }

    private static void add(Map<Long, List<Long>> lists, Row row) {
        lists.put(row.getLong("k"), values(row.get("v")));
    }

    /** The list that stands in a row's column. */
    static List<Long> values(@Nullable Object text) {
        List<Long> values = new ArrayList<>();
        Arrays.stream(String.valueOf(text).split(" ")).map(Long::valueOf).forEach(values::add);
        return values;
    }
}
