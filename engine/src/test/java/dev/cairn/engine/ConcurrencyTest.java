package dev.cairn.engine;

import static dev.cairn.engine.SavepointTest.assertState;
import static dev.cairn.engine.TestTables.add;
import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static dev.cairn.engine.TestTables.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that meet: waiting, the newest version, deadlocks, and closing in the middle. */
class ConcurrencyTest {

    private static final TransactionOptions REPEATABLE =
            TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ);

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(
                directory,
                DatabaseOptions.builder().closeTimeout(Duration.ofSeconds(5)).build());
        TestTables.create(db);
        TestTables.committed(db, 1, 10);
        TestTables.committed(db, 2, 20);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void readCommittedGoesOnWithTheNewestVersion() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            add(first, 1, 1);
            Other waiting = new Other(() -> add(second, 1, 100)).untilBlocked();
            first.commit();
            assertEquals(1L, waiting.get());
            second.commit();
        }
        assertEquals(List.of("1=111", "2=20"), rows(db));
    }

    @Test
    void readCommittedSkipsARowThatNoLongerMatches() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            set(first, 1, 11);
            Other waiting = new Other(
                            () -> second.table("t").update(row -> row.getLong("v") == 10, row -> row.with("v", 99L)))
                    .untilBlocked();
            first.commit();
            assertEquals(0L, waiting.get());
            second.commit();
        }
        assertEquals(List.of("1=11", "2=20"), rows(db));
    }

    @Test
    void aWaiterGoesOnWithTheOldVersionWhenTheOtherRollsBackToASavepoint() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            first.savepoint("s");
            set(first, 1, 11);
            Other waiting = new Other(() -> add(second, 1, 5)).untilBlocked();
            first.rollbackTo("s");
            assertEquals(1L, waiting.get());
            second.commit();
            first.commit();
        }
        assertEquals(List.of("1=15", "2=20"), rows(db));
    }

    @Test
    void repeatableReadFailsWith40001AndRecoversByRollbackTo() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin(REPEATABLE)) {
            assertEquals(List.of("1=10", "2=20"), rows(second));
            set(first, 1, 11);
            second.savepoint("s");
            Other waiting = new Other(() -> set(second, 1, 12)).untilBlocked();
            first.commit();
            assertEquals(
                    "40001",
                    assertThrows(TransactionException.class, waiting::get).sqlState());
            second.rollbackTo("s");
            assertState("40001", () -> set(second, 1, 12));
            second.rollbackTo("s");
            set(second, 2, 22);
            assertTrue(second.commit());
        }
        assertEquals(List.of("1=11", "2=22"), rows(db));
    }

    @Test
    void theRequesterThatClosesACycleIsTheVictim() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            set(first, 1, 11);
            set(second, 2, 22);
            Other waiting = new Other(() -> set(first, 2, 21)).untilBlocked();
            assertState("40P01", () -> set(second, 1, 12));
            assertEquals(1L, waiting.get());
            first.commit();
            assertEquals(Transaction.State.FAILED, second.state());
        }
        assertEquals(List.of("1=11", "2=21"), rows(db));
    }

    @Test
    void aFailedStatementWakesWaitersWhileItsTransactionIsStillOpen() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            set(first, 1, 11);
            Other waiting = new Other(() -> set(second, 1, 12)).untilBlocked();
            assertState("42P01", () -> first.table("missing"));
            assertEquals(1L, waiting.get());
            second.commit();
        }
        assertEquals(List.of("1=12", "2=20"), rows(db));
    }

    @Test
    void anInterruptedWaiterFailsAndTheDatabaseGoesOn() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            set(first, 1, 11);
            boolean[] flag = new boolean[1];
            Other waiting = new Other(() -> {
                        try {
                            return set(second, 1, 12);
                        } finally {
                            flag[0] = Thread.currentThread().isInterrupted();
                        }
                    })
                    .untilBlocked();
            waiting.thread().interrupt();
            assertEquals(
                    "57014",
                    assertThrows(TransactionException.class, waiting::get).sqlState());
            assertTrue(flag[0]);
            first.commit();
        }
        assertEquals(List.of("1=11", "2=20"), rows(db));
    }

    @Test
    void closingRollsBackWhatIsOpenAndFreesWhoWaits() throws Throwable {
        Transaction first = db.begin();
        Transaction second = db.begin();
        set(first, 1, 11);
        Other waiting = new Other(() -> set(second, 1, 12)).untilBlocked();
        db.close();
        assertEquals(
                "57P01", assertThrows(TransactionException.class, waiting::get).sqlState());
        assertThrows(RuntimeException.class, () -> put(first, 3, 3));
        db = Database.open(directory);
        assertEquals(List.of("1=10", "2=20"), rows(db));
    }

    @Test
    void aSecondThreadInOneTransactionIsTurnedAway() throws Throwable {
        try (Transaction tx = db.begin()) {
            Object thrown = tx.statement(() -> {
                try {
                    return new Other(() -> assertThrows(IllegalStateException.class, () -> put(tx, 5, 5))).get();
                } catch (Throwable e) {
                    return e;
                }
            });
            assertTrue(String.valueOf(thrown).contains("one thread at a time"), String.valueOf(thrown));
            put(tx, 6, 6);
            tx.commit();
        }
        assertEquals(List.of("1=10", "2=20", "6=6"), rows(db));
    }

    @Test
    void noUpdateIsLostAmongManyWriters() throws Throwable {
        List<Other> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(new Other(() -> {
                for (int n = 0; n < 100; n++) {
                    try (Transaction tx = db.begin()) {
                        tx.nestedRun(t -> add(t, 1, 1));
                        tx.savepoint("undone");
                        add(tx, 1, 1000);
                        tx.rollbackTo("undone");
                        tx.commit(dev.cairn.wal.Durability.LAZY);
                    }
                }
                return null;
            }));
        }
        for (Other writer : writers) {
            writer.get();
        }
        assertEquals(List.of("1=410", "2=20"), rows(db));
    }

    @Test
    void droppingWaitsForUsersAndUsersMeetTheDrop() throws Throwable {
        try (Transaction user = db.begin();
                Transaction dropper = db.begin();
                Transaction late = db.begin()) {
            assertEquals(2, rows(user).size());
            Other dropping = new Other(() -> {
                        dropper.dropTable("t");
                        return null;
                    })
                    .untilBlocked();
            user.commit();
            dropping.get();
            Other using = new Other(() -> rows(late)).untilBlocked();
            dropper.commit();
            assertEquals(
                    "42P01",
                    assertThrows(TransactionException.class, using::get).sqlState());
        }
    }
}
