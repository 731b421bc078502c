package dev.cairn.fuzz.api;

import dev.cairn.engine.DatabaseOptions;
import java.time.Duration;

/**
 * How a workload is tormented.
 *
 * @param seed the first; the following seeds are its successors
 * @param seeds how many at most; 0 for as many as the time allows
 * @param budgetNanos no seed but the first is begun later than this
 * @param crashAt the one operation on the disk to crash at; 0 for all
 * @param transactions of a seed's run; of every fourth seed's, four times as many, crashed at random operations only
 * @param mostSteps of one transaction
 * @param database how databases are opened. Small caches, segments and checkpoints make short runs cross every border
 */
public record CrashOptions(
        long seed,
        long seeds,
        long budgetNanos,
        long crashAt,
        int transactions,
        int mostSteps,
        DatabaseOptions database) {

    /** One seed, 1, and a database with pages of 4 KiB in which everything else is tiny. */
    public static final CrashOptions DEFAULT = new CrashOptions(
            1,
            1,
            0,
            0,
            10,
            6,
            DatabaseOptions.builder()
                    .pageSize(4096)
                    .cacheBytes(24 * 4096)
                    .segmentBytes(64 << 10)
                    .walBufferBytes(32 << 10)
                    .checkpointBytes(96 << 10)
                    .growthBytes(8 << 10)
                    .lockTimeout(Duration.ofSeconds(1))
                    .build());

    public CrashOptions {
        if (seeds < 0 || budgetNanos < 0 || crashAt < 0 || transactions < 1 || mostSteps < 1) {
            throw new IllegalArgumentException(
                    "seeds, budget and operation are not negative, transactions and steps positive");
        }
    }

    /** That seed and no other. */
    public CrashOptions withSeed(long value) {
        return new CrashOptions(value, 1, budgetNanos, crashAt, transactions, mostSteps, database);
    }

    /** That many seeds; 0 for as many as the budget allows. */
    public CrashOptions withSeeds(long value) {
        return new CrashOptions(seed, value, budgetNanos, crashAt, transactions, mostSteps, database);
    }

    public CrashOptions withBudgetNanos(long value) {
        return new CrashOptions(seed, seeds, value, crashAt, transactions, mostSteps, database);
    }

    public CrashOptions withCrashAt(long value) {
        return new CrashOptions(seed, seeds, budgetNanos, value, transactions, mostSteps, database);
    }

    public CrashOptions withLength(int transactionsOfARun, int stepsOfATransaction) {
        return new CrashOptions(seed, seeds, budgetNanos, crashAt, transactionsOfARun, stepsOfATransaction, database);
    }

    public CrashOptions withDatabase(DatabaseOptions value) {
        return new CrashOptions(seed, seeds, budgetNanos, crashAt, transactions, mostSteps, value);
    }
}
