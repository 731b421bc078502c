package dev.cairn.engine;

import static dev.cairn.engine.SavepointTest.assertState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.SubxactCounters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read by key is known by key: phantoms are noticed, neighbours are left alone. */
class SerializableKeyTest {

    private static final TransactionOptions SERIALIZABLE =
            TransactionOptions.DEFAULT.withIsolation(IsolationLevel.SERIALIZABLE);

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory);
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable(
                    "t",
                    Schema.builder()
                            .column("k", ColumnType.BIGINT)
                            .column("v", ColumnType.BIGINT)
                            .primaryKey("k")
                            .build());
            table.insert(Row.of(10L, 100L));
            table.insert(Row.of(20L, 200L));
            tx.commit();
        }
    }

    @AfterEach
    void close() {
        assertEquals(0, db.transactions().serialMemory(), "transactions are remembered though nobody is open");
        db.close();
    }

    private static int count(Transaction tx, long low, long high) {
        int[] count = new int[1];
        tx.table("t")
                .scan(KeyRange.all("t_pkey").from(low).to(high), row -> true)
                .forEachRemaining(row -> count[0]++);
        return count[0];
    }

    private static void put(Transaction tx, long k) {
        tx.table("t").insert(Row.of(k, k));
    }

    /** Two transactions read one range each and write to a place each. Whether one of them failed. */
    private boolean failsOne(long[] readFirst, long[] readSecond, long writtenByFirst, long writtenBySecond) {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            count(first, readFirst[0], readFirst[1]);
            count(second, readSecond[0], readSecond[1]);
            put(first, writtenByFirst);
            put(second, writtenBySecond);
            first.commit();
            try {
                second.commit();
                return false;
            } catch (TransactionException e) {
                assertEquals("40001", e.sqlState());
                return true;
            }
        }
    }

    @Test
    void phantomsInRangesAreSeen() {
        assertTrue(failsOne(new long[] {1, 5}, new long[] {6, 9}, 7, 3));
        assertTrue(failsOne(new long[] {30, 30}, new long[] {31, 31}, 31, 30));
    }

    @Test
    void whatLiesBesideARangeIsNot() {
        assertEquals(false, failsOne(new long[] {1, 5}, new long[] {6, 9}, 0, 15));
        assertEquals(false, failsOne(new long[] {1, 5}, new long[] {6, 9}, 4, 3));
    }

    @Test
    void rowsThatLeaveARangeAreSeen() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            assertEquals(1, count(first, 5, 15));
            assertEquals(1, count(second, 15, 25));
            first.table("t").update(row -> row.getLong("k") == 20, row -> row.with("k", 50L));
            first.commit();
            assertState("40001", () -> {
                second.table("t").delete(KeyRange.prefix("t_pkey", 10L), row -> true, row -> {});
                second.commit();
            });
        }
    }

    @Test
    void manyKeysBecomeTheWholeIndexAndAreForgotten() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            for (long k = 1000; k < 1300; k++) {
                assertNull(first.table("t").get(k));
            }
            assertNotNull(second.table("t").get(10L));
            first.table("t").update(KeyRange.prefix("t_pkey", 10L), row -> true, row -> row.with("v", 1L), row -> {});
            put(second, 2000);
            first.commit();
            assertState("40001", second::commit);
        }
    }

    @Test
    void aDuplicateThatIsReportedHasBeenRead() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            assertEquals(false, first.table("t").insertUnlessThere(Row.of(10L, 1L), List.of("k")));
            assertNotNull(second.table("t").get(20L));
            second.table("t").delete(KeyRange.prefix("t_pkey", 10L), row -> true, row -> {});
            first.table("t").delete(KeyRange.prefix("t_pkey", 20L), row -> true, row -> {});
            second.commit();
            assertState("40001", first::commit);
        }
    }

    @Test
    void anInsertThatLeavesARowAloneNeedsNoId() {
        try (Transaction tx = db.begin()) {
            tx.savepoint("a");
            tx.table("t").insertUnlessThere(Row.of(10L, 1L), List.of("k"));
            assertEquals(SubxactCounters.NONE, tx.subxacts());
            assertState("23505", () -> put(tx, 10));
            tx.rollbackTo("a");
            tx.table("t").insertUnlessThere(Row.of(11L, 1L), List.of("k"));
            assertEquals(1, tx.subxacts().count());
        }
    }

    /** The row in the way may get out of it while it is waited for. */
    @Test
    void anInsertOrUpdateMeetsTheRowThatHasTheKeyThen() throws Throwable {
        try (Transaction holder = db.begin()) {
            holder.table("t").lock(RowLockMode.SHARE, RowLockPolicy.WAIT, row -> true);
            Other other = new Other(() -> db.transact(
                            TransactionOptions.DEFAULT,
                            tx -> tx.table("t")
                                    .insertOrUpdate(Row.of(10L, 7L), List.of("k"), old -> old.with("v", -1L))))
                    .untilBlocked();
            holder.table("t").update(KeyRange.prefix("t_pkey", 10L), row -> true, row -> row.with("k", 11L), row -> {});
            holder.commit();
            other.get();
        }
        try (Transaction tx = db.begin()) {
            assertEquals(7L, value(tx, 10));
            assertEquals(100L, value(tx, 11));
        }
    }

    @Test
    void anInsertOrUpdateStartsFromTheNewestVersion() throws Throwable {
        try (Transaction holder = db.begin()) {
            holder.table("t").lock(RowLockMode.SHARE, RowLockPolicy.WAIT, row -> true);
            Other other = new Other(() -> db.transact(
                            TransactionOptions.DEFAULT,
                            tx -> tx.table("t")
                                    .insertOrUpdate(
                                            Row.of(10L, 7L), List.of("k"), old -> old.with("v", old.getLong("v") + 1))))
                    .untilBlocked();
            holder.table("t")
                    .update(KeyRange.prefix("t_pkey", 10L), row -> true, row -> row.with("v", 500L), row -> {});
            holder.commit();
            other.get();
        }
        try (Transaction tx = db.begin()) {
            assertEquals(501L, value(tx, 10));
        }
    }

    private static Object value(Transaction tx, long k) {
        Row row = tx.table("t").get(k);
        assertNotNull(row);
        return row.get("v");
    }
}
