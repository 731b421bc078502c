package dev.cairn.tools.conformance;

import dev.cairn.fuzz.conformance.Conformance;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import dev.cairn.tools.console.UnreadableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn conformance}. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Replay transcripts that were recorded from PostgreSQL, and compare every step: what it gave,",
            "whether it waited, and what released it. Scenarios with the tag ssi have to be serializable instead."
        },
        footer = {
            "",
            "Scenarios that fail are told on standard error.",
            "",
            "Example: cairn conformance --skip-tag=queue-order curated-a.jsonl.gz"
        })
public final class ConformanceCommand implements Callable<Integer> {

    /** How sessions talk to the database. */
    private static final class Way {
        @Option(names = "--java", description = "Through the Java API (default).")
        private boolean java;

        @Option(names = "--sql", description = "Through SQL sessions.")
        private boolean sql;
    }

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON lines, compressed if the name ends in .gz.")
    private List<Path> files = List.of();

    @ArgGroup
    private @Nullable Way way;

    @Option(names = "--only", paramLabel = "NAME", description = "Just the scenarios whose name contains this.")
    private @Nullable String only;

    @Option(
            names = "--skip-tag",
            paramLabel = "TAG",
            split = ",",
            description = "Skip scenarios with this tag; may be repeated.")
    private Set<String> skippedTags = Set.of();

    private final Console console;

    public ConformanceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Conformance.Selection selection =
                new Conformance.Selection(way != null && !way.java && way.sql, only, skippedTags);
        Conformance.Totals totals;
        try (ScratchDirectory scratch = ScratchDirectory.create("cairn-conformance");
                Conformance conformance = new Conformance(scratch.path(), selection, console::error)) {
            for (Path file : files) {
                try (InputStream transcript = Files.newInputStream(file)) {
                    conformance.replay(file.toString(), transcript);
                } catch (IOException | IllegalArgumentException e) {
                    throw new UnreadableException(file + ": " + e.getMessage());
                }
            }
            totals = conformance.totals();
        }
        console.line("conformance: scenarios=" + totals.scenarios() + " passed=" + totals.passed() + " skipped="
                + totals.skipped() + " failed=" + totals.failed());
        return totals.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
}
