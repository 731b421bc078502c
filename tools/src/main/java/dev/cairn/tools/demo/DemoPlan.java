package dev.cairn.tools.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the child writes, derived from the seed: a list of steps for each batch (one transaction). Branch 0 is the
 * transaction itself; every savepoint begins a new branch, and so does the part after a ROLLBACK TO, which leaves its
 * savepoint open. Rows are named by the branch that inserted them and a line number within it.
 */
final class DemoPlan {

    /** The number of the transaction that never commits. */
    static final long IMPORT = 0;

    /** Savepoints stay open at most this deep. */
    private static final int DEEPEST = 4;

    /** One action of a transaction. */
    sealed interface Step {}

    /** A row of the current branch. */
    record Insert(RowKey key, long amount) implements Step {}

    /** A row of this transaction, not touched since its insert, gets another amount. */
    record Update(RowKey key, long amount) implements Step {}

    /** A row of this transaction, not touched since its insert, goes. */
    record Delete(RowKey key) implements Step {}

    record Savepoint(String name, int branch) implements Step {}

    record Release(String name) implements Step {}

    /** The savepoint stays open: what follows belongs to {@code branch}. */
    record RollbackTo(String name, int branch) implements Step {}

    /** A row within its batch. */
    record RowKey(int branch, int line) {}

    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();
    private final BatchModel model = new BatchModel();
    private int branches;
    private int lines;

    private DemoPlan(long seed, long batch) {
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + batch);
    }

    /**
     * The steps of a batch that commits.
     *
     * @param batch 1 or more
     */
    static List<Step> batch(long seed, long batch) {
        DemoPlan plan = new DemoPlan(seed, batch);
        plan.insert();
        int steps = 4 + plan.random.nextInt(12);
        for (int i = 0; i < steps; i++) {
            plan.anyStep();
        }
        return plan.steps;
    }

    /** The steps of the import's {@code round}-th savepoint, 0 or more: taken, written in, and released or rolled back. */
    static List<Step> importRound(long seed, int round) {
        DemoPlan plan = new DemoPlan(~seed, round);
        plan.branches = 2 * round;
        plan.savepoint();
        plan.insert();
        plan.insert();
        if (plan.random.nextInt(3) == 0) {
            plan.rollbackTo();
            plan.insert();
        }
        plan.release();
        return plan.steps;
    }

    private void anyStep() {
        int choice = random.nextInt(100);
        if (choice < 35) {
            insert();
        } else if (choice < 60 && model.depth() < DEEPEST) {
            savepoint();
            insert();
        } else if (choice < 70) {
            update();
        } else if (choice < 75) {
            delete();
        } else if (choice < 88) {
            release();
        } else {
            rollbackTo();
        }
    }

    private void insert() {
        take(new Insert(new RowKey(model.currentBranch(), lines++), random.nextInt(1_000_000)));
    }

    private void update() {
        RowKey key = untouched();
        if (key != null) {
            take(new Update(key, 1_000_000 + random.nextInt(1_000_000)));
        }
    }

    private void delete() {
        RowKey key = untouched();
        if (key != null) {
            take(new Delete(key));
        }
    }

    private void savepoint() {
        int branch = ++branches;
        take(new Savepoint("s" + branch, branch));
    }

    private void release() {
        if (model.depth() > 0) {
            take(new Release(anyOpen()));
        }
    }

    private void rollbackTo() {
        if (model.depth() > 0) {
            take(new RollbackTo(anyOpen(), ++branches));
        }
    }

    private String anyOpen() {
        return model.openName(1 + random.nextInt(model.depth()));
    }

    /** Any row but the first, which shows that the batch is there. */
    private @org.jspecify.annotations.Nullable RowKey untouched() {
        List<RowKey> keys = model.untouched();
        return keys.size() < 2 ? null : keys.get(1 + random.nextInt(keys.size() - 1));
    }

    private void take(Step step) {
        steps.add(step);
        model.apply(step);
    }
}
