package dev.cairn.bench;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.fuzz.isolation.AnomalyScript;
import dev.cairn.fuzz.isolation.Interleavings;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What SERIALIZABLE costs above REPEATABLE READ, on a mix that mostly reads and on one that mostly writes, and how often each
 * fails somebody: in those, and in every interleaving of the isolation scripts of two transactions.
 */
final class IsolationBench implements Workload {

    private static final String ENGINE = "cairn";
    private static final int ROWS = 10_000;
    private static final int MILLIS = 2_000;
    private static final int ROUNDS = 3;
    private static final int THREADS = 4;
    /** Below this scale the scripts are left to the published run. */
    private static final double WHOLE = 0.1;

    private static final List<IsolationLevel> LEVELS =
            List.of(IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE);

    /** How many rows, drawn at random, a transaction reads, and how many it changes in one of so many transactions. */
    private record Mix(String name, int reads, int writes, int writesOneIn) {}

    private static final List<Mix> MIXES = List.of(new Mix("read-mostly", 10, 1, 10), new Mix("write-heavy", 2, 2, 1));

    @Override
    public String name() {
        return "isolation";
    }

    @Override
    public String description() {
        return "SERIALIZABLE against REPEATABLE READ: speed, and how often somebody fails";
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        if (!cells.wants(ENGINE)) {
            return;
        }
        DatabaseOptions lazy =
                DatabaseOptions.builder().durability(Durability.LAZY).build();
        int rows = cells.scaled(ROWS);
        try (Database database = Database.open(cells.directory("isolation"), lazy)) {
            create(database, rows);
            for (Mix mix : MIXES) {
                compare(cells, database, mix, rows);
            }
        }
        if (cells.scale() >= WHOLE) {
            AnomalyScript.ofTwo().forEach(script -> interleavings(cells, script));
        }
    }

    private static void create(Database database, int rows) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable("t", LockBench.COUNTERS);
            Table table = transaction.table("t");
            for (long i = 0; i < rows; i++) {
                table.insert(Row.of(i, 0L));
            }
            transaction.commit();
        }
    }

    /** The levels take turns. */
    private static void compare(Cells cells, Database database, Mix mix, int rows)
            throws IOException, InterruptedException {
        double[][] perSecond = new double[LEVELS.size()][ROUNDS];
        double[][] failed = new double[LEVELS.size()][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            for (int level = 0; level < LEVELS.size(); level++) {
                AtomicLong failures = new AtomicLong();
                AtomicLong attempts = new AtomicLong();
                TransactionOptions options = TransactionOptions.DEFAULT.withIsolation(LEVELS.get(level));
                double rate = Committers.perSecond(THREADS, cells.scaled(MILLIS), made -> {
                    attempts.incrementAndGet();
                    if (!once(database, options, mix, rows, made)) {
                        failures.incrementAndGet();
                    }
                });
                if (round >= 0) {
                    double part = (double) failures.get() / attempts.get();
                    perSecond[level][round] = rate * (1 - part);
                    failed[level][round] = 100 * part;
                }
            }
        }
        for (int level = 0; level < LEVELS.size(); level++) {
            String name = mix.name() + ", " + THREADS + " threads, " + LEVELS.get(level);
            cells.also(ENGINE, name, "commits/s", SavepointBench.median(perSecond[level]));
            cells.also(ENGINE, name + ": failed", "%", SavepointBench.median(failed[level]));
        }
    }

    /** Whether it committed. */
    private static boolean once(Database database, TransactionOptions options, Mix mix, int rows, long made) {
        SplittableRandom random =
                new SplittableRandom(made * 31 + Thread.currentThread().getId());
        try (Transaction transaction = database.begin(options)) {
            Table table = transaction.table("t");
            for (int i = 0; i < mix.reads(); i++) {
                table.get((long) random.nextInt(rows));
            }
            if (random.nextInt(mix.writesOneIn()) == 0) {
                for (int i = 0; i < mix.writes(); i++) {
                    Row row = table.get((long) random.nextInt(rows));
                    if (row != null) {
                        table.update(row.id(), row.with("value", row.getLong("value") + 1));
                    }
                }
            }
            return transaction.commit();
        } catch (TransactionException e) {
            if (e.sqlState().equals(SqlState.SERIALIZATION_FAILURE)
                    || e.sqlState().equals(SqlState.DEADLOCK_DETECTED)) {
                return false;
            }
            throw e;
        }
    }

    private static void interleavings(Cells cells, AnomalyScript script) {
        for (IsolationLevel level : LEVELS) {
            Interleavings all = Interleavings.all(script, level);
            all.run();
            cells.also(ENGINE, script.name() + ", " + level, "of " + all.runs() + " fail", all.failures());
        }
    }
}
