package dev.cairn.txn;

/** What to do about a row that somebody else has locked. */
public enum RowLockPolicy {
    /** Wait until it is free. */
    WAIT,
    /** Fail with 55P03. */
    NO_WAIT,
    /** Leave the row out. */
    SKIP_LOCKED
}
