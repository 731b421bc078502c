package dev.cairn.tools.log;

import dev.cairn.engine.StoredTable;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.wal.LoggedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn info}. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "Show what the control file says, the directory's sizes, what opening would have to redo, and the tables.",
            "Reads only."
        },
        footer = {"", "Example: cairn info /tmp/db"})
public final class InfoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    private final Console console;

    public InfoCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    /** Of what {@code --json} prints, raised when a key goes or changes its meaning; see docs/JSON.md. */
    private static final int JSON_VERSION = 1;

    /** The log from the redo point on. */
    private static final class Redo implements LogVisitor {
        private long records;
        private long end;
        private boolean hasGaps;

        @Override
        public boolean record(LoggedRecord record) {
            records++;
            end = record.end();
            return true;
        }

        @Override
        public void gap(LogGap gap) {
            hasGaps = true;
        }
    }

    @Override
    public Integer call() throws IOException {
        LogDirectory log = LogDirectory.open(directory);
        ControlState control = log.control();
        List<Long> segments = log.segments();
        long bytes = 0;
        for (String file : log.files()) {
            bytes += Files.size(directory.resolve(file));
        }
        Redo redo = new Redo();
        redo.end = control.redoPoint();
        if (control.phase() == ControlState.Phase.OPEN) {
            log.readFrom(control.redoPoint(), control.redoIncarnation(), redo);
        }
        List<StoredTable> tables =
                control.phase() == ControlState.Phase.CREATING ? List.of() : StoredTables.all(directory, console);
        if (json) {
            console.line(json(control, segments, bytes, log.files().size(), redo, tables));
        } else {
            print(control, segments, bytes, log.files().size(), redo, tables);
        }
        return ExitCode.DONE;
    }

    private static String json(
            ControlState control, List<Long> segments, long bytes, int files, Redo redo, List<StoredTable> tables) {
        return new JsonObject()
                .put("database", control.databaseId().toString())
                .put("json_version", JSON_VERSION)
                .put("format_version", ControlSlot.FORMAT_VERSION)
                .put("phase", control.phase().name())
                .put("page_size", control.pageSize())
                .put("segment_bytes", control.segmentBytes())
                .put("incarnation", control.incarnation().counter())
                .put("redo_point", Lsn.format(control.redoPoint()))
                .put("redo_records", redo.records)
                .put("redo_bytes", redo.end - control.redoPoint())
                .put("checkpoint_end", Lsn.format(control.checkpointEnd()))
                .put("end", control.endLsn() == Lsn.NONE ? null : Lsn.format(control.endLsn()))
                .put("next_xid", control.nextXid())
                .put("next_file", control.nextFileId())
                .put("created", control.createdMicros())
                .put("written", control.writtenMicros())
                .put("segments", segments.size())
                .put("files", files)
                .put("bytes", bytes)
                .putObjects(
                        "tables",
                        tables.stream()
                                .map(table -> new JsonObject()
                                        .put("name", table.name())
                                        .put("table", table.tableId())
                                        .put("file", table.fileId()))
                                .toList())
                .toString();
    }

    private void print(
            ControlState control, List<Long> segments, long bytes, int files, Redo redo, List<StoredTable> tables) {
        line("database", control.databaseId().toString());
        line("format version", Integer.toString(ControlSlot.FORMAT_VERSION));
        line("created", RecordText.time(control.createdMicros()));
        line("page size", RecordText.bytes(control.pageSize()));
        line("segment size", RecordText.bytes(control.segmentBytes()));
        line("phase", phase(control));
        line("incarnation", Long.toString(control.incarnation().counter()));
        line("control written", RecordText.time(control.writtenMicros()));
        line("redo point", Lsn.format(control.redoPoint()));
        line("checkpoint end", Lsn.format(control.checkpointEnd()));
        line("recovery", recovery(control, redo));
        line("next xid", "at least " + control.nextXid());
        line("next file", "at least " + control.nextFileId());
        line("log segments", Integer.toString(segments.size()));
        line("files", files + ", " + RecordText.bytes(bytes));
        for (StoredTable table : tables) {
            line("table", table.name() + ", file " + table.fileId());
        }
    }

    private static String recovery(ControlState control, Redo redo) {
        return switch (control.phase()) {
            case CREATING -> "none: there is nothing yet";
            case CLEAN -> "none";
            case OPEN ->
                RecordText.count(redo.records, "record") + ", " + RecordText.bytes(redo.end - control.redoPoint())
                        + " of log up to " + Lsn.format(redo.end)
                        + (redo.hasGaps ? "; there is log that cannot be read, see \"cairn verify\"" : "");
        };
    }

    private static String phase(ControlState control) {
        return switch (control.phase()) {
            case CREATING -> "being created: opening starts over";
            case OPEN -> "open, or not closed: opening replays the log from the redo point";
            case CLEAN -> "closed at " + Lsn.format(control.endLsn()) + ": opening replays nothing";
        };
    }

    private void line(String key, String value) {
        console.line(String.format(Locale.ROOT, "%-16s %s", key, value));
    }
}
