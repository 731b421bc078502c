package dev.cairn.storage.cache;

/** All that storage knows about the log: nothing reaches disk before its record. */
public interface WalBarrier {

    /** Returns when the log is durable up to {@code lsn}. Uninterruptible; the thread's interrupt flag is kept. */
    void awaitDurable(long lsn);
}
