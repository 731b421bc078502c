package dev.cairn.tools.campaign;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.IndexBuildProgress;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The campaign "build", in the process whose heap is as small as it says: CREATE UNIQUE INDEX on a table whose rows come in
 * random order, then all rows read in the index's order.
 */
public final class BuildCampaign {

    static final String HEAP_FLAG = "-Xmx64m";

    private static final String INDEX = "by_k";
    private static final int ROWS_PER_TRANSACTION = 10_000;
    /** Odd, so that multiples of it by different numbers differ: keys are unique, and in no order. */
    private static final long SCATTER = 0x9E3779B97F4A7C15L;

    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BIGINT)
            .notNull()
            .column("v", ColumnType.BIGINT)
            .build();

    private final Console console;
    private final Path directory;
    private final long rows;

    private BuildCampaign(Console console, Path directory, long rows) {
        this.console = console;
        this.directory = directory;
        this.rows = rows;
    }

    /** Arguments: the directory in which a directory for the database is made; whether a person watches; how many rows. */
    public static void main(String[] args) throws IOException {
        Console console = Console.system().withTerminal(Boolean.parseBoolean(args[1]));
        System.exit(run(console, Path.of(args[0]), Long.parseLong(args[2])));
    }

    static int run(Console console, Path parent, long rows) throws IOException {
        long begun = System.nanoTime();
        try (ScratchDirectory scratch = ScratchDirectory.create(parent, "cairn-build-")) {
            String figures = new BuildCampaign(console, scratch.path(), rows).run();
            console.line("campaign: build ok rows=" + rows + figures + " seconds=" + seconds(begun));
            return ExitCode.DONE;
        } catch (IllegalStateException e) {
            console.error("campaign build: " + e.getMessage());
            console.line("campaign: build FAILED rows=" + rows + " seconds=" + seconds(begun));
            return ExitCode.FAILED;
        }
    }

    private String run() {
        try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
            load(database);
            String figures = build(database);
            read(database);
            return figures;
        }
    }

    private void load(Database database) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable("t", SCHEMA);
            transaction.commit();
        }
        long id = 0;
        while (id < rows) {
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table("t");
                for (int i = 0; i < ROWS_PER_TRANSACTION && id < rows; i++, id++) {
                    table.insert(Row.of(id * SCATTER, id));
                }
                transaction.commit();
            }
            console.progress("insert " + id + " of " + rows + " rows");
        }
    }

    private String build(Database database) {
        AtomicReference<IndexBuildProgress> last = new AtomicReference<>();
        resetPeak();
        long begun = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try (Transaction transaction = database.begin()) {
            transaction.createIndex("t", Index.of(INDEX, true, "k"), progress -> {
                last.set(progress);
                console.progress("index: " + progress.rows() + " rows read, " + progress.runs() + " sorted runs, "
                        + progress.entries() + " entries in " + progress.pages() + " pages");
            });
            transaction.commit();
        }
        long nanos = System.nanoTime() - begun;
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        IndexBuildProgress end = Objects.requireNonNull(last.get());
        return " runs=" + end.runs() + " pages=" + end.pages() + " build_millis=" + nanos / 1_000_000
                + " rows_per_second=" + perSecond(nanos) + " rows_per_second_core=" + perSecond(cpuNanos)
                + " peak_heap_bytes=" + peak() + " heap_bytes="
                + Runtime.getRuntime().maxMemory();
    }

    private long perSecond(long nanos) {
        return Math.round(rows * 1e9 / Math.max(1, nanos));
    }

    private void read(Database database) {
        long count = 0;
        long sum = 0;
        long before = Long.MIN_VALUE;
        try (Transaction transaction = database.begin();
                Scan scan = transaction.table("t").scan(KeyRange.all(INDEX), row -> true)) {
            while (scan.hasNext()) {
                Row row = scan.next();
                long key = row.getLong("k");
                if (key != row.getLong("v") * SCATTER || (count > 0 && key <= before)) {
                    throw new IllegalStateException("row " + count + " of the index has the key " + key
                            + " and the value " + row.getLong("v") + ", and follows the key " + before);
                }
                before = key;
                sum += row.getLong("v");
                count++;
            }
        }
        if (count != rows || sum != rows * (rows - 1) / 2) {
            throw new IllegalStateException(
                    "expected " + rows + " rows in the index, found " + count + ", their values add up to " + sum);
        }
    }

    private static void resetPeak() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            pool.resetPeakUsage();
        }
    }

    private static long peak() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                bytes += pool.getPeakUsage().getUsed();
            }
        }
        return bytes;
    }

    private static long seconds(long begun) {
        return (System.nanoTime() - begun) / 1_000_000_000L;
    }
}
