package dev.cairn.fuzz;

import dev.cairn.fuzz.crash.CrashCounts;
import dev.cairn.fuzz.crash.CrashExplorer;
import dev.cairn.fuzz.crash.CrashFailure;
import dev.cairn.fuzz.crash.ManyLives;
import dev.cairn.fuzz.fault.FaultMatrix;
import dev.cairn.fuzz.fault.FaultyLives;
import dev.cairn.fuzz.kill.KillRounds;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.points.PointCoverage.Profile;
import dev.cairn.fuzz.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Seed after seed of one kind of torment, until there are enough of them or the time is over. Seeds run beside each other, as
 * many as there are processors; what one does depends on itself alone. Used by one thread.
 */
public final class FuzzCampaign {

    /** What is done with a seed. */
    public enum Mode {
        /** A short workload, crashed at every operation on the disk. */
        EXHAUSTIVE,
        /** A long workload that goes on after each of several crashes, and short ones that meet a fault each. */
        RANDOM,
        /** Child processes on the real disk, killed. */
        KILL
    }

    /**
     * What to do.
     *
     * @param seed the first; the following seeds are its successors
     * @param seeds how many; 0 for as many as the time allows
     * @param timeNanos no seed is begun later than this, and in mode EXHAUSTIVE one that is not done by then is left; 0 for no limit, which
     *     needs a number of seeds
     * @param crashAt the one operation to crash at, in mode EXHAUSTIVE; 0 for every one
     */
    public record Options(Mode mode, long seed, long seeds, long timeNanos, Workload workload, long crashAt) {
        public Options {
            if (seeds < 0 || timeNanos < 0 || crashAt < 0) {
                throw new IllegalArgumentException("seeds, time and operation are not negative");
            }
            if (seeds == 0 && timeNanos == 0) {
                throw new IllegalArgumentException("without a number of seeds or a time it would never end");
            }
            if (crashAt > 0 && mode != Mode.EXHAUSTIVE) {
                throw new IllegalArgumentException("one operation to crash at is for the mode exhaustive only");
            }
        }
    }

    /**
     * A seed that failed.
     *
     * @param reproduce the command that fails again
     */
    public record Failure(String reproduce, Throwable cause) {}

    /**
     * The whole campaign.
     *
     * @param seeds that are done
     * @param counts of states
     * @param kills processes killed
     * @param reruns seeds that were run a second time
     * @param mismatches of these, how many did not do exactly the same
     * @param perSecondCore distinct states per second of processor time, the compiler's and collector's included; or processes
     *     killed per second
     */
    public record Summary(
            Mode mode,
            long seed,
            long seeds,
            CrashCounts counts,
            long kills,
            long failures,
            long reruns,
            long mismatches,
            long perSecondCore) {

        public boolean isOk() {
            return failures == 0 && mismatches == 0;
        }

        /** The last line on standard output. */
        public String line() {
            return "fuzz: mode=" + name(mode) + " seed=" + seed + " seeds=" + seeds + " states=" + counts.states()
                    + " distinct=" + counts.distinct() + " kills=" + kills + " failures=" + failures + " reruns="
                    + reruns + " mismatches=" + mismatches + " per_second_core=" + perSecondCore;
        }

        /** The line before it: what was done with how many states. */
        public String details() {
            return "checked: distinct=" + counts.distinct() + " of_recovery=" + counts.nested() + " process_killed="
                    + counts.killed() + " pages=" + counts.pages() + " redone=" + counts.redone() + " twice="
                    + counts.twice() + " unsynced_dropped="
                    + counts.unsynced() + " worked_on=" + counts.worked();
        }

        /** The same as one JSON object. */
        public String json() {
            return "{\"mode\":\"" + name(mode) + "\",\"seed\":" + seed + ",\"seeds\":" + seeds + ",\"states\":"
                    + counts.states() + ",\"distinct\":" + counts.distinct() + ",\"kills\":" + kills
                    + ",\"failures\":" + failures + ",\"reruns\":" + reruns + ",\"mismatches\":" + mismatches
                    + ",\"per_second_core\":" + perSecondCore + ",\"of_recovery\":" + counts.nested()
                    + ",\"process_killed\":" + counts.killed() + ",\"pages\":" + counts.pages() + ",\"redone\":"
                    + counts.redone() + ",\"twice\":"
                    + counts.twice() + ",\"unsynced_dropped\":" + counts.unsynced() + ",\"worked_on\":"
                    + counts.worked() + "}";
        }
    }

    /** One seed in so many is run a second time. */
    private static final int RERUN_EVERY = 100;

    private static final int LIVES_PER_SEED = 20;

    private final Options options;
    private final Consumer<Failure> failures;
    private final FaultMatrix faults = new FaultMatrix();
    private final Consumer<String> progress;
    private final PointCoverage coverage = new PointCoverage();
    private final AtomicLong begun = new AtomicLong();
    private final CrashCounts counts = new CrashCounts();
    private long done;
    private long toldNanos;
    private long kills;
    private long failed;
    private long reruns;
    private long mismatches;

    /** @param failures told of each seed that fails, when it does; by one thread at a time */
    public FuzzCampaign(Options options, Consumer<Failure> failures) {
        this(options, failures, text -> {});
    }

    /** @param progress told, at most once a second, how far it has come; for people */
    public FuzzCampaign(Options options, Consumer<Failure> failures, Consumer<String> progress) {
        this.options = options;
        this.failures = failures;
        this.progress = progress;
    }

