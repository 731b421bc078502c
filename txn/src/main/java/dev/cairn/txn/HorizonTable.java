package dev.cairn.txn;

/** The oldest LSN that an open snapshot needs (I13). */
public final class HorizonTable {

    HorizonTable() {}

    /** Every open and every future snapshot sees all commits at or before this LSN. Never goes back. */
    public long horizon() {
        throw new UnsupportedOperationException();
    }
}
