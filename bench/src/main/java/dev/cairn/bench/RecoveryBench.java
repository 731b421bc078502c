package dev.cairn.bench;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Transaction;
import dev.cairn.recovery.RecoveryReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How fast the log is replayed: a process of its own writes, without a checkpoint, and is halted in mid-transaction; then
 * opening is timed.
 */
final class RecoveryBench implements Workload {

    private static final String ENGINE = "cairn";
    private static final int ROWS = 2_000_000;
    private static final int ROWS_PER_TRANSACTION = 1_000;

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public String description() {
        return "opening after a crash: megabytes of log a second";
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        cells.cell(ENGINE, "recovery, " + cells.scaled(ROWS) + " rows", "MB/s", () -> {
            Path directory = cells.directory("recovery");
            crash(directory, cells.scaled(ROWS));
            long cpuBegun = SavepointBench.cpuNanos();
            try (Database database = Database.open(directory, options())) {
                RecoveryReport report = database.recoveryReport();
                long cpuNanos = SavepointBench.cpuNanos() - cpuBegun;
                cells.also(ENGINE, "log replayed", "MB", report.bytes() / 1e6);
                cells.also(ENGINE, "time to open", "ms", report.nanos() / 1e6);
                cells.also(ENGINE, "recovery by the opening thread", "MB/CPU s", report.bytes() * 1e3 / cpuNanos);
                return report.bytes() * 1e3 / report.nanos();
            }
        });
    }

    /** No checkpoint shortens the log while it is written. */
    private static DatabaseOptions options() {
        return DatabaseOptions.builder()
                .checkpointBytes(64L << 30)
                .checkpointInterval(Duration.ofDays(1))
                .build();
    }

    private static void crash(Path directory, int rows) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString(),
                        Integer.toString(rows))
                .inheritIO()
                .start();
        int exitCode = child.waitFor();
        if (exitCode != Writer.CRASHED) {
            throw new IOException("the writing process ended with exit code " + exitCode);
        }
    }

    /** The process that crashes. */
    static final class Writer {
        static final int CRASHED = 77;

        private Writer() {}

        public static void main(String[] args) {
            int rows = Integer.parseInt(args[1]);
            Database database = Database.open(Path.of(args[0]), options());
            SavepointBench.create(database, "t");
            for (long row = 0; row < rows; ) {
                Transaction transaction = database.begin();
                for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
                    transaction.table("t").insert(Row.of(row, row));
                    row++;
                }
                transaction.commit();
            }
            Runtime.getRuntime().halt(CRASHED);
        }
    }
}
