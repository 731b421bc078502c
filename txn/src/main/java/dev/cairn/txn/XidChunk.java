package dev.cairn.txn;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Status words and parents of {@value #IDS} ids in a row: 32 KiB, and as much again once one of them is a
 * sub-transaction.
 *
 * <p>A chunk that is given up may leave its memory to another one. So a reader that has got a word asks {@link #isFreed}
 * afterwards: if not, the word was this chunk's.
 */
final class XidChunk {

    static final int SHIFT = 12;
    static final int IDS = 1 << SHIFT;

    private final long number;
    private final XidCells words;
    private volatile @Nullable XidCells parents;
    private volatile boolean freed;

    /** How many ids are final and stamped, and will never be written again. */
    private final AtomicInteger settled = new AtomicInteger();

    private final AtomicLong newestCommit = new AtomicLong();

    XidChunk(long number, XidCells words) {
        this.number = number;
        this.words = words;
    }

    static long numberOf(long xid) {
        return xid >>> SHIFT;
    }

    private static int indexOf(long xid) {
        return (int) xid & (IDS - 1);
    }

    /** The first id is {@code number() * IDS}. */
    long number() {
        return number;
    }

    long word(long xid) {
        return words.get(indexOf(xid));
    }

    void setWord(long xid, long word) {
        words.set(indexOf(xid), word);
    }

    /** 0 if it has none. */
    long parent(long xid) {
        XidCells cells = parents;
        return cells == null ? 0 : cells.get(indexOf(xid));
    }

    void setParent(long xid, long parent, XidMemory memory) {
        XidCells cells = parents;
        if (cells == null) {
            cells = makeParents(memory);
        }
        cells.set(indexOf(xid), parent);
    }

    private synchronized XidCells makeParents(XidMemory memory) {
        XidCells cells = parents;
        if (cells == null) {
            cells = memory.allocate();
            parents = cells;
        }
        return cells;
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

    boolean isFreed() {
        return freed;
    }

    /** Gives the memory back. Nobody writes to a complete chunk any more. */
    void free(XidMemory memory) {
        freed = true;
        memory.free(words);
        XidCells cells = parents;
        if (cells != null) {
            memory.free(cells);
        }
    }
}
