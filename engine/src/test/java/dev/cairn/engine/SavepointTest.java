package dev.cairn.engine;

import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static dev.cairn.engine.TestTables.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.SubxactCounters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Savepoints as PostgreSQL's users know them, through the Java API. */
class SavepointTest {

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory);
        TestTables.create(db);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void rollbackToTakesBackWhatCameSinceAndKeepsTheSavepoint() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 10);
            tx.savepoint("a");
            put(tx, 2, 20);
            set(tx, 1, 11);
            assertEquals(List.of("1=11", "2=20"), rows(tx));
            tx.rollbackTo("a");
            assertEquals(List.of("1=10"), rows(tx));
            put(tx, 3, 30);
            tx.rollbackTo("a");
            assertEquals(List.of("1=10"), rows(tx));
            assertTrue(tx.commit());
        }
        assertEquals(List.of("1=10"), rows(db));
    }

    @Test
    void ofOneNameTheLatestCountsAndReleasingItBringsTheEarlierBack() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            tx.savepoint("a");
            put(tx, 2, 2);
            tx.savepoint("a");
            put(tx, 3, 3);
            tx.rollbackTo("a");
            assertEquals(List.of("1=1", "2=2"), rows(tx));
            tx.release("a");
            tx.rollbackTo("a");
            assertEquals(List.of("1=1"), rows(tx));
            tx.commit();
        }
        assertEquals(List.of("1=1"), rows(db));
    }

    @Test
    void i12_aReleasedBranchGoesWithTheSavepointBelowIt() {
        try (Transaction tx = db.begin()) {
            tx.savepoint("outer");
            put(tx, 1, 1);
            tx.savepoint("inner");
            put(tx, 2, 2);
            tx.release("inner");
            assertEquals(List.of("1=1", "2=2"), rows(tx));
            tx.rollbackTo("outer");
            assertEquals(List.of(), rows(tx));
            tx.commit();
        }
        assertEquals(List.of(), rows(db));
    }

    @Test
    void i4_aReleasedSavepointIsSeenByNobodyElseBeforeTheCommit() {
        try (Transaction tx = db.begin()) {
            tx.savepoint("a");
            put(tx, 1, 1);
            tx.release("a");
            assertEquals(List.of(), rows(db));
            tx.commit();
        }
        assertEquals(List.of("1=1"), rows(db));
    }

    @Test
    void anErrorFailsTheTransactionAndRollbackToLeadsOut() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            tx.savepoint("s");
            put(tx, 2, 2);
            assertState("42P01", () -> tx.table("missing"));
            assertEquals(Transaction.State.FAILED, tx.state());
            assertState("25P02", () -> put(tx, 3, 3));
            assertState("25P02", () -> tx.savepoint("x"));
            assertState("25P02", () -> tx.release("s"));
            assertState("3B001", () -> tx.rollbackTo("nowhere"));
            tx.rollbackTo("s");
            put(tx, 4, 4);
            assertTrue(tx.commit());
        }
        assertEquals(List.of("1=1", "4=4"), rows(db));
    }

    @Test
    void commitOfAFailedTransactionRollsBackAndSaysSo() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            assertState("3B001", () -> tx.release("nowhere"));
            assertEquals(Transaction.State.FAILED, tx.state());
            assertFalse(tx.commit());
            assertEquals(Transaction.State.ROLLED_BACK, tx.state());
        }
        assertEquals(List.of(), rows(db));
    }

    @Test
    void nestedReleasesOnReturnAndRollsBackOnException() {
        try (Transaction tx = db.begin()) {
            tx.nestedRun(t -> put(t, 1, 1));
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> tx.nestedRun(t -> {
                        put(t, 2, 2);
                        t.nestedRun(inner -> put(inner, 3, 3));
                        throw new IllegalStateException("no");
                    }));
            assertEquals("no", thrown.getMessage());
            assertState(
                    "23502", () -> tx.nested(t -> t.createTable("n", notNull()).insert(Row.of((Object) null))));
            assertFalse(tx.hasTable("n"));
            assertEquals(0, tx.savepointDepth());
            tx.commit();
        }
        assertEquals(List.of("1=1"), rows(db));
    }

    private static Schema notNull() {
        return Schema.builder().column("a", ColumnType.BIGINT).notNull().build();
    }

    @Test
    void aHandleKnowsItsOwnSavepoint() {
        try (Transaction tx = db.begin()) {
            Savepoint first = tx.savepoint("a");
            put(tx, 1, 1);
            Savepoint second = tx.savepoint("a");
            put(tx, 2, 2);
            first.rollbackTo();
            assertTrue(first.isOpen());
            assertFalse(second.isOpen());
            assertThrows(IllegalStateException.class, second::release);
            second.close();
            put(tx, 3, 3);
            first.release();
            assertFalse(first.isOpen());
            tx.commit();
            assertThrows(IllegalStateException.class, first::rollbackTo);
        }
        assertEquals(List.of("3=3"), rows(db));
    }

    @Test
    void closingAHandleUndoesUnlessReleased() {
        try (Transaction tx = db.begin()) {
            try (Savepoint kept = tx.savepoint("kept")) {
                put(tx, 1, 1);
                kept.release();
            }
            try (Savepoint undone = tx.savepoint("undone")) {
                put(tx, 2, 2);
                assertTrue(undone.isOpen());
            }
            assertEquals(0, tx.savepointDepth());
            tx.commit();
        }
        assertEquals(List.of("1=1"), rows(db));
    }

    @Test
    void theSnapshotOfRepeatableReadSurvivesRollbackTo() {
        TestTables.committed(db, 1, 1);
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            tx.savepoint("s");
            assertEquals(List.of("1=1"), rows(tx));
            TestTables.committed(db, 2, 2);
            tx.rollbackTo("s");
            assertEquals(List.of("1=1"), rows(tx));
            assertEquals(List.of("1=1", "2=2"), rows(db));
        }
    }

    @Test
    void aScanSeesNothingWrittenLaterAndOneOpenedBeforeTheSavepointGoesOn() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            put(tx, 2, 2);
            Scan before = tx.table("t").scan();
            tx.savepoint("s");
            put(tx, 3, 3);
            tx.table("t").delete(row -> row.getLong("k") == 2);
            Scan since = tx.table("t").scan();
            assertEquals(1L, since.next().getLong("k"));
            tx.rollbackTo("s");
            assertThrows(IllegalStateException.class, since::next);
            assertEquals(1L, before.next().getLong("k"));
            assertEquals(2L, before.next().getLong("k"));
            assertFalse(before.hasNext());
        }
    }

    @Test
    void countersCountToSixtyFourAndThenOverflow() {
        try (Transaction tx = db.begin()) {
            for (int i = 0; i < 64; i++) {
                tx.savepoint("s" + i);
                put(tx, i, i);
            }
            assertEquals(new SubxactCounters(64, false), tx.subxacts());
            tx.savepoint("more");
            assertEquals(new SubxactCounters(64, false), tx.subxacts());
            put(tx, 64, 64);
            assertEquals(new SubxactCounters(64, true), tx.subxacts());
            tx.rollbackTo("s0");
            assertEquals(new SubxactCounters(0, true), tx.subxacts());
            tx.commit();
            assertEquals(SubxactCounters.NONE, tx.subxacts());
        }
    }

    @Test
    void tablesComeAndGoWithTheSubTransactionThatMadeThem() {
        try (Transaction tx = db.begin()) {
            tx.savepoint("s");
            tx.createTable("gone", TestTables.KV).insert(Row.of(1L, 1L));
            tx.rollbackTo("s");
            assertFalse(tx.hasTable("gone"));
            tx.dropTable("t");
            assertFalse(tx.hasTable("t"));
            tx.rollbackTo("s");
            assertTrue(tx.hasTable("t"));
            tx.createTable("kept", TestTables.KV);
            assertState("42P07", () -> tx.createTable("kept", TestTables.KV));
            tx.rollbackTo("s");
            tx.createTable("kept", TestTables.KV);
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            assertEquals(
                    List.of("kept", "t"), tx.tables().stream().map(Table::name).toList());
        }
    }

    @Test
    void aFailureInsideAStatementCannotBeCaughtAway() {
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            put(tx, 2, 2);
            tx.savepoint("s");
            assertState(
                    "25P02",
                    () -> tx.statement(() -> assertThrows(
                            ArithmeticException.class,
                            () -> tx.table("t")
                                    .update(row -> true, row -> row.with("v", 9 / (2 - row.getLong("k")))))));
            assertEquals(Transaction.State.FAILED, tx.state());
            tx.rollbackTo("s");
            assertEquals(List.of("1=1", "2=2"), rows(tx));
            tx.commit();
        }
        assertEquals(List.of("1=1", "2=2"), rows(db));
    }

    @Test
    void statementScopeUndoesJustTheStatement() {
        db.close();
        db = Database.open(
                directory,
                DatabaseOptions.builder()
                        .failureScope(DatabaseOptions.FailureScope.STATEMENT)
                        .build());
        try (Transaction tx = db.begin()) {
            put(tx, 1, 1);
            assertThrows(
                    ArithmeticException.class,
                    () -> tx.table("t")
                            .update(row -> true, row -> row.with("v", row.getLong("v") / (row.getLong("k") - 1))));
            assertState("42P01", () -> tx.table("missing"));
            assertEquals(Transaction.State.ACTIVE, tx.state());
            put(tx, 2, 2);
            assertTrue(tx.commit());
        }
        assertEquals(List.of("1=1", "2=2"), rows(db));
    }

    static void assertState(String sqlState, org.junit.jupiter.api.function.Executable call) {
        assertEquals(sqlState, assertThrows(TransactionException.class, call).sqlState());
    }
}
