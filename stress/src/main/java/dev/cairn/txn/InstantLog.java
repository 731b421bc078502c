package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;
import java.util.List;

/** A log that keeps nothing but its length, and is durable up to where anybody has asked it to be. Thread-safe. */
final class InstantLog implements TransactionLog {

    private static final int RECORD_BYTES = 32;
    private static final long FIRST = 1000;

    private volatile long insert = FIRST;
    private volatile long durable = FIRST;

    @Override
    public synchronized long append(long xid, WalRecord record) {
        long end = insert + RECORD_BYTES;
        insert = end;
        return end;
    }

    @Override
    public long appendFirst(long xid, WalRecord.XactBegin record) {
        return append(xid, record) - RECORD_BYTES;
    }

    @Override
    public long appendCommit(long xid, WalRecord.Commit commit, List<WalRecord.CommitChildren> before) {
        before.forEach(children -> append(xid, children));
        return append(xid, commit);
    }

    @Override
    public synchronized void awaitDurable(long lsn) {
        durable = Math.max(durable, lsn);
    }

    @Override
    public void awaitWritten(long lsn) {
        awaitDurable(lsn);
    }

    @Override
    public long insertLsn() {
        return insert;
    }

    @Override
    public long writtenLsn() {
        return durable;
    }

    @Override
    public long durableLsn() {
        return durable;
    }
}
