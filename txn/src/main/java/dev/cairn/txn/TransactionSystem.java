package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;
import java.util.List;

/** Everything about transactions of one open database. Thread-safe. */
public final class TransactionSystem {

    // Constructor, as planned:
    // TransactionSystem(WalWriter log, TransactionStatus status, Environment environment, Health health,
    // TransactionSettings settings)

    /** 57P01 once closing has begun. */
    public Xact begin(IsolationLevel isolation, String label) {
        throw new UnsupportedOperationException();
    }

    public StatusWindow window() {
        throw new UnsupportedOperationException();
    }

    public Subtrans subtrans() {
        throw new UnsupportedOperationException();
    }

    public XidAllocator xids() {
        throw new UnsupportedOperationException();
    }

    public TransactionStatus status() {
        throw new UnsupportedOperationException();
    }

    /** Every commit at or before it is visible to new snapshots. */
    public long publishLsn() {
        throw new UnsupportedOperationException();
    }

    /** Every open and every future snapshot sees all commits at or before this LSN (I13). */
    public long horizon() {
        throw new UnsupportedOperationException();
    }

    /** Open transactions, oldest first. */
    public List<Xact> open() {
        throw new UnsupportedOperationException();
    }

    // --- redo: idempotent, unconditional

    public void redoCommit(long xid, long[] runs) {
        throw new UnsupportedOperationException();
    }

    public void redoAbort(long xid) {
        throw new UnsupportedOperationException();
    }

    public void redoSubabort(long xid) {
        throw new UnsupportedOperationException();
    }

    /** After redo, and in a new database with {@link XidAllocator#FIRST}: ids below {@code nextXid} without a COMMIT are aborted. */
    public void restoreAfterRecovery(long nextXid, long publishLsn) {
        throw new UnsupportedOperationException();
    }

    // --- checkpoints

    /** For {@code WalWriter.beginCheckpoint}: takes no lock. A transaction that is just ending may still be listed. */
    public WalRecord.CheckpointBegin checkpointBegin(int nextFileId) {
        throw new UnsupportedOperationException();
    }

    /** Returns when every commit below the redo point is published and all its status bits are stored. */
    public void waitUntilStored(long redoPoint) {
        throw new UnsupportedOperationException();
    }

    // --- background and end

    /** Gives memory of old ids back; false if there was nothing to do. */
    public boolean trimStep() {
        throw new UnsupportedOperationException();
    }

    /**
     * Refuses new transactions, wakes everybody who waits (57P01), and rolls back all open transactions as soon as their
     * threads are outside the engine.
     *
     * @return false if some thread was still inside after the time; its transaction has no COMMIT and is aborted by recovery
     */
    public boolean close(long timeoutNanos) {
        throw new UnsupportedOperationException();
    }
}