    /** The faults that have happened so far, in mode RANDOM. */
    public FaultMatrix faults() {
        return faults;
    }

    /** Which crash points have been met so far. */
    public PointCoverage coverage() {
        return coverage;
    }

    public Summary run() throws InterruptedException {
        long start = System.nanoTime();
        toldNanos = start;
        long cpu = cpuNanos();
        BooleanSupplier inTime = () -> options.timeNanos() == 0 || System.nanoTime() - start < options.timeNanos();
        ExecutorService workers = Executors.newFixedThreadPool(workers());
        try {
            List<Callable<Boolean>> loops = Collections.nCopies(workers(), () -> seeds(inTime, start));
            for (Future<Boolean> loop : workers.invokeAll(loops)) {
                loop.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the campaign itself has failed: " + e.getCause(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
        boolean killing = options.mode() == Mode.KILL;
        long nanos = Math.max(1, killing ? System.nanoTime() - start : cpuNanos() - cpu);
        double perSecond = (double) (killing ? kills : counts.distinct()) * TimeUnit.SECONDS.toNanos(1) / nanos;
        return new Summary(
                options.mode(), options.seed(), done, counts, kills, failed, reruns, mismatches, (long) perSecond);
    }

    private int workers() {
        int processors = options.mode() == Mode.KILL ? 1 : Runtime.getRuntime().availableProcessors();
        return options.seeds() == 0 ? processors : (int) Math.min(processors, options.seeds());
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private boolean seeds(BooleanSupplier inTime, long start) throws InterruptedException {
        while (inTime.getAsBoolean()) {
            long n = begun.getAndIncrement();
            if (options.seeds() > 0 && n >= options.seeds()) {
                return true;
            }
            if (seed(options.seed() + n, n % RERUN_EVERY == 0, inTime)) {
                done(start);
            }
        }
        return true;
    }

    /** Whether it is done, and not left for want of time. */
    private boolean seed(long seed, boolean twice, BooleanSupplier inTime) throws InterruptedException {
        boolean whole = true;
        try {
            switch (options.mode()) {
                case EXHAUSTIVE -> whole = exhaustive(seed, twice, inTime);
                case RANDOM -> random(seed, twice);
                case KILL -> kill(seed);
            }
        } catch (CrashFailure e) {
            fail(seed, e.operation(), e);
        } catch (RuntimeException e) {
            fail(seed, 0, e);
        }
        return whole;
    }

    private boolean exhaustive(long seed, boolean twice, BooleanSupplier inTime) {
        CrashExplorer.Settings settings = CrashExplorer.Settings.of(seed, options.workload());
        if (options.crashAt() > 0) {
            settings = settings.onlyAt(options.crashAt());
        }
        CrashExplorer explorer = new CrashExplorer(seed, settings, coverage);
        CrashExplorer.Result result = explorer.explore(inTime);
        add(result);
        if (twice) {
            compare(seed, result.traceHash(), explorer.plainTrace());
        }
        return result.whole();
    }

    private void random(long seed, boolean twice) {
        CrashExplorer.Result result = new ManyLives(seed, options.workload(), coverage).run();
        add(result);
        FaultMatrix befallen = new FaultMatrix();
        FaultyLives.Result faulty = new FaultyLives(seed, options.workload(), befallen).run();
        add(befallen, faulty.lives());
        if (twice) {
            compare(
                    seed,
                    result.traceHash(),
                    new ManyLives(seed, options.workload()).run().traceHash());
            compare(
                    seed,
                    faulty.traceHash(),
                    new FaultyLives(seed, options.workload(), new FaultMatrix())
                            .run()
                            .traceHash());
        }
    }

    private void kill(long seed) throws InterruptedException {
        try {
            Path directory = Files.createTempDirectory("cairn-kill");
            KillRounds rounds = new KillRounds(directory.resolve("db"), seed, options.workload(), coverage);
            rounds.run(LIVES_PER_SEED);
            killed(rounds.kills());
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void done(long start) {
        done++;
        long now = System.nanoTime();
        if (now - toldNanos > TimeUnit.SECONDS.toNanos(1)) {
            toldNanos = now;
            long perSecond = (long) ((double) (counts.states() + kills) * TimeUnit.SECONDS.toNanos(1) / (now - start));
            progress.accept(done + " seeds, " + (counts.states() + kills) + " states and kills, " + perSecond
                    + " a second, "
                    + coverage.progress(Profile.valueOf(options.mode().name())));
        }
    }

    private synchronized void killed(long processes) {
        kills += processes;
    }

    private synchronized void add(CrashExplorer.Result result) {
        counts.add(result.counts());
    }

    private synchronized void add(FaultMatrix befallen, long lives) {
        faults.add(befallen);
        counts.countImages(lives, lives);
    }

    private synchronized void compare(long seed, long first, long second) {
        reruns++;
        if (first != second) {
            mismatches++;
            fail(seed, 0, new IllegalStateException("the same seed does not do the same twice"));
        }
    }

    private synchronized void fail(long seed, long operation, Throwable cause) {
        failed++;
        failures.accept(new Failure(
                "./cairn fuzz " + name(options.mode()) + " --seed=" + seed + " --workload="
                        + options.workload().name()
                        + (operation > 0 && options.mode() == Mode.EXHAUSTIVE ? " --crash-at=" + operation : ""),
                cause));
    }

    private static String name(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
