package dev.cairn.txn;

/** What a row version's xmax means to somebody who wants to write it, judged without a snapshot. */
public enum TupleState {
    /** Nobody has deleted or replaced it, or whoever tried has rolled back. */
    FREE,
    /** This transaction has, at a level that is not rolled back. */
    MINE,
    /** Another transaction has, and is not over: wait for xmax and look again. */
    IN_PROGRESS,
    /** Another transaction has, and its commit is published. */
    COMMITTED
}
