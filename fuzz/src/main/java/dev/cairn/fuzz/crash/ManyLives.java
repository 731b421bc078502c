package dev.cairn.fuzz.crash;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.crash.LifeEnd.Way;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimulatedRun;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.storage.base.EngineFailedException;
import java.util.SplittableRandom;

/**
 * A database that lives through many crashes: a longer workload that ends in a loss of power, the death of the process or a
 * failed sync at a random operation; a random legal state is recovered and judged, and the workload goes on there.
 */
public final class ManyLives {

    private static final int LIVES = 8;
    private static final int STEPS = 400;
    /** A run that is this much longer than its first failing sync must have made one. */
    private static final int MOST_UNSYNCED = 200;

    private static final int LARGE_SECTOR_BYTES = 4096;
    /** Keys of one life stay below this many per session. */
    private static final long ROWS_PER_LIFE = 1_000_000;

    private final long seed;
    private final Workload workload;
    private final PointCoverage coverage;
    private final CrashCounts counts = new CrashCounts();
    private long traceHash;

    public ManyLives(long seed, Workload workload) {
        this(seed, workload, new PointCoverage());
    }

    /** @param coverage told which points the crashes have met */
    public ManyLives(long seed, Workload workload, PointCoverage coverage) {
        this.coverage = coverage;
        this.seed = seed;
        this.workload = workload;
    }

    /** @throws CrashFailure if the database does not come back as it must */
    public CrashExplorer.Result run() {
        SplittableRandom random = new SplittableRandom(seed);
        DatabaseOptions options = SimulatedDatabases.options(random.nextLong());
        SimDisk disk = new SimDisk(
                random.nextInt(4) == 0 ? LARGE_SECTOR_BYTES : SimDisk.SECTOR_BYTES,
                random.nextBoolean() ? SimDisk.Directory.JOURNALLED : SimDisk.Directory.UNORDERED);
        disk.meetings(point -> coverage.met(PointCoverage.Profile.RANDOM, point, 1));
        SimulatedRun run = SimulatedRun.of(random.nextLong(), workload.drawn(random.split()), options);
        for (int life = 1; life <= LIVES; life++) {
            LifeEnd end = LifeEnd.drawn(disk, random);
            boolean ended = live(disk, run, end, life);
            traceHash = traceHash * 31 + (disk.traceHash() ^ run.scheduleHash());
            boolean powerFailure = end.way() == Way.POWER_LOST;
            SimDisk image = powerFailure ? disk.crash(CrashChoices.random(random.nextLong())) : disk.copy();
            long commit;
            try {
                commit = new RecoveryCheck(options, random.nextLong(), counts, run.images())
                        .check(image, run.model(), powerFailure);
            } catch (RuntimeException | Error e) {
                throw new CrashFailure(
                        seed, ended ? end.at() : 0, "life " + life + ", " + end + " after" + run.trace(), e);
            }
            counts.countState();
            counts.countDistinct(false);
            disk = image;
            run = run.afterRecovery(random.nextLong(), commit, life * ROWS_PER_LIFE);
        }
        return new CrashExplorer.Result(counts, disk.operations(), traceHash, true);
    }

    /** @return whether the life was ended before the workload was over */
    private boolean live(SimDisk disk, SimulatedRun run, LifeEnd end, int life) {
        try {
            run.run(disk, STEPS);
            if (end.way() == Way.SYNC_FAILED && end.at() > 0 && disk.operations() > end.at() + MOST_UNSYNCED) {
                throw new Mismatch("i8: the engine goes on after a failed sync");
            }
            return false;
        } catch (RuntimeException | Error e) {
            // Whatever the engine makes of the crash that it ran into: nothing of it survives.
            if (disk.isDead() || (end.way() == Way.SYNC_FAILED && e instanceof EngineFailedException)) {
                return true;
            }
            throw new CrashFailure(seed, end.at(), "life " + life + ", before its end, after" + run.trace(), e);
        }
    }
}
