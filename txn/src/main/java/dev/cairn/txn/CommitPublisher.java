package dev.cairn.txn;

/** Makes commits visible in the order of their LSNs. */
public final class CommitPublisher {

    CommitPublisher() {}

    /** Every commit at or before it is visible to new snapshots. */
    public long publishLsn() {
        throw new UnsupportedOperationException();
    }

    /** All commits below this LSN are published and all their status bits stored. */
    public long storedUpTo() {
        throw new UnsupportedOperationException();
    }
}
