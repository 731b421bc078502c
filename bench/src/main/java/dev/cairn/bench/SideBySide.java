package dev.cairn.bench;

import dev.cairn.bench.keyvalue.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One workload of keys and values on each engine, in a fresh JVM and a fresh directory each time, the engines taking turns. Prints
 * a table in Markdown at the end.
 */
final class SideBySide implements Workload {

    private static final List<String> ENGINES = List.of("cairn", "h2", "lmdb", "rocksdb");
    private static final int ROUNDS = 3;
    private static final double LEAST_SCALE_OF_ROUNDS = 0.1;

    /** What a line of a child says. */
    private record Measured(String name, String unit, Cells.Sample sample) {}

    private final String name;
    private final String description;
    private final boolean tracesSyncs;
    private final List<String> engines;

    /**
     * @param tracesSyncs whether to look, at the end, at the system calls that make a commit durable
     * @param further engines besides the usual ones
     */
    SideBySide(String name, String description, boolean tracesSyncs, String... further) {
        this.name = name;
        this.description = description;
        this.tracesSyncs = tracesSyncs;
        this.engines = Stream.concat(ENGINES.stream(), Stream.of(further)).toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<String> engines() {
        return engines;
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        // By measurement and engine.
        Map<String, Map<String, List<Measured>>> table = new LinkedHashMap<>();
        int rounds = cells.scale() < LEAST_SCALE_OF_ROUNDS ? 1 : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            for (String engine : engines) {
                if (cells.wants(engine)) {
                    run(cells, engine, round, table);
                }
            }
        }
        table.forEach((measurement, byEngine) -> byEngine.forEach((engine, samples) -> cells.rounds(
                engine,
                measurement,
                samples.get(0).unit(),
                samples.stream().map(Measured::sample).toList())));
        markdown(cells, table);
        if (tracesSyncs && rounds > 1) {
            trace(cells);
        }
    }

    /** Sees to it that what is called durable is: at least one system call that reaches the disk for each commit. */
    private void trace(Cells cells) throws IOException, InterruptedException {
        if (!SyncTrace.isPossible()) {
            cells.document("Without strace it was not looked at what makes the commits durable.");
            return;
        }
        cells.document("| system calls in " + Child.TRACED_COMMITS
                + " commits, by strace | fsync, fdatasync, msync | writes to files opened O_DSYNC |");
        cells.document("|---|---:|---:|");
        for (String engine : engines) {
            if (cells.wants(engine)) {
                SyncTrace trace = SyncTrace.of(
                        command(cells, engine, "traced"),
                        cells.directory("trace-" + engine + "-").resolve("calls"));
                cells.document("| " + engine + " | " + trace.syncs() + " | " + trace.writesThrough() + " |");
                String what = "system calls that sync, in " + Child.TRACED_COMMITS + " commits";
                int calls = trace.syncs() + trace.writesThrough();
                if (calls < Child.TRACED_COMMITS) {
                    cells.failure(engine, what, "there are " + calls);
                } else {
                    cells.also(engine, what, "calls", calls);
                }
            }
        }
        cells.document("");
    }

    private static List<String> command(Cells cells, String engine, String workload) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                // LMDB's binding wants them.
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                engine,
                workload,
                cells.directory(workload + "-" + engine + "-").toString(),
                Double.toString(cells.scale()));
    }

    private void run(Cells cells, String engine, int round, Map<String, Map<String, List<Measured>>> table)
            throws IOException, InterruptedException {
        Path errors = cells.directory("errors-").resolve("errors");
        Process child = new ProcessBuilder(command(cells, engine, name))
                .redirectError(errors.toFile())
                .start();
        List<Measured> lines;
        try (var reader = child.inputReader(StandardCharsets.UTF_8)) {
            lines = reader.lines()
                    .filter(line -> line.contains("|"))
                    .map(SideBySide::parsed)
                    .toList();
        }
        int exitCode = child.waitFor();
        if (exitCode != 0) {
            cells.failure(
                    engine,
                    "round " + (round + 1),
                    "its process ended with exit code " + exitCode + ": " + firstOf(errors));
            return;
        }
        for (Measured line : lines) {
            table.computeIfAbsent(line.name(), key -> new TreeMap<>())
                    .computeIfAbsent(engine, key -> new ArrayList<>())
                    .add(line);
        }
    }

    /** The first line in which an exception is named, or the first of all. */
    private static String firstOf(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.stream()
                .filter(line -> line.contains("Exception") || line.contains("Error"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.get(0));
    }

    private static Measured parsed(String line) {
        String[] parts = line.split("\\|", -1);
        return new Measured(
                parts[0], parts[1], new Cells.Sample(Double.parseDouble(parts[2]), Double.parseDouble(parts[3])));
    }

    private void markdown(Cells cells, Map<String, Map<String, List<Measured>>> table) {
        List<String> wanted = engines.stream().filter(cells::wants).toList();
        cells.document("");
        cells.document("| median (least to most; CPU each) | " + String.join(" | ", wanted) + " |");
        cells.document("|---|" + "---:|".repeat(wanted.size()));
        table.forEach((measurement, byEngine) -> {
            StringBuilder row = new StringBuilder("| ").append(measurement).append(" |");
            for (String engine : wanted) {
                List<Measured> samples = byEngine.getOrDefault(engine, List.of());
                row.append(' ').append(samples.isEmpty() ? "" : cell(samples)).append(" |");
            }
            cells.document(row.toString());
        });
        cells.document("");
    }

    private static String cell(List<Measured> samples) {
        List<Double> values =
                samples.stream().map(line -> line.sample().value()).sorted().toList();
        List<Double> cpu =
                samples.stream().map(line -> line.sample().cpuMicros()).sorted().toList();
        String unit = samples.get(0).unit();
        String text = number(values.get(values.size() / 2)) + (unit.startsWith("/") ? unit : " " + unit) + " ("
                + number(values.get(0)) + " to " + number(values.get(values.size() - 1));
        double each = cpu.get(cpu.size() / 2);
        return text + (each < 0 ? ")" : String.format(Locale.ROOT, "; %.2f us)", each));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }
}
