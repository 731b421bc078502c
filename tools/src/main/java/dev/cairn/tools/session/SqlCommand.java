package dev.cairn.tools.session;

import dev.cairn.engine.Column;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.sql.ScriptRunner;
import dev.cairn.sql.ScriptRunner.Verbosity;
import dev.cairn.sql.SqlEngine;
import dev.cairn.sql.SqlSession;
import dev.cairn.storage.base.Utf8;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.UsageException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn sql}: what psql does, on the database in a directory. Exit codes of scripts are psql's. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Run SQL on the database in DIR, as psql does.",
            "DIR is made if it is absent. Runs -c and -f in the order given; without them, a shell if a person",
            "sits there, else what standard input gives."
        },
        footer = {
            "",
            "Exit codes: 0 also after a script with errors, 1 for a -c that failed, 3 with --on-error-stop.",
            "",
            "Example: cairn sql -c 'SELECT count(*) FROM vehicles' /tmp/db"
        })
public final class SqlCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(
            names = "--verbosity",
            paramLabel = "default|sqlstate",
            description = "What is printed of an error: a message, or its SQLSTATE alone.",
            defaultValue = "default")
    private String verbosity;

    @Option(names = "--on-error-stop", description = "The first error ends a script, with exit code 3.")
    private boolean onErrorStop;

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "An option of the database, such as cacheBytes=16777216.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--label",
            paramLabel = "NAME",
            description = "Names this session's transactions in the log, see \"cairn txn\"; at most 63 bytes.",
            defaultValue = "cairn sql")
    private String label;

    @ArgGroup(multiplicity = "0..*")
    private List<Source> sources = new ArrayList<>();

    /** One -c or -f. */
    static final class Source {
        @Option(names = "-c", paramLabel = "STATEMENT", description = "Run this.")
        private @Nullable String statement;

        @Option(names = "-f", paramLabel = "FILE", description = "Run a script; - is standard input.")
        private @Nullable String file;
    }

    private final Console console;

    public SqlCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
        this.verbosity = "default";
        this.label = "cairn sql";
    }

    @Override
    public Integer call() throws IOException {
        Verbosity wanted = parseVerbosity();
        int labelBytes = Utf8.length(label);
        if (labelBytes > Column.MAX_NAME_BYTES) {
            throw new UsageException(
                    "--label: expected at most " + Column.MAX_NAME_BYTES + " bytes, found " + labelBytes);
        }
        try (Database database = Database.open(directory, parseOptions());
                SqlEngine engine = new SqlEngine(database);
                SqlSession session = engine.open(label)) {
            ScriptRunner runner = new ScriptRunner(session, console.out(), console.err())
                    .verbosity(wanted)
                    .onErrorStop(onErrorStop);
            if (!sources.isEmpty()) {
                return runSources(runner);
            }
            if (console.terminal()) {
                return new SqlShell(session, runner).run();
            }
            return runner.run(standardInput());
        }
    }

    private Verbosity parseVerbosity() {
        return switch (verbosity.toLowerCase(Locale.ROOT)) {
            case "default" -> Verbosity.DEFAULT;
            case "sqlstate" -> Verbosity.SQLSTATE;
            default -> throw new UsageException("--verbosity: expected default or sqlstate, found " + verbosity);
        };
    }

    private DatabaseOptions parseOptions() {
        DatabaseOptions.Builder builder = DatabaseOptions.builder();
        try {
            options.forEach(builder::set);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--option: " + e.getMessage());
        }
    }

    /** As psql: the last one's result counts, and --on-error-stop ends at the first that fails. */
    private int runSources(ScriptRunner runner) throws IOException {
        int result = ScriptRunner.OK;
        for (Source source : sources) {
            result = source.statement != null ? runner.runCommand(source.statement) : runFile(runner, source.file);
            if (result != ScriptRunner.OK && onErrorStop) {
                return result;
            }
        }
        return result;
    }

    private int runFile(ScriptRunner runner, @Nullable String file) throws IOException {
        if (file == null || file.equals("-")) {
            return runner.source("<stdin>").run(standardInput());
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            console.error("cairn: error: " + path + ": no such file, or it may not be read");
            return ScriptRunner.FAILED;
        }
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            return runner.source(file).run(reader);
        }
    }

    private Reader standardInput() {
        return new InputStreamReader(console.in(), StandardCharsets.UTF_8);
    }
}
