package dev.cairn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where measurements go: each cell of the table is run, printed for people and written as one JSON object a line: {@code
 * workload}, {@code engine}, {@code case}, {@code value}, {@code unit}, or {@code error}. A cell that fails is counted and
 * the others go on. Not thread-safe.
 */
public final class Cells implements AutoCloseable {

    /** Measures one cell. */
    @FunctionalInterface
    public interface Measurement {
        double measure() throws IOException, InterruptedException;
    }

    private final PrintStream people;
    private final PrintStream results;
    private final Path scratch;
    private final Set<String> engines;
    private final double scale;
    private int cells;
    private int failed;
    private String workload = "";
    private final StringBuilder document = new StringBuilder();

    /**
     * @param engines what is measured; what is not in it is passed over
     * @param scale sizes are multiplied by it: 1 for the published numbers, less for a quick look
     */
    Cells(PrintStream people, Path file, Path scratch, Set<String> engines, double scale) throws IOException {
        this.people = people;
        this.results = new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
        this.scratch = scratch;
        this.engines = engines;
        this.scale = scale;
    }

    void begin(Workload next) {
        workload = next.name();
        document.setLength(0);
        people.println(workload + ": " + next.description());
        people.flush();
    }

    /** A new, empty directory that is removed at the end. */
    public Path directory(String name) throws IOException {
        return Files.createTempDirectory(scratch, name);
    }

    /** A size, scaled, at least 1. */
    public int scaled(int size) {
        return (int) Math.max(1, Math.round(size * scale));
    }

    /** Something for people, and for the document that the command may have been given. */
    public void document(String line) {
        say(line);
        document.append(line).append('\n');
    }

    /** What the present workload has documented. */
    String documented() {
        return document.toString();
    }

    double scale() {
        return scale;
    }

    public boolean wants(String engine) {
        return engines.contains(engine);
    }

    /** Runs and reports one cell, if its engine is wanted. */
    public void cell(String engine, String name, String unit, Measurement measurement) throws InterruptedException {
        if (!wants(engine)) {
            return;
        }
        try {
            report(engine, name, measurement.measure(), unit);
            cells++;
        } catch (IOException | RuntimeException e) {
            failure(engine, name, e.toString());
        }
    }

    /** Reports a cell that was measured together with another one. */
    public void also(String engine, String name, String unit, double value) {
        cells++;
        report(engine, name, value, unit);
    }

    /** Something measured in several rounds: its value, and microseconds of CPU for each operation, negative without meaning. */
    public record Sample(double value, double cpuMicros) {}

    /** Reports a cell by the median of its rounds, with the least and the most. */
    public void rounds(String engine, String name, String unit, List<Sample> samples) {
        cells++;
        double value = median(samples.stream().map(Sample::value).toList());
        double cpu = median(samples.stream().map(Sample::cpuMicros).toList());
        double least = samples.stream().mapToDouble(Sample::value).min().orElse(value);
        double most = samples.stream().mapToDouble(Sample::value).max().orElse(value);
        String spread = String.format(Locale.ROOT, "(%,.1f to %,.1f)", least, most);
        people.printf(
                Locale.ROOT,
                "  %-16s %-52s %,16.1f %s %s%s%n",
                engine,
                name,
                value,
                unit,
                spread,
                cpu < 0 ? "" : String.format(Locale.ROOT, ", %.2f us CPU each", cpu));
        people.flush();
        results.printf(
                Locale.ROOT,
                "%s,\"value\":%.3f,\"unit\":%s,\"least\":%.3f,\"most\":%.3f,\"cpu_us\":%.3f}%n",
                json(engine, name),
                value,
                quoted(unit),
                least,
                most,
                cpu);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Reports a cell that could not be measured. */
    public void failure(String engine, String name, String reason) {
        cells++;
        failed++;
        people.println("  " + engine + " " + name + ": failed: " + reason);
        people.flush();
        results.println(json(engine, name) + ",\"error\":" + quoted(reason) + "}");
    }

    /** Something for people alone. */
    public void say(String line) {
        people.println(line);
        people.flush();
    }

    private void report(String engine, String name, double value, String unit) {
        people.printf(Locale.ROOT, "  %-16s %-52s %,16.1f %s%n", engine, name, value, unit);
        people.flush();
        results.printf(Locale.ROOT, "%s,\"value\":%.3f,\"unit\":%s}%n", json(engine, name), value, quoted(unit));
    }

    private String json(String engine, String name) {
        return "{\"workload\":" + quoted(workload) + ",\"engine\":" + quoted(engine) + ",\"case\":" + quoted(name);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    int cells() {
        return cells;
    }

    int failed() {
        return failed;
    }

    @Override
    public void close() {
        results.close();
    }
}
