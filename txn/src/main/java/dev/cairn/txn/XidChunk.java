package dev.cairn.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Status words and parents of {@value #IDS} ids in a row: 32 KiB, and as much again once one of them is a
 * sub-transaction. Never reused for other ids, so a reader that holds a chunk while it is given up reads final words.
 */
final class XidChunk {

    static final int SHIFT = 12;
    static final int IDS = 1 << SHIFT;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long number;
    private final long[] words = new long[IDS];
    private volatile long @Nullable [] parents;

    /** How many ids are final and stamped, and will never be written again. */
    private final AtomicInteger settled = new AtomicInteger();

    private final AtomicLong newestCommit = new AtomicLong();

    XidChunk(long number) {
        this.number = number;
    }

    static long numberOf(long xid) {
        return xid >>> SHIFT;
    }

    private static int indexOf(long xid) {
        return (int) xid & IDS - 1;
    }

    /** The first id is {@code number() * IDS}. */
    long number() {
        return number;
    }

    long word(long xid) {
        return (long) CELL.getVolatile(words, indexOf(xid));
    }

    void setWord(long xid, long word) {
        CELL.setVolatile(words, indexOf(xid), word);
    }

    long parent(long xid) {
        long[] cells = parents;
        return cells == null ? 0 : (long) CELL.getAcquire(cells, indexOf(xid));
    }

    /** {@link #makeParents} comes first. */
    void setParent(long xid, long parent) {
        long[] cells = Objects.requireNonNull(parents);
        CELL.setRelease(cells, indexOf(xid), parent);
    }

    /** True if this call made them. */
    boolean makeParents() {
        return parents == null && allocateParents();
    }

    private synchronized boolean allocateParents() {
        if (parents != null) {
            return false;
        }
        parents = new long[IDS];
        return true;
    }

    /** Counts ids as final; true if this made the chunk complete. */
    boolean settle(int ids, long commitLsn) {
        newestCommit.accumulateAndGet(commitLsn, Math::max);
        int now = settled.addAndGet(ids);
        assert now <= IDS : "chunk " + number + " has settled " + now + " ids";
        return now == IDS;
    }

    /** The newest commit among its ids; 0 if there is none. Final once the chunk is complete. */
    long newestCommit() {
        return newestCommit.get();
    }

    /** Bytes of heap that its arrays take. */
    long bytes() {
        return 8L * IDS * (parents == null ? 1 : 2);
    }
}
