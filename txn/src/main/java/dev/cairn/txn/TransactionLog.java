package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;
import org.jspecify.annotations.Nullable;

/**
 * What transactions ask of the write-ahead log. All methods are thread-safe. An {@link
 * dev.cairn.storage.base.EngineFailedException} means that nothing more will be logged in this life of the database.
 */
interface TransactionLog {

    /** Appends a record; returns its end. Xid as in the record's frame. */
    long append(long xid, WalRecord record);

    /**
     * Appends a transaction's first record, a {@link WalRecord.XactBegin} of which no object need be made; returns its start, at
     * or before which nothing of the transaction stands.
     */
    long appendFirst(long xid, long timeMicros, String label);

    /**
     * Appends COMMIT, after the children that find no place in it, with no redo point between.
     *
     * @param children of the transaction; they do not change meanwhile
     * @return the end of the COMMIT record: the commit LSN
     */
    long appendCommit(long xid, long timeMicros, long firstLsn, XidRuns children);

    /** As {@link #append} of a {@link WalRecord.SubxactAssign}, of which no object need be made. */
    default long appendAssign(long xid, long parent, long top, int level, String name, long timeMicros) {
        return append(xid, new WalRecord.SubxactAssign(parent, top, level, name, timeMicros));
    }

    /** As {@link #append} of a {@link WalRecord.Subcommit}. */
    default long appendSubcommit(long xid, long parent, long top) {
        return append(xid, new WalRecord.Subcommit(parent, top));
    }

    /** As {@link #append} of a {@link WalRecord.Subabort}. */
    default long appendSubabort(long xid, long top, @Nullable String sqlState, long timeMicros) {
        return append(xid, new WalRecord.Subabort(top, sqlState, timeMicros));
    }

    /** Returns when the log has been synced up to {@code lsn}. Uninterruptible; the interrupt flag is kept. */
    void awaitDurable(long lsn);

    /** Returns when the log has been handed to the operating system up to {@code lsn}. Uninterruptible. */
    void awaitWritten(long lsn);

    long insertLsn();

    long writtenLsn();

    long durableLsn();
}
