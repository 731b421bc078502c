package dev.cairn.tools.log;

import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
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
        description = "Show what the control file says, and the directory's sizes. Reads only.",
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

    @Override
    public Integer call() throws IOException {
        LogDirectory log = LogDirectory.open(directory);
        List<Long> segments = log.segments();
        long bytes = 0;
        for (String file : log.files()) {
            bytes += Files.size(directory.resolve(file));
        }
        if (json) {
            console.line(json(log.control(), segments, bytes, log.files().size()));
        } else {
            print(log.control(), segments, bytes, log.files().size());
        }
        return ExitCode.DONE;
    }

    private static String json(ControlState control, List<Long> segments, long bytes, int files) {
        return new JsonObject()
                .put("database", control.databaseId().toString())
                .put("phase", control.phase().name())
                .put("page_size", control.pageSize())
                .put("segment_bytes", control.segmentBytes())
                .put("incarnation", control.incarnation().counter())
                .put("redo_point", Lsn.format(control.redoPoint()))
                .put("checkpoint_end", Lsn.format(control.checkpointEnd()))
                .put("end", control.endLsn() == Lsn.NONE ? null : Lsn.format(control.endLsn()))
                .put("next_xid", control.nextXid())
                .put("next_file", control.nextFileId())
                .put("created", control.createdMicros())
                .put("written", control.writtenMicros())
                .put("segments", segments.size())
                .put("files", files)
                .put("bytes", bytes)
                .toString();
    }

    private void print(ControlState control, List<Long> segments, long bytes, int files) {
        line("database", control.databaseId().toString());
        line("created", RecordText.time(control.createdMicros()));
        line("page size", RecordText.bytes(control.pageSize()));
        line("segment size", RecordText.bytes(control.segmentBytes()));
        line("phase", phase(control));
        line("incarnation", Long.toString(control.incarnation().counter()));
        line("control written", RecordText.time(control.writtenMicros()));
        line("redo point", Lsn.format(control.redoPoint()));
        line("checkpoint end", Lsn.format(control.checkpointEnd()));
        line("next xid", "at least " + control.nextXid());
        line("next file", "at least " + control.nextFileId());
        line("log segments", Integer.toString(segments.size()));
        line("files", files + ", " + RecordText.bytes(bytes));
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
