package dev.cairn.engine;

import static dev.cairn.engine.SavepointTest.assertState;
import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static dev.cairn.engine.TestTables.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SERIALIZABLE adds to REPEATABLE READ, and transactions that are tried again. */
class SerializableTest {

    private static final TransactionOptions SERIALIZABLE =
            TransactionOptions.DEFAULT.withIsolation(IsolationLevel.SERIALIZABLE);

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory);
        TestTables.create(db);
        TestTables.committed(db, 1, 10);
        TestTables.committed(db, 2, 20);
    }

    @AfterEach
    void close() {
        assertEquals(0, db.transactions().serialMemory(), "transactions are remembered though nobody is open");
        db.close();
    }

    @Test
    void ofAWriteSkewOneFails() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            assertEquals(2, rows(first).size());
            assertEquals(2, rows(second).size());
            set(first, 1, 0);
            set(second, 2, 0);
            first.commit();
            assertState("40001", second::commit);
        }
        assertEquals(List.of("1=0", "2=20"), rows(db));
    }

    @Test
    void aReadInARolledBackSavepointCounts() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            first.savepoint("a");
            rows(first);
            first.rollbackTo("a");
            rows(second);
            put(first, 3, 30);
            put(second, 4, 40);
            first.commit();
            assertState("40001", second::commit);
        }
    }

    @Test
    void whatWasReadOnlyWithinASavepointOnlyIsWatchedAsAWriter() {
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            first.savepoint("a");
            first.setReadOnly(true);
            rows(first);
            assertState("25006", () -> put(first, 3, 30));
            first.rollbackTo("a");
            rows(second);
            put(first, 3, 30);
            put(second, 4, 40);
            first.commit();
            assertState("40001", second::commit);
        }
    }

    @Test
    void readersOfOneRowDoNotMindChangesOfAnother() {
        List<RowId> ids = new ArrayList<>();
        try (Transaction tx = db.begin();
                Scan scan = tx.table("t").scan()) {
            scan.forEachRemaining(row -> ids.add(row.id()));
        }
        try (Transaction first = db.begin(SERIALIZABLE);
                Transaction second = db.begin(SERIALIZABLE)) {
            Table one = first.table("t");
            Table two = second.table("t");
            one.get(ids.get(0));
            two.get(ids.get(1));
            one.update(ids.get(0), Row.of(1L, 11L));
            two.update(ids.get(1), Row.of(2L, 21L));
            assertTrue(first.commit());
            assertTrue(second.commit());
        }
    }

    /** Fekete, O'Neil and O'Neil: two writers alone are serializable, a reader in between makes them not so. */
    @Test
    void aReaderMayBeTheAnomaly() {
        try (Transaction withdrawal = db.begin(SERIALIZABLE);
                Transaction deposit = db.begin(SERIALIZABLE)) {
            rows(withdrawal);
            put(deposit, 3, 40);
            deposit.commit();
            try (Transaction report = db.begin(SERIALIZABLE.withReadOnly(true))) {
                assertEquals(List.of("1=10", "2=20", "3=40"), rows(report));
                report.commit();
            }
            assertState("40001", () -> {
                set(withdrawal, 1, -1);
                withdrawal.commit();
            });
        }
    }

    @Test
    void aReaderWithNobodyBesideItIsSafe() {
        try (Transaction report = db.begin(SERIALIZABLE.withReadOnly(true))) {
            rows(report);
            assertEquals(0, db.transactions().serialMemory());
            try (Transaction writer = db.begin(SERIALIZABLE)) {
                set(writer, 1, 11);
                assertTrue(writer.commit());
            }
            assertEquals(List.of("1=10", "2=20"), rows(report));
        }
    }

    @Test
    void aDeferrableReaderWaitsForASafeSnapshot() throws Throwable {
        try (Transaction withdrawal = db.begin(SERIALIZABLE);
                Transaction deposit = db.begin(SERIALIZABLE);
                Transaction report = db.begin(
                        SERIALIZABLE.withReadOnly(true).withDeferrable(true).withLabel("report"))) {
            rows(withdrawal);
            put(deposit, 3, 40);
            deposit.commit();
            Other waiting = new Other(() -> rows(report)).untilBlocked();
            assertEquals("report", db.lockWaits().get(0).label());
            set(withdrawal, 1, -1);
            withdrawal.commit();
            assertEquals(List.of("1=-1", "2=20", "3=40"), waiting.get());
            report.commit();
        }
    }

    @Test
    void whoHoldsBackTooManyFails() {
        try (Transaction old = db.begin(SERIALIZABLE)) {
            rows(old);
            for (int i = 0; i < 16_500; i++) {
                try (Transaction tx = db.begin(SERIALIZABLE)) {
                    put(tx, i, i);
                    tx.commit(Durability.LAZY);
                }
            }
            assertTrue(db.transactions().serialMemory() < 20_000);
            assertState("40001", () -> rows(old));
        }
    }

    @Test
    void whatFailsBecauseOfOthersIsTriedAgain() {
        AtomicInteger runs = new AtomicInteger();
        long sum = db.transact(SERIALIZABLE, tx -> {
            int seen = rows(tx).size();
            if (runs.incrementAndGet() < 3) {
                db.transact(SERIALIZABLE, other -> {
                    rows(other);
                    put(other, 10 + runs.get(), 0);
                    return 0;
                });
            }
            put(tx, 100, seen);
            return (long) seen;
        });
        assertEquals(3, runs.get());
        assertEquals(4, sum);
        assertTrue(rows(db).contains("100=4"));
    }

    @Test
    void attemptsEndAndOtherErrorsAreNotTriedAgain() {
        AtomicInteger runs = new AtomicInteger();
        RetryPolicy twice = new RetryPolicy(2, Duration.ZERO, Duration.ZERO);
        assertState(
                "40001",
                () -> db.transact(TransactionOptions.DEFAULT, twice, tx -> {
                    runs.incrementAndGet();
                    throw new TransactionException("40001", "as if");
                }));
        assertEquals(2, runs.get());
        assertState(
                "42P01", () -> db.transact(TransactionOptions.DEFAULT, tx -> tx.table("none" + runs.addAndGet(10))));
        assertEquals(12, runs.get());
        assertState(
                "25P02",
                () -> db.transact(TransactionOptions.DEFAULT, tx -> {
                    assertThrows(TransactionException.class, () -> tx.table("none"));
                    return 0;
                }));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
        assertEquals(4_000_000, new RetryPolicy(9, Duration.ofMillis(1), Duration.ofMillis(9)).mostNanos(3));
        assertEquals(9_000_000, new RetryPolicy(9, Duration.ofMillis(1), Duration.ofMillis(9)).mostNanos(30));
    }
}
