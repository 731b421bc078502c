package dev.cairn.tools.fuzz;

import dev.cairn.fuzz.FuzzCampaign;
import dev.cairn.fuzz.FuzzCampaign.Failure;
import dev.cairn.fuzz.FuzzCampaign.Mode;
import dev.cairn.fuzz.FuzzCampaign.Options;
import dev.cairn.fuzz.FuzzCampaign.Summary;
import dev.cairn.fuzz.api.TimeBudget;
import dev.cairn.fuzz.mutant.EngineSources;
import dev.cairn.fuzz.mutant.Mutants;
import dev.cairn.fuzz.mutant.PatchException;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.FailureText;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn fuzz}. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        description = {
            "Torment databases and compare what is left with a model.",
            "exhaustive: short workloads on a simulated disk, crashed at every operation;",
            "random: long ones that go on after each of several crashes; kill: processes on the real disk, killed;",
            "corrupt: a database with one bit flipped at a time, in every byte, or lying under valid checksums;",
            "isolation: sessions beside each other at every level, through a loss of power, judged for anomalies;",
            "mutants: the engine with one rule of order broken at a time, which must fail (in a checkout only)."
        },
        footer = {
            "",
            "With --seed alone that seed is run, with nothing at all seeds from 1 on for a minute.",
            "",
            "Example: cairn fuzz exhaustive --seed=1 --seeds=20"
        })
public final class FuzzCommand implements Callable<Integer> {

    /** Where the launcher says that it lies. */
    private static final String ROOT = "CAIRN_ROOT";

    private static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Parameters(paramLabel = "MODE", description = "exhaustive, random, kill, corrupt, isolation or mutants")
    private String mode;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed.")
    private @Nullable Long seed;

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds.", defaultValue = "0")
    private long seeds;

    @Option(
            names = "--time",
            paramLabel = "60s",
            description = "Begin no seed later than this, and leave an exhaustive one: 500ms, 60s, 5m, 1h.")
    private @Nullable String time;

    @Option(
            names = "--workload",
            paramLabel = "W",
            description = {
                "savepoints, checkpoints, ddl, eviction, churn, concurrent, keys, races, large or queue,",
                "or the class of a CrashWorkload: see docs/FUZZING.md (exhaustive only)."
            },
            defaultValue = "savepoints")
    private String workload;

