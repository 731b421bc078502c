package dev.cairn.txn;

/**
 * How strongly a row is locked, ascending, as PostgreSQL has it. Each conflicts with more than the one before: KEY SHARE
 * with UPDATE alone, SHARE and NO KEY UPDATE with each other too, and the two strongest with themselves.
 */
public enum RowLockMode {
    /** Keeps the row from being deleted and its key from being changed. */
    KEY_SHARE,
    /** Keeps the row as it is. */
    SHARE,
    /** What an update takes that changes no key. */
    NO_KEY_UPDATE,
    /** What a delete takes, and an update of the key. */
    UPDATE;

    public boolean conflictsWith(RowLockMode other) {
        return ordinal() + other.ordinal() >= UPDATE.ordinal();
    }
}
