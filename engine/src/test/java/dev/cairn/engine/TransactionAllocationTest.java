package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.Durability;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a small transaction allocates: its own state, what a table needs to be written or read once, and little for the commit. */
class TransactionAllocationTest {

    private static final int ROWS = 500;
    private static final int MOST_ROUNDS = 200;

    /** Of the others each splits a page, brings one into use, or begins a chunk of ids. */
    private static final int LEAST_WITHIN = ROWS * 9 / 10;

    /**
     * The commit's place in the queue for publication, 56 bytes, and the id by which the transaction leaves the table of writers,
     * 24. Here as below with some room for what the compiler does differently another time.
     */
    private static final int COMMIT_BYTES = 128;

    private static final int BEGIN_BYTES = 1_088;
    private static final int TABLE_BYTES = 384;
    /** The writer of a table with a primary key and the buffers that it uses for row after row. */
    private static final int FIRST_INSERT_BYTES = 1_152;

    private static final int FIRST_READ_BYTES = 800;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BYTEA)
            .column("n", ColumnType.BIGINT)
            .primaryKey("k")
            .build();

    @TempDir
    Path directory;

    private final byte[] key = new byte[8];
    private final RowView view = new RowView();
    private int next;

    @ParameterizedTest
    @EnumSource
    void aTransactionOfOneInsert(Durability durability) {
        measured(TransactionOptions.DEFAULT.withDurability(durability), FIRST_INSERT_BYTES, COMMIT_BYTES, true);
    }

    @Test
    void aTransactionOfOneRead() {
        measured(TransactionOptions.DEFAULT.withReadOnly(true), FIRST_READ_BYTES, 0, false);
    }

    /** Until the compiler has done its work: interpreted code allocates for variable handles. */
    private void measured(TransactionOptions options, int statementBytes, int commitBytes, boolean writes) {
        String[] parts = {"begin", "table", "statement", "commit"};
        int[] most = {BEGIN_BYTES, TABLE_BYTES, statementBytes, commitBytes};
        int[] best = new int[parts.length];
        long[] least = new long[parts.length];
        Arrays.fill(least, Long.MAX_VALUE);
        try (Database db = Database.open(directory, DatabaseOptions.builder().build())) {
            RowBuilder row = created(db);
            for (int i = 0; i < MOST_ROUNDS && Arrays.stream(best).min().getAsInt() < LEAST_WITHIN; i++) {
                int[] within = new int[parts.length];
                for (int j = 0; j < ROWS; j++) {
                    long[] bytes = transaction(db, options, row, writes);
                    for (int part = 0; part < parts.length; part++) {
                        within[part] += bytes[part] <= most[part] ? 1 : 0;
                        least[part] = Math.min(least[part], bytes[part]);
                    }
                }
                Arrays.setAll(best, part -> Math.max(best[part], within[part]));
            }
        }
        assertTrue(
                Arrays.stream(best).min().getAsInt() >= LEAST_WITHIN,
                () -> Arrays.toString(parts) + " take " + Arrays.toString(most) + " bytes for " + Arrays.toString(best)
                        + " of " + ROWS + ", at least " + Arrays.toString(least));
    }

    private RowBuilder created(Database db) {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", SCHEMA);
            RowBuilder row = table.newRow();
            table.insert(row.setBytes(0, key).setLong(1, 0));
            tx.commit();
            return row;
        }
    }

    /** The bytes that each part takes. */
    private long[] transaction(Database db, TransactionOptions options, RowBuilder row, boolean writes) {
        if (writes) {
            next++;
            for (int i = 0; i < key.length; i++) {
                // No zero bytes, so that every key has the same length.
                key[i] = (byte) (1 + (next >>> 4 * (key.length - 1 - i) & 0xF));
            }
            row.setBytes(0, key);
        }
        long start = THREADS.getCurrentThreadAllocatedBytes();
        Transaction tx = db.begin(options);
        long begun = THREADS.getCurrentThreadAllocatedBytes();
        Table table = tx.table("t");
        long found = THREADS.getCurrentThreadAllocatedBytes();
        if (writes) {
            table.insert(row);
        } else {
            assertTrue(table.read(key, view));
        }
        long done = THREADS.getCurrentThreadAllocatedBytes();
        tx.commit();
        long ended = THREADS.getCurrentThreadAllocatedBytes();
        return new long[] {begun - start, found - begun, done - found, ended - done};
    }
}
