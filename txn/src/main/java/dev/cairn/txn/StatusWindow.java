package dev.cairn.txn;

import dev.cairn.storage.base.CorruptionException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The fate of recent ids: one 64-bit word each.
 *
 * <pre>
 *   63  61 60                                                    0
 *  | tag  | top-level id (in progress, sub-committed) | commit LSN |
 * </pre>
 *
 * <p>Reading is lock-free and allocates nothing. A word is written by its transaction's thread alone, except that the
 * word of a committing top may be set by whichever thread publishes; it moves only forward (I5). Children say who their
 * top is, so "committed?" is answered by two words for any depth of savepoints.
 *
 * <p>Memory: 8 bytes per id, 16 for chunks with sub-transactions. A chunk of 4,096 ids is given up by {@link #trim} when
 * all its ids are final, stamped, stored in {@link TransactionStatus}, and committed at or before the horizon; from then on
 * {@link TransactionStatus} answers (2 bits per id, next to nothing where all ids of a chunk committed). So an old idle
 * transaction keeps one chunk in memory while millions commit beside it, as long as it holds no snapshot. An old
 * <em>snapshot</em> keeps the words of everything that committed after it, and an open transaction those of its own
 * sub-transactions: 8 MiB per million ids, as much again for parents. What exceeds 64 MiB lies in scratch memory that the
 * operating system may write out ({@link XidMemory}); it bounds the heap, not the disk.
 *
 * <p>After a crash the window starts empty: what is older than the restart is decided, and old enough for every snapshot.
 */
public final class StatusWindow {

    /** No id of that number has been given out, or it is a spare of a block. */
    public static final int NONE = 0;
    /** The value is the top-level id. */
    public static final int IN_PROGRESS = 1;
    /** Released into its parent; the value is the top-level id. */
    public static final int SUBCOMMITTED = 2;

    public static final int ABORTED = 3;
    /** The value is the commit LSN, or 0 if it is older than every open snapshot. */
    public static final int COMMITTED = 4;

    private static final int TAG_SHIFT = 61;
    private static final long VALUE_MASK = (1L << TAG_SHIFT) - 1;
    private static final long ABORTED_WORD = (long) ABORTED << TAG_SHIFT;
    private static final long COMMITTED_LONG_AGO = (long) COMMITTED << TAG_SHIFT;

    private final XidDirectory directory;
    private final TransactionStatus status;

    /** Ids below are older than this life of the database. */
    private volatile long floor;

    /** Complete chunks, those first whose newest commit is oldest. Guarded by itself. */
    private final PriorityQueue<XidChunk> complete =
            new PriorityQueue<>(Comparator.comparingLong(XidChunk::newestCommit));

    StatusWindow(XidDirectory directory, TransactionStatus status) {
        this.directory = directory;
        this.status = status;
    }

    /** Ids below {@code nextXid} are answered from the status alone. */
    void restore(long nextXid) {
        floor = nextXid;
        int before = (int) nextXid & XidChunk.IDS - 1;
        directory.require(nextXid).settle(before, 0);
    }

    public static int tag(long word) {
        return (int) (word >>> TAG_SHIFT);
    }

    public static long value(long word) {
        return word & VALUE_MASK;
    }

    private static long of(int tag, long value) {
        return (long) tag << TAG_SHIFT | value;
    }

    /**
     * The word of an id.
     *
     * @throws CorruptionException if no transaction can have had that id: whoever read it from a page read garbage
     */
    public long word(long xid) {
        XidChunk chunk = directory.find(xid);
        if (chunk != null) {
            long word = chunk.word(xid);
            if (chunk.isFreed()) {
                return oldWord(xid, null);
            }
            if (word != 0) {
                return word;
            }
        }
        return oldWord(xid, chunk);
    }

    private long oldWord(long xid, @Nullable XidChunk chunk) {
        if (xid >= XidAllocator.FIRST && (xid < floor || (chunk == null && status.isFinal(xid)))) {
            return status.isCommitted(xid) ? COMMITTED_LONG_AGO : ABORTED_WORD;
        }
        throw new CorruptionException("transaction id " + xid + " was never given out");
    }

    /**
     * The top-level transaction that has not published its end yet and to which an id belongs; 0 if the id is decided.
     * The answer may be out of date at once.
     */
    long openTop(long xid, long publishLsn) {
        long word = word(xid);
        if (tag(word) == IN_PROGRESS || tag(word) == SUBCOMMITTED) {
            long top = value(word);
            if (top == xid) {
                return top;
            }
            long topWord = word(top);
            boolean open = tag(topWord) == IN_PROGRESS || (tag(topWord) == COMMITTED && value(topWord) > publishLsn);
            return open ? top : 0;
        }
        return tag(word) == COMMITTED && value(word) > publishLsn ? xid : 0;
    }

    // --- written by the transaction that owns the id

    void begin(long xid, long top) {
        XidChunk chunk = directory.require(xid);
        require(chunk.word(xid) == 0, xid, "is given out twice");
        chunk.setWord(xid, of(IN_PROGRESS, top));
    }

    void subcommit(long xid, long top) {
        XidChunk chunk = directory.require(xid);
        require(chunk.word(xid) == of(IN_PROGRESS, top), xid, "is not in progress, so it cannot be released");
        chunk.setWord(xid, of(SUBCOMMITTED, top));
    }

    /** Aborts {@code length} ids in a row that are in progress, sub-committed or spare. */
    void abort(long first, long length) {
        for (long xid = first; xid < first + length; xid++) {
            XidChunk chunk = directory.require(xid);
            require(tag(chunk.word(xid)) <= SUBCOMMITTED, xid, "is decided already");
            chunk.setWord(xid, ABORTED_WORD);
        }
    }

    /** The moment of commit, as far as memory goes; new snapshots see it once the publish LSN has got there. */
    void commitTop(long top, long commitLsn) {
        XidChunk chunk = directory.require(top);
        require(chunk.word(top) == of(IN_PROGRESS, top), top, "is not in progress, so it cannot commit");
        chunk.setWord(top, of(COMMITTED, commitLsn));
    }

    /** Gives the children of a published commit their own LSN, so that they no longer need their top's word. */
    void stamp(long first, long length, long commitLsn) {
        long word = of(COMMITTED, commitLsn);
        for (long xid = first; xid < first + length; xid++) {
            XidChunk chunk = directory.require(xid);
            int tag = tag(chunk.word(xid));
            require(tag == IN_PROGRESS || tag == SUBCOMMITTED, xid, "is decided already");
            chunk.setWord(xid, word);
        }
    }

    /**
     * Ids in a row are final, stamped and stored in the status: nothing but the horizon keeps their words in memory.
     *
     * @param commitLsn 0 for aborted ones
     * @return whether that made a chunk complete
     */
    boolean settle(long first, long length, long commitLsn) {
        boolean any = false;
        long end = first + length;
        for (long xid = first; xid < end; ) {
            XidChunk chunk = directory.require(xid);
            long next = Math.min(end, (chunk.number() + 1) << XidChunk.SHIFT);
            if (chunk.settle((int) (next - xid), commitLsn)) {
                synchronized (complete) {
                    complete.add(chunk);
                }
                any = true;
            }
            xid = next;
        }
        return any;
    }

    /** Gives up to 64 chunks up whose ids all snapshots see alike; true if there was one. */
    boolean trim(long horizon) {
        boolean any = false;
        for (int i = 0; i < 64; i++) {
            XidChunk chunk;
            synchronized (complete) {
                chunk = complete.peek();
                if (chunk == null || chunk.newestCommit() > horizon) {
                    return any;
                }
                complete.remove();
            }
            directory.free(chunk);
            any = true;
        }
        return any;
    }

    /** Bytes of heap that the words and parents take. */
    public long memoryBytes() {
        return directory.memory().heapBytes();
    }

    /** Bytes of scratch memory that the words and parents take. */
    public long scratchBytes() {
        return directory.memory().scratchBytes();
    }

    private static void require(boolean holds, long xid, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("transaction id " + xid + " " + otherwise);
        }
    }
}
