package dev.cairn.engine;

/**
 * A handle on one savepoint of a transaction, which tells it from others of the same name. Used by the transaction's thread.
 */
public final class Savepoint implements AutoCloseable {

    private final Transaction transaction;
    private final String name;
    private final long level;

    Savepoint(Transaction transaction, String name, long level) {
        this.transaction = transaction;
        this.name = name;
        this.level = level;
    }

    public String name() {
        return name;
    }

    /** Keeps what was done since, as part of the level below. */
    public void release() {
        transaction.releaseLevel(level);
    }

    /** Undoes what was done since; the savepoint stays. Leads out of the failed state. */
    public void rollbackTo() {
        transaction.rollbackToLevel(level);
    }

    /** Whether the savepoint is still there: neither released, nor destroyed by going back to an earlier one, nor ended. */
    public boolean isOpen() {
        return transaction.isLive(level);
    }

    /** Undoes what was done since and gives the savepoint up, unless it is gone already. */
    @Override
    public void close() {
        if (isOpen()) {
            rollbackTo();
            release();
        }
    }
}
