package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;

/** A log that keeps nothing but its length, and is durable up to where anybody has asked it to be. Thread-safe. */
final class InstantLog implements TransactionLog {

    private static final int RECORD_BYTES = 32;
    private static final long FIRST = 1000;

    private volatile long insert = FIRST;
    private volatile long durable = FIRST;

    @Override
    public long append(long xid, WalRecord record) {
        return append();
    }

    private synchronized long append() {
        long end = insert + RECORD_BYTES;
        insert = end;
        return end;
    }

    @Override
    public long appendFirst(long xid, long timeMicros, String label) {
        return append() - RECORD_BYTES;
    }

    @Override
    public long appendCommit(long xid, long timeMicros, long firstLsn, XidRuns children) {
        children.beforeCommit().forEach(record -> append());
        return append();
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
