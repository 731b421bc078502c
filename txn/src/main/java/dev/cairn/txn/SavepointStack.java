package dev.cairn.txn;

import java.util.Arrays;

/**
 * The open levels of one transaction, as parallel arrays: an open savepoint costs 24 bytes (up to 36 with the room the
 * arrays keep to grow) beside its name, so a million of them nest in 36 MB. Level 0 is the transaction itself.
 *
 * <p>The levels that have an id are always the outermost ones, because enclosing levels get theirs first.
 */
final class SavepointStack {

    private static final int SMALLEST = 8;

    // Room for level 0 alone: many a transaction has no other.
    private String[] names = {""};
    private long[] serials = new long[1];
    private long[] xids = new long[1];
    private int[] lockMarks = new int[1];
    private int size = 1;
    private int assigned;
    private long nextSerial = 1;
    private boolean wroteOutside;

    /** The innermost level, 0 if no savepoint is open. */
    int innermost() {
        return size - 1;
    }

    /** How many levels, from the outermost, have an id. */
    int assigned() {
        return assigned;
    }

    String name(int level) {
        return names[level];
    }

    /** 0 if it has none yet. */
    long xid(int level) {
        return xids[level];
    }

    /** The id of the innermost level, which is about to write; 0 if it has none yet. */
    long writing() {
        wroteOutside |= size == 1;
        return xids[size - 1];
    }

    /** Whether the transaction has written anything while no savepoint was open. */
    boolean wroteOutside() {
        return wroteOutside;
    }

    /** 0 for the transaction itself. */
    long serial(int level) {
        return serials[level];
    }

    /** How many locks the transaction had when the level began. */
    int lockMark(int level) {
        return lockMarks[level];
    }

    /** Returns the new level's serial: 1 or more, ascending, never used again in this transaction. */
    long push(String name, int lockMark) {
        if (size == names.length) {
            resize(Math.max(SMALLEST, size + (size >> 1)));
        }
        names[size] = name;
        serials[size] = nextSerial;
        xids[size] = 0;
        lockMarks[size] = lockMark;
        size++;
        return nextSerial++;
    }

    /** Gives the outermost level without an id its id. */
    void assign(long xid) {
        xids[assigned++] = xid;
    }

    /** The level is as if it had not written yet; levels above must be gone. */
    void clearXid(int level) {
        xids[level] = 0;
        assigned = Math.min(assigned, level);
    }

    /** Takes levels away until {@code level} is the innermost one. */
    void popTo(int level) {
        for (int i = level + 1; i < size; i++) {
            names[i] = "";
        }
        size = level + 1;
        assigned = Math.min(assigned, size);
        if (size < names.length >> 2 && names.length > SMALLEST) {
            resize(Math.max(SMALLEST, size << 1));
        }
    }

    private void resize(int length) {
        names = Arrays.copyOf(names, length);
        serials = Arrays.copyOf(serials, length);
        xids = Arrays.copyOf(xids, length);
        lockMarks = Arrays.copyOf(lockMarks, length);
    }

    /** The latest level of that name, or 0 if there is none. O(levels above it). */
    int find(String name) {
        for (int level = size - 1; level > 0; level--) {
            if (names[level].equals(name)) {
                return level;
            }
        }
        return 0;
    }

    /** The level with that serial, or 0 if it is not open. */
    int find(long serial) {
        if (size > 1 && serials[size - 1] == serial) {
            return size - 1;
        }
        int level = Arrays.binarySearch(serials, 1, size, serial);
        return level > 0 ? level : 0;
    }

    /** Bytes of heap that the arrays take. */
    long memoryBytes() {
        return names.length * 24L;
    }
}
