package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SavepointTest {

    private final Store store = Store.inline();

    @Test
    void aSavepointCostsNothingBeforeTheFirstWriteInside() {
        Xact xact = store.begin();
        xact.savepoint("a");
        xact.savepoint("b");
        assertEquals(0, xact.topXid());
        assertEquals(XidAllocator.FIRST, store.system.xids().nextXid());
        assertTrue(store.log.entries().isEmpty());
        xact.release("a");
        assertEquals(0, xact.depth());
        assertEquals(0, xact.commit(Durability.SYNC));
        assertTrue(store.log.entries().isEmpty());
    }

    @Test
    void i3_parentXidIsSmaller() {
        Xact xact = store.begin();
        xact.savepoint("a");
        xact.savepoint("b");
        long b = xact.currentXid();
        long a = store.system.subtrans().parent(b);
        long top = store.system.subtrans().parent(a);
        assertTrue(top < a && a < b);
        assertEquals(top, xact.topXid());
        assertEquals(0, store.system.subtrans().parent(top));
        assertEquals(top, store.system.subtrans().top(b));
        List<WalRecord> records =
                store.log.entries().stream().map(FakeLog.Entry::record).toList();
        assertTrue(records.get(0) instanceof WalRecord.XactBegin);
        assertEquals(new WalRecord.SubxactAssign(top, top, 1, "a", 1), records.get(1));
        assertEquals(new WalRecord.SubxactAssign(a, top, 2, "b", 1), records.get(2));
        assertThrows(IllegalStateException.class, () -> store.system.subtrans().assign(5, 5));
    }

    @Test
    void i4_subcommitGrantsNoVisibility() {
        Xact writer = store.begin();
        writer.savepoint("a");
        long xid = writer.currentXid();
        writer.release("a");
        assertEquals(StatusWindow.SUBCOMMITTED, store.tag(xid));

        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), xid));
        assertEquals(TupleState.IN_PROGRESS, store.state(xid, reader));
        Snapshot before = reader.statementSnapshot();
        reader.hold(before);
        writer.commit(Durability.SYNC);
        reader.beginStatement();
        assertTrue(store.sees(reader, reader.statementSnapshot(), xid));
        assertFalse(store.sees(reader, before, xid));
        assertEquals(TupleState.COMMITTED, store.state(xid, reader));
    }

    @Test
    void i4_aReleasedBranchFallsWithItsTop() {
        Xact writer = store.begin();
        writer.savepoint("a");
        long xid = writer.currentXid();
        writer.release("a");
        writer.rollback(null);
        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), xid));
        assertEquals(TupleState.FREE, store.state(xid, reader));
        assertFalse(store.system.status().isCommitted(xid));
    }

    @Test
    void i5_aStatusWordMovesOnlyForward() {
        StatusWindow window = store.system.window();
        Xact xact = store.begin();
        xact.savepoint("a");
        long a = xact.currentXid();
        long top = xact.topXid();
        assertEquals(StatusWindow.IN_PROGRESS, store.tag(a));
        xact.release("a");
        assertThrows(IllegalStateException.class, () -> window.subcommit(a, top));
        xact.commit(Durability.SYNC);
        assertEquals(StatusWindow.COMMITTED, store.tag(a));
        assertThrows(IllegalStateException.class, () -> window.abort(a, 1));
        assertThrows(IllegalStateException.class, () -> window.subcommit(a, top));
        assertThrows(IllegalStateException.class, () -> window.commitTop(top, 99));
        assertThrows(IllegalStateException.class, () -> window.begin(a, top));
        assertThrows(IllegalStateException.class, () -> window.stamp(a, 1, 99));
    }

    @Test
    void i6_noIdIsUsedTwice() {
        Set<Long> seen = new HashSet<>();
        List<Xact> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(store.begin());
        }
        for (int round = 0; round < 300; round++) {
            for (Xact xact : open) {
                xact.savepoint("s");
                assertTrue(seen.add(xact.currentXid()));
                if (round % 3 == 0) {
                    xact.rollbackTo("s");
                } else {
                    xact.release("s");
                }
            }
        }
        assertTrue(seen.stream().allMatch(xid -> xid < store.system.xids().nextXid()));
    }

    @Test
    void i12_aRolledBackBranchIsInvisibleToItsOwnTransaction() {
        Xact xact = store.begin();
        xact.savepoint("a");
        long a = xact.currentXid();
        xact.savepoint("b");
        long b = xact.currentXid();
        xact.release("b");
        assertEquals(0, xact.writingCommand());
        xact.nextCommand();
        assertTrue(store.sees(xact, xact.statementSnapshot(), a));
        assertTrue(store.sees(xact, xact.statementSnapshot(), b));
        xact.rollbackTo("a");
        assertFalse(store.sees(xact, xact.statementSnapshot(), a));
        assertFalse(store.sees(xact, xact.statementSnapshot(), b));
        assertFalse(xact.isMine(a));
        assertTrue(xact.isUndone(b));
        long again = xact.currentXid();
        assertTrue(again > b);
        xact.commit(Durability.SYNC);
        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), a));
        assertFalse(store.sees(reader, reader.statementSnapshot(), b));
        assertTrue(store.sees(reader, reader.statementSnapshot(), again));
        assertEquals(
                List.of(new WalRecord.Subabort(xact.topXid(), null, 1)), store.log.records(WalRecord.Subabort.class));
    }

    @Test
    void theLatestOfANameCounts() {
        Xact xact = store.begin();
        long first = xact.savepoint("a");
        long second = xact.savepoint("a");
        assertEquals(second, xact.levelOf("a"));
        assertEquals(second, xact.currentLevel());
        xact.rollbackTo("a");
        assertTrue(xact.isOpen(second));
        xact.release("a");
        assertFalse(xact.isOpen(second));
        assertEquals(first, xact.levelOf("a"));
        xact.release(first);
        assertEquals(0, xact.currentLevel());
        TransactionException unknown = assertThrows(TransactionException.class, () -> xact.release("a"));
        assertEquals("3B001", unknown.sqlState());
        assertFalse(xact.isFailed());
        assertThrows(IllegalStateException.class, () -> xact.rollbackTo(second));
    }

    @Test
    void anErrorUndoesTheInnermostLevelAtOnce() {
        Xact xact = store.begin();
        long top = xact.currentXid();
        long outer = xact.savepoint("a");
        long a = xact.currentXid();
        xact.savepoint("b");
        long b = xact.currentXid();
        xact.failLevel("22012");
        assertTrue(xact.isFailed());
        assertTrue(xact.isUndone(b));
        assertFalse(xact.isUndone(a));
        assertEquals(
                "25P02",
                assertThrows(TransactionException.class, xact::currentXid).sqlState());
        assertEquals(
                "25P02",
                assertThrows(TransactionException.class, () -> xact.savepoint("c"))
                        .sqlState());
        assertEquals(
                "25P02",
                assertThrows(TransactionException.class, () -> xact.release("zzz"))
                        .sqlState());
        assertEquals(
                "3B001",
                assertThrows(TransactionException.class, () -> xact.rollbackTo("zzz"))
                        .sqlState());
        xact.failLevel("22012");
        xact.rollbackTo("b");
        assertFalse(xact.isFailed());
        long again = xact.currentXid();
        xact.failLevel("22012");
        xact.rollbackTo(outer);
        assertTrue(xact.isUndone(again));
        assertTrue(xact.isUndone(a));
        assertFalse(xact.isUndone(top));
        assertTrue(xact.commit(Durability.SYNC) > 0);
        assertEquals(0, store.log.records(WalRecord.Commit.class).get(0).runs().length);
        assertEquals("22012", store.log.records(WalRecord.Subabort.class).get(0).sqlState());
    }

    @Test
    void anErrorWithoutSavepointUndoesEverything() {
        Xact xact = store.begin();
        long top = xact.currentXid();
        xact.failLevel("22012");
        assertTrue(xact.isFailed());
        assertTrue(xact.isOpen());
        assertEquals(StatusWindow.ABORTED, store.tag(top));
        assertEquals("22012", store.log.records(WalRecord.Abort.class).get(0).sqlState());
        assertEquals(0, xact.commit(Durability.SYNC));
        assertFalse(xact.isOpen());
        assertEquals(1, store.log.records(WalRecord.Abort.class).size());
        assertTrue(store.system.open().isEmpty());
        assertNull(store.system.byTop(top));
    }

    @Test
    void childrenAreNamedAsRuns() {
        Xact xact = store.begin();
        Xact other = store.begin();
        List<Long> live = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            xact.savepoint("s");
            live.add(xact.currentXid());
            if (i % 100 == 99) {
                xact.rollbackTo("s");
                live.remove(live.size() - 1);
            }
            xact.release("s");
            other.savepoint("o");
            other.currentXid();
        }
        xact.commit(Durability.SYNC);
        long[] runs = store.log.records(WalRecord.Commit.class).get(0).runs();
        assertTrue(runs.length < 2 * 60, runs.length / 2 + " runs");
        List<Long> named = new ArrayList<>();
        for (int i = 0; i < runs.length; i += 2) {
            for (long xid = runs[i]; xid < runs[i] + runs[i + 1]; xid++) {
                named.add(xid);
            }
        }
        assertEquals(live, named);
        live.forEach(xid -> assertEquals(StatusWindow.COMMITTED, store.tag(xid)));
    }

    @Test
    void manyRunsGoAheadOfTheCommit() {
        Xact xact = store.begin();
        int cycles = 1300;
        for (int i = 0; i < cycles; i++) {
            xact.savepoint("s");
            xact.currentXid();
            xact.release("s");
            xact.savepoint("hole");
            xact.currentXid();
            xact.rollbackTo("hole");
            xact.release("hole");
        }
        xact.commit(Durability.SYNC);
        List<WalRecord.CommitChildren> before = store.log.records(WalRecord.CommitChildren.class);
        assertEquals(2, before.size());
        long named = before.stream().mapToLong(r -> r.runs().length / 2).sum()
                + store.log.records(WalRecord.Commit.class).get(0).runs().length / 2;
        assertEquals(cycles, named);
    }

    @Test
    void aMillionNestedSavepointsAreCheap() {
        Xact xact = store.begin();
        SavepointStack stack = new SavepointStack();
        for (int i = 0; i < 1_000_000; i++) {
            xact.savepoint("s");
            stack.push("s", 0);
        }
        assertEquals(1_000_000, xact.depth());
        assertTrue(stack.memoryBytes() <= 36_000_000, stack.memoryBytes() + " bytes");
        stack.popTo(0);
        assertTrue(stack.memoryBytes() < 1000, stack.memoryBytes() + " bytes kept");
        long deepest = xact.currentXid();
        assertEquals(xact.topXid() + 1_000_000, deepest);
        xact.rollbackTo(1);
        assertEquals(1, xact.depth());
        assertTrue(xact.isUndone(deepest));
        assertTrue(xact.isMine(xact.topXid()));
    }

    @Test
    void aFullDiskFailsTheStatementOnly() {
        Xact xact = store.begin();
        store.log.failAppends(new DiskFullException("full", null));
        assertThrows(DiskFullException.class, xact::currentXid);
        assertEquals(0, xact.topXid());
        xact.failLevel("53100");
        xact.rollback(null);

        store.log.failAppends(null);
        Xact second = store.begin();
        second.currentXid();
        second.savepoint("a");
        store.log.failAppends(new DiskFullException("full", null));
        assertThrows(DiskFullException.class, second::currentXid);
        second.failLevel("53100");
        second.rollbackTo("a");
        assertThrows(DiskFullException.class, () -> second.commit(Durability.SYNC));
        assertFalse(second.isOpen());
        assertEquals(StatusWindow.ABORTED, store.tag(second.topXid()));
        store.log.failAppends(null);
        assertTrue(store.committed() > 0);
    }

    @Test
    void namesInTheLogHave63Bytes() {
        Xact xact = store.begin();
        xact.savepoint("é".repeat(40));
        xact.currentXid();
        assertEquals(
                "é".repeat(31),
                store.log.records(WalRecord.SubxactAssign.class).get(0).name());
    }
}
