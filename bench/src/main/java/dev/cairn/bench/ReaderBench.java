package dev.cairn.bench;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.RowId;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.wal.Durability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What somebody else's sub-transactions cost a reader. One transaction is open with so many sub-transactions, each with a
 * row written; meanwhile 100,000 one-row transactions commit, and readers read exactly those rows, so that every row's
 * writer is younger than the open transaction. In PostgreSQL throughput falls between 64 and 65.
 */
final class ReaderBench implements Workload {

    private static final String ENGINE = "cairn";
    private static final int COMMITS = 100_000;
    private static final int ROUNDS = 3;
    private static final int[] SUBTRANSACTIONS = {0, 64, 65, 1_000, 100_000};

    @Override
    public String name() {
        return "reader";
    }

    @Override
    public String description() {
        return "readers beside one open transaction with many sub-transactions";
    }

    /** Rows a second of time, and rows a second of the readers' own processor time, which neighbours disturb less. */
    private record Throughput(double rowsPerSecond, double rowsPerCpuSecond) {}

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        if (!cells.wants(ENGINE)) {
            return;
        }
        int commits = cells.scaled(COMMITS);
        for (boolean scans : new boolean[] {false, true}) {
            for (int readers = 1; readers <= 2; readers++) {
                // Warms up; not reported.
                measure(cells, 0, readers, scans, commits);
                compare(cells, readers, scans, commits);
            }
        }
    }

    /** The numbers of sub-transactions take turns, so that a change of the machine's mood meets all of them. */
    private static void compare(Cells cells, int readers, boolean scans, int commits)
            throws IOException, InterruptedException {
        int rounds = cells.scaled(ROUNDS);
        double[][] perSecond = new double[SUBTRANSACTIONS.length][rounds];
        double[][] perCpuSecond = new double[SUBTRANSACTIONS.length][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < SUBTRANSACTIONS.length; i++) {
                Throughput throughput = measure(cells, subtransactions(cells, i), readers, scans, commits);
                perSecond[i][round] = throughput.rowsPerSecond();
                perCpuSecond[i][round] = throughput.rowsPerCpuSecond();
            }
        }
        for (int i = 0; i < SUBTRANSACTIONS.length; i++) {
            String name = (scans ? "full scans, " : "by row id, ") + readers
                    + (readers == 1 ? " reader, " : " readers, ") + subtransactions(cells, i) + " sub-transactions";
            cells.also(ENGINE, name, "rows/s", SavepointBench.median(perSecond[i]));
            cells.also(ENGINE, name, "rows/CPU s", SavepointBench.median(perCpuSecond[i]));
        }
    }

    private static int subtransactions(Cells cells, int i) {
        return SUBTRANSACTIONS[i] <= 1_000 ? SUBTRANSACTIONS[i] : cells.scaled(SUBTRANSACTIONS[i]);
    }

    private static Throughput measure(Cells cells, int subtransactions, int readers, boolean scans, int commits)
            throws IOException, InterruptedException {
        DatabaseOptions options = DatabaseOptions.builder()
                .cacheBytes(256L << 20)
                .segmentBytes(16 << 20)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try (Database database = Database.open(cells.directory("reader"), options)) {
            SavepointBench.create(database, "bystander");
            SavepointBench.create(database, "fresh");
            try (Transaction open = database.begin()) {
                openSubtransactions(open, subtransactions);
                Progress progress = new Progress(commits);
                List<Future<Throughput>> results = new ArrayList<>();
                for (int i = 0; i < readers; i++) {
                    long seed = i;
                    results.add(threads.submit(
                            () -> scans ? scan(database, progress) : readByRowId(database, progress, seed)));
                }
                write(database, progress, commits);
                double rows = 0;
                double cpuRows = 0;
                for (Future<Throughput> result : results) {
                    rows += result.get().rowsPerSecond();
                    cpuRows += result.get().rowsPerCpuSecond() / readers;
                }
                open.rollback();
                return new Throughput(rows, cpuRows);
            }
        } catch (ExecutionException e) {
            throw new IOException("a reader failed: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void openSubtransactions(Transaction open, int count) {
        Table table = open.table("bystander");
        table.insert(Row.of(-1L, 0L));
        for (long i = 0; i < count; i++) {
            open.savepoint("s");
            table.insert(Row.of(i, 0L));
            open.release("s");
        }
    }

    /** What has been committed so far, for readers to pick from. */
    private static final class Progress {
        private final RowId[] ids;
        private volatile int committed;
        private volatile boolean done;

        Progress(int commits) {
            this.ids = new RowId[commits];
        }
    }

    private static void write(Database database, Progress progress, int commits) {
        TransactionOptions options = TransactionOptions.DEFAULT.withDurability(Durability.LAZY);
        try {
            for (int i = 0; i < commits; i++) {
                try (Transaction transaction = database.begin(options)) {
                    progress.ids[i] = transaction.table("fresh").insert(Row.of((long) i, 0L));
                    transaction.commit();
                }
                progress.committed = i + 1;
            }
        } finally {
            progress.done = true;
        }
    }

    private static Throughput throughput(long rows, long begun, long cpuBegun) {
        return new Throughput(
                rows * 1e9 / (System.nanoTime() - begun),
                rows * 1e9 / Math.max(1, SavepointBench.cpuNanos() - cpuBegun));
    }

    /** Each statement reads a hundred rows. */
    private static Throughput readByRowId(Database database, Progress progress, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long begun = System.nanoTime();
        long cpuBegun = SavepointBench.cpuNanos();
        long rows = 0;
        while (!progress.done) {
            int committed = progress.committed;
            if (committed == 0) {
                Thread.onSpinWait();
                continue;
            }
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table("fresh");
                for (int i = 0; i < 100; i++) {
                    if (table.get(progress.ids[random.nextInt(committed)]) == null) {
                        throw new IllegalStateException("a committed row is missing");
                    }
                }
                transaction.commit();
            }
            rows += 100;
        }
        return throughput(rows, begun, cpuBegun);
    }

    /** A scan that the end of the commits overtakes still counts what it has read. */
    private static Throughput scan(Database database, Progress progress) {
        long begun = System.nanoTime();
        long cpuBegun = SavepointBench.cpuNanos();
        long rows = 0;
        while (!progress.done) {
            int committed = progress.committed;
            int seen = 0;
            try (Transaction transaction = database.begin();
                    Scan scan = transaction.table("fresh").scan()) {
                while (scan.hasNext() && !(progress.done && seen > 0)) {
                    scan.next();
                    seen++;
                }
            }
            if (seen < committed && !progress.done) {
                throw new IllegalStateException("a scan saw " + seen + " rows, " + committed + " were committed");
            }
            rows += seen;
        }
        return throughput(rows, begun, cpuBegun);
    }
}
