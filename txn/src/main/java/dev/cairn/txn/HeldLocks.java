package dev.cairn.txn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table locks of one transaction in the order in which they were taken, so that a level's locks are those since its
 * mark: ROLLBACK TO gives exactly these back and restores earlier, weaker ones; RELEASE just forgets the mark.
 */
final class HeldLocks {

    /** {@code before} is the mode that the transaction had before this lock was taken; null if none. */
    record Change(int tableId, @Nullable LockMode before) {}

    private final List<Change> taken = new ArrayList<>(2);
    private final Map<Integer, LockMode> modes = new HashMap<>(4);

    int mark() {
        return taken.size();
    }

    boolean covers(int tableId, LockMode mode) {
        LockMode held = modes.get(tableId);
        return held != null && held.compareTo(mode) >= 0;
    }

    void taken(int tableId, LockMode mode) {
        taken.add(new Change(tableId, modes.put(tableId, mode)));
    }

    /** Forgets the locks since the mark; returns what to restore, latest first. */
    List<Change> undoTo(int mark) {
        List<Change> undone = new ArrayList<>();
        for (int i = taken.size() - 1; i >= mark; i--) {
            Change change = taken.remove(i);
            undone.add(change);
            if (change.before() == null) {
                modes.remove(change.tableId());
            } else {
                modes.put(change.tableId(), change.before());
            }
        }
        return undone;
    }
}
