package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.Durability;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class VisibilityTest {

    private final Store store = Store.inline();

    private boolean sees(Xact self, Snapshot snapshot, long xmin, long xmax, int command, int flags) {
        return Visibility.isVisible(xmin, xmax, command, flags, self, snapshot, store.system.window());
    }

    @Test
    void whatACommandWroteIsSeenByLaterOnesOnly() {
        Xact xact = store.begin();
        long xid = xact.currentXid();
        Snapshot opened = xact.statementSnapshot();
        assertFalse(sees(xact, opened, xid, 0, 0, 0));
        assertEquals(0, xact.writingCommand());
        xact.nextCommand();
        assertTrue(sees(xact, xact.statementSnapshot(), xid, 0, 0, 0));
        assertFalse(sees(xact, opened, xid, 0, 0, 0));
        assertFalse(sees(xact, xact.statementSnapshot(), xid, 0, 1, 0));
    }

    @Test
    void whatACommandDeletedIsGoneForLaterOnesOnly() {
        long old = store.committed();
        Xact xact = store.begin();
        long xid = xact.currentXid();
        Snapshot opened = xact.statementSnapshot();
        assertTrue(sees(xact, opened, old, xid, 0, TupleFlags.COMMAND_IS_MAX));
        assertEquals(0, xact.writingCommand());
        xact.nextCommand();
        assertFalse(sees(xact, xact.statementSnapshot(), old, xid, 0, TupleFlags.COMMAND_IS_MAX));
        assertTrue(sees(xact, opened, old, xid, 0, TupleFlags.COMMAND_IS_MAX));
        assertEquals(TupleState.MINE, store.state(xid, xact));
    }

    @Test
    void aScanOpenedBeforeALaterDeletionStillSeesTheRow() {
        long old = store.committed();
        Xact xact = store.begin();
        long xid = xact.currentXid();
        for (int at = 0; at < 5; at++) {
            Snapshot snapshot = new Snapshot(store.system.publishLsn(), at);
            assertEquals(at <= 3, sees(xact, snapshot, old, xid, 3, TupleFlags.COMMAND_IS_MAX), "scan of " + at);
        }
    }

    @Test
    void comboCommandsKeepBoth() {
        long old = store.committed();
        Xact xact = store.begin();
        long xid = xact.currentXid();
        for (int i = 0; i < 20; i++) {
            int combo = xact.comboCommand(i, i + 5);
            assertEquals(i, combo);
            assertEquals(combo, xact.comboCommand(i, i + 5));
            assertEquals(i, xact.cminOf(combo));
            assertEquals(i + 5, xact.cmaxOf(combo));
            for (int at = 0; at < 30; at++) {
                boolean expected = i < at && i + 5 >= at;
                Snapshot snapshot = new Snapshot(store.system.publishLsn(), at);
                assertEquals(expected, sees(xact, snapshot, xid, xid, combo, TupleFlags.COMMAND_IS_COMBO));
            }
        }
        assertThrows(IllegalStateException.class, () -> xact.cminOf(20));
        Snapshot snapshot = xact.statementSnapshot();
        assertThrows(IllegalStateException.class, () -> sees(xact, snapshot, xid, 0, 0, TupleFlags.COMMAND_IS_MAX));
        assertThrows(IllegalStateException.class, () -> sees(xact, snapshot, old, xid, 0, 0));
    }

    @Test
    void deletersCountOnlyWhenTheSnapshotSeesTheirCommit() {
        long old = store.committed();
        Xact deleter = store.begin();
        deleter.savepoint("a");
        long xmax = deleter.currentXid();
        deleter.release("a");
        Xact reader = store.beginRepeatableRead();
        Snapshot before = reader.statementSnapshot();
        assertTrue(sees(reader, before, old, xmax, 0, TupleFlags.COMMAND_IS_MAX));
        deleter.commit(Durability.SYNC);
        assertTrue(sees(reader, before, old, xmax, 0, TupleFlags.COMMAND_IS_MAX));
        assertEquals(before.lsn(), reader.statementSnapshot().lsn());
        Xact later = store.begin();
        assertFalse(sees(later, later.statementSnapshot(), old, xmax, 0, TupleFlags.COMMAND_IS_MAX));
        assertEquals(TupleState.COMMITTED, store.state(xmax, later));
        assertEquals(TupleState.FREE, store.state(0, later));
    }

    @Test
    void frozenVersionsNeedNoStatus() {
        Xact reader = store.begin();
        Snapshot snapshot = reader.statementSnapshot();
        assertTrue(sees(reader, snapshot, 1_000_000, 0, 0, TupleFlags.FROZEN));
        long deleter = store.committed();
        assertTrue(sees(reader, snapshot, 1_000_000, deleter, 0, TupleFlags.FROZEN));
        Xact later = store.begin();
        assertFalse(sees(later, later.statementSnapshot(), 1_000_000, deleter, 0, TupleFlags.FROZEN));
        CorruptionException garbage =
                assertThrows(CorruptionException.class, () -> sees(reader, snapshot, 1_000_000, 0, 0, 0));
        assertTrue(garbage.getMessage().contains("1000000"));
        assertThrows(CorruptionException.class, () -> sees(reader, snapshot, 2, 0, 0, 0));
    }

    @Test
    void deadIsWhatNobodyCanSee() {
        StatusWindow window = store.system.window();
        long old = store.committed();
        Xact aborted = store.begin();
        long rolledBack = aborted.currentXid();
        aborted.rollback(null);
        Xact holder = store.beginRepeatableRead();
        holder.statementSnapshot();
        long deleter = store.committed();
        assertTrue(Visibility.isDead(rolledBack, 0, 0, store.system.horizon(), window));
        assertFalse(Visibility.isDead(old, 0, 0, store.system.horizon(), window));
        assertFalse(Visibility.isDead(old, rolledBack, 0, store.system.horizon(), window));
        assertFalse(Visibility.isDead(old, deleter, 0, store.system.horizon(), window));
        holder.commit(Durability.SYNC);
        assertTrue(Visibility.isDead(old, deleter, 0, store.system.horizon(), window));
        assertTrue(Visibility.isDead(9, deleter, TupleFlags.FROZEN, store.system.horizon(), window));
    }

    /** As it is between publication and the stamping of the children. */
    @Test
    void theTopsWordDecidesForChildrenThatAreNotStamped() {
        StatusWindow window = store.system.window();
        long top = store.system.xids().allocate();
        long child = store.system.xids().allocate();
        long undone = store.system.xids().allocate();
        window.begin(top, top);
        window.begin(child, top);
        window.begin(undone, top);
        window.subcommit(child, top);
        window.abort(undone, 1);
        Xact reader = store.begin();
        long lsn = store.system.publishLsn();
        window.commitTop(top, lsn + 8);
        for (long xid : new long[] {top, child}) {
            assertFalse(sees(reader, new Snapshot(lsn, 0), xid, 0, 0, 0));
            assertTrue(sees(reader, new Snapshot(lsn + 8, 0), xid, 0, 0, 0));
            assertEquals(TupleState.IN_PROGRESS, store.state(xid, reader));
            assertEquals(lsn + 8, Visibility.fate(xid, window, lsn + 8));
            assertFalse(Visibility.isDead(XidAllocator.FIRST, xid, TupleFlags.FROZEN, lsn, window));
            assertTrue(Visibility.isDead(XidAllocator.FIRST, xid, TupleFlags.FROZEN, lsn + 8, window));
        }
        assertFalse(sees(reader, new Snapshot(lsn + 8, 0), undone, 0, 0, 0));
        assertTrue(sees(reader, new Snapshot(lsn + 8, 0), top, undone, 0, 0));
        assertEquals(TupleState.FREE, store.state(undone, reader));
    }

    @Test
    void fateTellsTheCommitLsnOfAnyBranch() {
        Xact xact = store.begin();
        xact.savepoint("a");
        long a = xact.currentXid();
        xact.savepoint("b");
        long b = xact.currentXid();
        xact.rollbackTo("b");
        StatusWindow window = store.system.window();
        assertEquals(Visibility.IN_PROGRESS, Visibility.fate(a, window, store.system.publishLsn()));
        assertEquals(Visibility.ABORTED, Visibility.fate(b, window, store.system.publishLsn()));
        long lsn = xact.commit(Durability.SYNC);
        assertEquals(lsn, Visibility.fate(a, window, lsn));
        assertEquals(lsn, Visibility.fate(xact.topXid(), window, lsn));
        assertEquals(Visibility.IN_PROGRESS, Visibility.fate(a, window, lsn - 1));
        assertEquals(Visibility.ABORTED, Visibility.fate(b, window, lsn));
    }

    @Test
    void fateOfAReleasedBranchIsItsTops() {
        Xact xact = store.begin();
        long top = xact.currentXid();
        xact.savepoint("a");
        long released = xact.currentXid();
        xact.release("a");
        StatusWindow window = store.system.window();
        long publishLsn = store.system.publishLsn();
        assertEquals(StatusWindow.SUBCOMMITTED, StatusWindow.tag(window.word(released)));
        for (long xid : new long[] {top, released}) {
            assertEquals(Visibility.IN_PROGRESS, Visibility.fate(xid, window, publishLsn));
            assertFalse(Visibility.isDead(xid, 0, 0, publishLsn, window));
            assertFalse(Visibility.isDead(XidAllocator.FIRST, xid, TupleFlags.FROZEN, publishLsn, window));
        }
        xact.rollback(null);
        for (long xid : new long[] {top, released}) {
            assertEquals(Visibility.ABORTED, Visibility.fate(xid, window, publishLsn));
            assertTrue(Visibility.isDead(xid, 0, 0, publishLsn, window));
        }
    }

    /** Before the last restart: when it committed nobody knows any more, and nobody asks who would have to. */
    @Test
    void whatCommittedInAnEarlierLifeIsOldForEverybody() {
        TransactionStatus status = TransactionStatus.create(new MemoryDisk(), Store.PAGE_SIZE, Store.SEED);
        StatusWindow window = new StatusWindow(new XidDirectory(new XidMemory(bytes -> null, 0)), status);
        long old = XidAllocator.FIRST;
        window.restore(old + 2);
        status.commit(old, 1);
        status.abort(old + 1, 1);
        assertEquals(0, Visibility.fate(old, window, 500));
        assertEquals(Visibility.ABORTED, Visibility.fate(old + 1, window, 500));
        assertTrue(Visibility.isDead(old, old, 0, 500, window));
        assertFalse(Visibility.isDead(old, 0, 0, 500, window));
        assertFalse(Visibility.isDead(old, old + 1, 0, 500, window));
    }

    @Test
    void readingAllocatesNothing() {
        Xact writer = store.begin();
        for (int i = 0; i < 100; i++) {
            writer.savepoint("s");
            writer.currentXid();
        }
        long first = writer.topXid();
        long committed = store.committed();
        Xact reader = store.begin();
        Snapshot snapshot = reader.statementSnapshot();
        StatusWindow window = store.system.window();
        long publishLsn = store.system.publishLsn();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int seen = 0;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 100_000; i++) {
                long xid = first + i % 100;
                seen += Visibility.isVisible(xid, committed, 0, 0, reader, snapshot, window) ? 1 : 0;
                seen += Visibility.isVisible(committed, xid, 0, 0, reader, snapshot, window) ? 1 : 0;
                seen += Visibility.stateForWriter(xid, reader, window, publishLsn) == TupleState.IN_PROGRESS ? 1 : 0;
                seen += writer.isMine(xid) ? 1 : 0;
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertEquals(5 * 300_000, seen);
        assertTrue(least < 1000, least + " bytes for 400,000 questions");
    }
}