    @Option(
            names = "--crash-at",
            paramLabel = "K",
            description = "Crash at this one operation on the disk (exhaustive only).",
            defaultValue = "0")
    private long crashAt;

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            description = "Where a workload of one's own is: directories and jars, as java takes them.")
    private @Nullable String classPath;

    @Option(
            names = "--points",
            description = {
                "Also print which crash points were met and which faults befell what, a line each:",
                "point PROFILE NAME TIMES, fault FAULT OPERATION TIMES."
            })
    private boolean points;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = {
                "The one mutant to run (mutants), or the one interleaving:",
                "SCRIPT/LEVEL/ORDER, as a failure names it (isolation)."
            })
    private @Nullable String only;

    @Option(
            names = "--matrix",
            description =
                    "Also print how often which fault has befallen which operation, as a Markdown table (random only).")
    private boolean matrix;

    @Mixin
    private final CorruptMode corrupt = new CorruptMode();

    @Option(names = "--json", description = "One JSON object a line: failures, then the summary.")
    private boolean json;

    private final Console console;

    public FuzzCommand(Console console) {
        this.console = console;
        this.mode = "";
        this.workload = "savepoints";
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (mode.equals("mutants")) {
            return mutants();
        }
        if (mode.equals("isolation")) {
            return isolation();
        }
        if (only != null) {
            throw new UsageException("--only is for the modes mutants and isolation");
        }
        if (mode.equals("corrupt")) {
            return corrupt.run(console, seed, seeds, time == null ? 0 : nanos(time), json);
        }
        if (corrupt.isAsked()) {
            throw new UsageException("--exhaustive, --hostile, --trial and --step are for the mode corrupt");
        }
        Summary summary = workload.contains(".") ? ofOnesOwn() : ofCairn();
        if (!json) {
            console.line(summary.details());
        }
        console.line(json ? summary.json() : summary.line());
        return summary.isOk() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private Summary ofCairn() throws InterruptedException {
        if (classPath != null) {
            throw new UsageException("--class-path is for a workload that is named by its class");
        }
        FuzzCampaign campaign = new FuzzCampaign(options(workload), this::report, console::progress);
        Summary summary = campaign.run();
        if (matrix) {
            console.line(campaign.faults().markdown());
        }
        if (points) {
            campaign.coverage().lines().forEach(console::line);
            campaign.faults().lines().forEach(console::line);
        }
        return summary;
    }

    private Summary ofOnesOwn() throws IOException {
        Options options = options(Workload.all().get(0).name());
        if (options.mode() != Mode.EXHAUSTIVE || points || matrix) {
            throw new UsageException(
                    "a workload of one's own is for the mode exhaustive, without --points and --matrix");
        }
        try (OwnWorkload own = OwnWorkload.load(workload, classPath)) {
            return own.run(options, this::report, console::progress);
        }
    }

    private int isolation() {
        if (crashAt != 0 || points || matrix || classPath != null || corrupt.isAsked()) {
            throw new UsageException("isolation has --seed, --seeds, --time, --only and --json");
        }
        IsolationMode isolation = new IsolationMode(console, json);
        if (only != null) {
            return isolation.only(only);
        }
        Budget budget = budget();
        return isolation.run(budget.first(), budget.seeds(), budget.nanos());
    }

    private int mutants() throws IOException, InterruptedException {
        String root = System.getenv(ROOT);
        if (root == null) {
            throw new UsageException("mutants are made of the sources: run ./cairn fuzz mutants in a checkout");
        }
        if (seed != null || seeds != 0 || time != null || crashAt != 0 || json || points || classPath != null) {
            throw new UsageException("mutants all face the same campaign: there is --only=NAME and nothing else");
        }
        try {
            Mutants.Summary summary = new Mutants(EngineSources.in(Path.of(root)), console::line).run(only);
            console.line(summary.line());
            return summary.isOk() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() == null ? "no such mutant" : e.getMessage());
        } catch (PatchException | IllegalStateException e) {
            console.err().println("cairn: " + e.getMessage());
            console.err().flush();
            return ExitCode.FAILED;
        }
    }

    /** Which seeds, and for how long; 0 for no limit of one of the two. */
    private record Budget(long first, long seeds, long nanos) {}

    private Budget budget() {
        long nanos = time != null ? nanos(time) : 0;
        long count = seeds;
        if (nanos == 0 && count == 0) {
            nanos = seed == null ? DEFAULT_NANOS : 0;
            count = seed == null ? 0 : 1;
        }
        return new Budget(seed == null ? 1 : seed, count, nanos);
    }

    private Options options(String workloadName) {
        Budget budget = budget();
        try {
            return new Options(
                    Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                    budget.first(),
                    budget.seeds(),
                    budget.nanos(),
                    Workload.named(workloadName),
                    crashAt);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    e.getMessage() != null && e.getMessage().startsWith("No enum constant")
                            ? "there is no mode \"" + mode
                                    + "\": there are exhaustive, random, kill, corrupt, isolation, mutants"
                            : e.getMessage() == null ? "no such options" : e.getMessage());
        }
    }

    private void report(Failure failure) {
        console.line(
                json
                        ? new JsonObject()
                                .put("failure", failure.cause().toString())
                                .put("reproduce", failure.reproduce())
                                .toString()
                        : "reproduce: " + failure.reproduce());
        console.error(FailureText.of(failure.cause()));
    }

    static long nanos(String text) {
        try {
            return TimeBudget.nanos(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--time: " + e.getMessage());
        }
    }
}
