package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionSystemTest {

    private static final int MANY = 300_000;
    private static final long CHUNK_BYTES = 8L * XidChunk.IDS;

    private final Store store = Store.inline();

    @Test
    void anOldIdleWriterKeepsItsOwnChunkOnly() {
        Xact idle = store.begin();
        long old = idle.currentXid();
        for (int i = 0; i < MANY; i++) {
            store.committed();
        }
        long bytes = store.system.window().memoryBytes();
        assertTrue(bytes <= 3 * CHUNK_BYTES, bytes + " bytes");
        assertEquals(StatusWindow.IN_PROGRESS, store.tag(old));
        assertEquals(StatusWindow.COMMITTED, store.tag(old + MANY / 2));
        assertTrue(idle.isMine(old));
        idle.commit(Durability.SYNC);
        assertEquals(StatusWindow.COMMITTED, store.tag(old));
    }

    @Test
    void anOldSnapshotKeepsWhatCommittedSince() {
        Xact old = store.beginRepeatableRead();
        Snapshot snapshot = old.statementSnapshot();
        List<Long> later = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            later.add(store.committed());
        }
        later.forEach(xid -> assertFalse(store.sees(old, snapshot, xid)));
        assertFalse(store.system.trimStep());
        old.rollback(null);
        assertTrue(store.system.trimStep());
        assertTrue(store.system.window().memoryBytes() <= 2 * CHUNK_BYTES);
        Xact reader = store.begin();
        later.forEach(xid -> assertTrue(store.sees(reader, reader.statementSnapshot(), xid)));
    }

    @Test
    void branchesAndSparesOfBlocksDoNotKeepTheirChunks() {
        for (int i = 0; i < 600; i++) {
            Xact xact = store.begin();
            for (int s = 0; s < 100; s++) {
                xact.savepoint("s");
                xact.currentXid();
                if (s % 3 == 0) {
                    xact.rollbackTo("s");
                }
                xact.release("s");
            }
            if (i % 5 == 0) {
                xact.rollback(null);
            } else {
                xact.commit(Durability.SYNC);
            }
        }
        store.system.trimStep();
        long bytes = store.system.window().memoryBytes();
        assertTrue(bytes <= 4 * CHUNK_BYTES, bytes + " bytes");
        long freed = XidAllocator.FIRST + 1;
        assertEquals(0, store.system.subtrans().parent(freed));
        assertEquals(StatusWindow.ABORTED, store.tag(freed));
    }

    @Test
    void i6_idsGoOnAfterRecovery() {
        Store again = Store.inline();
        again.system.redoCommit(5000, new long[] {5002, 1});
        again.system.restoreAfterRecovery(9000, again.log.insertLsn());
        assertEquals(9000, again.committed());
        assertEquals(StatusWindow.COMMITTED, again.tag(5000));
        assertEquals(StatusWindow.ABORTED, again.tag(5001));
        assertEquals(StatusWindow.COMMITTED, again.tag(5002));
        assertEquals(StatusWindow.COMMITTED, again.tag(9000));
        assertThrows(CorruptionException.class, () -> again.tag(9001));
        for (int i = 0; i < 3 * XidChunk.IDS; i++) {
            again.committed();
        }
        again.system.trimStep();
        assertEquals(StatusWindow.ABORTED, again.tag(8999));
        assertEquals(StatusWindow.COMMITTED, again.tag(9000));
        assertTrue(again.system.window().memoryBytes() <= 2 * CHUNK_BYTES);
    }

    @Test
    void aCheckpointListsWhoIsOpen() {
        Xact first = store.begin();
        long firstXid = first.currentXid();
        long firstStart = store.log.entries().get(0).end() - 32;
        store.begin();
        Xact second = store.begin();
        second.savepoint("s");
        second.currentXid();
        store.committed();
        WalRecord.CheckpointBegin begin = store.system.checkpointBegin(7);
        assertEquals(store.system.xids().nextXid(), begin.nextXid());
        assertEquals(7, begin.nextFileId());
        assertArrayEquals(new long[] {firstXid, second.topXid()}, begin.activeXids());
        assertArrayEquals(new long[] {firstStart, second.firstLsn()}, begin.activeFirstLsns());
        assertEquals(3, store.system.open().size());
        first.rollback(null);
        second.commit(Durability.SYNC);
        assertEquals(0, store.system.checkpointBegin(7).activeXids().length);
    }

    @Test
    void openTransactionsAreListedOldestFirst() {
        Xact one = store.system.begin(IsolationLevel.READ_COMMITTED, "one");
        Xact two = store.system.begin(IsolationLevel.REPEATABLE_READ, "two");
        assertEquals(List.of(one, two), store.system.open());
        assertTrue(one.number() < two.number());
        assertEquals("two", two.label());
        two.currentXid();
        assertEquals(
                new WalRecord.XactBegin(1, "two"), store.log.entries().get(0).record());
        one.commit(Durability.SYNC);
        assertEquals(List.of(two), store.system.open());
        assertThrows(IllegalStateException.class, () -> one.savepoint("s"));
        assertThrows(IllegalStateException.class, () -> one.commit(Durability.SYNC));
        one.rollback(null);
    }

    @Test
    void aMillionBranchesAreAsCheapAsTheFirst() {
        Xact xact = store.begin();
        for (int i = 0; i < 1_000_000; i++) {
            xact.savepoint("s");
            xact.currentXid();
            xact.release("s");
        }
        assertEquals("(64,t)", xact.counters().toString());
        // A word and a parent for each id, and nothing else.
        assertTrue(store.system.window().memoryBytes() <= 16_100_000);
        Xact reader = store.begin();
        assertFalse(store.sees(reader, reader.statementSnapshot(), xact.topXid() + 999_999));
        xact.commit(Durability.SYNC);
        assertTrue(store.log.records(WalRecord.Commit.class).get(0).runs().length <= 4);
        reader.beginStatement();
        assertTrue(store.sees(reader, reader.statementSnapshot(), xact.topXid() + 999_999));
    }
}
