package dev.cairn.txn;

/** Locks on tables, owned by a transaction and a level. */
public final class TableLocks {
    TableLocks() {}
}
