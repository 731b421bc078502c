package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HorizonTableTest {

    /** Runs what a test has planned for a named point, once. */
    private static final class Interleaving implements Scheduler {
        private final InlineScheduler inner = new InlineScheduler();
        private final Map<CrashPoint, Runnable> plans = new EnumMap<>(CrashPoint.class);

        void at(CrashPoint point, Runnable plan) {
            plans.put(point, plan);
        }

        @Override
        public void point(CrashPoint point) {
            Runnable plan = plans.remove(point);
            if (plan != null) {
                plan.run();
            }
        }

        @Override
        public Mutex newMutex() {
            return inner.newMutex();
        }

        @Override
        public Signal newSignal() {
            return inner.newSignal();
        }

        @Override
        public void spin(int turn) {
            inner.spin(turn);
        }

        @Override
        public Background start(String name, Step step, long idleNanos) {
            return inner.start(name, step, idleNanos);
        }
    }

    private final Interleaving schedule = new Interleaving();
    private final Store store = Store.threaded(schedule);

    @Test
    void i13_theOldestSnapshotHoldsTheHorizon() {
        assertEquals(store.system.publishLsn(), store.system.horizon());
        Xact old = store.beginRepeatableRead();
        long lsn = old.statementSnapshot().lsn();
        store.committed();
        Xact younger = store.beginRepeatableRead();
        younger.statementSnapshot();
        store.committed();
        assertEquals(lsn, store.system.horizon());
        old.commit(Durability.SYNC);
        assertEquals(younger.statementSnapshot().lsn(), store.system.horizon());
        younger.failLevel("22012");
        assertEquals(store.system.publishLsn(), store.system.horizon());
    }

    @Test
    void readCommittedHoldsItForAStatementOnlyAndScansForTheirs() {
        Xact xact = store.begin();
        xact.currentXid();
        xact.beginStatement();
        Snapshot first = xact.statementSnapshot();
        store.committed();
        assertEquals(first.lsn(), store.system.horizon());
        xact.hold(first);
        xact.endStatement();
        assertEquals(first.lsn(), store.system.horizon());
        xact.beginStatement();
        Snapshot second = xact.statementSnapshot();
        assertTrue(second.lsn() > first.lsn());
        assertEquals(first.lsn(), store.system.horizon());
        xact.letGo(first);
        assertEquals(second.lsn(), store.system.horizon());
        xact.endStatement();
        store.committed();
        assertEquals(store.system.publishLsn(), store.system.horizon());
        assertThrows(IllegalStateException.class, () -> xact.hold(first));
        assertThrows(IllegalStateException.class, () -> xact.letGo(first));
        xact.commit(Durability.SYNC);
        xact.letGo(first);
    }

    @Test
    void repeatableReadKeepsItsSnapshotAndSeesItsOwnCommands() {
        Xact xact = store.beginRepeatableRead();
        xact.beginStatement();
        Snapshot first = xact.statementSnapshot();
        xact.savepoint("a");
        store.committed();
        xact.nextCommand();
        xact.beginStatement();
        assertSame(first, xact.statementSnapshot(), "a command that writes nothing is no other one");
        assertEquals(first.command(), xact.writingCommand());
        xact.nextCommand();
        xact.beginStatement();
        Snapshot second = xact.statementSnapshot();
        assertEquals(new Snapshot(first.lsn(), first.command() + 1), second);
        xact.rollbackTo("a");
        assertEquals(second, xact.statementSnapshot());
        assertThrows(IllegalStateException.class, () -> xact.setIsolation(IsolationLevel.READ_COMMITTED));
    }

    @Test
    void i13_aSnapshotInTheTakingKeepsTheFormerHorizon() {
        long former = store.system.horizon();
        List<Long> horizons = new ArrayList<>();
        schedule.at(CrashPoint.SNAPSHOT_READ, () -> {
            store.committed();
            horizons.add(store.system.horizon());
        });
        Xact taker = store.beginRepeatableRead();
        long taken = taker.statementSnapshot().lsn();
        assertEquals(List.of(former), horizons);
        assertEquals(taken, store.system.horizon());
    }

    @Test
    void i13_aSnapshotTakenBehindTheScanIsNoOlderThanItsStart() {
        long[] taken = new long[1];
        schedule.at(CrashPoint.HORIZON_READ, () -> {
            store.committed();
            Xact taker = store.beginRepeatableRead();
            taken[0] = taker.statementSnapshot().lsn();
            store.committed();
        });
        long horizon = store.system.horizon();
        assertTrue(horizon <= taken[0]);
        assertEquals(taken[0], store.system.horizon());
    }

    @Test
    void slotsAreAddedAndUsedAgain() {
        List<Xact> open = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Xact xact = store.beginRepeatableRead();
            xact.statementSnapshot();
            open.add(xact);
            store.committed();
        }
        for (Xact xact : open) {
            assertEquals(xact.statementSnapshot().lsn(), store.system.horizon());
            xact.rollback(null);
        }
        assertEquals(store.system.publishLsn(), store.system.horizon());
    }

    @Test
    void i13_theHorizonNeverPassesAnOpenSnapshotUnderThreads() throws Exception {
        Store threaded = Store.threaded();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> all = new ArrayList<>();
            all.add(threads.submit(() -> {
                while (!done.get()) {
                    threaded.committed();
                }
            }));
            all.add(threads.submit(() -> {
                long before = 0;
                while (!done.get()) {
                    long horizon = threaded.system.horizon();
                    assertTrue(horizon >= before);
                    before = horizon;
                }
            }));
            List<Future<?>> takers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                takers.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        Xact reader = threaded.beginRepeatableRead();
                        long lsn = reader.statementSnapshot().lsn();
                        assertTrue(threaded.system.horizon() <= lsn);
                        assertTrue(threaded.system.horizon() <= lsn);
                        reader.commit(Durability.SYNC);
                    }
                }));
            }
            for (Future<?> taker : takers) {
                taker.get();
            }
            done.set(true);
            for (Future<?> other : all) {
                other.get();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }
}
