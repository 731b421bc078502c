package dev.cairn.fuzz.api;

import dev.cairn.fuzz.api.PlanRun.Failed;
import dev.cairn.fuzz.trace.Shrinker;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a workload on a simulated disk, seed after seed, lets it crash, recovers and has the workload check. The same seed always
 * does the same. Used by one thread.
 *
 * @see CrashWorkload
 */
public final class CrashRunner {

    /** Says how a failure is reproduced, for example by a command. */
    @FunctionalInterface
    public interface Reproduction {
        /** @param operation 0 if the failure needs no crash */
        String line(long seed, long operation);
    }

    /**
     * What was done.
     *
     * @param states crash states looked at
     * @param distinct of them recovered and checked
     * @param traceHash of all operations on the disk: equal for equal runs
     */
    public record Summary(long seeds, long states, long distinct, long traceHash) {}

    private static final int MOST_ATTEMPTS = 400;
    private static final long MOST_SHRINKING_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final CrashOptions options;
    private final Reproduction reproduction;
    private long runs;

    public CrashRunner(CrashOptions options) {
        this(
                options,
                (seed, operation) -> "CrashOptions.DEFAULT.withSeed(" + seed + ")"
                        + (operation == 0 ? "" : ".withCrashAt(" + operation + ")"));
    }

    public CrashRunner(CrashOptions options, Reproduction reproduction) {
        this.options = options;
        this.reproduction = reproduction;
    }

    public CrashOptions options() {
        return options;
    }

    /** How often {@link #run} has been called. */
    public long runs() {
        return runs;
    }

    /** @throws CrashTestFailure at the first seed that fails */
    public Summary run(CrashWorkload<?> workload) {
        runs++;
        long begun = System.nanoTime();
        long seeds = 0;
        long states = 0;
        long distinct = 0;
        long hash = 0;
        while (seeds == 0
                || ((options.seeds() == 0 || seeds < options.seeds())
                        && (options.budgetNanos() == 0 || System.nanoTime() - begun < options.budgetNanos()))) {
            Summary one = runSeed(workload, options.seed() + seeds);
            seeds++;
            states += one.states();
            distinct += one.distinct();
            hash = hash * 31 + one.traceHash();
        }
        return new Summary(seeds, states, distinct, hash);
    }

    private <N> Summary runSeed(CrashWorkload<N> workload, long seed) {
        Plan plan = Plan.draw(seed, options);
        PlanRun<N> run = new PlanRun<>(workload, options, plan);
        Failed failed = run.run();
        if (failed != null) {
            throw failure(workload, plan, failed);
        }
        return new Summary(1, run.counts().states(), run.counts().distinct(), run.traceHash());
    }

    private <N> CrashTestFailure failure(CrashWorkload<N> workload, Plan plan, Failed failed) {
        CrashOptions everywhere = options.withCrashAt(0);
        Failed[] shortest = {failed};
        Shrinker shrinker = new Shrinker(MOST_ATTEMPTS, MOST_SHRINKING_NANOS);
        List<Move> moves = shrinker.shrink(plan.moves(), fewer -> {
            Failed again = new PlanRun<>(workload, everywhere, plan.with(fewer)).run();
            boolean same = again != null && again.isLike(failed);
            shortest[0] = same ? again : shortest[0];
            return same;
        });
        String story = failed.where() + ": " + failed.cause() + "\nshrunk to " + moves.size() + " of "
                + plan.moves().size() + " steps; " + shortest[0].where() + ": " + shortest[0].cause() + "\n"
                + shortest[0].trees();
        return new CrashTestFailure(
                plan.seed(),
                failed.operation(),
                reproduction.line(plan.seed(), failed.operation()),
                story,
                failed.cause());
    }
}
