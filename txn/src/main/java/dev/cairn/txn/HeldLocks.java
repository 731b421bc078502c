package dev.cairn.txn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The table locks of one transaction in the order in which they were taken, so that a level's locks are those since its
 * mark: ROLLBACK TO gives exactly these back and restores earlier, weaker ones; RELEASE just forgets the mark. A table that is
 * locked more strongly stands there once more.
 *
 * <p>A few are looked through, many are found by chains of equal hash, newest first: as locks go in the opposite order in which they
 * came, the one that goes is always the first of its chain.
 */
final class HeldLocks {

    private static final int FIRST_CAPACITY = 2;
    private static final int MOST_WITHOUT_CHAINS = 8;
    private static final int NONE = -1;
    private static final int[] NO_NUMBERS = {};
    private static final LockMode[] NO_MODES = {};

    private int[] tableIds = NO_NUMBERS;
    private LockMode[] modes = NO_MODES;
    private int count;

    /** By hash, the place of the newest lock; as many as there is room for locks, a power of two. Empty as long as there are few. */
    private int[] newest = NO_NUMBERS;
    /** By place, that of the next older lock of the same chain. */
    private int[] older = NO_NUMBERS;

    int mark() {
        return count;
    }

    boolean covers(int tableId, LockMode mode) {
        LockMode held = mode(tableId);
        return held != null && held.compareTo(mode) >= 0;
    }

    /** Null if the table is not locked. */
    private @Nullable LockMode mode(int tableId) {
        if (newest.length == 0) {
            int place = count - 1;
            while (place >= 0 && tableIds[place] != tableId) {
                place--;
            }
            return place < 0 ? null : modes[place];
        }
        int place = newest[chain(tableId)];
        while (place != NONE && tableIds[place] != tableId) {
            place = older[place];
        }
        return place == NONE ? null : modes[place];
    }

    private int chain(int tableId) {
        int hash = tableId * 0x9E3779B9;
        return (hash ^ hash >>> Short.SIZE) & newest.length - 1;
    }

    void taken(int tableId, LockMode mode) {
        if (count == tableIds.length) {
            grow();
        }
        tableIds[count] = tableId;
        modes[count] = mode;
        if (newest.length > 0) {
            enchain(count);
        }
        count++;
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, count * 2);
        tableIds = Arrays.copyOf(tableIds, capacity);
        modes = Arrays.copyOf(modes, capacity);
        if (capacity > MOST_WITHOUT_CHAINS) {
            older = new int[capacity];
            newest = new int[capacity];
            Arrays.fill(newest, NONE);
            for (int place = 0; place < count; place++) {
                enchain(place);
            }
        }
    }

    private void enchain(int place) {
        int chain = chain(tableIds[place]);
        older[place] = newest[chain];
        newest[chain] = place;
    }

    /** The table that was locked last. */
    int last() {
        return tableIds[count - 1];
    }

    /** Forgets the last lock; returns the mode that the transaction had before, null for none. */
    @Nullable LockMode undoLast() {
        int tableId = tableIds[--count];
        if (newest.length > 0) {
            newest[chain(tableId)] = older[count];
        }
        return mode(tableId);
    }
}
