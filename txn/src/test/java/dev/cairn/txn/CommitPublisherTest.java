package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CommitOutcomeUnknownException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitPublisherTest {

    private final Store store = Store.threaded();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        store.log.release();
        threads.shutdownNow();
    }

    private Future<Long> commitInBackground(Xact xact, Durability durability) {
        return threads.submit(() -> xact.commit(durability));
    }

    /** Spins until the log has that many threads waiting. */
    private void awaitWaiting(int count) {
        while (store.log.waiting() != count) {
            Thread.onSpinWait();
        }
    }

    private Xact written() {
        Xact xact = store.begin();
        xact.currentXid();
        return xact;
    }

    @Test
    void i2_nothingIsVisibleBeforeItIsDurable() throws Exception {
        store.log.hold();
        Xact xact = written();
        Future<Long> commit = commitInBackground(xact, Durability.SYNC);
        awaitWaiting(1);
        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), xact.topXid()));
        assertEquals(TupleState.IN_PROGRESS, store.state(xact.topXid(), reader));
        assertTrue(xact.isOpen());
        store.log.release();
        long lsn = commit.get();
        assertEquals(lsn, store.system.publishLsn());
        reader.beginStatement();
        assertTrue(store.sees(reader, reader.statementSnapshot(), xact.topXid()));
    }

    @Test
    void lazyAndWriteBehindASyncWaitForIt() throws Exception {
        store.log.hold();
        Xact first = written();
        Future<Long> sync = commitInBackground(first, Durability.SYNC);
        awaitWaiting(1);
        Xact second = written();
        Future<Long> lazy = commitInBackground(second, Durability.LAZY);
        awaitWaiting(2);
        Xact third = written();
        Future<Long> write = commitInBackground(third, Durability.WRITE);
        awaitWaiting(3);
        assertFalse(lazy.isDone());
        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), second.topXid()));
        store.log.release();
        assertTrue(sync.get() < lazy.get());
        assertTrue(lazy.get() < write.get());
        assertEquals(write.get(), store.system.publishLsn());
    }

    @Test
    void aLazyCommitAloneWaitsForNothing() {
        store.log.hold();
        Xact xact = written();
        long lsn = xact.commit(Durability.LAZY);
        assertEquals(lsn, store.system.publishLsn());
        assertTrue(store.log.durableLsn() < lsn);
    }

    @Test
    void aCommitOfWhichNothingIsLeftWaitsForNothing() throws Exception {
        store.log.hold();
        Xact xact = store.begin();
        for (int i = 0; i < 3; i++) {
            rollBackAWrite(xact);
        }
        long lsn = commitInBackground(xact, Durability.SYNC).get(1, TimeUnit.MINUTES);
        assertEquals(lsn, store.system.publishLsn());
        assertTrue(store.log.durableLsn() < lsn);
    }

    @Test
    void whateverElseWasWrittenBesideWhatIsRolledBackIsAwaited() throws Exception {
        store.log.hold();
        Xact before = written();
        rollBackAWrite(before);
        Xact behind = store.begin();
        rollBackAWrite(behind);
        behind.currentXid();
        Xact beside = store.begin();
        beside.savepoint("kept");
        beside.currentXid();
        rollBackAWrite(beside);
        beside.release("kept");
        List<Future<Long>> commits = new ArrayList<>();
        for (Xact xact : List.of(before, behind, beside)) {
            Future<Long> commit = commitInBackground(xact, Durability.SYNC);
            commits.add(commit);
            while (store.log.waiting() != commits.size()) {
                assertFalse(commit.isDone());
                Thread.onSpinWait();
            }
        }
        assertTrue(store.log.durableLsn() < store.log.insertLsn());
        store.log.release();
        for (Future<Long> commit : commits) {
            assertTrue(commit.get() <= store.log.durableLsn());
        }
    }

    private static void rollBackAWrite(Xact xact) {
        xact.savepoint("undone");
        xact.currentXid();
        xact.rollbackTo("undone");
        xact.release("undone");
    }

    @Test
    void publicationFollowsTheLogAndTreesAppearWhole() throws Exception {
        int writers = 4;
        int commits = 2000;
        AtomicBoolean done = new AtomicBoolean();
        // Watches: a tree is seen with all its branches or with none, and what was seen once is seen for ever.
        Future<Integer> watcher = threads.submit(() -> {
            int trees = 0;
            long before = 0;
            StatusWindow window = store.system.window();
            while (!done.get()) {
                Xact reader = store.begin();
                Snapshot snapshot = reader.statementSnapshot();
                assertTrue(snapshot.lsn() >= before);
                before = snapshot.lsn();
                long end = store.system.xids().nextXid();
                for (long xid = Math.max(XidAllocator.FIRST, end - 50); xid < end; xid++) {
                    // Ids that were drawn this moment have no word yet; old ones may leave the window at any moment.
                    long top = store.system.subtrans().parent(xid);
                    if (top != 0) {
                        boolean child = Visibility.isVisible(xid, 0, 0, 0, reader, snapshot, window);
                        assertEquals(Visibility.isVisible(top, 0, 0, 0, reader, snapshot, window), child);
                        trees++;
                    }
                }
                reader.commit(Durability.LAZY);
            }
            return trees;
        });
        List<Future<?>> all = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            Durability durability = Durability.values()[w % 3];
            all.add(threads.submit(() -> {
                for (int i = 0; i < commits; i++) {
                    Xact xact = store.begin();
                    xact.currentXid();
                    xact.savepoint("a");
                    long child = xact.currentXid();
                    xact.release("a");
                    long lsn = xact.commit(durability);
                    assertTrue(store.system.publishLsn() >= lsn);
                    Xact reader = store.begin();
                    assertTrue(store.sees(reader, reader.statementSnapshot(), child));
                    reader.commit(durability);
                }
            }));
        }
        for (Future<?> writer : all) {
            writer.get();
        }
        done.set(true);
        watcher.get();
        List<Long> ends = store.log.entries().stream()
                .filter(entry -> entry.record() instanceof dev.cairn.wal.record.WalRecord.Commit)
                .map(FakeLog.Entry::end)
                .toList();
        assertEquals(writers * commits, ends.size());
        assertEquals(ends.get(ends.size() - 1), store.system.publishLsn());
        store.system.waitUntilStored(store.system.publishLsn());
        assertTrue(store.system.open().isEmpty());
    }

    @Test
    void checkpointsWaitForBitsOfCommitsBelowTheRedoPoint() throws Exception {
        store.log.hold();
        Xact xact = written();
        Future<Long> commit = commitInBackground(xact, Durability.SYNC);
        awaitWaiting(1);
        long redoPoint = store.log.insertLsn();
        Future<?> checkpoint = threads.submit(() -> store.system.waitUntilStored(redoPoint));
        store.system.waitUntilStored(redoPoint - 1);
        assertFalse(checkpoint.isDone());
        store.log.release();
        checkpoint.get();
        assertTrue(store.system.status().isCommitted(xact.topXid()));
        assertEquals(redoPoint, commit.get());
    }

    @Test
    void i8_aFailedSyncAcknowledgesNothingAndStopsTheEngine() throws Exception {
        store.log.hold();
        Xact xact = written();
        Xact bystander = written();
        Future<Long> commit = commitInBackground(xact, Durability.SYNC);
        awaitWaiting(1);
        long redoPoint = store.log.insertLsn();
        Future<?> checkpoint = threads.submit(() -> store.system.waitUntilStored(redoPoint));
        Future<?> waiter = threads.submit(() -> bystander.waitFor(xact.topXid()));
        store.log.failSyncs(new DiskException("gone"));
        assertTrue(
                assertThrows(ExecutionException.class, commit::get).getCause()
                        instanceof CommitOutcomeUnknownException);
        assertTrue(assertThrows(ExecutionException.class, checkpoint::get).getCause() instanceof EngineFailedException);
        assertTrue(assertThrows(ExecutionException.class, waiter::get).getCause() instanceof EngineFailedException);
        assertFalse(xact.isOpen());
        assertThrows(EngineFailedException.class, () -> bystander.commit(Durability.LAZY));
        assertThrows(EngineFailedException.class, store::begin);
        bystander.rollback(null);
        assertTrue(store.system.open().isEmpty());
    }

    @Test
    void aFailedAppendOfCommitIsUnknownToo() {
        Xact xact = written();
        store.log.failAppends(new DiskException("gone"));
        assertThrows(CommitOutcomeUnknownException.class, () -> xact.commit(Durability.LAZY));
        assertTrue(store.health.isFailed());
        xact.rollback(null);
    }

    @Test
    void anInterruptDoesNotDisturbACommit() throws Exception {
        store.log.hold();
        Xact xact = written();
        Future<Boolean> commit = threads.submit(() -> {
            Thread.currentThread().interrupt();
            xact.commit(Durability.SYNC);
            return Thread.interrupted();
        });
        awaitWaiting(1);
        store.log.release();
        assertTrue(commit.get());
        assertTrue(store.system.status().isCommitted(xact.topXid()));
    }
}
