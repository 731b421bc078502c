package dev.cairn.fuzz.crash;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.crash.RecoveryCheck.Verdict;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimulatedRun;
import dev.cairn.fuzz.workload.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a short workload once and looks, in the middle of its operations on the disk, at what a crash could leave. Each
 * image is recovered, once, and judged by the model as it stands at that moment; in the middle of every operation of that
 * recovery the same is done again. How far all this goes is the {@link Shape}'s.
 */
public final class CrashExplorer {

    /** How much of what a crash could leave is looked at. */
    public enum Shape {
        /**
         * At each operation of a long trace: all old, all new, prefixes, random parts, and what a killed process leaves; a
         * recovery is crashed in turn for one image in sixteen.
         */
        WIDE(Integer.MAX_VALUE, 1),
        /** At each operation of a short trace: everything that {@link CrashStates} knows; each recovery is crashed in turn. */
        SHORT(Integer.MAX_VALUE, 1),
        /** At twelve operations in a row: as before, and the recoveries of crashed recoveries are crashed, too. */
        DEEP(12, 2);

        private final int window;
        private final int depth;

        Shape(int window, int depth) {
            this.window = window;
            this.depth = depth;
        }

        static Shape of(long seed) {
            return values()[Math.floorMod(seed, values().length)];
        }
    }

    /**
     * What to explore.
     *
     * @param steps of the workload
     * @param onlyAt the one operation to crash at; 0 for those of the shape
     * @param thoroughEvery one image in so many is recovered twice, robbed of what is not synced, and worked on with
     */
    public record Settings(Workload workload, int steps, Shape shape, long onlyAt, int thoroughEvery) {

        private static final int THOROUGH_EVERY = 15;
        private static final int KEYED_WINDOW = 8;
        private static final int LEAST_STEPS = 10;

        /** Length and shape follow from the seed: short workloads reproduce well, long ones reach further. */
        public static Settings of(long seed, Workload workload) {
            return of(seed, workload, Shape.of(seed));
        }

        public static Settings of(long seed, Workload workload, Shape shape) {
            int unit = Math.floorMod(seed, 4);
            int steps = shape == Shape.WIDE ? 40 + 60 * unit : 10 + 10 * unit;
            if (workload.bulk() > 0) {
                // A step is many rows there.
                steps = Math.max(steps / 8, LEAST_STEPS);
            }
            boolean hardlySynced = shape == Shape.WIDE && unit % 2 == 1;
            return new Settings(hardlySynced ? workload.hardlySynced() : workload, steps, shape, 0, THOROUGH_EVERY);
        }

        /** At so many operations in a row. Tables with keys are several files each, so there is more to every operation of a short one. */
        int window() {
            return workload.keyed() && shape == Shape.SHORT ? KEYED_WINDOW : shape.window;
        }

        /** At this operation, every image is looked at thoroughly. */
        public Settings onlyAt(long operation) {
            return new Settings(workload, steps, shape, operation, 1);
        }
    }

    /** At most so many prefixes are tried at one operation of a wide shape; of more, as many are picked evenly. */
    private static final int MAX_PREFIXES = 12;

    private static final int RANDOM_STATES = 6;
    private static final int NESTED_EVERY = 16;
    /** There is one such state at each operation only, and recovery has most to lose in it. */
    private static final int KILLS_THOROUGH_EVERY = 4;

    private static final int LARGE_SECTOR_BYTES = 4096;

    private final long seed;
    private final Settings settings;
    private final DatabaseOptions options;
    private final CrashCounts counts = new CrashCounts();
    private final SimulatedRun run;
    private final RecoveryCheck check;
    private final PointCoverage coverage;
    private final Map<Long, Known> verdicts = new HashMap<>();
    private @Nullable CrashFailure failure;
    private BooleanSupplier inTime = () -> true;
    private boolean whole = true;

    public CrashExplorer(long seed, Settings settings) {
        this(seed, settings, new PointCoverage());
    }

    /** @param coverage told which points the crashes have met */
    public CrashExplorer(long seed, Settings settings, PointCoverage coverage) {
        this.coverage = coverage;
        this.seed = seed;
        this.settings = settings;
        this.options = SimulatedDatabases.options(seed);
        this.run = SimulatedRun.of(seed, settings.workload(), options);
        this.check = new RecoveryCheck(options, seed, counts, run.images());
    }

    /**
     * What is known of an image.
     *
     * @param rows hash of what was found in it
     * @param depth to which crashes of its recovery have been looked at
     */
    private record Known(long commit, int rows, int depth) {}

    /**
     * What has come of it.
     *
     * @param traceHash equal for equal runs
     * @param whole whether all of it was looked at
     */
    public record Result(CrashCounts counts, long operations, long traceHash, boolean whole) {}

    /** @throws CrashFailure at the first state from which the database does not come back as it must */
    public Result explore() {
        return explore(() -> true);
    }

