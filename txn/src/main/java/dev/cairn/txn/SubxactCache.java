package dev.cairn.txn;

import java.util.Arrays;

/**
 * The live sub-transaction ids that a transaction advertises, and whether there were ever more than it holds: the two
 * counters that PostgreSQL shows of a session. Written by the transaction's thread, counters readable by any.
 *
 * <p>Ids come in ascending order and leave from the end only, as a rollback takes all ids from some id on. After an
 * overflow the places of ids that were rolled back are used again.
 */
final class SubxactCache {

    private static final int SMALLEST = 4;
    private static final long[] NONE = {};

    private final int capacity;
    private long[] ids = NONE;
    private int count;
    private boolean overflowed;

    /** Both counters in one: count, and bit 31 for the overflow. */
    private volatile int advertised;

    SubxactCache(int capacity) {
        this.capacity = capacity;
    }

    void add(long xid) {
        if (count == capacity) {
            overflowed = true;
        } else {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, Math.min(capacity, Math.max(SMALLEST, count * 2)));
            }
            ids[count++] = xid;
        }
        advertise();
    }

    /** Takes away the ids that are {@code xid} or above: they are rolled back. */
    void removeFrom(long xid) {
        while (count > 0 && ids[count - 1] >= xid) {
            count--;
        }
        advertise();
    }

    /** The transaction has ended. */
    void clear() {
        count = 0;
        overflowed = false;
        advertise();
    }

    private void advertise() {
        advertised = overflowed ? count | Integer.MIN_VALUE : count;
    }

    SubxactCounters counters() {
        int both = advertised;
        return new SubxactCounters(both & Integer.MAX_VALUE, both < 0);
    }
}
