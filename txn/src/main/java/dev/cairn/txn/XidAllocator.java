package dev.cairn.txn;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives out transaction ids: 64 bits, ascending, each once (I6). Thread-safe. Ids given out and never logged are given
 * out again after a crash; no trace of them is on disk, because pages follow the log.
 */
public final class XidAllocator {

    /** The first id of a new database; 0 means none, 1 and 2 are kept free. */
    public static final long FIRST = 3;

    private final AtomicLong next = new AtomicLong(FIRST);

    /** The id that comes next. All ids below it have been given out. */
    public long nextXid() {
        return next.get();
    }

    long allocate() {
        return next.getAndIncrement();
    }

    /** Draws {@code length} ids in a row; returns the first. */
    long allocateBlock(int length) {
        return next.getAndAdd(length);
    }

    /** Goes on after recovery, never backwards. */
    void restore(long nextXid) {
        next.accumulateAndGet(nextXid, Math::max);
    }
}
