package dev.cairn.tools.dump;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.sql.ScriptRunner;
import dev.cairn.sql.SqlEngine;
import dev.cairn.sql.SqlSession;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Read back what \"cairn dump\" printed: all of it in one transaction, or nothing.",
            "DIR is made if it is absent; tables of the dump must not be there yet."
        },
        footer = {
            "",
            "Example: cairn load /tmp/db2 /tmp/tables",
            "         cairn dump /tmp/db | cairn load /tmp/db2 -",
            "         cairn load --table=orders /tmp/db2 orders.csv"
        })
public final class LoadCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "A dump as SQL, NDJSON or CSV, a directory of CSV files that dump made, or - for standard input.")
    private String file;

    @Option(
            names = "--format",
            paramLabel = "sql|csv|ndjson",
            description = "By default what the file's name ends in; of standard input, sql.")
    private @Nullable String format;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            description = "The table, which is there, that a CSV file's rows go to.")
    private @Nullable String tableName;

    @Option(names = "--json", description = "The last line as a JSON object.")
    private boolean json;

    private final Console console;

    public LoadCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
        this.file = "-";
    }

    @Override
    public Integer call() throws IOException {
        Path path = Path.of(file);
        boolean standardInput = file.equals("-");
        if (!standardInput && !Files.isReadable(path)) {
            throw new UnreadableException(path + ": no such file, or it may not be read");
        }
        boolean csvFiles = !standardInput && Files.isDirectory(path);
        String kind = kind(path, csvFiles);
        if (kind.equals("csv") && !csvFiles && tableName == null) {
            throw new UsageException("a CSV file says not whose it is: expected --table=NAME");
        }
        if (tableName != null && (csvFiles || !kind.equals("csv"))) {
            throw new UsageException("--table goes with one CSV file; a dump names its tables");
        }
        try (Database database = Database.open(directory)) {
            if (kind.equals("sql")) {
                return sql(database, path);
            }
            TransactionOptions options = TransactionOptions.DEFAULT.withLabel("cairn load");
            try (Transaction transaction = database.begin(options)) {
                TableLoad load = new TableLoad(transaction);
                if (csvFiles) {
                    CsvLoad.directory(load, path);
                } else {
                    try (BufferedReader lines = reader(path)) {
                        if (tableName == null) {
                            load.read(file, lines);
                        } else {
                            CsvLoad.table(load, tableName, file, lines);
                        }
                    }
                }
                load.finish();
                transaction.commit();
                done(load.tables(), load.rows());
            }
        }
        return ExitCode.DONE;
    }

    private String kind(Path path, boolean csvFiles) {
        String name = String.valueOf(path.getFileName());
        String kind = format != null
                ? format.toLowerCase(Locale.ROOT)
                : csvFiles || name.endsWith(".csv") ? "csv" : name.endsWith("json") ? "ndjson" : "sql";
        if (!List.of("sql", "csv", "ndjson").contains(kind) || (csvFiles && !kind.equals("csv"))) {
            throw new UsageException("--format: expected sql, csv or ndjson, and csv for a directory, found " + format);
        }
        return kind;
    }

    private void done(long tables, long rows) {
        console.line(
                json
                        ? new JsonObject()
                                .put("load", "ok")
                                .put("tables", tables)
                                .put("rows", rows)
                                .toString()
                        : "load: ok tables=" + tables + " rows=" + rows);
    }

    private BufferedReader reader(Path path) throws IOException {
        return new BufferedReader(
                new InputStreamReader(
                        file.equals("-") ? console.in() : Files.newInputStream(path), StandardCharsets.UTF_8),
                1 << 16);
    }

    /** The script brings its own transaction; what it did not end is rolled back. */
    private int sql(Database database, Path path) throws IOException {
        try (SqlEngine engine = new SqlEngine(database);
                SqlSession session = engine.open("cairn load");
                TagCount counted = new TagCount();
                PrintStream out = new PrintStream(counted, true, StandardCharsets.UTF_8)) {
            int outcome = new ScriptRunner(session, out, console.err())
                    .onErrorStop(true)
                    .source(file)
                    .run(reader(path));
            if (outcome != ScriptRunner.OK || session.state() != SqlSession.State.IDLE) {
                console.error("cairn: " + file + ": " + (outcome == ScriptRunner.OK ? "half a dump" : "it failed")
                        + "; nothing of its last transaction is loaded");
                return ExitCode.FAILED;
            }
            done(counted.tables(), counted.rows());
        }
        return ExitCode.DONE;
    }
}
