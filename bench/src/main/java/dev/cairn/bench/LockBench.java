package dev.cairn.bench;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.RowId;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.wal.Durability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What locks on rows cost: one that nobody else wants, one that goes from hand to hand, a row that 64 threads write, and memory
 * for each of very many.
 */
final class LockBench implements Workload {

    private static final String ENGINE = "cairn";
    private static final int ROWS = 100_000;
    private static final int ROUNDS = 5;
    private static final int MILLIS = 3_000;
    private static final int WRITERS = 64;
    private static final int MANY = 10_000_000;
    private static final int LOADED_AT_ONCE = 10_000;

    /** A key, and a number that belongs to it. */
    static final Schema COUNTERS = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("value", ColumnType.BIGINT)
            .primaryKey("id")
            .build();

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public String description() {
        return "row locks: free, handed over, wanted by 64 writers, and 10,000,000 of them";
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        if (!cells.wants(ENGINE)) {
            return;
        }
        DatabaseOptions lazy =
                DatabaseOptions.builder().durability(Durability.LAZY).build();
        try (Database database = Database.open(cells.directory("locks"), lazy)) {
            SavepointBench.create(database, "t");
            free(cells, database, load(database, cells.scaled(ROWS)));
            handover(cells, database);
            hotRow(cells, database);
        }
        many(cells);
    }

    private static List<RowId> load(Database database, int rows) {
        List<RowId> ids = new ArrayList<>(rows);
        try (Transaction transaction = database.begin()) {
            Table table = transaction.table("t");
            for (long i = 0; i < rows; i++) {
                ids.add(table.insert(Row.of(i, i)));
            }
            transaction.commit();
        }
        return ids;
    }

    /** Reading a row, and reading and locking it, in turns. */
    private static void free(Cells cells, Database database, List<RowId> ids) {
        double[] read = new double[ROUNDS];
        double[] lock = new double[ROUNDS];
        double[] again = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table("t");
                long begun = SavepointBench.cpuNanos();
                ids.forEach(table::get);
                long wasRead = SavepointBench.cpuNanos();
                ids.forEach(id -> lock(table, id));
                long locked = SavepointBench.cpuNanos();
                ids.forEach(id -> lock(table, id));
                long lockedAgain = SavepointBench.cpuNanos();
                if (round >= 0) {
                    read[round] = (double) (wasRead - begun) / ids.size();
                    lock[round] = (double) (locked - wasRead) / ids.size();
                    again[round] = (double) (lockedAgain - locked) / ids.size();
                }
                transaction.rollback();
            }
        }
        cells.also(ENGINE, "read a row by its id", "CPU ns", SavepointBench.median(read));
        cells.also(ENGINE, "the same, and lock it", "CPU ns", SavepointBench.median(lock));
        cells.also(ENGINE, "the same, and lock it a second time", "CPU ns", SavepointBench.median(again));
    }

    private static void lock(Table table, RowId id) {
        table.lock(id, RowLockMode.UPDATE, RowLockPolicy.WAIT, row -> true);
    }

    /** Transactions that lock one row and end: alone, and two at a time, of which one waits. */
    private static void handover(Cells cells, Database database) throws InterruptedException {
        RowId row = load(database, 1).get(0);
        int millis = cells.scaled(MILLIS);
        for (int threads : new int[] {1, 2, 8}) {
            cells.cell(
                    ENGINE,
                    "transactions that lock one and the same row, " + threads + " threads",
                    "/s",
                    () -> Committers.perSecond(threads, millis, made -> {
                        try (Transaction transaction = database.begin()) {
                            lock(transaction.table("t"), row);
                            transaction.rollback();
                        }
                    }));
        }
    }

    /** Each adds 1 to the same row: no update may be lost, and everybody's turn comes. */
    private static void hotRow(Cells cells, Database database) throws InterruptedException {
        try (Transaction transaction = database.begin()) {
            transaction.createTable("hot", COUNTERS);
            transaction.table("hot").insert(Row.of(1L, 0L));
            transaction.commit();
        }
        for (Durability durability : List.of(Durability.LAZY, Durability.SYNC)) {
            for (int threads : new int[] {1, WRITERS}) {
                TransactionOptions options = TransactionOptions.DEFAULT.withDurability(durability);
                AtomicLongArray each = new AtomicLongArray(threads);
                AtomicLongArray numbers = new AtomicLongArray(1);
                ThreadLocal<Integer> mine = ThreadLocal.withInitial(() -> (int) numbers.getAndIncrement(0));
                long before = hotValue(database);
                String name = "updates of one row, " + threads + " threads, " + durability;
                cells.cell(ENGINE, name, "commits/s", () -> {
                    double perSecond = Committers.perSecond(threads, cells.scaled(MILLIS), made -> {
                        database.transact(options, transaction -> {
                            Table table = transaction.table("hot");
                            return table.update(row -> true, row -> row.with("value", row.getLong("value") + 1));
                        });
                        each.incrementAndGet(mine.get());
                    });
                    requireNoneLost(each, hotValue(database) - before);
                    return perSecond;
                });
                cells.also(ENGINE, name + ": the least of a thread", "commits", least(each));
                cells.also(ENGINE, name + ": the most of a thread", "commits", most(each));
            }
        }
    }

    private static long hotValue(Database database) {
        try (Transaction transaction = database.begin()) {
            Row row = transaction.table("hot").get(1L);
            return row == null ? 0 : row.getLong("value");
        }
    }

    private static void requireNoneLost(AtomicLongArray each, long added) {
        long sum = 0;
        for (int i = 0; i < each.length(); i++) {
            sum += each.get(i);
        }
        if (sum != added) {
            throw new IllegalStateException(sum + " updates committed, " + added + " are there");
        }
    }

    private static long least(AtomicLongArray each) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < each.length(); i++) {
            least = Math.min(least, each.get(i));
        }
        return least;
    }

    private static long most(AtomicLongArray each) {
        long most = 0;
        for (int i = 0; i < each.length(); i++) {
            most = Math.max(most, each.get(i));
        }
        return most;
    }

    /** One transaction locks every row of a large table. */
    private static void many(Cells cells) throws IOException, InterruptedException {
        int rows = cells.scaled(MANY);
        try (Database database = Database.open(cells.directory("many-locks"))) {
            SavepointBench.create(database, "t");
            for (int loaded = 0; loaded < rows; loaded += LOADED_AT_ONCE) {
                load(database, Math.min(LOADED_AT_ONCE, rows - loaded));
            }
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table("t");
                long before = SavepointBench.usedBytes();
                long begun = SavepointBench.cpuNanos();
                try (Scan scan = table.scan()) {
                    scan.forEachRemaining(row -> lock(table, row.id()));
                }
                double nanos = SavepointBench.cpuNanos() - begun;
                double bytes = SavepointBench.usedBytes() - before;
                cells.also(ENGINE, rows + " rows locked by one transaction", "bytes each", bytes / rows);
                cells.also(
                        ENGINE, rows + " rows locked by one transaction, scan included", "CPU ns each", nanos / rows);
                long ending = SavepointBench.cpuNanos();
                transaction.rollback();
                cells.also(
                        ENGINE,
                        rows + " rows locked by one transaction, its end",
                        "CPU ns each",
                        (double) (SavepointBench.cpuNanos() - ending) / rows);
            }
        }
    }
}
