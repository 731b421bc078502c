package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.record.WalRecord;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn log}. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = {
            "Show the log's records, oldest first, and where and why the log ends. Reads only.",
            "What cannot be read is skipped, and said. Exit code 3 if durable log was among it."
        },
        footer = {
            "",
            "Example: cairn log --last=20 /tmp/db",
            "         cairn log --tree=57 /tmp/db",
            "         cairn log --table=orders --kind=HEAP_DELETE --reverse /tmp/db",
            "         cairn log --stats /tmp/db"
        })
public final class LogCommand implements Callable<Integer> {

    private static final int RECORDS_PER_PROGRESS = 1_000_000;

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Mixin
    private LogSelection selection = new LogSelection();

    @Option(names = "--last", paramLabel = "N", description = "Only the last N of them.", defaultValue = "-1")
    private long last;

    @Option(names = "--reverse", description = "Newest first.")
    private boolean reverse;

    @Option(names = "--follow", description = "At the end, wait for more, until interrupted.")
    private boolean follow;

    @Option(names = "--stats", description = "Instead of them, their counts and bytes by kind, table, transaction.")
    private boolean stats;

    @Option(names = "--page-images", paramLabel = "DIR2", description = "Save the page images that they carry there.")
    private @Nullable Path imageDirectory;

    @Option(names = "--obfuscate", description = "Show hashes of equal length instead of rows and keys.")
    private boolean obfuscate;

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
        if (obfuscate && imageDirectory != null) {
            throw new UsageException("--page-images saves rows as they are: it goes not with --obfuscate");
        }
        if (follow && (reverse || stats || last >= 0)) {
            throw new UsageException("--follow goes with neither --reverse nor --stats nor --last");
        }
        LogDirectory log = LogDirectory.open(directory);
        TableNames tables = StoredTables.onPages(log);
        LogFilter filter = selection.filter(tables, selection.trail(directory));
        LogPrinter printer = new LogPrinter(console, json, obfuscate, tables);
        Reading reading = new Reading(
                filter,
                printer,
                tables,
                Math.max(log.control().checkpointEnd(), log.control().endLsn()));
        if (!stats) {
            printer.heading();
        }
        WalEnd end = reverse
                ? new ReverseLog(log).read(filter, reading::take, reading::gap)
                : log.read(reading, imageDirectory != null);
        reading.finish(end);
        filter.requireTable();
        if (follow) {
            return new LogFollower(log, reading, console).follow(end);
        }
        if (!stats) {
            console.line(json ? json(end) : end.toString());
        }
        return reading.lostDurableLog ? ExitCode.DAMAGED : ExitCode.DONE;
    }

    private static String json(WalEnd end) {
        return new JsonObject()
                .put("end_of_log", Lsn.format(end.lsn()))
                .put("reason", end.reason().name())
                .put("detail", end.detail())
                .toString();
    }

    /** What is done with the records that are wanted. */
    private final class Reading implements LogVisitor {
        private final LogFilter filter;
        private final LogPrinter printer;
        private final LogStatistics statistics;
        private final ArrayDeque<LoggedRecord> tail = new ArrayDeque<>();
        private final @Nullable PageImages images;
        private final long durable;
        private long gapFrom;
        private boolean lostDurableLog;
        private long taken;
        private long read;

        /** @param durable the log is known to have been durable up to here, whatever it says itself */
        Reading(LogFilter filter, LogPrinter printer, TableNames tables, long durable) {
            this.durable = durable;
            this.filter = filter;
            this.printer = printer;
            this.statistics = new LogStatistics(tables);
            this.images = imageDirectory == null ? null : new PageImages(imageDirectory, directory);
        }

        @Override
        public boolean record(LoggedRecord record) {
            if (record.record() instanceof WalRecord.DurableMark mark && gapFrom > 0) {
                lostDurableLog |= mark.durableLsn() > gapFrom;
            }
            if (filter.isBeyond(record)) {
                return false;
            }
            if (++read % RECORDS_PER_PROGRESS == 0 && stats) {
                console.progress("log: " + read + " records, at " + Lsn.format(record.start()));
            }
            if (filter.test(record)) {
                take(record);
            }
            return true;
        }

        @Override
        public void gap(LogGap gap) {
            gapFrom = gapFrom == 0 ? gap.from() : gapFrom;
            lostDurableLog |= gap.from() < durable;
            if (stats) {
                console.error("cairn: " + gap);
            } else {
                printer.gap(gap);
            }
        }

        void take(LoggedRecord record) {
            if (images != null) {
                images.save(record);
            }
            taken++;
            if (stats) {
                statistics.add(record);
            } else if (last < 0) {
                printer.print(record);
            } else if (reverse) {
                if (taken <= last) {
                    printer.print(record);
                }
            } else {
                tail.add(record);
                if (tail.size() > last) {
                    tail.remove();
                }
            }
        }

        void finish(WalEnd end) {
            tail.forEach(printer::print);
            if (stats) {
                statistics.print(console, json, end.lsn());
            }
        }
    }
}
