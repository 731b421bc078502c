package dev.cairn.tools.verify;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.salvage.Salvage;
import dev.cairn.engine.salvage.SalvageListener;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn salvage}. */
@Command(
        name = "salvage",
        mixinStandardHelpOptions = true,
        description = {
            "Copy what can be read of a damaged directory into a new database, and say what was lost.",
            "The source is only read. Rows of transactions of which nobody can tell whether they committed go to",
            "TABLE_undecided; rows of tables of which the catalog has lost name and columns, as bytes, to file_N.",
            "Exit code: 0 nothing was lost, 3 something was, 4 nothing can be read."
        },
        footer = {"", "Example: cairn salvage /tmp/damaged /tmp/rescued"})
public final class SalvageCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SRC", description = "The damaged directory.")
    private Path source;

    @Parameters(index = "1", paramLabel = "DEST", description = "Where the new database goes: absent or empty.")
    private Path destination;

    @Option(names = "--json", description = "One JSON object a line: notes, tables, the last one is the outcome.")
    private boolean json;

    private final Console console;

    public SalvageCommand(Console console) {
        this.console = console;
        this.source = Path.of("");
        this.destination = Path.of("");
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(source)) {
            throw new UnreadableException(source + (Files.exists(source) ? " is not a directory" : " does not exist"));
        }
        if (Files.exists(destination) && !isEmptyDirectory(destination)) {
            throw new UsageException("DEST: expected an absent or empty directory, found " + destination);
        }
        Disk disk = new RealDisk(source);
        if (disk.list().isEmpty()) {
            throw new UnreadableException(source + " is empty");
        }
        DatabaseOptions options =
                DatabaseOptions.builder().pageSize(Salvage.pageSize(disk)).build();
        Salvage.Result result;
        try (Database database = Database.open(destination, options)) {
            result = Salvage.run(disk, database, Environment.system(), new Report());
        }
        console.line(json ? json(result) : text(result));
        return result.complete() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static String text(Salvage.Result result) {
        return "salvage: " + (result.complete() ? "complete" : "partial") + " tables=" + result.tables() + " rows="
                + result.rows() + " lost_pages=" + result.lostPages() + " lost_rows=" + result.lostRows()
                + " undecided=" + result.undecided();
    }

    private static String json(Salvage.Result result) {
        return new JsonObject()
                .put("salvage", result.complete() ? "complete" : "partial")
                .put("tables", result.tables())
                .put("rows", result.rows())
                .put("lost_pages", result.lostPages())
                .put("lost_rows", result.lostRows())
                .put("undecided", result.undecided())
                .toString();
    }

    private final class Report implements SalvageListener {
        @Override
        public void note(String text) {
            console.line(json ? new JsonObject().put("note", text).toString() : "note: " + text);
        }

        @Override
        public void table(TableOutcome outcome) {
            console.line(
                    json
                            ? new JsonObject()
                                    .put("table", outcome.name())
                                    .put("rows", outcome.rows())
                                    .put("lost_pages", outcome.lostPages())
                                    .put("lost_rows", outcome.lostRows())
                                    .put("undecided", outcome.undecided())
                                    .toString()
                            : "table \"" + outcome.name() + "\": rows=" + outcome.rows() + " lost_pages="
                                    + outcome.lostPages() + " lost_rows=" + outcome.lostRows() + " undecided="
                                    + outcome.undecided());
        }
    }
}
