package dev.cairn.fuzz.crash;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.CrashChoice;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.Oracle;
import dev.cairn.fuzz.workload.SimulatedRun;
import dev.cairn.fuzz.workload.Workload;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a short workload once, and in the middle of every operation on the disk looks at what a crash could leave: nothing,
 * everything, each prefix and random parts of what was not synced, and what a killed process leaves. Each state is recovered
 * and judged by the model as it stands at that moment.
 */
public final class CrashExplorer {

    /**
     * What to explore.
     *
     * @param steps of the workload
     * @param randomStates per operation
     * @param onlyAt the one operation to crash at; 0 for every one
     * @param thoroughEvery one state in so many has recovery cut short and is worked on with
     */
    public record Settings(Workload workload, int steps, int randomStates, long onlyAt, int thoroughEvery) {

        /** The length of the workload follows from the seed: short ones reproduce well, long ones reach further. */
        public static Settings of(long seed, Workload workload) {
            return new Settings(workload, 40 + 60 * Math.floorMod(seed, 4), 6, 0, 16);
        }

        /** At this operation, every state is looked at thoroughly. */
        public Settings onlyAt(long operation) {
            return new Settings(workload, steps, randomStates, operation, 1);
        }
    }

    /** At most so many prefixes are tried at one operation; of more, as many are picked evenly. */
    private static final int MAX_PREFIXES = 12;

    private static final int LARGE_SECTOR_BYTES = 4096;

    private final long seed;
    private final Settings settings;
    private final DatabaseOptions options;
    private final RecoveryCheck check;
    private final PointCoverage coverage;
    private final Set<Long> seen = new HashSet<>();
    private long states;
    private long kills;
    private @Nullable CrashFailure failure;

    public CrashExplorer(long seed, Settings settings) {
        this(seed, settings, new PointCoverage());
    }

    /** @param coverage told which points the crashes have met */
    public CrashExplorer(long seed, Settings settings, PointCoverage coverage) {
        this.coverage = coverage;
        this.seed = seed;
        this.settings = settings;
        this.options = SimulatedDatabases.options(seed);
        this.check = new RecoveryCheck(options, seed);
    }

    /** Crash states looked at, and how many of them differed. {@code traceHash} is equal for equal runs. */
    public record Result(long states, long distinct, long operations, long traceHash) {}

    /** @throws CrashFailure at the first state from which the database does not come back as it must */
    public Result explore() {
        SimDisk disk = newDisk();
        disk.meetings(point -> coverage.met(PointCoverage.Profile.EXHAUSTIVE, point, 1));
        SimulatedRun run = SimulatedRun.of(seed, settings.workload(), options);
        disk.hook((at, operation) -> {
            if (settings.onlyAt() == 0 || settings.onlyAt() == operation.number()) {
                crashAt(at, operation, run);
            }
        });
        try {
            run.run(disk, settings.steps());
        } catch (RuntimeException | Error e) {
            // The engine under test has seen it first, and may have made something else of it.
            if (failure != null) {
                throw failure;
            }
            throw new CrashFailure(seed, 0, "without any crash, after" + run.trace() + "\n  it fails", e);
        }
        return new Result(states, seen.size(), disk.operations(), disk.traceHash() ^ run.scheduleHash());
    }

    /** The same run with nobody looking: its trace must be that of {@link #explore}. */
    public long plainTrace() {
        SimDisk disk = newDisk();
        SimulatedRun run = SimulatedRun.of(seed, settings.workload(), options);
        run.run(disk, settings.steps());
        return disk.traceHash() ^ run.scheduleHash();
    }

    private SimDisk newDisk() {
        return new SimDisk(
                seed % 5 == 0 ? LARGE_SECTOR_BYTES : SimDisk.SECTOR_BYTES,
                seed % 3 == 0 ? SimDisk.Directory.UNORDERED : SimDisk.Directory.JOURNALLED);
    }

    private void crashAt(SimDisk disk, DiskOperation operation, SimulatedRun run) {
        judge(disk, operation, run, CrashChoices.allOld(), "all old");
        judge(disk, operation, run, CrashChoices.allNew(), "all new");
        long[] pending = disk.pendingOperations();
        int stride = Math.max(1, pending.length / MAX_PREFIXES);
        for (int i = pending.length - 1; i >= 0; i -= stride) {
            judge(disk, operation, run, CrashChoices.upTo(pending[i]), "all up to operation " + pending[i]);
        }
        for (int i = 0; i < settings.randomStates(); i++) {
            long choice = (seed * 0x9E37_79B9_7F4A_7C15L + operation.number()) * 31 + i;
            judge(disk, operation, run, CrashChoices.random(choice), "random part " + i);
        }
        judge(disk.copy(), false, operation, run, "process killed");
    }

    private void judge(SimDisk disk, DiskOperation operation, SimulatedRun run, CrashChoice choice, String name) {
        judge(disk.crash(choice), true, operation, run, name);
    }

    private void judge(SimDisk image, boolean powerFailure, DiskOperation operation, SimulatedRun run, String name) {
        states++;
        Oracle model = run.model();
        long state = image.contentHash() * 31 + model.durable() * 1_000_003 + model.begun() + (powerFailure ? 0 : 1);
        if (!seen.add(state)) {
            return;
        }
        try {
            boolean thorough =
                    powerFailure ? seen.size() % settings.thoroughEvery() == 0 : ++kills % killsThoroughEvery() == 0;
            check.check(image, model, powerFailure, thorough);
        } catch (RuntimeException | Error e) {
            failure = new CrashFailure(
                    seed,
                    operation.number(),
                    "crash during " + operation + ", " + name + ", after" + run.trace() + "\n  commits begun "
                            + model.begun() + ", durable " + model.durable(),
                    e);
            throw failure;
        }
    }

    /** There is one such state at each operation only, and recovery has most to lose in it. */
    private int killsThoroughEvery() {
        return Math.max(1, settings.thoroughEvery() / 4);
    }
}
