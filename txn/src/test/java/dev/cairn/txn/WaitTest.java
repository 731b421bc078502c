package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.wal.Durability;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitTest {

    private final Store store = Store.threaded();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Xact written() {
        Xact xact = store.begin();
        xact.currentXid();
        return xact;
    }

    private Future<?> waitInBackground(Xact waiter, long xid) {
        Future<?> wait = threads.submit(() -> waiter.waitFor(xid));
        awaitBlocked(waiter);
        return wait;
    }

    private Future<Boolean> lockInBackground(Xact xact, int tableId, LockMode mode) {
        Future<Boolean> lock = threads.submit(() -> xact.lockTable(tableId, mode));
        awaitBlocked(xact);
        return lock;
    }

    private void awaitBlocked(Xact xact) {
        boolean blocked = false;
        while (!blocked) {
            Thread.onSpinWait();
            synchronized (store.system.graph()) {
                blocked = xact.waits().outgoing() != null;
            }
        }
    }

    private static String stateOf(Future<?> failed) {
        Throwable cause = assertThrows(ExecutionException.class, failed::get).getCause();
        return ((TransactionException) cause).sqlState();
    }

    private static String stateOf(Callable<?> failing) {
        return assertThrows(TransactionException.class, failing::call).sqlState();
    }

    @Test
    void theEndOfATransactionWakes() throws Exception {
        Xact holder = written();
        Xact waiter = store.begin();
        Future<?> wait = waitInBackground(waiter, holder.topXid());
        holder.commit(Durability.SYNC);
        wait.get();
        assertEquals(TupleState.COMMITTED, store.state(holder.topXid(), waiter));
        waiter.waitFor(holder.topXid());
    }

    @Test
    void theEndOfJustThatBranchWakes() throws Exception {
        Xact holder = written();
        holder.savepoint("a");
        holder.savepoint("b");
        long b = holder.currentXid();
        holder.release("b");
        Xact onTop = store.begin();
        Xact onBranch = store.begin();
        Future<?> top = waitInBackground(onTop, holder.topXid());
        Future<?> branch = waitInBackground(onBranch, b);
        // The released branch is undone with the parent into which it was merged.
        holder.rollbackTo("a");
        branch.get();
        assertFalse(top.isDone());
        holder.failLevel("22012");
        assertFalse(top.isDone());
        holder.rollback(null);
        top.get();
    }

    @Test
    void anErrorAtTheTopLevelWakes() throws Exception {
        Xact holder = written();
        Future<?> wait = waitInBackground(store.begin(), holder.topXid());
        holder.failLevel("22012");
        wait.get();
        assertTrue(holder.isOpen());
    }

    @Test
    void whoeverClosesACycleIsTheVictim() throws Exception {
        Xact one = written();
        Xact two = written();
        Xact three = written();
        two.savepoint("s");
        long inTwo = two.currentXid();
        Future<?> oneWaits = waitInBackground(one, inTwo);
        Future<?> twoWaits = waitInBackground(two, three.topXid());
        assertEquals("40P01", stateOf(() -> {
            three.waitFor(one.topXid());
            return null;
        }));
        assertFalse(oneWaits.isDone());
        three.failLevel("40P01");
        twoWaits.get();
        two.rollbackTo("s");
        oneWaits.get();
    }

    @Test
    void rowsAndTablesAreOneGraph() throws Exception {
        Xact one = written();
        Xact two = written();
        assertTrue(one.lockTable(7, LockMode.USE));
        Future<?> twoWaits = lockInBackground(two, 7, LockMode.SCHEMA_CHANGE);
        assertEquals("40P01", stateOf(() -> {
            one.waitFor(two.topXid());
            return null;
        }));
        one.rollback(null);
        twoWaits.get();
        two.rollback(null);
        assertEquals(0, store.system.tableLocks().size());
    }

    @Test
    void twoUpgradesAreADeadlock() throws Exception {
        Xact one = store.begin();
        Xact two = store.begin();
        one.lockTable(7, LockMode.USE);
        two.lockTable(7, LockMode.USE);
        Future<Boolean> oneWaits = lockInBackground(one, 7, LockMode.SCHEMA_CHANGE);
        assertEquals("40P01", stateOf(() -> two.lockTable(7, LockMode.SCHEMA_CHANGE)));
        two.failLevel("40P01");
        assertTrue(oneWaits.get());
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws Exception {
        Xact holder = written();
        Xact waiter = store.begin();
        Thread[] thread = new Thread[1];
        Future<Boolean> wait = threads.submit(() -> {
            thread[0] = Thread.currentThread();
            assertEquals("57014", stateOf(() -> {
                waiter.waitFor(holder.topXid());
                return null;
            }));
            return Thread.interrupted();
        });
        awaitBlocked(waiter);
        thread[0].interrupt();
        assertTrue(wait.get());
        waiter.failLevel("57014");
        holder.commit(Durability.SYNC);
        assertFalse(holder.waits().hasIncoming());
    }

    @Test
    void aTimeLimitEndsTheWait() {
        Store limited = Store.withSettings(new TransactionSettings(64, 1000));
        Xact holder = limited.begin();
        holder.currentXid();
        holder.lockTable(1, LockMode.SCHEMA_CHANGE);
        Xact waiter = limited.begin();
        assertEquals("55P03", stateOf(() -> {
            waiter.waitFor(holder.topXid());
            return null;
        }));
        assertEquals("55P03", stateOf(() -> waiter.lockTable(1, LockMode.USE)));
        assertFalse(waiter.holdsTable(1));
        holder.rollback(null);
        assertTrue(waiter.lockTable(1, LockMode.USE));
    }

    @Test
    void tableLocksBelongToLevels() throws Exception {
        Xact one = store.begin();
        assertTrue(one.lockTable(1, LockMode.USE));
        assertFalse(one.lockTable(1, LockMode.USE));
        one.savepoint("a");
        assertTrue(one.lockTable(1, LockMode.SCHEMA_CHANGE));
        assertTrue(one.lockTable(2, LockMode.USE));
        Future<Boolean> user = lockInBackground(store.begin(), 1, LockMode.USE);
        Future<Boolean> changer = lockInBackground(store.begin(), 2, LockMode.SCHEMA_CHANGE);
        one.rollbackTo("a");
        // Given back is exactly what the level took: the stronger mode of 1 and all of 2.
        assertTrue(user.get());
        assertTrue(changer.get());
        assertTrue(one.holdsTable(1));
        assertFalse(one.holdsTable(2));
        one.lockTable(3, LockMode.SCHEMA_CHANGE);
        one.release("a");
        assertTrue(one.holdsTable(3));
        Future<Boolean> third = lockInBackground(store.begin(), 3, LockMode.USE);
        one.commit(Durability.SYNC);
        assertTrue(third.get());
    }

    @Test
    void aFailedLevelGivesItsLocksBackAndOuterLevelsKeepTheirs() throws Exception {
        Xact one = store.begin();
        one.lockTable(1, LockMode.SCHEMA_CHANGE);
        one.savepoint("a");
        one.lockTable(2, LockMode.SCHEMA_CHANGE);
        Future<Boolean> inner = lockInBackground(store.begin(), 2, LockMode.USE);
        Future<Boolean> outer = lockInBackground(store.begin(), 1, LockMode.USE);
        one.failLevel("22012");
        assertTrue(inner.get());
        assertFalse(outer.isDone());
        one.rollback(null);
        assertTrue(outer.get());
    }

    @Test
    void aWaitingChangeIsNotOvertakenByNewUsers() throws Exception {
        Xact user = store.begin();
        user.lockTable(1, LockMode.USE);
        Xact changer = store.begin();
        Future<Boolean> change = lockInBackground(changer, 1, LockMode.SCHEMA_CHANGE);
        Xact late = store.begin();
        Future<Boolean> use = lockInBackground(late, 1, LockMode.USE);
        user.commit(Durability.SYNC);
        assertTrue(change.get());
        assertFalse(use.isDone());
        changer.rollback(null);
        assertTrue(use.get());
    }

    @Test
    void aWaiterThatGivesUpLetsThoseBehindItGoOn() throws Exception {
        Xact user = store.begin();
        user.lockTable(1, LockMode.USE);
        Xact changer = store.begin();
        Thread[] thread = new Thread[1];
        Future<?> change = threads.submit(() -> {
            thread[0] = Thread.currentThread();
            return changer.lockTable(1, LockMode.SCHEMA_CHANGE);
        });
        awaitBlocked(changer);
        Future<Boolean> use = lockInBackground(store.begin(), 1, LockMode.USE);
        thread[0].interrupt();
        assertEquals("57014", stateOf(change));
        assertTrue(use.get());
    }

    @Test
    void closingEndsWaitsAndRollsBackFromOutside() throws Exception {
        Xact idle = written();
        idle.savepoint("a");
        long child = idle.currentXid();
        Xact waiter = written();
        Future<?> wait = waitInBackground(waiter, idle.topXid());
        assertTrue(store.system.close(Long.MAX_VALUE));
        assertEquals("57P01", stateOf(wait));
        assertEquals(StatusWindow.ABORTED, store.tag(child));
        assertEquals(StatusWindow.ABORTED, store.tag(waiter.topXid()));
        assertEquals("57P01", stateOf(() -> idle.commit(Durability.SYNC)));
        assertEquals("57P01", stateOf(() -> idle.savepoint("b")));
        assertEquals("57P01", stateOf(idle::currentXid));
        idle.failLevel("57P01");
        idle.rollback(null);
        assertEquals("57P01", stateOf(store::begin));
        assertTrue(store.system.close(0));
    }

    @Test
    void closingLeavesABusyThreadAlone() throws Exception {
        Xact busy = written();
        busy.enter();
        assertFalse(store.system.close(1000));
        assertTrue(busy.isOpen());
        Future<Boolean> close = threads.submit(() -> store.system.close(Long.MAX_VALUE));
        busy.leave();
        assertTrue(close.get());
        assertFalse(busy.isOpen());
    }

    @Test
    void waitersOfManyTransactionsAllGoOn() throws Exception {
        int workers = 6;
        int rounds = 400;
        long[] current = {written().topXid()};
        store.system.byTop(current[0]).commit(Durability.LAZY);
        Future<?>[] all = new Future<?>[workers];
        Object row = new Object();
        for (int w = 0; w < workers; w++) {
            all[w] = threads.submit(() -> {
                for (int i = 0; i < rounds; i++) {
                    Xact xact = store.begin();
                    xact.savepoint("s");
                    boolean mine = false;
                    while (!mine) {
                        long holder;
                        synchronized (row) {
                            holder = current[0];
                            TupleState state = store.state(holder, xact);
                            if (state == TupleState.FREE || state == TupleState.COMMITTED) {
                                current[0] = xact.currentXid();
                                mine = true;
                            }
                        }
                        if (!mine) {
                            xact.waitFor(holder);
                        }
                    }
                    switch (i % 3) {
                        case 0 -> xact.rollbackTo("s");
                        case 1 -> xact.failLevel("22012");
                        default -> xact.release("s");
                    }
                    xact.commit(Durability.LAZY);
                }
            });
        }
        for (Future<?> worker : all) {
            worker.get();
        }
        assertTrue(store.system.open().isEmpty());
    }
}
