package dev.cairn.txn;

/** What a transaction may see of others. READ UNCOMMITTED is READ COMMITTED, as in PostgreSQL. */
public enum IsolationLevel {
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE;

    /** Whether one snapshot serves the whole transaction. */
    public boolean keepsSnapshot() {
        return this != READ_COMMITTED;
    }
}
