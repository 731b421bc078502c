package dev.cairn.txn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions as one would explain them: trees of levels, judged by walking from a level up to its top. */
final class TransactionModel {

    /** A level. ROLLBACK TO puts a fresh one in its place. */
    static final class Level {
        final @Nullable Level parent;
        final String name;
        long xid;
        boolean rolledBack;

        Level(@Nullable Level parent, String name) {
            this.parent = parent;
            this.name = name;
        }

        boolean isUndone() {
            for (Level level = this; level != null; level = level.parent) {
                if (level.rolledBack) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Something written. */
    record Version(Top owner, Level level, long xid, int command) {}

    /** What a snapshot was when it was taken. */
    record Seen(Snapshot snapshot, int commits) {}

    final class Top {
        final Level root = new Level(null, "");
        final List<Level> stack = new ArrayList<>(List.of(root));
        final List<Long> cached = new ArrayList<>();
        final List<Seen> snapshots = new ArrayList<>();
        final int capacity;
        boolean overflowed;
        boolean failed;
        boolean open = true;
        int committedAs;

        Top(int capacity) {
            this.capacity = capacity;
        }

        Level innermost() {
            return stack.get(stack.size() - 1);
        }

        int find(String name) {
            for (int i = stack.size() - 1; i > 0; i--) {
                if (stack.get(i).name.equals(name)) {
                    return i;
                }
            }
            return 0;
        }

        void savepoint(String name) {
            stack.add(new Level(innermost(), name));
        }

        void release(int index) {
            stack.subList(index, stack.size()).clear();
        }

        /** Undoes the levels from {@code index} on and opens that one anew. */
        void undo(int index) {
            Level undone = stack.get(index);
            undone.rolledBack = true;
            stack.subList(index, stack.size()).clear();
            stack.add(new Level(undone.parent, undone.name));
            cached.removeIf(xid -> owner(xid).isUndone());
        }

        void rollbackTo(int index) {
            undo(index);
            failed = false;
        }

        void fail() {
            undo(stack.size() - 1);
            failed = true;
        }

        /** An id was given to a level. */
        void assigned(Level level, long xid) {
            level.xid = xid;
            withIds.add(level);
            if (level.parent == null) {
                return;
            }
            if (cached.size() == capacity) {
                overflowed = true;
            } else {
                cached.add(xid);
            }
        }

        void commit() {
            open = false;
            committedAs = ++commits;
        }

        void rollback() {
            open = false;
            root.rolledBack = true;
        }

        SubxactCounters counters() {
            return open ? new SubxactCounters(cached.size(), overflowed) : SubxactCounters.NONE;
        }
    }

    final List<Version> versions = new ArrayList<>();
    private final List<Level> withIds = new ArrayList<>();
    int commits;

    private Level owner(long xid) {
        return withIds.stream().filter(level -> level.xid == xid).findFirst().orElseThrow();
    }

    boolean isVisible(Version version, Top reader, Seen seen) {
        if (version.level().isUndone()) {
            return false;
        }
        if (version.owner() == reader) {
            return version.command() < seen.snapshot().command();
        }
        return version.owner().committedAs > 0 && version.owner().committedAs <= seen.commits();
    }

    TupleState stateForWriter(Version version, Top writer) {
        if (version.level().isUndone()) {
            return TupleState.FREE;
        }
        if (version.owner() == writer) {
            return TupleState.MINE;
        }
        return version.owner().open ? TupleState.IN_PROGRESS : TupleState.COMMITTED;
    }
}
