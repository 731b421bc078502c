package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Primary keys, unique and other indexes: what they forbid, whom they wait for, what they find. */
class KeyTest {

    private static final Schema PEOPLE = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("name", ColumnType.TEXT)
            .column("age", ColumnType.INTEGER)
            .primaryKey("id")
            .unique("name")
            .build();

    private static final DatabaseOptions SMALL =
            DatabaseOptions.builder().pageSize(1024).build();

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory, SMALL);
        commit(tx -> tx.createTable("people", PEOPLE));
    }

    @AfterEach
    void close() {
        if (!db.health().isFailed()) {
            commit(tx -> tx.tables().forEach(Table::verifyIndexes));
        }
        db.close();
    }

    private void reopen() {
        db.close();
        db = Database.open(directory, SMALL);
    }

    private void commit(Consumer<Transaction> body) {
        try (Transaction tx = db.begin()) {
            body.accept(tx);
            tx.commit();
        }
    }

    private static Table people(Transaction tx) {
        return tx.table("people");
    }

    private static RowId add(Transaction tx, long id, String name, int age) {
        return people(tx).insert(Row.of(id, name, age));
    }

    private static void assertState(String sqlState, Runnable action) {
        TransactionException e = assertThrows(TransactionException.class, action::run);
        assertEquals(sqlState, e.sqlState(), String.valueOf(e.getMessage()));
    }

    private static List<Object> ids(Scan scan) {
        List<Object> ids = new ArrayList<>();
        try (scan) {
            scan.forEachRemaining(row -> ids.add(Objects.requireNonNull(row.get(0))));
        }
        return ids;
    }

    private List<Object> ids(KeyRange range) {
        try (Transaction tx = db.begin()) {
            return ids(people(tx).scan(range, row -> true));
        }
    }

    @Test
    void aKeyIsThereOnce() {
        commit(tx -> add(tx, 1, "Ann", 30));
        try (Transaction tx = db.begin()) {
            TransactionException e = assertThrows(TransactionException.class, () -> add(tx, 1, "Bob", 30));
            assertEquals("23505", e.sqlState());
            assertEquals("duplicate key value violates unique constraint \"people_pkey\"", e.getMessage());
            assertEquals("Key (id)=(1) already exists.", e.detail());
        }
        try (Transaction tx = db.begin()) {
            assertState("23505", () -> add(tx, 2, "Ann", 30));
        }
        try (Transaction tx = db.begin()) {
            assertState("23502", () -> people(tx).insert(Row.of(null, "Cid", 1)));
        }
        commit(tx -> {
            people(tx).insert(Row.of(3L, null, 1));
            people(tx).insert(Row.of(4L, null, 1));
        });
        assertEquals(List.of(1L, 3L, 4L), ids(KeyRange.all("people_pkey")));
    }

    @Test
    void i12_aRolledBackSubtransactionsKeyIsFreeAgain() {
        try (Transaction tx = db.begin()) {
            for (int i = 0; i < 50; i++) {
                tx.savepoint("s");
                add(tx, 3, "washer", i);
                tx.rollbackTo("s");
            }
            add(tx, 3, "gear", 5);
            tx.savepoint("s");
            people(tx).delete(row -> row.getLong("id") == 3);
            add(tx, 3, "gear", 6);
            tx.release("s");
            tx.savepoint("t");
            assertState("23505", () -> add(tx, 3, "third", 7));
            tx.rollbackTo("t");
            assertEquals(6, Objects.requireNonNull(people(tx).get(3L)).getInt("age"));
            tx.commit();
        }
        assertEquals(List.of(3L), ids(KeyRange.all("people_name_key")));
    }

    @Test
    void anInserterWaitsForAnotherOfTheSameKey() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            add(first, 1, "Ann", 1);
            Other waiting = new Other(() -> add(second, 1, "Bob", 2)).untilBlocked();
            first.commit();
            assertState("23505", () -> rethrown(waiting));
        }
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            first.savepoint("s");
            add(first, 2, "Cid", 1);
            Other waiting = new Other(() -> add(second, 2, "Dan", 2)).untilBlocked();
            first.rollbackTo("s");
            assertNotNull(waiting.get());
            second.commit();
        }
        assertEquals(List.of(1L, 2L), ids(KeyRange.all("people_pkey")));
    }

    @Test
    void anInserterWaitsForADeleterOfTheSameKey() throws Throwable {
        commit(tx -> add(tx, 1, "Ann", 1));
        try (Transaction first = db.begin();
                Transaction second = db.begin();
                Transaction third = db.begin()) {
            people(first).delete(row -> true);
            Other waiting = new Other(() -> add(second, 1, "Bob", 2)).untilBlocked();
            first.commit();
            assertNotNull(waiting.get());
            Other late = new Other(() -> add(third, 1, "Cid", 3)).untilBlocked();
            second.commit();
            assertState("23505", () -> rethrown(late));
        }
    }

    @Test
    void whatIsInTheWayOfAnUpsertIsChangedAsItIsAfterTheWaitForIt() throws Throwable {
        commit(tx -> add(tx, 1, "Ann", 10));
        try (Transaction first = db.begin();
                Transaction second = db.begin();
                Transaction third = db.begin()) {
            people(first).update(row -> true, row -> row.with("age", 20));
            Other waiting = new Other(() -> people(second)
                            .insertOrUpdate(
                                    Row.of(1L, "x", 0), List.of("id"), row -> row.with("age", row.getInt("age") + 1)))
                    .untilBlocked();
            first.commit();
            assertEquals(21, ((Row) Objects.requireNonNull(waiting.get())).getInt("age"));
            Other late = new Other(() -> people(third)
                            .insertOrUpdate(
                                    Row.of(1L, "x", 0), List.of("id"), row -> row.getInt("age") > 20 ? null : row))
                    .untilBlocked();
            second.commit();
            assertNull(late.get());
        }
    }

    private static void rethrown(Other other) {
        try {
            other.get();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUpdateKeepsKeysUniqueToo() {
        commit(tx -> {
            add(tx, 1, "Ann", 1);
            add(tx, 2, "Bob", 2);
        });
        try (Transaction tx = db.begin()) {
            assertState(
                    "23505", () -> people(tx).update(row -> row.getLong("id") == 1, row -> row.with("name", "Bob")));
        }
        commit(tx -> {
            assertEquals(1, people(tx).update(row -> row.getLong("id") == 1, row -> row.with("id", 11L)));
            assertEquals(2, people(tx).update(row -> true, row -> row.with("age", row.getInt("age") + 10)));
            assertNull(people(tx).get(1L));
            assertEquals("Ann", Objects.requireNonNull(people(tx).get(11L)).getString("name"));
        });
        commit(tx -> add(tx, 1, "Cid", 1));
        assertEquals(List.of(1L, 2L, 11L), ids(KeyRange.all("people_pkey")));
    }

    @Test
    void rangesHaveBoundsAndADirection() {
        commit(tx -> {
            for (int i = 0; i < 200; i++) {
                add(tx, i, "n" + i, i % 10);
            }
            tx.createIndex(
                    "people",
                    new Index(
                            "by_age", false, false, List.of(Index.Part.descending("age"), Index.Part.ascending("id"))));
        });
        assertEquals(
                List.of(5L, 6L, 7L), ids(KeyRange.all("people_pkey").from(5L).before(8L)));
        assertEquals(
                List.of(8L, 7L, 6L),
                ids(KeyRange.all("people_pkey").after(5L).to(8L).reversed()));
        assertEquals(
                List.of(199L, 198L), ids(KeyRange.all("people_pkey").from(198L).reversed()));
        assertEquals(List.of(9L, 19L, 29L), ids(KeyRange.prefix("by_age", 9)).subList(0, 3));
        assertEquals(20, ids(KeyRange.prefix("by_age", 9)).size());
        assertEquals(List.of(8L, 18L), ids(KeyRange.all("by_age").from(8).to(8, 18L)));
        assertEquals(List.of(190L, 180L), ids(KeyRange.all("by_age").reversed()).subList(0, 2));
        try (Transaction tx = db.begin()) {
            assertState("42704", () -> people(tx).scan(KeyRange.all("nope"), row -> true));
        }
    }

    @Test
    void nullsStandWhereTheIndexSays() {
        commit(tx -> {
            people(tx).insert(Row.of(1L, "b", null));
            people(tx).insert(Row.of(2L, null, 5));
            people(tx).insert(Row.of(3L, "a", 3));
            tx.createIndex("people", Index.of("up", false, "age"));
            tx.createIndex("people", new Index("down", false, false, List.of(Index.Part.descending("age"))));
        });
        assertEquals(List.of(3L, 1L, 2L), ids(KeyRange.all("people_name_key")));
        assertEquals(List.of(3L, 2L, 1L), ids(KeyRange.all("up")));
        assertEquals(List.of(1L, 2L, 3L), ids(KeyRange.all("down")));
        assertEquals(List.of(2L), ids(KeyRange.prefix("people_name_key", (Object) null)));
    }

    @Test
    void anOldSnapshotFindsItsRowsByAnIndexThatIsYounger() {
        commit(tx -> add(tx, 1, "old", 1));
        try (Transaction old = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            assertFalse(old.hasTable("nope"));
            commit(tx -> tx.createTable("other", TestTables.KV));
            try (Scan any = old.table("other").scan()) {
                assertFalse(any.hasNext());
            }
            commit(tx -> people(tx).update(row -> true, row -> row.with("age", 2)));
            commit(tx -> tx.createIndex("people", Index.of("by_age", false, "age")));
            assertEquals(List.of(1L), ids(people(old).scan(KeyRange.prefix("by_age", 1), row -> true)));
            assertEquals(List.of(), ids(people(old).scan(KeyRange.prefix("by_age", 2), row -> true)));
        }
        assertEquals(List.of(1L), ids(KeyRange.prefix("by_age", 2)));
    }

    @Test
    void indexesComeAndGoWithTheirSavepoint() {
        commit(tx -> {
            add(tx, 1, "a", 7);
            add(tx, 2, "b", 7);
        });
        try (Transaction tx = db.begin()) {
            tx.savepoint("s");
            assertState("23505", () -> tx.createIndex("people", Index.of("ages", true, "age")));
            tx.rollbackTo("s");
            tx.createIndex("people", Index.of("ages", false, "age"));
            assertState("42P07", () -> tx.createIndex("people", Index.of("ages", false, "age")));
            tx.rollbackTo("s");
            assertFalse(tx.hasIndex("ages"));
            tx.createIndex("people", Index.of("ages", false, "age"));
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            tx.savepoint("s");
            tx.createTable("plain", TestTables.KV);
            tx.createIndex("plain", Index.of("values", true, "v"));
            tx.table("plain").insert(Row.of(1L, 5L));
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            Table plain = tx.table("plain");
            tx.savepoint("s");
            tx.dropIndex("ages");
            tx.dropIndex("values");
            plain.insert(Row.of(2L, 5L));
            tx.rollbackTo("s");
            assertEquals(List.of(1L, 2L), ids(people(tx).scan(KeyRange.prefix("ages", 7), row -> true)));
            assertState("23505", () -> plain.insert(Row.of(2L, 5L)));
            tx.rollbackTo("s");
            tx.dropIndex("values");
            plain.insert(Row.of(2L, 5L));
            tx.commit();
        }
        reopen();
        try (Transaction tx = db.begin()) {
            assertEquals(
                    List.of("ages", "people_name_key", "people_pkey"),
                    people(tx).indexes().stream().map(Index::name).toList());
            assertEquals(List.of(), tx.table("plain").indexes());
            assertState("2BP01", () -> tx.dropIndex("people_pkey"));
        }
        commit(tx -> tx.dropTable("people"));
        try (Transaction tx = db.begin()) {
            assertFalse(tx.hasIndex("ages"));
            assertFalse(tx.hasIndex("people_pkey"));
        }
    }

    @Test
    void aRowInTheWayIsChangedOrLeftAlone() {
        commit(tx -> add(tx, 3, "gear", 5));
        commit(tx -> {
            assertFalse(people(tx).insertUnlessThere(Row.of(3L, "third", 1), List.of()));
            assertTrue(people(tx).insertUnlessThere(Row.of(4L, "fourth", 1), List.of("id")));
            Row changed = people(tx)
                    .insertOrUpdate(Row.of(3L, "x", 7), List.of("id"), row -> row.with("age", row.getInt("age") + 7));
            assertEquals(12, Objects.requireNonNull(changed).getInt("age"));
        });
        try (Transaction tx = db.begin()) {
            assertState("23505", () -> people(tx).insertUnlessThere(Row.of(9L, "gear", 1), List.of("id")));
        }
        try (Transaction tx = db.begin()) {
            assertState("42P10", () -> people(tx).insertUnlessThere(Row.of(9L, "gear", 1), List.of("age")));
        }
        try (Transaction tx = db.begin()) {
            assertState(
                    "21000",
                    () -> tx.statement(() -> {
                        people(tx).insert(Row.of(20L, "t", 1));
                        return people(tx).insertOrUpdate(Row.of(20L, "t", 1), List.of("id"), row -> row.with("age", 2));
                    }));
        }
        try (Transaction old = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            assertNull(people(old).get(50L));
            commit(tx -> add(tx, 50, "fifty", 1));
            assertState("40001", () -> people(old).insertUnlessThere(Row.of(50L, "z", 1), List.of("id")));
        }
    }

    /** Pages are pruned and slots used again all the time, and a row is found under each of its keys, and only there. */
    @Test
    void entriesGoBeforeTheirVersions() {
        Random random = new Random(11);
        TreeMap<Long, Integer> model = new TreeMap<>();
        commit(tx -> tx.createIndex("people", Index.of("by_age", false, "age")));
        for (int round = 0; round < 150; round++) {
            TreeMap<Long, Integer> next = new TreeMap<>(model);
            boolean undone = random.nextInt(5) == 0;
            try (Transaction tx = db.begin()) {
                for (int i = 0; i < 12; i++) {
                    long id = random.nextInt(40);
                    int age = random.nextInt(6);
                    if (next.containsKey(id)) {
                        if (random.nextInt(3) == 0) {
                            assertEquals(
                                    1, people(tx).delete(KeyRange.prefix("people_pkey", id), row -> true, row -> {}));
                            next.remove(id);
                        } else {
                            assertEquals(
                                    1,
                                    people(tx)
                                            .update(
                                                    KeyRange.prefix("people_pkey", id),
                                                    row -> true,
                                                    row -> row.with("age", age),
                                                    row -> {}));
                            next.put(id, age);
                        }
                    } else {
                        add(tx, id, "name " + id, age);
                        next.put(id, age);
                    }
                }
                if (undone) {
                    tx.rollback();
                } else {
                    tx.commit();
                    model = next;
                }
            }
            if (round % 30 == 7) {
                commit(tx -> people(tx).verifyIndexes());
            }
            if (round % 50 == 17) {
                reopen();
            }
        }
        assertEquals(new ArrayList<>(model.keySet()), ids(KeyRange.all("people_pkey")));
        for (int age = 0; age < 6; age++) {
            int wanted = age;
            assertEquals(
                    model.entrySet().stream()
                            .filter(row -> row.getValue() == wanted)
                            .map(row -> (Object) row.getKey())
                            .sorted()
                            .toList(),
                    ids(KeyRange.prefix("by_age", age)).stream().sorted().toList());
        }
    }

    @Test
    void aKeyThatIsTooLongIsAnErrorOfTheStatement() {
        try (Transaction tx = db.begin()) {
            assertState("54000", () -> add(tx, 1, "x".repeat(400), 1));
        }
    }
}
