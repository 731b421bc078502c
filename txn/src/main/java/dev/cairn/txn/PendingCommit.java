package dev.cairn.txn;

import dev.cairn.wal.Durability;

/** A commit from the moment its record is in the log until its status bits are stored. Owned by {@link CommitPublisher}. */
final class PendingCommit {

    final long top;
    final long commitLsn;
    final Durability durability;

    /** The newest commits, this one included, that wait for a sync and for a write: published no later than this one. */
    final long syncedTo;

    final long writtenTo;

    /** Guarded by the publisher's mutex. */
    boolean stored;

    PendingCommit(long top, long commitLsn, Durability durability, long syncedTo, long writtenTo) {
        this.top = top;
        this.commitLsn = commitLsn;
        this.durability = durability;
        this.syncedTo = syncedTo;
        this.writtenTo = writtenTo;
    }
}
