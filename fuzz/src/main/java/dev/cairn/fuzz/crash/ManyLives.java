package dev.cairn.fuzz.crash;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.fuzz.workload.WorkloadRun;
import java.util.SplittableRandom;

/**
 * A database that lives through many crashes: a longer workload, the power cut at a random operation, a random legal state
 * recovered and judged, and the workload goes on there.
 */
public final class ManyLives {

    private static final int LIVES = 6;
    private static final int STEPS = 400;
    private static final int MAX_OPERATIONS = 600;
    /** Keys of one life stay below this many per session. */
    private static final long ROWS_PER_LIFE = 1_000_000;

    private final long seed;
    private final Workload workload;
    private long states;
    private long traceHash;

    public ManyLives(long seed, Workload workload) {
        this.seed = seed;
        this.workload = workload;
    }

    /** @throws CrashFailure if the database does not come back as it must */
    public CrashExplorer.Result run() {
        SplittableRandom random = new SplittableRandom(seed);
        DatabaseOptions options = SimulatedDatabases.options(random.nextLong());
        SimDisk disk = new SimDisk(
                SimDisk.SECTOR_BYTES,
                random.nextBoolean() ? SimDisk.Directory.JOURNALLED : SimDisk.Directory.UNORDERED);
        WorkloadRun run = new WorkloadRun(random.nextLong(), workload, options);
        for (int life = 1; life <= LIVES; life++) {
            long at = disk.operations() + 1 + random.nextLong(MAX_OPERATIONS);
            disk.crashAt(at);
            boolean crashed = live(disk, run, at, life);
            boolean powerFailure = random.nextInt(4) > 0;
            SimDisk image = powerFailure ? disk.crash(CrashChoices.random(random.nextLong())) : disk.copy();
            traceHash = traceHash * 31 + disk.traceHash();
            long commit;
            try {
                commit = new RecoveryCheck(options, random.nextLong()).check(image, run.model(), powerFailure, true);
            } catch (RuntimeException | Error e) {
                throw new CrashFailure(
                        seed,
                        crashed ? at : 0,
                        "life " + life + ", " + (powerFailure ? "power lost" : "process killed") + " after"
                                + run.trace(),
                        e);
            }
            states++;
            disk = image;
            run = run.afterRecovery(random.nextLong(), commit, life * ROWS_PER_LIFE);
        }
        return new CrashExplorer.Result(states, states, disk.operations(), traceHash);
    }

    /** @return whether the power was cut before the workload was over */
    private boolean live(SimDisk disk, WorkloadRun run, long at, int life) {
        try {
            run.run(disk, STEPS);
            return false;
        } catch (RuntimeException | Error e) {
            // Whatever the engine makes of the crash that it ran into: nothing of it survives.
            if (disk.isDead()) {
                return true;
            }
            throw new CrashFailure(seed, at, "life " + life + ", before its end, after" + run.trace(), e);
        }
    }
}
