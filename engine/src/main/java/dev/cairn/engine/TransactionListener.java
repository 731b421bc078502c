package dev.cairn.engine;

import org.jspecify.annotations.Nullable;

/**
 * Told what one transaction does, step by step, on the thread that does it: for tests that show a failing transaction, and for
 * audits. Must not call the transaction; what it throws fails the call that it was told of.
 */
@FunctionalInterface
public interface TransactionListener {

    /** What has happened. */
    enum Event {
        /** A savepoint was taken. */
        SAVEPOINT,
        /** A savepoint was released, and all above it. */
        RELEASE,
        /** Everything since a savepoint was undone; the savepoint stays. */
        ROLLBACK_TO,
        INSERT,
        UPDATE,
        DELETE,
        CREATE_TABLE,
        DROP_TABLE,
        /** A statement failed: the innermost level is undone, the transaction failed. */
        FAILURE,
        /** The commit begins; from now on a crash may leave the transaction committed. */
        COMMITTING,
        /** The commit is acknowledged. */
        COMMITTED,
        ROLLED_BACK
    }

    /**
     * Called after the event, except for {@link Event#COMMITTING}.
     *
     * @param name of the savepoint taken (empty for the level that a statement has of its own under the option STATEMENT) or of
     *     the table; the SQLSTATE of a failure; otherwise empty
     * @param row the row as inserted, as updated to, or as it was when deleted; otherwise null
     * @param depth how many savepoints are open now
     */
    void told(Event event, String name, @Nullable Row row, int depth);
}
