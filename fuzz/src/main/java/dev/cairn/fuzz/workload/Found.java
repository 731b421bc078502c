package dev.cairn.fuzz.workload;

import dev.cairn.engine.Column;
import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.util.List;
import java.util.Objects;

/** All tables of a database and all their rows, as a new transaction sees them. Compared by value. */
public final class Found {

    static final Schema SCHEMA = new Schema(List.of(
            new Column("key", ColumnType.BIGINT, true),
            new Column("version", ColumnType.BIGINT, true),
            new Column("payload", ColumnType.TEXT, false)));

    private final Rows rows;

    private Found(Rows rows) {
        this.rows = rows;
    }

    /**
     * @throws Mismatch if a row is not one that was ever written, or an index says something else than the table
     * @throws dev.cairn.storage.base.CorruptionException if an index and its table do not fit together
     */
    public static Found in(Database database) {
        Rows rows = new Rows();
        try (Transaction transaction = database.begin()) {
            for (Table table : transaction.tables()) {
                rows.create(table.name());
                read(table, 0, 1, rows);
                if (transaction.hasIndex(KeyedTable.extra(table.name()))) {
                    rows.createIndex(table.name());
                }
                KeyedTable.compareIndexes(table, rows.rowsOf(table.name()));
                table.verifyIndexes();
            }
            transaction.commit();
        }
        return new Found(rows);
    }

    static Found of(Rows rows) {
        return new Found(rows);
    }

    Rows rows() {
        return rows;
    }

    /** Adds the rows of one session. */
    static void read(Table table, int session, int sessions, Rows into) {
        try (Scan scan = table.scan(row -> Math.floorMod(keyOf(row), sessions) == session)) {
            while (scan.hasNext()) {
                Row row = scan.next();
                long key = keyOf(row);
                RowValue value = valueOf(row);
                if (into.rowsOf(table.name()).containsKey(key)) {
                    throw new Mismatch(table.name() + " row " + key + " is there twice");
                }
                into.put(table.name(), key, value);
            }
        }
    }

    static Row rowOf(long key, RowValue value) {
        return Row.of(key, value.version(), value.payload(key));
    }

    static long keyOf(Row row) {
        return (Long) Objects.requireNonNull(row.get(0));
    }

    static String payloadOf(Row row) {
        return (String) Objects.requireNonNull(row.get(2));
    }

    static RowValue valueOf(Row row) {
        long key = keyOf(row);
        String payload = payloadOf(row);
        RowValue value = new RowValue((Long) Objects.requireNonNull(row.get(1)), payload.length());
        if (!value.payload(key).equals(payload)) {
            throw new Mismatch("row " + key + " version " + value.version() + " has another one's payload: " + payload);
        }
        return value;
    }

    public int size() {
        return rows.size();
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Found that && rows.equals(that.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }

    /** Where the two differ first, for people. */
    public String difference(Found other) {
        return Rows.difference(rows, other.rows);
    }
}
