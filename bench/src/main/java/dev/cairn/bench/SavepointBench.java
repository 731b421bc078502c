package dev.cairn.bench;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * What a savepoint costs its owner: SAVEPOINT, one insert, RELEASE against the insert alone, in transactions of 1,000 and
 * of 1,000,000 cycles. Flat means that the cycles at the end of the long transaction cost what those at its beginning do.
 */
final class SavepointBench implements Workload {

    static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .notNull()
            .column("value", ColumnType.BIGINT)
            .build();

    private static final String ENGINE = "cairn";
    private static final int SHORT = 1_000;
    private static final int LONG = 1_000_000;
    private static final int OPEN = 100_000;

    /** Pairs of plain and savepoint transactions, taken in turns; the median pair counts. */
    private static final int PAIRS = 5;

    @Override
    public String name() {
        return "savepoint";
    }

    @Override
    public String description() {
        return "SAVEPOINT + insert + RELEASE against insert, and bytes per open savepoint";
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        if (!cells.wants(ENGINE)) {
            return;
        }
        try (Database database = Database.open(cells.directory("savepoint"))) {
            create(database, "t");
            // Compiled code before anything counts.
            for (int i = 0; i < 500; i++) {
                cycles(database, SHORT, i % 2 == 0, new double[2][1], 0);
            }
            compare(cells, database, SHORT, 4 * PAIRS + 1);
            compare(cells, database, cells.scaled(LONG), PAIRS);
            flatness(cells, database, cells.scaled(LONG));
            memory(cells, database, cells.scaled(OPEN));
        }
    }

    static void create(Database database, String table) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable(table, SCHEMA);
            transaction.commit();
        }
    }

    private void compare(Cells cells, Database database, int cycles, int pairs) throws InterruptedException {
        double[][] plain = new double[2][pairs];
        double[][] savepoints = new double[2][pairs];
        cells.cell(ENGINE, "insert, " + cycles + " per transaction", "ns/cycle", () -> {
            for (int i = 0; i < pairs; i++) {
                cycles(database, cycles, false, plain, i);
                cycles(database, cycles, true, savepoints, i);
            }
            return median(plain[0]);
        });
        String name = "savepoint + insert + release, " + cycles + " per transaction";
        cells.cell(ENGINE, name, "ns/cycle", () -> median(savepoints[0]));
        cells.also(ENGINE, "insert, " + cycles + " per transaction", "CPU ns/cycle", median(plain[1]));
        cells.also(ENGINE, name, "CPU ns/cycle", median(savepoints[1]));
    }

    /**
     * One transaction, which is rolled back, so that tables do not grow without need.
     *
     * @param nanos gets nanoseconds a cycle at [0][i], those of the thread's own processor time at [1][i]
     */
    private static void cycles(Database database, int cycles, boolean savepoints, double[][] nanos, int i) {
        long begun = System.nanoTime();
        long cpuBegun = cpuNanos();
        try (Transaction transaction = database.begin()) {
            run(transaction, transaction.table("t"), 0, cycles, savepoints);
            nanos[0][i] = (double) (System.nanoTime() - begun) / cycles;
            nanos[1][i] = (double) (cpuNanos() - cpuBegun) / cycles;
            transaction.rollback();
        }
    }

    /** Processor time of the calling thread. */
    static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void run(Transaction transaction, Table table, int from, int to, boolean savepoints) {
        for (long i = from; i < to; i++) {
            if (savepoints) {
                transaction.savepoint("s");
                table.insert(Row.of(i, i));
                transaction.release("s");
            } else {
                table.insert(Row.of(i, i));
            }
        }
    }

    private void flatness(Cells cells, Database database, int cycles) throws InterruptedException {
        int part = Math.max(1, cycles / 10);
        try (Transaction transaction = database.begin()) {
            Table table = transaction.table("t");
            for (int i = 0; i < 10; i++) {
                int from = i * part;
                cells.cell(ENGINE, "the " + (i + 1) + ". tenth of " + 10 * part + " cycles", "CPU ns/cycle", () -> {
                    long begun = cpuNanos();
                    run(transaction, table, from, from + part, true);
                    return (double) (cpuNanos() - begun) / part;
                });
            }
            transaction.rollback();
        }
    }

    /** Heap in use after a collection, with and without that many open savepoints, each with a row of its own. */
    private void memory(Cells cells, Database database, int open) throws InterruptedException {
        for (boolean writes : new boolean[] {false, true}) {
            String name = open + " open savepoints, " + (writes ? "a row in each" : "nothing written");
            cells.cell(ENGINE, name, "bytes each", () -> {
                try (Transaction transaction = database.begin()) {
                    Table table = transaction.table("t");
                    table.insert(Row.of(0L, 0L));
                    long before = usedBytes();
                    for (long i = 0; i < open; i++) {
                        transaction.savepoint("s" + i);
                        if (writes) {
                            table.insert(Row.of(i, i));
                        }
                    }
                    double bytes = (double) (usedBytes() - before) / open;
                    transaction.rollback();
                    return bytes;
                }
            });
        }
    }

    static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
