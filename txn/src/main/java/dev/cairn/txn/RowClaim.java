package dev.cairn.txn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement's way to one row, through all the versions that it has to follow and all the waits that it takes. Keeps its
 * places in the queues, and the ticket it drew first, until it is closed: when the row is locked, changed or given up. It can be begun
 * anew for another row then. Belongs to the transaction's thread.
 */
public final class RowClaim implements AutoCloseable {

    static final long NO_TICKET = Long.MAX_VALUE;

    private final Xact xact;
    private final int fileId;
    private RowLockMode mode = RowLockMode.UPDATE;
    private RowLockPolicy policy = RowLockPolicy.WAIT;
    private @Nullable List<RowPlace> places;
    private long ticket = NO_TICKET;

    public RowClaim(Xact xact, int fileId) {
        this.xact = xact;
        this.fileId = fileId;
    }

    /** Sets out for a row. Returns itself, to be closed. */
    public RowClaim begin(RowLockMode wanted, RowLockPolicy waiting) {
        mode = wanted;
        policy = waiting;
        ticket = NO_TICKET;
        return this;
    }

    public Xact xact() {
        return xact;
    }

    public RowLockMode mode() {
        return mode;
    }

    public RowLockPolicy policy() {
        return policy;
    }

    int fileId() {
        return fileId;
    }

    long ticket() {
        return ticket;
    }

    /** Those with a smaller ticket go before. */
    long turn() {
        return policy == RowLockPolicy.WAIT ? ticket : 0;
    }

    void setTicket(long drawn) {
        ticket = drawn;
    }

    @Nullable RowPlace place(long page, int slot) {
        if (places != null) {
            for (RowPlace place : places) {
                if (place.page() == page && place.slot() == slot) {
                    return place;
                }
            }
        }
        return null;
    }

    void add(RowPlace place) {
        List<RowPlace> present = places;
        if (present == null) {
            present = new ArrayList<>(2);
            places = present;
        }
        present.add(place);
    }

    /**
     * Waits until the row looks free; whether it is has to be seen again. Call without any latch held.
     *
     * @param xid whose change of the row is in the way; 0 if none is, but a lock or somebody who came earlier
     * @throws dev.cairn.storage.base.TransactionException as {@link Xact#waitFor}; 55P03 at once under {@link
     *     RowLockPolicy#NO_WAIT}
     */
    public void await(long rowId, long xid) {
        xact.waitForRow(this, rowId, xid);
    }

    /** Idempotent. */
    @Override
    public void close() {
        List<RowPlace> left = places;
        if (left != null) {
            places = null;
            xact.rowLocks().leave(left);
        }
    }
}
