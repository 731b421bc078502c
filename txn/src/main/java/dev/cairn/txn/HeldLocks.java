package dev.cairn.txn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The table locks of one transaction in the order in which they were taken, so that a level's locks are those since its
 * mark: ROLLBACK TO gives exactly these back and restores earlier, weaker ones; RELEASE just forgets the mark. A table that is
 * locked more strongly stands there once more.
 */
final class HeldLocks {

    private static final int FIRST_CAPACITY = 2;
    private static final int[] NO_TABLES = {};
    private static final LockMode[] NO_MODES = {};

    private int[] tableIds = NO_TABLES;
    private LockMode[] modes = NO_MODES;
    private int count;

    int mark() {
        return count;
    }

    boolean covers(int tableId, LockMode mode) {
        LockMode held = mode(tableId);
        return held != null && held.compareTo(mode) >= 0;
    }

    /** Null if the table is not locked. O(tables in use), which are few. */
    private @Nullable LockMode mode(int tableId) {
        for (int i = count - 1; i >= 0; i--) {
            if (tableIds[i] == tableId) {
                return modes[i];
            }
        }
        return null;
    }

    void taken(int tableId, LockMode mode) {
        if (count == tableIds.length) {
            int capacity = Math.max(FIRST_CAPACITY, count * 2);
            tableIds = Arrays.copyOf(tableIds, capacity);
            modes = Arrays.copyOf(modes, capacity);
        }
        tableIds[count] = tableId;
        modes[count++] = mode;
    }

    /** The table that was locked last. */
    int last() {
        return tableIds[count - 1];
    }

    /** Forgets the last lock; returns the mode that the transaction had before, null for none. */
    @Nullable LockMode undoLast() {
        return mode(tableIds[--count]);
    }
}
