package dev.cairn.txn;

/** Parents of recent sub-transactions. Reading is lock-free. */
public final class Subtrans {

    Subtrans() {}

    /** The parent of a sub-transaction; 0 if it has none or has left the window. */
    public long parent(long xid) {
        throw new UnsupportedOperationException();
    }
}
