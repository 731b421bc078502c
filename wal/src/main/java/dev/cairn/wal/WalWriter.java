package dev.cairn.wal;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.cache.WalBarrier;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import java.util.function.Supplier;

/**
 * Appends to the log and makes it durable. Thread-safe. Every method that appends or waits throws {@link
 * dev.cairn.storage.base.EngineFailedException} once the engine has failed, and none is disturbed by an interrupt.
 */
public final class WalWriter implements WalBarrier, AutoCloseable {

    private WalWriter() {}

    /** Begins the log of a new database, with the announcement of its first life as the first record. */
    public static WalWriter create(
            Disk disk,
            WalOptions options,
            DatabaseId databaseId,
            IncarnationId first,
            Environment environment,
            Health health) {
        throw new UnsupportedOperationException();
    }

    /**
     * Goes on with a log whose end is known, with the announcement of a new life. Before: the new life is durable in the
     * control file, and the log is durable up to its end.
     *
     * @param end where the log ends, as {@link WalReader#end} says or {@link WalEnd#closed}
     * @param redoPoint start of the last complete checkpoint's begin record; decides about full-page images until the next
     *     checkpoint begins
     */
    public static WalWriter open(
            Disk disk,
            WalOptions options,
            DatabaseId databaseId,
            WalEnd end,
            IncarnationId next,
            long redoPoint,
            Environment environment,
            Health health) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends a record that changes no page.
     *
     * @param xid the transaction or sub-transaction that it belongs to; 0 if none
     * @return the record's end
     * @throws IllegalArgumentException if the record is too long; nothing was appended
     */
    public long append(long xid, WalRecord record) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends a record that changes one page. The caller holds the page's latch, has changed the page, and sets its pageLsn to
     * the result before unlatching. The log carries the page's image if this is its first change since the redo point.
     */
    public long append(long xid, WalRecord record, PageBuffer page) {
        throw new UnsupportedOperationException();
    }

    /** As the method for one page; the pages are in the record's order. */
    public long append(long xid, WalRecord record, PageBuffer page0, PageBuffer page1) {
        throw new UnsupportedOperationException();
    }

    /** Appends a transaction's first record and returns its <em>start</em>. */
    public long appendFirst(long xid, WalRecord.XactBegin record) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends COMMIT, after the children that found no place in it, with no redo point between.
     *
     * @return the end of the COMMIT record: the commit LSN
     */
    public long appendCommit(long xid, WalRecord.Commit commit, List<WalRecord.CommitChildren> before) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends the record that begins a checkpoint and makes its start the redo point, in one step as seen by every other
     * append.
     *
     * @param record called under the append lock, perhaps more than once: short, takes no lock, does not block
     * @return the redo point
     */
    public long beginCheckpoint(Supplier<WalRecord.CheckpointBegin> record) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException if the record could be too long to be appended, page images included */
    public void requireFits(WalRecord record) {
        throw new UnsupportedOperationException();
    }

    /** End of the last record appended. */
    public long insertLsn() {
        throw new UnsupportedOperationException();
    }

    /** The log up to here has been handed to the operating system. */
    public long writtenLsn() {
        throw new UnsupportedOperationException();
    }

    /** The log up to here survives the loss of power. */
    public long durableLsn() {
        throw new UnsupportedOperationException();
    }

    /** A page whose pageLsn is at or below this gets an image into the log with its next change. */
    public long redoPoint() {
        throw new UnsupportedOperationException();
    }

    /** Returns when the log is durable up to {@code lsn}, an end that {@code append} has returned. */
    @Override
    public void awaitDurable(long lsn) {
        throw new UnsupportedOperationException();
    }

    /** Returns when the log has been handed to the operating system up to {@code lsn}. */
    public void awaitWritten(long lsn) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts the background thread that serves LAZY commits, empties a filling buffer and prepares segments ahead. {@link
     * #close} stops it.
     *
     * @param lazyFlushNanos what was appended is durable after about this time
     */
    public void startFlusher(long lazyFlushNanos) {
        throw new UnsupportedOperationException();
    }

    /** One turn of the flusher; false if there is no reason for another turn at once. */
    public boolean flushStep() {
        throw new UnsupportedOperationException();
    }

    /** Gives up segments that lie wholly below {@code belowLsn}: for reuse, or deleted. */
    public void recycle(long belowLsn) {
        throw new UnsupportedOperationException();
    }

    public WalStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    /** Makes everything durable, unless the engine has failed, and closes the files. Appending afterwards is refused. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
