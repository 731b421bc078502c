package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.btree.BTreeCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that change no indexed column: chains of versions on one page behind one entry. */
class HotTest {

    private static final Schema COUNTERS = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("name", ColumnType.TEXT)
            .column("hits", ColumnType.INTEGER)
            .primaryKey("id")
            .build();

    private static final DatabaseOptions SMALL =
            DatabaseOptions.builder().pageSize(1024).build();
    private static final TransactionOptions REPEATABLE =
            TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ);

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory, SMALL);
        commit(tx -> tx.createTable("counters", COUNTERS));
    }

    @AfterEach
    void close() {
        commit(tx -> counters(tx).verifyIndexes());
        db.close();
    }

    private void commit(Consumer<Transaction> body) {
        try (Transaction tx = db.begin()) {
            body.accept(tx);
            tx.commit();
        }
    }

    private static Table counters(Transaction tx) {
        return tx.table("counters");
    }

    private static void hit(Transaction tx, long id) {
        assertEquals(1, set(tx, id, row -> row.with("hits", row.getInt("hits") + 1)));
    }

    private static long set(Transaction tx, long id, java.util.function.UnaryOperator<Row> change) {
        return counters(tx).update(KeyRange.prefix("counters_pkey", id), row -> true, change, row -> {});
    }

    private static int hits(Transaction tx, long id) {
        return Objects.requireNonNull(counters(tx).get(id)).getInt("hits");
    }

    private int entries(String index) {
        try (Transaction tx = db.begin()) {
            TableInfo table = Objects.requireNonNull(
                            db.catalog().contents(tx.xact(), false).tables().get("counters"))
                    .table();
            IndexInfo info = Objects.requireNonNull(table.index(index));
            int count = 0;
            try (BTreeCursor cursor = db.catalog().store(table).tree(info).ascending(KeyBytes.LEAST, null)) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    @Test
    void anUpdateOfOtherColumnsTouchesNoIndexAndStaysOnItsPage() {
        commit(tx -> counters(tx).insert(Row.of(1L, "one", 0)));
        for (int i = 0; i < 500; i++) {
            commit(tx -> hit(tx, 1));
        }
        try (Transaction tx = db.begin()) {
            Row row = Objects.requireNonNull(counters(tx).get(1L));
            assertEquals(500, row.getInt("hits"));
            assertEquals(1, RowIds.page(row.id().value()));
        }
        assertEquals(1, entries("counters_pkey"));
    }

    @Test
    void oldSnapshotsSeeTheirVersionBehindTheSameEntry() {
        commit(tx -> counters(tx).insert(Row.of(1L, "one", 0)));
        List<Transaction> readers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Transaction reader = db.begin(REPEATABLE);
            assertEquals(i, hits(reader, 1));
            readers.add(reader);
            commit(tx -> hit(tx, 1));
        }
        for (int i = 5; i >= 0; i--) {
            assertEquals(i, hits(readers.get(i), 1));
            commit(tx -> hit(tx, 1));
        }
        readers.forEach(Transaction::close);
        for (int i = 0; i < 30; i++) {
            commit(tx -> hit(tx, 1));
        }
        commit(tx -> assertEquals(42, hits(tx, 1)));
    }

    @Test
    void i12_rolledBackVersionsLeaveTheChain() {
        commit(tx -> counters(tx).insert(Row.of(1L, "one", 0)));
        try (Transaction tx = db.begin()) {
            for (int i = 0; i < 100; i++) {
                tx.savepoint("s");
                hit(tx, 1);
                hit(tx, 1);
                tx.rollbackTo("s");
                assertEquals(0, hits(tx, 1));
            }
            hit(tx, 1);
            tx.commit();
        }
        commit(tx -> assertEquals(1, hits(tx, 1)));
    }

    @Test
    void aLockedVersionKeepsItsSlot() {
        commit(tx -> counters(tx).insert(Row.of(1L, "one", 0)));
        try (Transaction locker = db.begin()) {
            assertEquals(
                    1,
                    counters(locker)
                            .lock(RowLockMode.KEY_SHARE, RowLockPolicy.WAIT, row -> true)
                            .size());
            for (int i = 0; i < 100; i++) {
                commit(tx -> hit(tx, 1));
            }
        }
        commit(tx -> assertEquals(100, hits(tx, 1)));
    }

    @Test
    void anIndexMadeLaterFindsEachSnapshotsVersionOnce() {
        commit(tx -> {
            counters(tx).insert(Row.of(1L, "one", 10));
            counters(tx).insert(Row.of(2L, "two", 20));
        });
        try (Transaction old = db.begin(REPEATABLE)) {
            assertFalse(old.hasTable("x"));
            commit(tx -> tx.createTable("x", TestTables.KV));
            old.table("x").scan().close();
            commit(tx -> set(tx, 1, row -> row.with("hits", 30)));
            commit(tx -> set(tx, 1, row -> row.with("hits", 40)));
            commit(tx -> tx.createIndex("counters", Index.of("by_hits", false, "hits")));
            assertEquals(List.of(10, 20), byHits(old));
            commit(tx -> assertEquals(List.of(20, 40), byHits(tx)));
        }
        commit(tx -> set(tx, 1, row -> row.with("name", "uno")));
        commit(tx -> set(tx, 1, row -> row.with("hits", 5)));
        commit(tx -> assertEquals(List.of(5, 20), byHits(tx)));
        db.close();
        db = Database.open(directory, SMALL);
        commit(tx -> assertEquals(List.of(5, 20), byHits(tx)));
    }

    @Test
    void aUniqueIndexMadeLaterMindsOnlyWhatIsThere() {
        commit(tx -> {
            counters(tx).insert(Row.of(1L, "one", 10));
            counters(tx).insert(Row.of(2L, "two", 20));
        });
        try (Transaction old = db.begin(REPEATABLE)) {
            assertNotNull(counters(old).get(1L));
            commit(tx -> set(tx, 1, row -> row.with("hits", 30)));
            commit(tx -> set(tx, 2, row -> row.with("hits", 10)));
        }
        commit(tx -> tx.createIndex("counters", Index.of("by_hits", true, "hits")));
        commit(tx -> assertEquals(List.of(10, 30), byHits(tx)));
    }

    private static List<Object> byHits(Transaction tx) {
        List<Object> found = new ArrayList<>();
        try (Scan scan = counters(tx).scan(KeyRange.all("by_hits"), row -> true)) {
            scan.forEachRemaining(row -> found.add(row.getInt("hits")));
        }
        return found;
    }

    /** Random changes, hot ones and others, with savepoints, old snapshots and indexes that come and go, against a map. */
    @Test
    void chainsAgainstAModel() {
        for (long seed = 1; seed <= 8; seed++) {
            new Model(new Random(seed)).run(150);
        }
    }

    private final class Model {
        private final Random random;
        private final Map<Transaction, TreeMap<Long, Row>> readers = new java.util.HashMap<>();
        private TreeMap<Long, Row> rows = new TreeMap<>();
        private boolean indexed;

        Model(Random random) {
            this.random = random;
        }

        void run(int rounds) {
            commit(tx -> {
                counters(tx).delete(row -> true);
                if (tx.hasIndex("by_hits")) {
                    tx.dropIndex("by_hits");
                }
            });
            for (int round = 0; round < rounds; round++) {
                change();
                int event = random.nextInt(12);
                if (event < 3 && readers.size() < 3) {
                    Transaction reader = db.begin(REPEATABLE);
                    reader.table("counters");
                    readers.put(reader, rows);
                    compare(reader, rows);
                } else if (event < 5 && !readers.isEmpty()) {
                    Transaction reader = readers.keySet().iterator().next();
                    compare(reader, Objects.requireNonNull(readers.remove(reader)));
                    reader.close();
                } else if (event == 5 && readers.isEmpty()) {
                    commit(tx -> {
                        if (indexed) {
                            tx.dropIndex("by_hits");
                        } else {
                            tx.createIndex("counters", Index.of("by_hits", false, "hits"));
                        }
                    });
                    indexed = !indexed;
                } else if (event == 6) {
                    commit(tx -> counters(tx).verifyIndexes());
                }
                try (Transaction tx = db.begin()) {
                    compare(tx, rows);
                }
            }
            readers.forEach((reader, expected) -> {
                compare(reader, expected);
                reader.close();
            });
        }

        private void change() {
            try (Transaction tx = db.begin()) {
                TreeMap<Long, Row> next = new TreeMap<>(rows);
                for (int i = random.nextInt(6); i >= 0; i--) {
                    TreeMap<Long, Row> before = new TreeMap<>(next);
                    tx.savepoint("s");
                    for (int j = random.nextInt(4); j >= 0; j--) {
                        step(tx, next);
                    }
                    if (random.nextInt(3) == 0) {
                        tx.rollbackTo("s");
                        next = before;
                    }
                    tx.release("s");
                }
                if (random.nextInt(6) == 0) {
                    tx.rollback();
                } else {
                    tx.commit();
                    rows = next;
                }
            }
        }

        private void step(Transaction tx, TreeMap<Long, Row> next) {
            long id = random.nextInt(8);
            Row present = next.get(id);
            String name = "n".repeat(random.nextInt(60));
            if (present == null) {
                Row row = Row.of(id, name, random.nextInt(5));
                counters(tx).insert(row);
                next.put(id, row);
            } else if (random.nextInt(8) == 0) {
                counters(tx).delete(KeyRange.prefix("counters_pkey", id), row -> true, row -> {});
                next.remove(id);
            } else {
                Row row = random.nextInt(3) == 0 ? present.with(2, random.nextInt(5)) : present.with(1, name);
                assertEquals(1, set(tx, id, old -> row));
                next.put(id, row);
            }
        }

        private void compare(Transaction tx, TreeMap<Long, Row> expected) {
            List<String> found = new ArrayList<>();
            try (Scan scan = counters(tx).scan(KeyRange.all("counters_pkey"), row -> true)) {
                scan.forEachRemaining(row -> found.add(text(row)));
            }
            assertEquals(expected.values().stream().map(this::text).toList(), found);
            if (indexed && tx.hasIndex("by_hits")) {
                List<String> byHits = new ArrayList<>();
                try (Scan scan = counters(tx).scan(KeyRange.all("by_hits"), row -> true)) {
                    scan.forEachRemaining(row -> byHits.add(text(row)));
                }
                assertEquals(
                        found.stream().sorted().toList(),
                        byHits.stream().sorted().toList());
            }
        }

        private String text(Row row) {
            return row.get(0) + " " + row.get(1) + " " + row.get(2);
        }
    }
}
