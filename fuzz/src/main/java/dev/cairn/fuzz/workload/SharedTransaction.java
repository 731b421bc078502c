package dev.cairn.fuzz.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction beside others has done: a list of changes. A savepoint is a place in it, and rolling back cuts it off
 * there. Shares nothing with the engine that it judges.
 */
final class SharedTransaction {

    private record Level(String name, int begin) {}

    private final List<Level> levels = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private boolean failed;

    boolean isFailed() {
        return failed;
    }

    List<Change> changes() {
        return changes;
    }

    void add(Change change) {
        changes.add(change);
    }

    /** Whether it has made or changed that row, so that nobody else can. */
    boolean hasWritten(String table, long key) {
        return changes.stream().anyMatch(change -> change.writes(table, key));
    }

    /** Open savepoints, the outermost first; names may repeat. */
    List<String> savepoints() {
        return levels.stream().map(Level::name).toList();
    }

    void savepoint(String name) {
        levels.add(new Level(name, changes.size()));
    }

    void release(String name) {
        levels.subList(latest(name), levels.size()).clear();
    }

    void rollbackTo(String name) {
        int index = latest(name);
        cut(levels.get(index).begin());
        levels.subList(index + 1, levels.size()).clear();
        failed = false;
    }

    /** A statement has failed: the innermost level is undone. */
    void fail() {
        cut(levels.isEmpty() ? 0 : levels.get(levels.size() - 1).begin());
        failed = true;
    }

    private void cut(int at) {
        changes.subList(at, changes.size()).clear();
    }

    /** What the transaction sees if it sees that of the others. */
    Rows over(Rows others) {
        Rows rows = others.copy();
        changes.forEach(change -> change.applyTo(rows));
        return rows;
    }

    private int latest(String name) {
        for (int i = levels.size() - 1; i >= 0; i--) {
            if (levels.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("the model has no savepoint " + name);
    }
}
