package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;
import java.util.List;

/**
 * What transactions ask of the write-ahead log. All methods are thread-safe. An {@link
 * dev.cairn.storage.base.EngineFailedException} means that nothing more will be logged in this life of the database.
 */
interface TransactionLog {

    /** Appends a record; returns its end. Xid as in the record's frame. */
    long append(long xid, WalRecord record);

    /**
     * Appends a transaction's first record; returns its start, at or before which nothing of the transaction stands.
     */
    long appendFirst(long xid, WalRecord.XactBegin record);

    /**
     * Appends COMMIT, after the children that found no place in it, with no redo point between.
     *
     * @return the end of the COMMIT record: the commit LSN
     */
    long appendCommit(long xid, WalRecord.Commit commit, List<WalRecord.CommitChildren> before);

    /** Returns when the log has been synced up to {@code lsn}. Uninterruptible; the interrupt flag is kept. */
    void awaitDurable(long lsn);

    /** Returns when the log has been handed to the operating system up to {@code lsn}. Uninterruptible. */
    void awaitWritten(long lsn);

    long insertLsn();

    long writtenLsn();

    long durableLsn();
}
