package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.Durability;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are found, made and changed by keys with numerics without allocation, once the numerics are there. */
class NumericAllocationTest {

    private static final int ROWS = 1000;
    private static final int MOST_ROUNDS = 300;

    /** Of the others each brings a page into use, splits one, or comes upon a full one. */
    private static final int LEAST_WITHOUT = ROWS * 9 / 10;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String[] WHAT = {"insert", "read", "update", "update of a key", "delete"};

    @TempDir
    Path directory;

    private final BigDecimal[] keys = new BigDecimal[ROWS];
    /** How many rows of the best round so far allocated nothing. */
    private final int[] without = new int[WHAT.length];

    private final RowView view = new RowView();
    private final Random random = new Random(1);

    @Test
    void numericsInKeysMakeNoGarbage() {
        try (Database db = Database.open(directory, DatabaseOptions.builder().build())) {
            try (Transaction tx = db.begin()) {
                tx.createTable(
                        "t",
                        Schema.builder()
                                .column("k", ColumnType.NUMERIC)
                                .column("n", ColumnType.numeric(12, 2))
                                .column("v", ColumnType.BIGINT)
                                .primaryKey("k")
                                .build());
                tx.createIndex("t", Index.of("by_n", false, "n"));
                tx.commit();
            }
            for (int i = 0; i < MOST_ROUNDS && Arrays.stream(without).min().getAsInt() < LEAST_WITHOUT; i++) {
                round(db);
            }
        }
        for (int i = 0; i < WHAT.length; i++) {
            assertTrue(without[i] >= LEAST_WITHOUT, WHAT[i] + " allocates nothing for " + without[i] + " of " + ROWS);
        }
    }

    private void round(Database db) {
        for (int i = 0; i < ROWS; i++) {
            // Up to 18 digits, every number another one.
            keys[i] = BigDecimal.valueOf((random.nextLong() % 1_000_000_000_000_000L) * ROWS + i, i % 9);
        }
        BigDecimal[] numbers = {new BigDecimal("-1234567.89"), new BigDecimal("0.50")};
        statements(
                db,
                0,
                (table, row, i) ->
                        table.insert(row.set(0, keys[i]).set(1, numbers[0]).setLong(2, i)));
        statements(db, 1, (table, row, i) -> assertTrue(table.read(keys[i], view)));
        statements(db, 2, (table, row, i) -> {
            assertEquals(i, view.getLong(2));
            assertTrue(table.update(view, row.set(0, keys[i]).set(1, numbers[0]).setLong(2, ROWS + i)));
        });
        statements(
                db,
                3,
                (table, row, i) -> assertTrue(table.update(
                        view, row.set(0, keys[i]).set(1, numbers[1]).setLong(2, i))));
        statements(db, 4, (table, row, i) -> assertTrue(table.delete(view)));
    }

    private interface Statement {
        void run(Table table, RowBuilder row, int i);
    }

    private void statements(Database db, int what, Statement statement) {
        int rows = 0;
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withDurability(Durability.LAZY))) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow();
            for (int i = 0; i < ROWS; i++) {
                if (what > 1) {
                    assertTrue(table.read(keys[i], view));
                }
                long before = THREADS.getCurrentThreadAllocatedBytes();
                statement.run(table, row, i);
                rows += THREADS.getCurrentThreadAllocatedBytes() == before ? 1 : 0;
            }
            tx.commit();
        }
        without[what] = Math.max(without[what], rows);
    }
}
