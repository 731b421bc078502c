package dev.cairn.fuzz.api;

import dev.cairn.engine.Database;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.SimEnvironment;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a crash may leave: nothing of what was not synced, all of it, prefixes, random parts, and what a killed
 * process leaves. Each distinct state is recovered and checked; at some, recovery is crashed as well.
 */
final class CrashJudge<N> {

    /** What was done. */
    record Counts(long states, long distinct) {}

    private static final int MOST_PREFIXES = 6;
    private static final int RANDOM_STATES = 3;
    private static final int CUT_SHORT_EVERY = 8;

    private final CrashWorkload<N> workload;
    private final CrashOptions options;
    private final long seed;
    private final Journal<N> journal;
    private final Set<Long> seen = new HashSet<>();
    private long states;
    private String where = "";
    private @Nullable Throwable cause;

    CrashJudge(CrashWorkload<N> workload, CrashOptions options, long seed, Journal<N> journal) {
        this.workload = workload;
        this.options = options;
        this.seed = seed;
        this.journal = journal;
    }

    Counts counts() {
        return new Counts(states, seen.size());
    }

    /** Which state failed. */
    String where() {
        return where;
    }

    Throwable cause() {
        return Objects.requireNonNull(cause, "nothing has failed");
    }

    /** @return false if a state of the disk at this moment fails */
    boolean crash(SimDisk disk, DiskOperation operation) {
        String during = "crash during " + operation.kind() + " " + operation.name() + ", operation "
                + operation.number() + " on the disk; ";
        if (!judge(disk.crash(CrashChoices.allOld()), true, during + "nothing unsynced survived")
                || !judge(disk.crash(CrashChoices.allNew()), true, during + "everything survived")
                || !judge(disk.copy(), false, during + "the process was killed")) {
            return false;
        }
        long[] pending = disk.pendingOperations();
        int stride = Math.max(1, pending.length / MOST_PREFIXES);
        for (int i = pending.length - 1; i >= 0; i -= stride) {
            SimDisk image = disk.crash(CrashChoices.upTo(pending[i]));
            if (!judge(image, true, during + "what came up to operation " + pending[i] + " survived")) {
                return false;
            }
        }
        for (int i = 0; i < RANDOM_STATES; i++) {
            SimDisk image = disk.crash(CrashChoices.random(seed * 31 + operation.number() * 1_000_003 + i));
            if (!judge(image, true, during + "a random part survived")) {
                return false;
            }
        }
        return true;
    }

    /** Everything that was committed must be there. */
    void closedCleanly(SimDisk disk) {
        journal.closed();
        check(disk.crash(CrashChoices.allOld()), true);
    }

    private boolean judge(SimDisk image, boolean powerFailure, String what) {
        states++;
        if (!seen.add(image.contentHash() * 31 + journal.state(powerFailure) * 2 + (powerFailure ? 1 : 0))) {
            return true;
        }
        where = what;
        try {
            long operations = check(image.copy(), powerFailure);
            if (operations > 0 && seen.size() % CUT_SHORT_EVERY == 0) {
                cutShort(image, operations, powerFailure, what);
            }
            return true;
        } catch (RuntimeException | Error e) {
            cause = e;
            return false;
        }
    }

    /** @return how many operations recovery made on the disk */
    private long check(SimDisk image, boolean powerFailure) {
        long before = image.operations();
        try (Database db = new SimEnvironment(seed).open(image, options.database())) {
            long operations = image.operations() - before;
            workload.check(db, journal.acknowledged(powerFailure));
            return operations;
        }
    }

    /** Recovery itself crashes; what comes after that must be as good. */
    private void cutShort(SimDisk image, long operations, boolean powerFailure, String what) {
        SplittableRandom random = new SplittableRandom(seed ^ image.contentHash());
        SimDisk cut = image.copy();
        long at = 1 + random.nextLong(operations);
        cut.crashAt(image.operations() + at);
        try {
            new SimEnvironment(seed).open(cut, options.database());
        } catch (RuntimeException | Error e) {
            if (!cut.isDead()) {
                throw e;
            }
        }
        where = what + "; recovery crashed at its operation " + at + " of " + operations;
        check(powerFailure ? cut.crash(CrashChoices.random(random.nextLong())) : cut.copy(), powerFailure);
    }
}
