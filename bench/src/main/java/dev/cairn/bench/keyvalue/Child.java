package dev.cairn.bench.keyvalue;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;

/**
 * One engine in a JVM of its own: runs one workload in an empty directory and prints a line for each thing measured,
 * {@code NAME|UNIT|VALUE|CPU}: the rate or size, and the process's microseconds of CPU for each operation, -1 without meaning.
 */
public final class Child {

    /** Written by the workload {@code traced} before and after {@link #TRACED_COMMITS} commits. */
    public static final String TRACE_BEGINS = "commits begin";

    public static final String TRACE_ENDS = "commits end";
    /** Commits between the two. */
    public static final int TRACED_COMMITS = 100;

    private static final int ROWS_PER_TRANSACTION = 1_000;
    private static final int WARM_MILLIS = 2_000;
    private static final int READ_MILLIS = 3_000;
    private static final int COMMIT_MILLIS = 4_000;
    private static final int WARM_TRANSACTIONS = 2;
    private static final int MANY_THREADS = 64;
    private static final double MICROS = 1e-3;

    private final Store store;
    private final Path directory;
    private final double scale;
    private final PrintStream out;

    private Child(Store store, Path directory, double scale, PrintStream out) {
        this.store = store;
        this.directory = directory;
        this.scale = scale;
        this.out = out;
    }

    /** Arguments: engine, workload (rows, levels, durable or traced), directory, scale. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[2]);
        Store store = open(args[0], directory);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Child child = new Child(store, directory, Double.parseDouble(args[3]), out);
        switch (args[1]) {
            case "rows" -> child.rows();
            case "levels" -> child.levels();
            case "traced" -> child.traced();
            default -> child.commits();
        }
        // Whoever measured is done; what threads an engine leaves behind are nobody's concern.
        System.exit(0);
    }

    private static Store open(String engine, Path directory) {
        return switch (engine) {
            case "cairn" -> new CairnStore(directory, false);
            case "cairn-huge-pages" -> new CairnStore(directory, true);
            case "h2" -> new MvStore(directory);
            case "lmdb" -> new LmdbStore(directory);
            default -> new RocksStore(directory);
        };
    }

    private int scaled(int size) {
        return (int) Math.max(1, Math.round(size * scale));
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void report(String name, String unit, double value, double cpuMicros) {
        out.printf(Locale.ROOT, "%s|%s|%.6f|%.6f%n", name, unit, value, cpuMicros);
    }

    private void rate(String name, long operations, long nanos, long cpuNanos) {
        report(name, "/s", operations * 1e9 / nanos, cpuNanos * MICROS / operations);
    }

    private void rows() throws IOException, InterruptedException {
        int rows = scaled(1_000_000);
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        for (int from = 0; from < rows; from += ROWS_PER_TRANSACTION) {
            Store.Writer writer = store.write();
            for (int i = from; i < Math.min(rows, from + ROWS_PER_TRANSACTION); i++) {
                writer.put(Data.key(i), Data.value(i));
            }
            writer.commit();
        }
        rate("load, durable transactions of 1,000", rows, System.nanoTime() - begun, cpuNanos() - cpu);
        reads(rows, 1, scaled(WARM_MILLIS), false);
        reads(rows, 1, scaled(READ_MILLIS), true);
        reads(rows, 2, scaled(READ_MILLIS), true);
        scan(rows);
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            report("all files, closed", "bytes/row", (double) bytes / rows, -1);
        }
    }

    private void reads(int rows, int threads, int millis, boolean reported) throws InterruptedException, IOException {
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        long end = begun + millis * 1_000_000L;
        long reads = together(threads, thread -> {
            long made = 0;
            try (Store.Reader reader = store.read()) {
                while (made == 0 || made % 256 != 0 || System.nanoTime() < end) {
                    long row = Long.remainderUnsigned(Data.mixed(made + ((long) thread << 40)), rows);
                    byte[] value = reader.get(Data.key(row));
                    if (value == null || !Data.isValue(value, row)) {
                        throw new IllegalStateException("row " + row + " is not what was written");
                    }
                    made++;
                }
            }
            return made;
        });
        if (reported) {
            String name = "warm point reads, " + threads + (threads == 1 ? " thread" : " threads");
            rate(name, reads, System.nanoTime() - begun, cpuNanos() - cpu);
        }
    }

    private void scan(int rows) {
        try (Store.Reader reader = store.read()) {
            Ordered ordered = new Ordered();
            reader.scan(ordered);
            ordered.require(rows);
            scans(reader, rows, scaled(WARM_MILLIS));
            long begun = System.nanoTime();
            long cpu = cpuNanos();
            long seen = scans(reader, rows, scaled(READ_MILLIS));
            rate("full ordered scan, copied out", seen, System.nanoTime() - begun, cpuNanos() - cpu);
        }
    }

    /** Full scans for so long, one at least; returns how many rows they saw. */
    private static long scans(Store.Reader reader, int rows, int millis) {
        Counting counting = new Counting();
        long end = System.nanoTime() + millis * 1_000_000L;
        long scans = 0;
        do {
            reader.scan(counting);
            scans++;
        } while (System.nanoTime() < end);
        if (counting.rows != scans * rows) {
            throw new IllegalStateException(scans + " scans saw " + counting.rows + " rows");
        }
        return counting.rows;
    }

