package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** To insert, update and delete a row by way of builder and view allocates nothing; a savepoint around it its handle. */
class WriteAllocationTest {

    private static final int ROWS = 1000;
    private static final int MOST_ROUNDS = 200;

    /** Of the others each brings a page into use, splits one, or comes upon a full one. */
    private static final int LEAST_WITHOUT = ROWS * 9 / 10;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BYTEA)
            .column("n", ColumnType.BIGINT)
            .column("t", ColumnType.TEXT)
            .primaryKey("k")
            .build();

    private static final String[] WHAT = {
        "insert",
        "update",
        "update of a key",
        "delete",
        "savepoint, insert, release",
        "savepoint, insert, rollback to, release",
        "savepoint, release",
        "savepoint, rollback to, release"
    };

    /** The first of those with a savepoint. */
    private static final int SAVEPOINTS = 4;

    /** The object that {@code savepoint} returns. */
    private static final int HANDLE_BYTES = 32;

    /** Long enough for its bytes to be counted. */
    private static final String NAME = "a_savepoint_with_quite_a_long_name";

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private final byte[][] keys = new byte[ROWS][16];
    /** How many rows of the best round so far allocated nothing. */
    private final int[] without = new int[WHAT.length];

    /** An old snapshot keeps dead rows from being cleared away, which is no part of what is measured. */
    @ParameterizedTest
    @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ"})
    void rowsAreWrittenWithoutAllocation(IsolationLevel isolation) {
        try (Database db = Database.open(directory, DatabaseOptions.builder().build())) {
            try (Transaction tx = db.begin()) {
                tx.createTable("t", SCHEMA);
                tx.createIndex("t", Index.of("by_n", false, "n", "t"));
                tx.commit();
            }
            TransactionOptions kept = TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ);
            try (Transaction old = db.begin(kept)) {
                old.table("t").scan().close();
                // Until the compiler has done its work: interpreted code allocates for variable handles.
                for (int i = 0; i < MOST_ROUNDS && !isEnough(); i++) {
                    round(db, isolation);
                }
            }
        }
        for (int i = 0; i < WHAT.length; i++) {
            assertTrue(without[i] >= LEAST_WITHOUT, WHAT[i] + " allocates nothing for " + without[i] + " of " + ROWS);
        }
    }

    private boolean isEnough() {
        return Arrays.stream(without).allMatch(rows -> rows >= LEAST_WITHOUT);
    }

    private void round(Database db, IsolationLevel isolation) {
        drawKeys();
        TransactionOptions options =
                TransactionOptions.DEFAULT.withIsolation(isolation).withDurability(Durability.LAZY);
        try (Transaction tx = db.begin(options)) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow().setText(2, "some text");
            measured(0, i -> {}, i -> table.insert(row.setBytes(0, keys[i]).setLong(1, i)));
            tx.commit();
        }
        changed(db, options, 1, 0);
        changed(db, options, 2, ROWS);
        try (Transaction tx = db.begin(options)) {
            Table table = tx.table("t");
            RowView view = new RowView();
            measured(3, i -> assertTrue(table.read(keys[i], view)), i -> assertTrue(table.delete(view)));
            tx.commit();
        }
        savepoints(db, options);
    }

    private void drawKeys() {
        for (byte[] key : keys) {
            random.nextBytes(key);
        }
    }

    private void savepoints(Database db, TransactionOptions options) {
        for (int what = SAVEPOINTS; what < WHAT.length; what++) {
            boolean inserts = what < SAVEPOINTS + 2;
            boolean undone = what % 2 == 1;
            // Nobody has had them: clearing away what is dead is no part of this either.
            drawKeys();
            try (Transaction tx = db.begin(options)) {
                Table table = tx.table("t");
                RowBuilder row = table.newRow().setText(2, "some text");
                measured(what, i -> row.setBytes(0, keys[i]).setLong(1, i), i -> {
                    Savepoint savepoint = tx.savepoint(NAME);
                    if (inserts) {
                        table.insert(row);
                    }
                    if (undone) {
                        savepoint.rollbackTo();
                    }
                    savepoint.release();
                });
                tx.rollback();
            }
        }
    }

    private void changed(Database db, TransactionOptions options, int what, int more) {
        try (Transaction tx = db.begin(options)) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow().setText(2, "some text");
            RowView view = new RowView();
            measured(
                    what,
                    i -> {
                        assertTrue(table.read(keys[i], view));
                        assertEquals(i, view.getLong(1));
                    },
                    i -> assertTrue(table.update(view, row.setBytes(0, keys[i]).setLong(1, i + more))));
            tx.commit();
        }
    }

    private void measured(int what, IntConsumer preparation, IntConsumer action) {
        int rows = 0;
        for (int i = 0; i < ROWS; i++) {
            preparation.accept(i);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            action.accept(i);
            long allowed = what < SAVEPOINTS ? 0 : HANDLE_BYTES;
            rows += THREADS.getCurrentThreadAllocatedBytes() - before <= allowed ? 1 : 0;
        }
        without[what] = Math.max(without[what], rows);
    }
}
