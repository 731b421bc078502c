package dev.cairn.txn;

import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.util.List;

/** The write-ahead log as transactions see it. */
record WalLog(WalWriter wal) implements TransactionLog {

    @Override
    public long append(long xid, WalRecord record) {
        return wal.append(xid, record);
    }

    @Override
    public long appendFirst(long xid, WalRecord.XactBegin record) {
        return wal.appendFirst(xid, record);
    }

    @Override
    public long appendCommit(long xid, WalRecord.Commit commit, List<WalRecord.CommitChildren> before) {
        return wal.appendCommit(xid, commit, before);
    }

    @Override
    public void awaitDurable(long lsn) {
        wal.awaitDurable(lsn);
    }

    @Override
    public void awaitWritten(long lsn) {
        wal.awaitWritten(lsn);
    }

    @Override
    public long insertLsn() {
        return wal.insertLsn();
    }

    @Override
    public long writtenLsn() {
        return wal.writtenLsn();
    }

    @Override
    public long durableLsn() {
        return wal.durableLsn();
    }
}
