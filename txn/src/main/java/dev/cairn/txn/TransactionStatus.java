package dev.cairn.txn;

import dev.cairn.storage.file.Disk;

/** Two durable bits per id, in memory and in the file {@value #FILE_NAME}. */
public final class TransactionStatus implements AutoCloseable {

    public static final String FILE_NAME = "status";

    TransactionStatus() {}

    /** Makes the file of a new database; the caller syncs the directory. */
    public static TransactionStatus create(Disk disk, int pageSize, long databaseSeed) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the state that the checkpoint with this redo point left.
     *
     * @param digest what {@link #writeForCheckpoint} returned then
     * @throws dev.cairn.storage.base.CorruptionException if a page is damaged or missing
     */
    public static TransactionStatus open(Disk disk, int pageSize, long databaseSeed, long redoPoint, long digest) {
        throw new UnsupportedOperationException();
    }

    public boolean isCommitted(long xid) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes and syncs what has changed since the last checkpoint, each page into its older slot, after {@code log} is
     * durable past every commit in them. Call after {@link TransactionSystem#waitUntilStored}; one thread at a time.
     *
     * @return the digest for the control file; the file itself has been synced
     */
    public long writeForCheckpoint(long redoPoint, TransactionLog log) {
        throw new UnsupportedOperationException();
    }

    /** The digest of a file in which no page has been written. */
    public static long emptyDigest() {
        return 0;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
