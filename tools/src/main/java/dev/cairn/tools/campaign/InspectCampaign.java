package dev.cairn.tools.campaign;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.console.ChildJvm;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import dev.cairn.wal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The campaign "inspect": how fast a large log is read by {@code cairn log}, in processes whose heap is as small as it says. One
 * process writes the log and is halted, so that all of it stays.
 */
final class InspectCampaign {

    /** Of the processes that read. */
    private static final String HEAP_FLAG = "-Xmx64m";

    private static final int ROW_CHARACTERS = 100;
    private static final int ROWS_PER_TRANSACTION = 100;
    private static final int ROWS_PER_SAVEPOINT = 10;
    private static final int HALTED = 77;

    private final Console console;
    private final Class<?> program;
    private final Path parent;
    private final int rows;
    private boolean ok = true;

    /** @param rows to insert, about 150 bytes of log each */
    InspectCampaign(Console console, Class<?> program, Path parent, int rows) {
        this.console = console;
        this.program = program;
        this.parent = parent;
        this.rows = rows;
    }

    int run() throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create(parent, "cairn-inspect-")) {
            Path database = scratch.path().resolve("db");
            Path out = scratch.path().resolve("out.txt");
            console.progress("campaign inspect: writing the log");
            ok &= HALTED == child(Writer.class, List.of(), out, database.toString(), Integer.toString(rows));
            read(database, out, "--kind=CHECKPOINT_END");
            double logBytes = logBytes(out, database);
            double stats = logBytes / 1e6 / read(database, out, "--stats");
            double filter = logBytes / 1e6 / read(database, out, "--kind=COMMIT,ABORT");
            double text = read(database, out);
            long records = lines(out) - 2;
            double json = read(database, out, "--json");
            ok &= lines(out) == records + 1;
            console.line(String.format(
                    Locale.ROOT,
                    "campaign: inspect %s log_bytes=%.0f records=%d stats_mb_per_second=%.0f filter_mb_per_second=%.0f"
                            + " text_records_per_second=%.0f json_records_per_second=%.0f heap=%s",
                    ok ? "ok" : "FAILED",
                    logBytes,
                    records,
                    stats,
                    filter,
                    records / text,
                    records / json,
                    HEAP_FLAG));
            return ok ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** Runs {@code cairn log} with those options, start of the JVM included; seconds. */
    private double read(Path database, Path out, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("log"));
        arguments.addAll(List.of(options));
        arguments.add(database.toString());
        long begun = System.nanoTime();
        ok &= child(program, List.of(HEAP_FLAG), out, arguments.toArray(String[]::new)) == ExitCode.DONE;
        double seconds = (System.nanoTime() - begun) / 1e9;
        console.progress("campaign inspect: " + String.join(" ", arguments) + ", " + seconds + " s");
        return seconds;
    }

    private static int child(Class<?> main, List<String> flags, Path out, String... arguments)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ChildJvm.command(main, flags, List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(out.toFile())
                .start();
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }

    /** What is in use of the log's segments: up to where the last command says that it ends. */
    private static double logBytes(Path out, Path database) throws IOException {
        String end = "";
        try (Stream<String> lines = Files.lines(out)) {
            end = lines.filter(line -> line.startsWith("end of log at "))
                    .findFirst()
                    .orElse("");
        }
        if (end.isEmpty()) {
            throw new IOException("the log of " + database + " has no end");
        }
        String lsn = end.substring("end of log at ".length(), end.indexOf(':'));
        return dev.cairn.storage.base.Lsn.parse(lsn) - DatabaseOptions.DEFAULT.segmentBytes();
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** The process that writes. Arguments: the directory, how many rows. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) {
            int rows = Integer.parseInt(args[1]);
            DatabaseOptions options = DatabaseOptions.builder()
                    .durability(Durability.LAZY)
                    .checkpointBytes(64L << 30)
                    .checkpointInterval(Duration.ofDays(1))
                    .build();
            Database database = Database.open(Path.of(args[0]), options);
            try (Transaction transaction = database.begin()) {
                transaction.createTable(
                        "t",
                        Schema.builder()
                                .column("id", ColumnType.BIGINT)
                                .column("text", ColumnType.TEXT)
                                .build());
                transaction.commit();
            }
            String text = "x".repeat(ROW_CHARACTERS);
            for (int row = 0; row < rows; ) {
                try (Transaction transaction = database.begin()) {
                    Table table = transaction.table("t");
                    for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
                        if (i % ROWS_PER_SAVEPOINT == 0) {
                            transaction.savepoint("s");
                        }
                        table.insert(Row.of((long) row++, text));
                        if (i % ROWS_PER_SAVEPOINT == ROWS_PER_SAVEPOINT - 1) {
                            transaction.release("s");
                        }
                    }
                    transaction.commit();
                }
            }
            try (Transaction transaction = database.begin()) {
                transaction.table("t").insert(Row.of(-1L, "last"));
                transaction.commit(Durability.SYNC);
            }
            Runtime.getRuntime().halt(HALTED);
        }
    }
}
