package dev.cairn.txn;

/** How a table is locked. */
public enum LockMode {
    /** Reading and writing rows; shared. */
    USE,
    /** Creating, changing or dropping the table; excludes everybody else. */
    SCHEMA_CHANGE;

    boolean conflictsWith(LockMode other) {
        return this == SCHEMA_CHANGE || other == SCHEMA_CHANGE;
    }
}
