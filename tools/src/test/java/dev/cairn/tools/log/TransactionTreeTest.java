package dev.cairn.tools.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.tools.log.TransactionTree.Fate;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TransactionTreeTest {

    private long lsn = 0x1000;
    private long micros = 1_000;
    private final TransactionTree tree = TransactionTree.begin(10, new WalRecord.XactBegin(micros, "import"));

    private void log(long xid, WalRecord record) {
        tree.add(lsn, lsn + 64, xid, record);
        lsn += 64;
    }

    private void insert(long xid) {
        log(xid, new WalRecord.HeapInsert(2, 2, 1, 0, 0, 0, new byte[8]));
    }

    private void savepoint(long xid, long parent, int level, String name) {
        log(xid, new WalRecord.SubxactAssign(parent, 10, level, name, micros += 100));
        insert(xid);
    }

    private void rollbackTo(long xid) {
        log(xid, new WalRecord.Subabort(10, null, micros += 100));
    }

    private void commit() {
        log(10, new WalRecord.Commit(micros += 100, 0x1000, 0, 0, new long[0]));
    }

    private Fate fate(long xid) {
        return tree.fate(Objects.requireNonNull(tree.branch(xid)));
    }

    @Test
    void i4_aReleasedBranchSharesTheFateOfItsParent() {
        insert(10);
        savepoint(11, 10, 1, "a");
        savepoint(12, 11, 2, "b");
        log(12, new WalRecord.Subcommit(11, 10));
        rollbackTo(11);
        savepoint(13, 10, 1, "a");
        commit();
        assertEquals(Fate.COMMITTED, fate(10));
        assertEquals(Fate.ROLLED_BACK, fate(11));
        assertEquals(Fate.ROLLED_BACK, fate(12));
        assertEquals(Fate.COMMITTED, fate(13));
        assertEquals(3, tree.subtransactions());
        assertEquals("""
                transaction 10 "import"  committed at 0/1280, 1 row, 128 bytes, 500 us
                ├─ 11 savepoint "a"      rolled back, 1 row, 192 bytes, 200 us
                │  └─ 12 savepoint "b"   released, rolled back with its parent, 1 row, 192 bytes
                └─ 13 savepoint "a"      committed, 1 row, 128 bytes""", String.join("\n", TreeText.lines(tree, 10)));
    }

    @Test
    void aTransactionThatTheProcessDidNotSurviveIsLost() {
        savepoint(11, 10, 1, "a");
        assertEquals(Fate.OPEN, fate(11));
        tree.lost();
        assertEquals(Fate.LOST, fate(11));
    }

    @Test
    void anErrorIsNamed() {
        savepoint(11, 10, 1, "a");
        log(11, new WalRecord.Subabort(10, "23502", micros));
        log(10, new WalRecord.Abort(micros, "25P02"));
        assertEquals(Fate.ROLLED_BACK, fate(10));
        List<String> lines = TreeText.lines(tree, 10);
        assertEquals(true, lines.get(0).contains("rolled back by error 25P02"), lines.get(0));
        assertEquals(true, lines.get(1).contains("rolled back by error 23502"), lines.get(1));
    }

    @Test
    void aWideTreeIsShortened() {
        for (int i = 0; i < 100; i++) {
            savepoint(11 + i, 10, 1, "s" + i);
        }
        commit();
        List<String> lines = TreeText.lines(tree, 3);
        assertEquals(5, lines.size());
        assertEquals(true, lines.get(3).contains("97 more savepoints"), lines.get(3));
        assertEquals(true, lines.get(4).contains("└─ 110 savepoint \"s99\""), lines.get(4));
    }

    @Test
    void aLogThatBeginsInTheMiddleSaysSo() {
        TransactionTree rest = new TransactionTree(10);
        rest.add(64, 128, 12, new WalRecord.Subcommit(11, 10));
        rest.add(128, 192, 10, new WalRecord.Commit(5, 8, 0, 0, new long[0]));
        assertFalse(rest.isWhole());
        assertEquals(1, rest.subtransactions());
        assertEquals(true, TreeText.lines(rest, 10).get(0).endsWith("began before the log that is left"));
    }
}
