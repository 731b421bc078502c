package dev.cairn.tools.dump;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.dump.DumpWriter.Definition;
import dev.cairn.tools.log.LogDirectory;
import dev.cairn.tools.log.RowHash;
import dev.cairn.txn.IsolationLevel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn dump}. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = {
            "Print tables, rows and indexes as text that \"cairn load\" reads back. Reads only.",
            "All of it is as of one LSN: what opening the directory would recover. A directory that is in use, or was",
            "not closed, is first copied to a temporary one."
        },
        footer = {
            "",
            "Example: cairn dump /tmp/db > db.sql",
            "         cairn dump --format=csv --to=/tmp/tables /tmp/db",
            "         cairn dump --format=ndjson --table=orders /tmp/db"
        })
public final class DumpCommand implements Callable<Integer> {

    private static final int OUTPUT_BYTES = 1 << 16;
    private static final int ROWS_PER_PROGRESS = 100_000;

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(names = "--format", paramLabel = "sql|csv|ndjson", description = "Default sql.", defaultValue = "sql")
    private String format;

    @Option(names = "--json", description = "The same as --format=ndjson.")
    private boolean json;

    @Option(names = "--table", paramLabel = "NAME", description = "This table, and others so named, instead of all.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "DIR2",
            description =
                    "With csv: an absent or empty directory for a file a table. Without it, one --table is printed.")
    private @Nullable Path to;

    @Option(names = "--obfuscate", description = "Hashes of equal length instead of values.")
    private boolean obfuscate;

    private final Console console;
    private long tables;
    private long rows;

    public DumpCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
        this.format = "sql";
    }

    @Override
    public Integer call() throws IOException {
        if (json && !format.equals("sql")) {
            throw new UsageException("--json is --format=ndjson: expected one of them, found both");
        }
        String wanted = json ? "ndjson" : format.toLowerCase(Locale.ROOT);
        if (!List.of("sql", "csv", "ndjson").contains(wanted)) {
            throw new UsageException("--format: expected sql, csv or ndjson, found " + format);
        }
        Path files = to;
        if (files != null && !wanted.equals("csv")) {
            throw new UsageException("--to goes with --format=csv; other formats are printed");
        }
        if (wanted.equals("csv") && files == null && only.size() != 1) {
            throw new UsageException("--format=csv: expected --to=DIR2, or one --table, found " + only.size());
        }
        String database = LogDirectory.open(directory).control().databaseId().toString();
        PrintStream out = new PrintStream(
                new java.io.BufferedOutputStream(console.out(), OUTPUT_BYTES), false, StandardCharsets.UTF_8);
        DumpWriter writer = wanted.equals("sql")
                ? new SqlDump(out)
                : wanted.equals("ndjson") ? new JsonDump(out) : files == null ? new CsvDump(out) : new CsvFiles(files);
        LiveDatabase.readOnce(directory, console, open -> {
            dump(open, database, writer);
            return open;
        });
        out.flush();
        if (out.checkError()) {
            throw new IOException("standard output could not be written");
        }
        if (files != null) {
            console.line("dump: ok tables=" + tables + " rows=" + rows);
        }
        return ExitCode.DONE;
    }

    private void dump(Database database, String id, DumpWriter writer) {
        TransactionOptions options = TransactionOptions.DEFAULT
                .withIsolation(IsolationLevel.REPEATABLE_READ)
                .withReadOnly(true);
        try (Transaction transaction = database.begin(options)) {
            List<Table> wanted = wanted(transaction);
            writer.begin(id, database.recoveryReport().endLsn());
            for (Table table : wanted) {
                tables++;
                dump(table, writer);
            }
            writer.end(tables, rows);
        }
    }

    private void dump(Table table, DumpWriter writer) {
        writer.beginTable(new Definition(table.name(), table.schema(), table.indexes()));
        try (Scan scan = table.scan()) {
            while (scan.hasNext()) {
                Row row = scan.next();
                writer.row(obfuscate ? RowHash.of(row) : row);
                if (++rows % ROWS_PER_PROGRESS == 0) {
                    console.progress("dump: table " + table.name() + ", " + rows + " rows so far");
                }
            }
        }
        writer.endTable();
    }

    private List<Table> wanted(Transaction transaction) {
        List<Table> all = new ArrayList<>(transaction.tables());
        all.sort(Comparator.comparing(Table::name));
        if (only.isEmpty()) {
            return all;
        }
        List<String> names = all.stream().map(Table::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new UsageException("--table: there is no table \"" + name + "\"");
            }
        }
        all.removeIf(table -> !only.contains(table.name()));
        return all;
    }
}
