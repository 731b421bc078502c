package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn log}. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Show the log's records, oldest first, and where and why the log ends. Reads only.",
        footer = {"", "Example: cairn log --last=20 /tmp/db"})
public final class LogCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(names = "--last", paramLabel = "N", description = "Only the last N records.", defaultValue = "-1")
    private long last;

    @Option(names = "--json", description = "One JSON object a line; the last one is the end of the log.")
    private boolean json;

    private final Console console;

    public LogCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    @Override
    public Integer call() {
        if (last < -1) {
            throw new UsageException("--last: expected 0 or more, found " + last);
        }
        LogDirectory log = LogDirectory.open(directory);
        if (!json) {
            console.out().print(RecordText.heading().stripTrailing() + "\n");
        }
        WalEnd end;
        if (last < 0) {
            end = log.forEach(this::print);
        } else {
            ArrayDeque<LoggedRecord> tail = new ArrayDeque<>();
            end = log.forEach(keepLast(tail));
            tail.forEach(this::print);
        }
        console.line(
                json
                        ? new JsonObject()
                                .put("end_of_log", Lsn.format(end.lsn()))
                                .put("reason", end.reason().name())
                                .put("detail", end.detail())
                                .toString()
                        : end.toString());
        return ExitCode.DONE;
    }

    private Consumer<LoggedRecord> keepLast(ArrayDeque<LoggedRecord> tail) {
        return record -> {
            tail.add(record);
            if (tail.size() > last) {
                tail.remove();
            }
        };
    }

    private void print(LoggedRecord r) {
        String line = json
                ? RecordJson.line(r.start(), r.end(), r.xid(), r.record())
                : RecordText.line(r.start(), r.end(), r.xid(), r.record());
        console.out().print(line + "\n");
    }
}
