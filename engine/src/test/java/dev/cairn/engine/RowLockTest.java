package dev.cairn.engine;

import static dev.cairn.engine.SavepointTest.assertState;
import static dev.cairn.engine.TestTables.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.LockWait;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks on rows: who shares, who waits, and who gives back what when. */
class RowLockTest {

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
        assertEquals(0, db.transactions().rowLocks().lockedPages(), "locks are left behind");
        db.close();
    }

    private static @Nullable Row lock(Transaction tx, long k, RowLockMode mode, RowLockPolicy policy) {
        List<Row> locked = tx.table("t").lock(mode, policy, row -> row.getLong("k") == k);
        return locked.isEmpty() ? null : locked.get(0);
    }

    private static @Nullable Row lock(Transaction tx, long k, RowLockMode mode) {
        return lock(tx, k, mode, RowLockPolicy.WAIT);
    }

    /** The strongest lock that another transaction could get at once; null for none. */
    private @Nullable RowLockMode leftFor(long k) {
        RowLockMode left = null;
        for (RowLockMode mode : RowLockMode.values()) {
            try (Transaction other = db.begin()) {
                if (lock(other, k, mode, RowLockPolicy.SKIP_LOCKED) != null) {
                    left = mode;
                }
            }
        }
        return left;
    }

    @Test
    void eachModeLeavesToOthersWhatDoesNotConflict() {
        RowLockMode[] left = {RowLockMode.NO_KEY_UPDATE, RowLockMode.SHARE, RowLockMode.KEY_SHARE, null};
        for (RowLockMode mode : RowLockMode.values()) {
            try (Transaction tx = db.begin()) {
                assertNotNull(lock(tx, 1, mode));
                assertEquals(left[mode.ordinal()], leftFor(1), mode::toString);
                assertEquals(RowLockMode.UPDATE, leftFor(2));
            }
            assertEquals(RowLockMode.UPDATE, leftFor(1));
        }
    }

    @Test
    void anUpdateIsNoKeyUpdateAndADeleteIsUpdate() {
        try (Transaction tx = db.begin()) {
            set(tx, 1, 11);
            tx.table("t").delete(row -> row.getLong("k") == 2);
            assertEquals(RowLockMode.KEY_SHARE, leftFor(1));
            assertNull(leftFor(2));
        }
    }

    @Test
    void rollbackToGivesBackWhatWasTakenSinceAndKeepsTheWeakerLock() {
        try (Transaction tx = db.begin()) {
            lock(tx, 1, RowLockMode.SHARE);
            tx.savepoint("a");
            lock(tx, 1, RowLockMode.UPDATE);
            lock(tx, 2, RowLockMode.UPDATE);
            assertNull(leftFor(1));
            tx.rollbackTo("a");
            assertEquals(RowLockMode.SHARE, leftFor(1));
            assertEquals(RowLockMode.UPDATE, leftFor(2));
            tx.savepoint("b");
            lock(tx, 2, RowLockMode.UPDATE);
            tx.release("b");
            assertNull(leftFor(2));
            tx.rollbackTo("a");
            assertEquals(RowLockMode.UPDATE, leftFor(2));
            assertEquals(RowLockMode.SHARE, leftFor(1));
        }
    }

    @Test
    void aFailedStatementGivesBackItsLevelsLocksAtOnce() throws Throwable {
        try (Transaction tx = db.begin();
                Transaction other = db.begin()) {
            lock(tx, 1, RowLockMode.UPDATE);
            tx.savepoint("a");
            lock(tx, 2, RowLockMode.UPDATE);
            Other waiting = new Other(() -> lock(other, 2, RowLockMode.UPDATE)).untilBlocked();
            assertThrows(
                    ArithmeticException.class,
                    () -> tx.statement(() -> {
                        throw new ArithmeticException();
                    }));
            assertNotNull(waiting.get());
            assertNull(leftFor(1));
        }
    }

    @Test
    void aKeyShareLockGoesAlongToTheNewVersion() {
        try (Transaction sharer = db.begin();
                Transaction writer = db.begin()) {
            lock(sharer, 1, RowLockMode.KEY_SHARE);
            set(writer, 1, 11);
            writer.commit();
            assertEquals(RowLockMode.NO_KEY_UPDATE, leftFor(1));
            sharer.savepoint("a");
            sharer.rollbackTo("a");
            assertEquals(RowLockMode.NO_KEY_UPDATE, leftFor(1));
        }
        assertEquals(RowLockMode.UPDATE, leftFor(1));
    }

    @Test
    void aKeyShareLockBesideAnOpenUpdateHoldsItsNewVersionToo() {
        try (Transaction sharer = db.begin();
                Transaction writer = db.begin()) {
            set(writer, 1, 11);
            Row seen = lock(sharer, 1, RowLockMode.KEY_SHARE);
            assertNotNull(seen);
            assertEquals(10L, seen.getLong("v"));
            writer.commit();
            assertEquals(RowLockMode.NO_KEY_UPDATE, leftFor(1));
        }
    }

    /**
     * Once it stopped at the version in between, which nobody can have seen: its update changed no key, so the lock goes together
     * with that, but it is not the newest.
     */
    @Test
    void aKeyShareLockThatHasWaitedGivesTheNewestVersion() throws Throwable {
        for (boolean isNewest : new boolean[] {false, true}) {
            try (Transaction writer = db.begin();
                    Transaction sharer = db.begin()) {
                assertNotNull(lock(writer, 1, RowLockMode.UPDATE));
                set(writer, 1, 11);
                if (!isNewest) {
                    set(writer, 1, 12);
                    set(writer, 1, 13);
                }
                Other waiting = new Other(() -> lock(sharer, 1, RowLockMode.KEY_SHARE)).untilBlocked();
                writer.commit();
                assertEquals(isNewest ? "[1, 11]" : "[1, 13]", String.valueOf(waiting.get()));
                assertEquals(RowLockMode.NO_KEY_UPDATE, leftFor(1));
            }
        }
    }

    @Test
    void whoWaitsIsServedInOrderAndShown() throws Throwable {
        try (Transaction holder = db.begin(TransactionOptions.DEFAULT.withLabel("holder"));
                Transaction first = db.begin(TransactionOptions.DEFAULT.withLabel("first"));
                Transaction second = db.begin(TransactionOptions.DEFAULT.withLabel("second"))) {
            set(holder, 1, 11);
            Other one = new Other(() -> lock(first, 1, RowLockMode.UPDATE)).untilBlocked();
            Other two = new Other(() -> lock(second, 1, RowLockMode.UPDATE)).untilBlocked();
            List<LockWait> waits = db.lockWaits();
            assertEquals(
                    List.of("first", "second"),
                    waits.stream().map(LockWait::label).toList());
            assertEquals(List.of(holder.number()), waits.get(0).blockers());
            assertEquals(List.of(holder.number(), first.number()), waits.get(1).blockers());
            holder.commit();
            assertEquals("[1, 11]", String.valueOf(one.get()));
            two.untilBlocked();
            first.rollback();
            assertEquals("[1, 11]", String.valueOf(two.get()));
        }
    }

    @Test
    void whoClosesACycleIsTheVictimAndRecoversByRollbackTo() throws Throwable {
        try (Transaction first = db.begin();
                Transaction second = db.begin()) {
            lock(first, 1, RowLockMode.SHARE);
            lock(second, 2, RowLockMode.SHARE);
            Other waiting = new Other(() -> set(first, 2, 0)).untilBlocked();
            second.savepoint("a");
            assertState("40P01", () -> set(second, 1, 0));
            second.rollbackTo("a");
            second.rollback();
            assertEquals(1L, waiting.get());
        }
    }

    @Test
    void nobodyWaitsWhoDoesNotWantTo() {
        try (Transaction holder = db.begin();
                Transaction other = db.begin()) {
            lock(holder, 1, RowLockMode.NO_KEY_UPDATE);
            assertNull(lock(other, 1, RowLockMode.SHARE, RowLockPolicy.SKIP_LOCKED));
            other.savepoint("a");
            assertState("55P03", () -> lock(other, 1, RowLockMode.SHARE, RowLockPolicy.NO_WAIT));
            other.rollbackTo("a");
            other.setLockTimeout(Duration.ofMillis(1));
            assertState("55P03", () -> lock(other, 1, RowLockMode.SHARE));
        }
    }

    @Test
    void aLockNeedsATransactionThatMayWrite() {
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withReadOnly(true))) {
            assertState("25006", () -> lock(tx, 1, RowLockMode.KEY_SHARE));
        }
    }

    @Test
    void lockingOnceMoreNeedsNoId() {
        try (Transaction tx = db.begin()) {
            lock(tx, 1, RowLockMode.UPDATE);
            tx.savepoint("a");
            lock(tx, 1, RowLockMode.SHARE);
            assertEquals(0, tx.subxacts().count());
            lock(tx, 2, RowLockMode.SHARE);
            assertEquals(1, tx.subxacts().count());
        }
    }

    @Test
    void anInterruptedWaiterLeavesTheQueue() throws Throwable {
        try (Transaction holder = db.begin();
                Transaction other = db.begin()) {
            lock(holder, 1, RowLockMode.UPDATE);
            Other waiting = new Other(() -> lock(other, 1, RowLockMode.UPDATE)).untilBlocked();
            waiting.thread().interrupt();
            assertEquals(
                    "57014",
                    assertThrows(TransactionException.class, waiting::get).sqlState());
            holder.rollback();
            assertEquals(RowLockMode.UPDATE, leftFor(1));
        }
    }

    @Test
    void aLockedRowsSlotIsNotUsedAgain() {
        try (Transaction sharer = db.begin()) {
            lock(sharer, 1, RowLockMode.KEY_SHARE);
            for (int i = 0; i < 2_000; i++) {
                try (Transaction tx = db.begin()) {
                    set(tx, 1, i);
                    tx.commit(dev.cairn.wal.Durability.LAZY);
                }
            }
            assertEquals(RowLockMode.NO_KEY_UPDATE, leftFor(1));
            assertEquals(RowLockMode.UPDATE, leftFor(2));
            assertTrue(TestTables.rows(db).contains("1=1999"));
        }
    }
}