    /** Counts what it gets. */
    private static final class Counting implements Store.Visitor {
        private long rows;

        @Override
        public void row(byte[] key, byte[] value) {
            rows += key.length == Data.KEY_BYTES && value.length == Data.VALUE_BYTES ? 1 : 0;
        }
    }

    /** Sees to it that a scan gives every key once, in order. */
    private static final class Ordered implements Store.Visitor {
        private byte[] last = {};
        private long rows;

        @Override
        public void row(byte[] key, byte[] value) {
            if (Arrays.compareUnsigned(last, key) >= 0) {
                throw new IllegalStateException("row " + rows + " of a scan is not behind the one before");
            }
            last = key;
            rows++;
        }

        void require(long expected) {
            if (rows != expected) {
                throw new IllegalStateException("a scan saw " + rows + " rows of " + expected);
            }
        }
    }

    /** Each kind of transaction first as often as a JVM needs to compile its code, then measured. */
    private void levels() {
        int count = scaled(100_000);
        long from = 0;
        for (int i = 0; i < WARM_TRANSACTIONS; i++) {
            from = kinds(count / 2, from, false);
        }
        kinds(count, from, true);
        store.close();
    }

    private long kinds(int count, long from, boolean reported) {
        transaction(reported ? "put" : "", count, false, false, from);
        transaction(reported ? "savepoint + put + release" : "", count, true, false, from + count);
        transaction(reported ? "savepoint + put + rollback to" : "", count, true, true, from + 2L * count);
        return from + 3L * count;
    }

    private void transaction(String name, int count, boolean levels, boolean undone, long from) {
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        Store.Writer writer = store.write();
        for (long i = from; i < from + count; i++) {
            if (levels) {
                writer.savepoint();
            }
            writer.put(Data.key(i), Data.value(i));
            if (undone) {
                writer.rollbackTo();
            } else if (levels) {
                writer.release();
            }
        }
        long committing = System.nanoTime();
        writer.commit();
        long end = System.nanoTime();
        if (!name.isEmpty()) {
            double cpuMicros = (cpuNanos() - cpu) * MICROS / count;
            report(name + ", with its share of the commit", "us each", (end - begun) * MICROS / count, cpuMicros);
            report(name + ": the commit", "ms", (end - committing) / 1e6, -1);
        }
    }

    private void commits() throws InterruptedException, IOException {
        commits(1, scaled(WARM_MILLIS), false);
        commits(1, scaled(COMMIT_MILLIS), true);
        commits(MANY_THREADS, scaled(COMMIT_MILLIS), true);
        store.close();
    }

    /** What a tracer of system calls looks at: a few commits between two lines of output. */
    private void traced() {
        commitOne(0);
        out.println(TRACE_BEGINS);
        for (int i = 1; i <= TRACED_COMMITS; i++) {
            commitOne(i);
        }
        out.println(TRACE_ENDS);
    }

    private void commitOne(long row) {
        Store.Writer writer = store.write();
        writer.put(Data.key(row), Data.value(row));
        writer.commit();
    }

    private long number;

    private void commits(int threads, int millis, boolean reported) throws InterruptedException, IOException {
        number++;
        long round = number << 50;
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        long end = begun + millis * 1_000_000L;
        long commits = together(threads, thread -> {
            long made = 0;
            while (made == 0 || System.nanoTime() < end) {
                long row = round + ((long) thread << 40) + made++;
                Store.Writer writer = store.write();
                writer.put(Data.key(row), Data.value(row));
                writer.commit();
            }
            return made;
        });
        if (reported) {
            String name = "durable commits, " + threads + (threads == 1 ? " thread" : " threads");
            rate(name, commits, System.nanoTime() - begun, cpuNanos() - cpu);
        }
    }

    private static long together(int threads, IntToLongFunction work) throws InterruptedException, IOException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                parts.add(pool.submit(() -> work.applyAsLong(thread)));
            }
            long sum = 0;
            for (Future<Long> part : parts) {
                sum += part.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new IOException("a thread failed: " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
    }
}
