package dev.cairn.fuzz;

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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Seed after seed of one kind of torment, until there are enough of them or the time is over. Used by one thread. */
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
     * @param timeNanos no seed is begun later than this; 0 for no limit, which needs a number of seeds
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
     * @param states crash states looked at
     * @param distinct of them recovered and judged
     * @param kills processes killed
     * @param reruns seeds that were run a second time
     * @param mismatches of these, how many did not do exactly the same
     */
    public record Summary(
            Mode mode,
            long seed,
            long seeds,
            long states,
            long distinct,
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
            return "fuzz: mode=" + name(mode) + " seed=" + seed + " seeds=" + seeds + " states=" + states + " distinct="
                    + distinct + " kills=" + kills + " failures=" + failures + " reruns=" + reruns + " mismatches="
                    + mismatches + " per_second_core=" + perSecondCore;
        }

        /** The same as one JSON object. */
        public String json() {
            return "{\"mode\":\"" + name(mode) + "\",\"seed\":" + seed + ",\"seeds\":" + seeds + ",\"states\":" + states
                    + ",\"distinct\":" + distinct + ",\"kills\":" + kills + ",\"failures\":" + failures
                    + ",\"reruns\":" + reruns + ",\"mismatches\":" + mismatches + ",\"per_second_core\":"
                    + perSecondCore + "}";
        }
    }

    /** One seed in so many is run a second time. */
    private static final int RERUN_EVERY = 8;

    private static final int LIVES_PER_SEED = 20;

    private final Options options;
    private final Consumer<Failure> failures;
    private final FaultMatrix faults = new FaultMatrix();
    private final Consumer<String> progress;
    private final PointCoverage coverage = new PointCoverage();
    private long states;
    private long distinct;
    private long kills;
    private long failed;
    private long reruns;
    private long mismatches;

    /** @param failures told of each seed that fails, when it does */
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
        long begun = System.nanoTime();
        long told = begun;
        long done = 0;
        while ((options.seeds() == 0 || done < options.seeds())
                && (options.timeNanos() == 0 || System.nanoTime() - begun < options.timeNanos())) {
            seed(options.seed() + done, done % RERUN_EVERY == 0);
            done++;
            if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(1)) {
                told = System.nanoTime();
                progress.accept(done + " seeds, " + (states + kills) + " states and kills, " + perSecond(told - begun)
                        + " a second, "
                        + coverage.progress(Profile.valueOf(options.mode().name())));
            }
        }
        long perSecond = perSecond(System.nanoTime() - begun);
        return new Summary(
                options.mode(), options.seed(), done, states, distinct, kills, failed, reruns, mismatches, perSecond);
    }

    private long perSecond(long nanos) {
        return (long) ((double) (states + kills) * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos));
    }

    private void seed(long seed, boolean twice) throws InterruptedException {
        try {
            switch (options.mode()) {
                case EXHAUSTIVE -> exhaustive(seed, twice);
                case RANDOM -> random(seed, twice);
                case KILL -> kill(seed);
            }
        } catch (CrashFailure e) {
            fail(seed, e.operation(), e);
        } catch (RuntimeException e) {
            fail(seed, 0, e);
        }
    }

    private void exhaustive(long seed, boolean twice) {
        CrashExplorer.Settings settings = CrashExplorer.Settings.of(seed, options.workload());
        if (options.crashAt() > 0) {
            settings = settings.onlyAt(options.crashAt());
        }
        CrashExplorer explorer = new CrashExplorer(seed, settings, coverage);
        CrashExplorer.Result result = explorer.explore();
        add(result);
        if (twice) {
            compare(seed, result.traceHash(), explorer.plainTrace());
        }
    }

    private void random(long seed, boolean twice) {
        CrashExplorer.Result result = new ManyLives(seed, options.workload(), coverage).run();
        add(result);
        FaultyLives.Result faulty = new FaultyLives(seed, options.workload(), faults).run();
        states += faulty.lives();
        distinct += faulty.lives();
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
            kills += rounds.kills();
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(CrashExplorer.Result result) {
        states += result.states();
        distinct += result.distinct();
    }

    private void compare(long seed, long first, long second) {
        reruns++;
        if (first != second) {
            mismatches++;
            fail(seed, 0, new IllegalStateException("the same seed does not do the same twice"));
        }
    }

    private void fail(long seed, long operation, Throwable cause) {
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
