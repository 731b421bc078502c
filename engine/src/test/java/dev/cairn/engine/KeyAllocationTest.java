package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionChain;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from a key to its row, and from one key of a range to the next, allocate nothing. */
class KeyAllocationTest {

    private static final int ROWS = 2000;
    private static final int READS = 20_000;
    private static final int MOST_ROUNDS = 300;
    private static final int HANDLE_BYTES = 32;
    private static final int SCANS = 3000;
    private static final int SHORT_ROWS = 10;
    /** The object that {@link Table#scan(KeyRange)} returns. */
    private static final int SCAN_BYTES = 56;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    @Test
    void aPointReadAndAStepOfARangeAllocateNothing() {
        try (Database db = Database.open(directory, DatabaseOptions.builder().build())) {
            Object[][] keys = new Object[ROWS][];
            Random random = new Random(1);
            try (Transaction tx = db.begin()) {
                Table table = tx.createTable(
                        "t",
                        Schema.builder()
                                .column("k", ColumnType.BYTEA)
                                .column("v", ColumnType.BYTEA)
                                .primaryKey("k")
                                .build());
                for (int i = 0; i < ROWS; i++) {
                    byte[] key = new byte[16];
                    random.nextBytes(key);
                    keys[i] = new Object[] {key};
                    table.insert(Row.of(key, new byte[100]));
                }
                tx.commit();
            }
            publicReads(db, keys, IsolationLevel.READ_COMMITTED);
            publicReads(db, keys, IsolationLevel.REPEATABLE_READ);
            try (Transaction tx = db.begin()) {
                tx.table("t");
                tx.statement(() -> {
                    TableInfo table = Objects.requireNonNull(db.catalog()
                                    .contents(tx.xact(), false)
                                    .tables()
                                    .get("t"))
                            .table();
                    TableStore store = db.catalog().store(table);
                    IndexInfo index = Objects.requireNonNull(table.primaryKey());
                    KeyLookup lookup = new KeyLookup(table, index, store);
                    measured("a point read", () -> points(lookup, keys, tx.xact(), tx.snapshot()), READS);
                    measured("a step of a range", () -> range(store, index, tx.xact(), tx.snapshot()), ROWS);
                    return Boolean.TRUE;
                });
            }
        }
    }

    /** A savepoint in which nothing is written costs its handle; what is written costs its records and the row as bytes. */
    @Test
    void aSavepointAllocatesItsHandleAlone() {
        try (Database db = Database.open(directory, DatabaseOptions.builder().build());
                Transaction tx = db.begin()) {
            measured(
                    "savepoint and release",
                    () -> {
                        for (int i = 0; i < READS; i++) {
                            tx.savepoint("s").release();
                        }
                    },
                    HANDLE_BYTES * READS + 1);
            measured(
                    "savepoint and rollback to",
                    () -> {
                        for (int i = 0; i < READS; i++) {
                            Savepoint savepoint = tx.savepoint("s");
                            savepoint.rollbackTo();
                            savepoint.release();
                        }
                    },
                    HANDLE_BYTES * READS + 1);
        }
    }

    private static void publicReads(Database db, Object[][] keys, IsolationLevel isolation) {
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withIsolation(isolation))) {
            Table table = tx.table("t");
            RowView view = new RowView();
            byte[] value = new byte[100];
            measured(
                    "a read into a view",
                    () -> {
                        for (int i = 0; i < READS; i++) {
                            assertTrue(table.read(keys[i % keys.length][0], view));
                            assertEquals(value.length, view.getBytes(1, value, 0));
                        }
                    },
                    1);
            // What remains are the scan and its range, and fences of leaves: less than a byte a row.
            measured("a row of a scan", () -> scan(table, KeyRange.all("t_pkey"), view, value), ROWS);
            measured("a row of a scan", () -> scan(table, KeyRange.all("t_pkey").reversed(), view, value), ROWS);
            shortScans(table, keys);
        }
    }

    /** Scans of ranges that begin and end anywhere, with and without an end, both ways, one after another. */
    private static void shortScans(Table table, Object[][] keys) {
        RowView view = new RowView();
        KeyRange[] ranges = new KeyRange[SCANS];
        for (int i = 0; i < SCANS; i++) {
            KeyRange from = KeyRange.all("t_pkey").from(keys[i % keys.length]);
            KeyRange to = KeyRange.all("t_pkey").to(keys[i % keys.length]).reversed();
            ranges[i] = i % 3 == 0 ? from : i % 3 == 1 ? to : from.to(keys[(i + 1) % keys.length]);
        }
        measured(
                "opening a scan, its first rows and closing it",
                () -> {
                    for (KeyRange range : ranges) {
                        try (Scan scan = table.scan(range)) {
                            for (int row = 0; row < SHORT_ROWS && scan.next(view); row++) {
                                assertEquals(16, view.length(0));
                            }
                        }
                    }
                },
                // Fences of leaves are not all of the same length.
                SCAN_BYTES * SCANS + SCANS);
    }

    private static void scan(Table table, KeyRange range, RowView view, byte[] value) {
        int rows = 0;
        try (Scan scan = table.scan(range)) {
            while (scan.next(view)) {
                assertEquals(value.length, view.getBytes(1, value, 0));
                rows++;
            }
        }
        assertEquals(ROWS, rows);
    }

    private static void points(KeyLookup lookup, Object[][] keys, Xact xact, Snapshot snapshot) {
        TupleView into = new TupleView();
        for (int i = 0; i < READS; i++) {
            assertTrue(lookup.find(xact, snapshot, keys[i % keys.length], into));
        }
    }

    /** The leaves' fences are what remains: less than a byte a row. */
    private static void range(TableStore store, IndexInfo index, Xact xact, Snapshot snapshot) {
        VersionChain versions = store.heap().versions();
        TupleView into = new TupleView();
        int rows = 0;
        try (BTreeCursor cursor = store.tree(index).ascending(KeyBytes.LEAST, null)) {
            while (cursor.next()) {
                assertTrue(versions.find(xact, snapshot, cursor.rowId(), into));
                rows++;
            }
        }
        assertEquals(ROWS, rows);
    }

    private static void measured(String what, Runnable action, int times) {
        long least = Long.MAX_VALUE;
        // Until the compiler has done its work: interpreted code allocates for variable handles.
        for (int i = 0; i < MOST_ROUNDS && least >= times; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            action.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < times, what + " allocates: " + times + " of them took " + least + " bytes");
    }
}
