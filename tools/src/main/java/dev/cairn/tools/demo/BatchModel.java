package dev.cairn.tools.demo;

import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a transaction with savepoints means, as simply as it can be said: a savepoint copies all rows, rolling back to it
 * puts the copy back. Shares nothing with the engine that it judges. Not thread-safe.
 */
final class BatchModel {

    /** A row's amount, and whether it was changed since its insert. */
    private record Value(long amount, boolean touched) {}

    /** What became of the rows written in one branch. */
    static final class Branch {
        final int number;
        final int parent;
        final String savepoint;
        private boolean rolledBack;

        private Branch(int number, int parent, String savepoint) {
            this.number = number;
            this.parent = parent;
            this.savepoint = savepoint;
        }

        /** Whether it, or a branch that it is in, was rolled back. */
        boolean isRolledBack() {
            return rolledBack;
        }
    }

    private static final class Level {
        final String name;
        final Map<RowKey, Value> before;
        final int firstBranch;
        final int parentBranch;
        int branch;

        Level(String name, Map<RowKey, Value> rows, int branch, int parentBranch) {
            this.name = name;
            this.before = new LinkedHashMap<>(rows);
            this.firstBranch = branch;
            this.branch = branch;
            this.parentBranch = parentBranch;
        }
    }

    private Map<RowKey, Value> rows = new LinkedHashMap<>();
    private final TreeMap<Integer, Branch> branches = new TreeMap<>();
    private final List<Level> levels = new ArrayList<>();

    BatchModel() {
        branches.put(0, new Branch(0, -1, ""));
    }

    static BatchModel of(List<DemoPlan.Step> steps) {
        BatchModel model = new BatchModel();
        steps.forEach(model::apply);
        return model;
    }

    void apply(DemoPlan.Step step) {
        if (step instanceof DemoPlan.Insert insert) {
            rows.put(insert.key(), new Value(insert.amount(), false));
        } else if (step instanceof DemoPlan.Update update) {
            rows.put(update.key(), new Value(update.amount(), true));
        } else if (step instanceof DemoPlan.Delete delete) {
            rows.remove(delete.key());
        } else if (step instanceof DemoPlan.Savepoint savepoint) {
            int parent = currentBranch();
            levels.add(new Level(savepoint.name(), rows, savepoint.branch(), parent));
            branches.put(savepoint.branch(), new Branch(savepoint.branch(), parent, savepoint.name()));
        } else if (step instanceof DemoPlan.Release release) {
            levels.subList(indexOf(release.name()), levels.size()).clear();
        } else if (step instanceof DemoPlan.RollbackTo rollback) {
            rollbackTo(rollback);
        }
    }

    /** Branch numbers grow with time, so everything from the level's first branch on is undone. */
    private void rollbackTo(DemoPlan.RollbackTo step) {
        int index = indexOf(step.name());
        levels.subList(index + 1, levels.size()).clear();
        Level level = levels.get(index);
        rows = new LinkedHashMap<>(level.before);
        for (Branch branch : branches.tailMap(level.firstBranch).values()) {
            branch.rolledBack = true;
        }
        level.branch = step.branch();
        branches.put(step.branch(), new Branch(step.branch(), level.parentBranch, step.name()));
    }

    /** Names may repeat: the latest counts. */
    private int indexOf(String name) {
        for (int i = levels.size() - 1; i >= 0; i--) {
            if (levels.get(i).name.equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("no savepoint \"" + name + "\" is open");
    }

    /** Savepoints that are open. */
    int depth() {
        return levels.size();
    }

    /** @param level 1 for the outermost */
    String openName(int level) {
        return levels.get(level - 1).name;
    }

    int currentBranch() {
        return levels.isEmpty() ? 0 : levels.get(levels.size() - 1).branch;
    }

    /** Rows as they were inserted, oldest first. */
    List<RowKey> untouched() {
        List<RowKey> keys = new ArrayList<>();
        rows.forEach((key, value) -> {
            if (!value.touched()) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** The rows that are there if the transaction commits now, with their amounts. */
    Map<RowKey, Long> rows() {
        Map<RowKey, Long> amounts = new LinkedHashMap<>();
        rows.forEach((key, value) -> amounts.put(key, value.amount()));
        return amounts;
    }

    /** Every branch so far, the transaction itself as number 0. */
    List<Branch> branches() {
        return Collections.unmodifiableList(new ArrayList<>(branches.values()));
    }
}
