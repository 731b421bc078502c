package dev.cairn.storage.cache;

/** All that storage knows about the log: nothing reaches disk before its record. */
public interface WalBarrier {

    /**
     * Returns once the log is durable up to {@code lsn}; not affected by interrupts. Called while page latches may be held,
     * so it must not wait for any.
     *
     * @throws dev.cairn.storage.base.EngineFailedException if it never will be
     */
    void awaitDurable(long lsn);
}
