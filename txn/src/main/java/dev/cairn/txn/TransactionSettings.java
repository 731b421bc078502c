package dev.cairn.txn;

/**
 * @param subxactCacheCapacity sub-transaction ids that a transaction advertises before it is called overflowed; 1 or more
 * @param lockTimeoutNanos how long a wait for another transaction may last; {@link Long#MAX_VALUE} for ever
 */
public record TransactionSettings(int subxactCacheCapacity, long lockTimeoutNanos) {

    /** As PostgreSQL: 64 ids, no time limit. */
    public static final TransactionSettings DEFAULT = new TransactionSettings(64, Long.MAX_VALUE);

    public TransactionSettings {
        if (subxactCacheCapacity < 1) {
            throw new IllegalArgumentException("subxactCacheCapacity must be 1 or more, not " + subxactCacheCapacity);
        }
        if (lockTimeoutNanos < 1) {
            throw new IllegalArgumentException("lockTimeoutNanos must be 1 or more, not " + lockTimeoutNanos);
        }
    }
}