    /**
     * As {@link #explore()}, as long as there is time: the number of states grows with what is not synced, and one seed in some thousands has
     * millions.
     */
    public Result explore(BooleanSupplier hasTime) {
        inTime = hasTime;
        long first = 1;
        if (settings.window() < Integer.MAX_VALUE && settings.onlyAt() == 0) {
            first = 1 + new SplittableRandom(seed).nextLong(Math.max(1, plainOperations() - settings.window()));
        }
        long from = first;
        long last = from - 1L + settings.window();
        SimDisk disk = newDisk();
        disk.meetings(point -> coverage.met(PointCoverage.Profile.EXHAUSTIVE, point, 1));
        disk.hook((at, operation) -> {
            long number = operation.number();
            if (settings.onlyAt() == 0 ? from <= number && number <= last : number == settings.onlyAt()) {
                crashAt(at, operation);
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
        return new Result(counts, disk.operations(), disk.traceHash() ^ run.scheduleHash(), whole);
    }

    /** Whether the next state is looked at; if not, this seed is not looked at as a whole. */
    private boolean goesOn() {
        whole = whole && inTime.getAsBoolean();
        return whole;
    }

    /** The same run with nobody looking: its trace must be that of {@link #explore}. */
    public long plainTrace() {
        SimDisk disk = newDisk();
        SimulatedRun run = SimulatedRun.of(seed, settings.workload(), options);
        run.run(disk, settings.steps());
        return disk.traceHash() ^ run.scheduleHash();
    }

    private long plainOperations() {
        SimDisk disk = newDisk();
        SimulatedRun.of(seed, settings.workload(), options).run(disk, settings.steps());
        return disk.operations();
    }

    private SimDisk newDisk() {
        SplittableRandom random = new SplittableRandom(~seed);
        return new SimDisk(
                random.nextInt(4) == 0 ? LARGE_SECTOR_BYTES : SimDisk.SECTOR_BYTES,
                random.nextBoolean() ? SimDisk.Directory.UNORDERED : SimDisk.Directory.JOURNALLED);
    }

    private void crashAt(SimDisk disk, DiskOperation operation) {
        if (!goesOn()) {
            return;
        }
        CrashStates.Visitor judging = (image, choice) -> judge(image, operation, choice);
        if (settings.shape() == Shape.WIDE) {
            selection(disk, operation, judging);
        } else {
            CrashStates.all(disk, judging);
        }
        try {
            check.killed(disk, run.model(), operation.number() % KILLS_THOROUGH_EVERY == 0 || settings.onlyAt() > 0);
        } catch (RuntimeException | Error e) {
            throw failed(operation, "process killed", e);
        }
    }

    private void selection(SimDisk disk, DiskOperation operation, CrashStates.Visitor visitor) {
        visitor.state(disk.crash(CrashChoices.allOld()), "all old");
        long[] pending = disk.pendingOperations();
        int stride = Math.max(1, pending.length / MAX_PREFIXES);
        for (int i = pending.length - 1; i >= 0; i -= stride) {
            visitor.state(disk.crash(CrashChoices.upTo(pending[i])), "all up to operation " + pending[i]);
        }
        for (int i = 0; i < RANDOM_STATES; i++) {
            long choice = (seed * 0x9E37_79B9_7F4A_7C15L + operation.number()) * 31 + i;
            visitor.state(disk.crash(CrashChoices.random(choice)), "random part " + i);
        }
    }

    private void judge(SimDisk image, DiskOperation operation, Object choice) {
        if (!goesOn()) {
            return;
        }
        counts.countState();
        long hash = image.contentHash();
        Known known = verdicts.get(hash);
        int depth = settings.shape() == Shape.WIDE && Math.floorMod(hash >> 8, NESTED_EVERY) != 0
                ? 0
                : settings.shape().depth;
        if (known != null && known.depth >= depth && run.model().allows(known.commit)) {
            return;
        }
        try {
            RecoveryCuts cuts = depth > 0 ? new RecoveryCuts(image) : null;
            Verdict verdict = check.judged(image, run.model(), cuts);
            judged(image, hash, verdict, depth, known, false);
            if (cuts != null) {
                nested(cuts, verdict, depth - 1);
            }
        } catch (RuntimeException | Error e) {
            throw failed(operation, choice + "; " + check.aftermath(image), e);
        }
    }

    /** What crashes of a recovery have left must give what that recovery gave. */
    private void nested(RecoveryCuts from, Verdict expected, int depth) {
        for (RecoveryCuts.Cut cut : from.cuts()) {
            if (!goesOn()) {
                return;
            }
            counts.countState();
            SimDisk image = cut.image();
            long hash = image.contentHash();
            Known known = verdicts.get(hash);
            if (known != null
                    && known.depth >= depth
                    && known.rows == expected.found().hashCode()) {
                continue;
            }
            try {
                RecoveryCuts cuts = depth > 0 ? new RecoveryCuts(image) : null;
                Verdict verdict = check.same(image, expected, cuts);
                judged(image, hash, verdict, depth, known, true);
                if (cuts != null) {
                    nested(cuts, verdict, depth - 1);
                }
            } catch (RuntimeException | Error e) {
                throw new Mismatch(cut + ": " + e + "; " + check.aftermath(image), e);
            }
        }
    }

    private void judged(
            SimDisk image, long hash, Verdict verdict, int depth, @Nullable Known known, boolean ofRecovery) {
        if (known == null) {
            counts.countDistinct(ofRecovery);
            if (Math.floorMod(hash, settings.thoroughEvery()) == 0) {
                check.thorough(image, verdict);
            }
        }
        verdicts.put(hash, new Known(verdict.commit(), verdict.found().hashCode(), depth));
    }

    private CrashFailure failed(DiskOperation operation, String choice, Throwable cause) {
        failure = new CrashFailure(
                seed,
                operation.number(),
                "crash during " + operation + ", " + choice + ", after" + run.trace() + "\n  commits begun "
                        + run.model().begun() + ", durable " + run.model().durable(),
                cause);
        return failure;
    }
}
