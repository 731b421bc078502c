package dev.cairn.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Two bits per id, in memory: 0 undecided (after recovery: aborted), 1 committed, 2 aborted. A chunk in which every id
 * committed is replaced by one that all such chunks share, so long histories of plain commits take next to nothing.
 * Reading takes no lock; bits are only ever set, any thread.
 */
final class StatusBits {

    static final int COMMITTED = 1;
    static final int ABORTED = 2;

    /** Ids of a 64-bit word, which is the unit of storing. */
    static final int IDS_PER_WORD = 32;

    private static final int CHUNK_WORDS = 1024;
    private static final int CHUNK_IDS = CHUNK_WORDS * IDS_PER_WORD;
    /** The lower bit of each pair. */
    static final long LOW_BITS = 0x5555_5555_5555_5555L;

    private static final long ALL_COMMITTED = LOW_BITS;
    private static final long[] COMMITTED_CHUNK = new long[CHUNK_WORDS];
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);

    static {
        Arrays.fill(COMMITTED_CHUNK, ALL_COMMITTED);
    }

    private volatile long[] @Nullable [] chunks = new long[16][];

    /** How many words of each chunk hold nothing but commits; guarded by this. */
    private int[] fullWords = new int[16];

    /** Of any id, also one that no transaction can have had: those have no bits. */
    int get(long xid) {
        long[] chunk = xid < 0 ? null : find(xid / CHUNK_IDS);
        if (chunk == null) {
            return 0;
        }
        long word = (long) WORD.getVolatile(chunk, wordIn(xid));
        return (int) (word >>> shiftOf(xid)) & 3;
    }

    /** The word that holds ids {@code index * 32} and following. */
    long word(long index) {
        long[] chunk = find(index / CHUNK_WORDS);
        return chunk == null ? 0 : (long) WORD.getVolatile(chunk, (int) (index % CHUNK_WORDS));
    }

    /** Sets ids in a row, none of which may have been set otherwise before. */
    void set(long first, long length, int bits) {
        long end = first + length;
        for (long xid = first; xid < end; ) {
            long next = Math.min(end, (xid / IDS_PER_WORD + 1) * IDS_PER_WORD);
            int ids = (int) (next - xid);
            long ones = ids == IDS_PER_WORD ? -1L : (1L << (2 * ids)) - 1;
            setWord(xid / IDS_PER_WORD, (ones << shiftOf(xid)) & (ALL_COMMITTED * bits));
            xid = next;
        }
    }

    /** Adds bits to a word, as {@link #word} gives it. */
    void setWord(long index, long bits) {
        int number = Math.toIntExact(index / CHUNK_WORDS);
        int i = (int) (index % CHUNK_WORDS);
        long[] chunk = require(number);
        if (chunk == COMMITTED_CHUNK) {
            if ((bits & ~ALL_COMMITTED) != 0) {
                throw new IllegalStateException(
                        "an id near " + index * IDS_PER_WORD + " has committed, so it cannot abort");
            }
            return;
        }
        long before = (long) WORD.getAndBitwiseOr(chunk, i, bits);
        if (before != ALL_COMMITTED && (before | bits) == ALL_COMMITTED) {
            countFullWord(number);
        }
    }

    private static int wordIn(long xid) {
        return (int) (xid % CHUNK_IDS) / IDS_PER_WORD;
    }

    private static int shiftOf(long xid) {
        return 2 * (int) (xid % IDS_PER_WORD);
    }

    private long @Nullable [] find(long number) {
        long[] @Nullable [] current = chunks;
        return number < 0 || number >= current.length ? null : (long[]) CHUNK.getVolatile(current, (int) number);
    }

    private long[] require(int number) {
        long[] chunk = find(number);
        return chunk != null ? chunk : make(number);
    }

    private synchronized long[] make(int number) {
        long[] @Nullable [] current = chunks;
        if (number >= current.length) {
            int length = Math.max(number + 1, current.length * 2);
            current = Arrays.copyOf(current, length);
            fullWords = Arrays.copyOf(fullWords, length);
            chunks = current;
        }
        long[] chunk = current[number];
        if (chunk == null) {
            chunk = new long[CHUNK_WORDS];
            CHUNK.setVolatile(current, number, chunk);
        }
        return chunk;
    }

    private synchronized void countFullWord(int number) {
        if (++fullWords[number] == CHUNK_WORDS) {
            CHUNK.setVolatile(chunks, number, COMMITTED_CHUNK);
        }
    }

    /** Bytes of heap that the chunks take which are not shared. */
    synchronized long memoryBytes() {
        long bytes = 0;
        for (long[] chunk : chunks) {
            if (chunk != null && chunk != COMMITTED_CHUNK) {
                bytes += 8L * CHUNK_WORDS;
            }
        }
        return bytes;
    }
}
