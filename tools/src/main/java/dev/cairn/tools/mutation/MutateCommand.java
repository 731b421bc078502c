package dev.cairn.tools.mutation;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.tools.console.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn mutate}: the launcher makes and runs the mutants, this judges the report. */
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        description = {
            "Change the code of the log, of recovery and of visibility in small ways, one at a time, and count the",
            "changes that the unit and property tests notice: 85 of a hundred at least (in a checkout only).",
            "What has not changed since the last run is not run again."
        },
        footer = {"", "Example: cairn mutate"})
public final class MutateCommand implements Callable<Integer> {

    static final double LEAST_SCORE = 85;

    private static final String REASONS = "docs/mutation-survivors.txt";
    private static final String DOCUMENT = "docs/TESTING.md";
    private static final String BEGIN = "<!-- survivors: begin -->\n";
    private static final String END = "<!-- survivors: end -->";

    /** Where the launcher says that it lies. */
    private static final String ROOT = "CAIRN_ROOT";

    @Option(names = "--report", paramLabel = "FILE", description = "Judge this report of PIT, and run nothing.")
    private @Nullable Path report;

    @Option(names = "--write", description = "Write the table of survivors into docs/TESTING.md.")
    private boolean write;

    private final Console console;
    private final @Nullable Path root;

    public MutateCommand(Console console) {
        this(console, System.getenv(ROOT) == null ? null : Path.of(System.getenv(ROOT)));
    }

    MutateCommand(Console console, @Nullable Path root) {
        this.console = console;
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        if (report == null || root == null) {
            throw new UsageException(
                    "mutants are made by the launcher, ./cairn, in a checkout; --report judges a report");
        }
        MutationReport found = MutationReport.read(report);
        SurvivorReasons reasons = SurvivorReasons.read(root.resolve(REASONS));
        List<Mutation> survivors = found.survivors();
        for (Mutation survivor : survivors) {
            if (reasons.of(survivor) == null) {
                console.error("survived without a reason in " + REASONS + ": " + survivor.className() + " "
                        + survivor.method() + " " + survivor.mutator() + ", line " + survivor.line() + ": "
                        + survivor.description());
            }
        }
        for (SurvivorReasons.Reason stale : reasons.stale(survivors)) {
            console.error("no such survivor any more, see " + REASONS + ": " + stale);
        }
        if (write) {
            write(root.resolve(DOCUMENT), found.summary(), reasons.table(survivors));
        }
        console.line(found.summary());
        return found.score() >= LEAST_SCORE ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void write(Path document, String summary, String table) throws IOException {
        String text = Files.readString(document, StandardCharsets.UTF_8);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new UnreadableException(
                    document + " has no place for survivors between " + BEGIN.strip() + " and " + END);
        }
        Files.writeString(
                document,
                text.substring(0, begin) + BEGIN + "\n`" + summary + "`\n\n" + table + "\n" + text.substring(end),
                StandardCharsets.UTF_8);
    }
}
