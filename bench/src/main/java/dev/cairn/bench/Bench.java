package dev.cairn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code cairn bench [WORKLOAD…] [ENGINE…]}: runs workloads by name, all of them if none is named. Its last line on
 * standard output is {@code bench: cells=N failed=N results=FILE}.
 */
public final class Bench {

    private static final List<Workload> WORKLOADS = List.of(
            new SavepointBench(),
            new ReaderBench(),
            new CommitBench(),
            new LogBench(),
            new RecoveryBench(),
            new LockBench(),
            new IsolationBench(),
            new PageSourceBench(),
            new SideBySide(
                    "rows", "1,000,000 rows beside other stores: load, point reads, scan", false, "cairn-huge-pages"),
            new SideBySide("levels", "savepoints beside other stores: 100,000 in one transaction", false),
            new SideBySide("durable", "durable commits beside other stores: 1 and 64 threads", true));

    private final PrintStream out;
    private final List<Workload> chosen = new ArrayList<>();
    private final Set<String> engines = new TreeSet<>();
    private Path results = Path.of("");
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    private @Nullable Path document;
    private double scale = 1;

    private Bench(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(out, System.err, args));
    }

    /** @return 0 done, 1 a cell failed, 2 usage */
    static int run(PrintStream out, PrintStream err, String... args) throws IOException, InterruptedException {
        Bench bench = new Bench(out);
        try {
            for (String arg : args) {
                if (arg.equals("--help") || arg.equals("-h")) {
                    bench.help();
                    return 0;
                }
                bench.take(arg);
            }
        } catch (IllegalArgumentException e) {
            err.println("cairn bench: " + e.getMessage());
            err.println("Try 'cairn bench --help'.");
            return 2;
        }
        return bench.measure();
    }

    private void help() {
        out.println("Usage: cairn bench [--scale=F] [--results=FILE] [--document=FILE] [--directory=DIR] [WORKLOAD...]"
                + " [ENGINE...]");
        out.println("Measure; docs/PERFORMANCE.md says what and how.");
        out.println();
        out.println("      --scale=F       sizes times F: 0.01 for a quick look; 1 by default");
        out.println("      --results=FILE  JSON lines; by default a new file in the temporary directory");
        out.println(
                "      --document=FILE tables of the workloads beside other stores go there too, between their comments");
        out.println("      --directory=DIR where the databases are made: on the disk to be measured");
        out.println();
        out.println("Workloads:");
        for (Workload workload : WORKLOADS) {
            out.printf(
                    "  %-12s%s (%s)%n", workload.name(), workload.description(), String.join(", ", workload.engines()));
        }
        out.println();
        out.println("Example: cairn bench savepoint commit cairn");
    }

    private void take(String arg) {
        if (arg.startsWith("--scale=")) {
            scale = Double.parseDouble(arg.substring("--scale=".length()));
            if (!(scale > 0)) {
                throw new IllegalArgumentException("--scale: expected more than 0, found " + arg);
            }
        } else if (arg.startsWith("--results=")) {
            results = Path.of(arg.substring("--results=".length()));
        } else if (arg.startsWith("--document=")) {
            document = Path.of(arg.substring("--document=".length()));
        } else if (arg.startsWith("--directory=")) {
            directory = Path.of(arg.substring("--directory=".length()));
        } else if (arg.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + arg);
        } else {
            takeName(arg);
        }
    }

    private void takeName(String name) {
        Map<String, Workload> workloads = new LinkedHashMap<>();
        Set<String> known = new TreeSet<>();
        for (Workload workload : WORKLOADS) {
            workloads.put(workload.name(), workload);
            known.addAll(workload.engines());
        }
        Workload workload = workloads.get(name);
        if (workload != null) {
            chosen.add(workload);
        } else if (known.contains(name)) {
            engines.add(name);
        } else {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is neither a workload " + workloads.keySet() + " nor an engine " + known);
        }
    }

    private int measure() throws IOException, InterruptedException {
        List<Workload> workloads = chosen.isEmpty() ? WORKLOADS : chosen;
        if (engines.isEmpty()) {
            WORKLOADS.forEach(workload -> engines.addAll(workload.engines()));
        }
        Set<String> documented = documented(workloads);
        Files.createDirectories(directory);
        if (results.toString().isEmpty()) {
            results = Files.createTempFile("cairn-bench-", ".jsonl");
        }
        Path scratch = Files.createTempDirectory(directory, "cairn-bench-");
        try (Cells cells = new Cells(out, results, scratch, engines, scale)) {
            for (Workload workload : workloads) {
                cells.begin(workload);
                workload.run(cells);
                if (document != null && documented.contains(workload.name())) {
                    GeneratedText.replace(document, workload.name(), cells.documented());
                }
            }
            out.println("bench: cells=" + cells.cells() + " failed=" + cells.failed() + " results="
                    + results.toAbsolutePath());
            out.flush();
            return cells.failed() == 0 ? 0 : 1;
        } finally {
            remove(scratch);
        }
    }

    /** The workloads that have a place in the document. Asked before hours are spent on them. */
    private Set<String> documented(List<Workload> workloads) throws IOException {
        Set<String> documented = new TreeSet<>();
        if (document != null) {
            for (Workload workload : workloads) {
                if (GeneratedText.hasPlace(document, workload.name())) {
                    documented.add(workload.name());
                }
            }
            if (documented.isEmpty()) {
                throw new IOException(document + " has no place for any of these workloads");
            }
        }
        return documented;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
