package dev.cairn.tools.campaign;

import dev.cairn.fuzz.api.TimeBudget;
import dev.cairn.tools.console.ChildJvm;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn campaign}. */
@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description = {
            "Run what takes longer than the tests' time.",
            "large: a table of 2 GB under a cache of 64 MiB and a heap of 256 MiB, written, reopened, read, updated;",
            "build: CREATE INDEX on 10,000,000 rows under a heap of 64 MiB: how fast;",
            "index: an index under writers and readers at once, against a model, with threads and under schedules;",
            "interleavings: every order of three transactions of five steps, each anomaly at each isolation level;",
            "stress: races of two threads inside the engine, by jcstress; then engines with one rule broken each;",
            "hour: all modes of cairn fuzz in turn, on all processors, with a report in Markdown;",
            "inspect: a log of 600 MB, read by cairn log under a heap of 64 MiB: how fast."
        },
        footer = {"", "Example: cairn campaign hour --time=10m --report=campaign.md"})
public final class CampaignCommand implements Callable<Integer> {

    private static final int INSPECTED_ROWS = 4_000_000;
    private static final long DEFAULT_BUILD_ROWS = 10_000_000;

    @Parameters(paramLabel = "NAME", description = "large, build, index, interleavings, stress, hour or inspect")
    private String name;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the database is made, and removed again. Default: the temporary directory.")
    private Path directory;

    @Option(
            names = "--time",
            paramLabel = "1h",
            description = "How long the campaign hour lasts: 60s, 5m, 1h (default); index: one round if not given,"
                    + " interleavings: all.")
    private @Nullable String time;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the campaign hour writes its report. Default: campaign-hour.md.")
    private @Nullable Path report;

    @Option(names = "--rows", paramLabel = "N", description = "Rows of the campaign build. Default: 10000000.")
    private @Nullable Long rows;

    private final Console console;
    private final Class<?> program;

    /** @param program the command line's main class, to be run in processes of its own */
    public CampaignCommand(Console console, Class<?> program) {
        this.program = program;
        this.console = console;
        this.name = "";
        this.directory = Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name.equals("hour")) {
            return new HourCampaign(console, program, seconds(), report == null ? Path.of("campaign-hour.md") : report)
                    .run();
        }
        if (report != null) {
            throw new UsageException("--report is for the campaign hour");
        }
        if (rows != null && (!name.equals("build") || rows < 1)) {
            throw new UsageException("--rows is for the campaign build, at least 1");
        }
        if (name.equals("index")) {
            Files.createDirectories(directory);
            return new IndexCampaign(console, directory, time == null ? 0 : seconds()).run();
        }
        if (name.equals("interleavings")) {
            return new InterleavingsCampaign(console, time == null ? 0 : seconds()).run();
        }
        if (name.equals("stress")) {
            throw new UsageException(
                    "the campaign stress is no part of this jar: run ./cairn campaign stress in a checkout,"
                            + " without other options than --only=MUTANT and --no-mutants");
        }
        if (!List.of("large", "build", "inspect").contains(name)) {
            throw new UsageException("there is no campaign \"" + name
                    + "\"; there are: large, build, index, interleavings, stress,"
                    + " hour, inspect");
        }
        if (time != null) {
            throw new UsageException("--time is for the campaigns index, interleavings and hour");
        }
        if (name.equals("inspect")) {
            Files.createDirectories(directory);
            return new InspectCampaign(console, program, directory, INSPECTED_ROWS).run();
        }
        return name.equals("build")
                ? child(
                        BuildCampaign.class,
                        BuildCampaign.HEAP_FLAG,
                        List.of(String.valueOf(rows == null ? DEFAULT_BUILD_ROWS : rows)))
                : child(LargeCampaign.class, LargeCampaign.HEAP_FLAG, List.of());
    }

    private long seconds() {
        try {
            return TimeUnit.NANOSECONDS.toSeconds(TimeBudget.nanos(time == null ? "1h" : time));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--time: " + e.getMessage());
        }
    }

    /** Runs a campaign in a process with a heap of its own size. */
    private int child(Class<?> main, String heapFlag, List<String> more) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<String> arguments = new ArrayList<>(List.of(directory.toString(), String.valueOf(console.terminal())));
        arguments.addAll(more);
        Process child = new ProcessBuilder(ChildJvm.command(main, List.of(heapFlag), arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread onExit = new Thread(child::destroy, "end the campaign's process");
        Runtime.getRuntime().addShutdownHook(onExit);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                console.line(line);
                line = lines.readLine();
            }
            return child.waitFor();
        } finally {
            child.destroy();
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }
}
