package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.Durability;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that is put where one may be costs little more than its values, and the look at the one in its way. */
class ConflictAllocationTest {

    private static final int ROWS = 1000;
    private static final int MOST_ROUNDS = 200;

    /** Of the others each brings a page into use or splits one. */
    private static final int LEAST_WITHIN = ROWS * 9 / 10;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final List<String> KEY = List.of("k");

    private static final String[] WHAT = {
        "insert of a new row", "insert of one that is there", "update of one that is there"
    };
    private static final int[] MOST_BYTES = {256, 1_024, 1_920};

    @TempDir
    Path directory;

    private final int[] within = new int[WHAT.length];
    private final long[] least = new long[WHAT.length];

    private interface Statement {
        void run(Table table, Row row);
    }

    @Test
    void aRowThatMayBeThereCostsLittle() {
        Arrays.fill(least, Long.MAX_VALUE);
        try (Database db = Database.open(directory, DatabaseOptions.builder().build())) {
            try (Transaction tx = db.begin()) {
                Schema.Builder columns =
                        Schema.builder().column("k", ColumnType.BIGINT).column("n", ColumnType.BIGINT);
                tx.createTable("t", columns.primaryKey("k").build());
                tx.commit();
            }
            // Until the compiler has done its work: interpreted code allocates for variable handles.
            for (int i = 0; i < MOST_ROUNDS && Arrays.stream(within).min().getAsInt() < LEAST_WITHIN; i++) {
                long first = (long) i * ROWS;
                measured(db, first, 0, (table, row) -> assertTrue(table.insertUnlessThere(row, KEY)));
                measured(db, first, 1, (table, row) -> assertFalse(table.insertUnlessThere(row, KEY)));
                measured(db, first, 2, (table, row) -> table.insertOrUpdate(row, KEY, present -> row));
            }
        }
        for (int i = 0; i < WHAT.length; i++) {
            assertTrue(
                    within[i] >= LEAST_WITHIN,
                    WHAT[i] + " takes " + MOST_BYTES[i] + " bytes for " + within[i] + " of " + ROWS + ", at least "
                            + least[i]);
        }
    }

    private void measured(Database db, long first, int what, Statement statement) {
        int rows = 0;
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withDurability(Durability.LAZY))) {
            Table table = tx.table("t");
            for (int i = 0; i < ROWS; i++) {
                Row row = Row.of(first + i, (long) what);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                statement.run(table, row);
                long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                rows += bytes <= MOST_BYTES[what] ? 1 : 0;
                least[what] = Math.min(least[what], bytes);
            }
            Row last = table.get(first + ROWS - 1);
            assertEquals(Row.of(first + ROWS - 1, what == 2 ? 2L : 0L), last);
            tx.commit();
        }
        within[what] = Math.max(within[what], rows);
    }
}
