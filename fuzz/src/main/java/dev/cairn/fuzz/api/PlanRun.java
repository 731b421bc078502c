package dev.cairn.fuzz.api;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.wal.Durability;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs a plan once on a simulated disk and has every crash judged. Used once, by one thread. */
final class PlanRun<N> {

    /** In a long run it crashes at one operation of so many. */
    private static final int SOME = 4;

    /**
     * Where it failed.
     *
     * @param operation 0 if the failure needs no crash
     */
    record Failed(long operation, String where, Throwable cause, String trees) {

        /** The same kind of failure, though perhaps elsewhere. */
        boolean isLike(Failed other) {
            return cause.getClass().equals(other.cause.getClass()) && operation > 0 == other.operation > 0;
        }
    }

    /** Ends the run inside the engine, which must not take it for a failure that it could handle. */
    private static final class Stop extends Error {
        private static final long serialVersionUID = 1;

        Stop() {
            super("the run is over", null, false, false);
        }
    }

    private final CrashWorkload<N> workload;
    private final CrashOptions options;
    private final Plan plan;
    private final Journal<N> journal = new Journal<>();
    private final TransactionTraces traces = new TransactionTraces();
    private final SimEnvironment environment;
    private final SimDisk disk = new SimDisk();
    private final CrashJudge<N> judge;
    private @Nullable Failed failed;

    PlanRun(CrashWorkload<N> workload, CrashOptions options, Plan plan) {
        this.workload = workload;
        this.options = options;
        this.plan = plan;
        this.environment = new SimEnvironment(plan.seed());
        this.judge = new CrashJudge<>(workload, options, plan.seed(), journal);
    }

    /** @return where it failed; null if it did not */
    @Nullable Failed run() {
        try {
            moveAll();
        } catch (Stop e) {
            return failed;
        } catch (RuntimeException | Error e) {
            return failed == null ? new Failed(0, "without any crash", e, traces.text()) : failed;
        }
        return failed;
    }

    CrashJudge.Counts counts() {
        return judge.counts();
    }

    long traceHash() {
        return disk.traceHash();
    }

    private void moveAll() {
        Database db = environment.open(disk, options.database());
        try (Transaction tx = db.begin()) {
            workload.setUp(tx);
            tx.commit(Durability.SYNC);
        }
        disk.hook((at, operation) -> crash(operation));
        int i = 0;
        while (i < plan.moves().size()) {
            Move move = plan.moves().get(i);
            if (move instanceof Move.Step first) {
                i += transaction(db, first, i);
            } else {
                db = maintain(db, (Move.Maintenance) move);
                i++;
            }
        }
        db.close();
        disk.hook(null);
        judge.closedCleanly(disk);
    }

    private Database maintain(Database db, Move.Maintenance maintenance) {
        switch (maintenance) {
            case CHECKPOINT -> db.checkpoint();
            case BACKGROUND -> environment.runBackground();
            case REOPEN -> {
                db.close();
                journal.closed();
                return environment.open(disk, options.database());
            }
        }
        return db;
    }

    /** @return how many moves it was */
    private int transaction(Database db, Move.Step first, int from) {
        Journal<N>.Entry entry = journal.new Entry(traces.begin(""), first.ending());
        int steps = 0;
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withListener(entry))) {
            while (from + steps < plan.moves().size()
                    && plan.moves().get(from + steps) instanceof Move.Step step
                    && step.transaction() == first.transaction()) {
                steps++;
                if (tx.isOpen()) {
                    step(tx, step, entry);
                }
            }
            end(tx, first.ending());
        }
        return steps;
    }

    private void step(Transaction tx, Move.Step step, Journal<N>.Entry entry) {
        try {
            N note = workload.step(tx, new SplittableRandom(step.seed()));
            if (!tx.isOpen()) {
                throw new IllegalStateException("a step must not end its transaction: the runner does");
            }
            if (note != null && tx.state() == Transaction.State.ACTIVE) {
                entry.note(note, tx.savepointDepth());
            }
        } catch (TransactionException e) {
            tx.close();
        }
    }

    private static void end(Transaction tx, Plan.Ending ending) {
        if (!tx.isOpen()) {
            return;
        }
        switch (ending) {
            case ROLLBACK -> tx.rollback();
            case SYNC, WRITE, LAZY -> tx.commit(Durability.valueOf(ending.name()));
        }
    }

    private void crash(DiskOperation operation) {
        boolean here = options.crashAt() > 0
                ? options.crashAt() == operation.number()
                : plan.everyOperation() || new SplittableRandom(plan.seed() + operation.number()).nextInt(SOME) == 0;
        if (here && !judge.crash(disk, operation)) {
            failed = new Failed(operation.number(), judge.where(), judge.cause(), traces.text());
            throw new Stop();
        }
    }
}
