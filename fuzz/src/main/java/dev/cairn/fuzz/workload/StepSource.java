package dev.cairn.fuzz.workload;

import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Draws a session's next step. The same random source and the same model always give the same steps. */
final class StepSource {

    /** The table that all sessions write to, each its own rows. */
    static final String SHARED = "shared";

    private static final int MAX_DEPTH = 6;
    private static final int MOST_AT_ONCE = 32;
    private static final String[] NAMES = {"a", "b", "c"};

    private final SplittableRandom random;
    private final Workload workload;
    private final int session;
    private final int sessions;
    private final String life;
    private final long firstRow;
    private long nextRow;
    private long nextVersion;
    private int nextTable;

    /**
     * @param firstRow rows are numbered from here; the numbers below have been used
     * @param life part of the names of new tables, so that none is used twice
     */
    StepSource(SplittableRandom random, Workload workload, int session, int sessions, long firstRow, String life) {
        this.random = random;
        this.workload = workload;
        this.session = session;
        this.sessions = sessions;
        this.firstRow = firstRow;
        this.nextRow = firstRow;
        this.nextVersion = firstRow + 1;
        this.life = life;
    }

    /** What the names of a session's own tables begin with. */
    static String tablePrefix(int session) {
        return "t" + session + "_";
    }

    Step next(@Nullable ModelTransaction transaction) {
        if (transaction == null) {
            return new Step.Begin(
                    random.nextInt(4) == 0 ? IsolationLevel.REPEATABLE_READ : IsolationLevel.READ_COMMITTED);
        }
        if (transaction.isFailed()) {
            return recover(transaction);
        }
        int dice = random.nextInt(workload.write()
                + workload.nest()
                + workload.end()
                + workload.ddl()
                + workload.check()
                + workload.fail());
        if ((dice -= workload.write()) < 0) {
            return write(transaction.rows());
        }
        if ((dice -= workload.nest()) < 0) {
            return nest(transaction);
        }
        if ((dice -= workload.end()) < 0) {
            return end();
        }
        if ((dice -= workload.ddl()) < 0) {
            return ddl(transaction.rows());
        }
        String table = anyTable(transaction.rows());
        return dice < workload.check() ? new Step.Read(table) : new Step.Fail(table);
    }

    private Step recover(ModelTransaction transaction) {
        List<String> open = transaction.savepoints();
        if (!open.isEmpty() && random.nextInt(3) > 0) {
            return new Step.RollbackTo(open.get(random.nextInt(open.size())));
        }
        return random.nextBoolean() ? new Step.Rollback() : new Step.Commit(Durability.SYNC);
    }

    private Step write(Rows rows) {
        String table = anyTable(rows);
        TreeMap<Long, RowValue> own = rows.rowsOf(table);
        boolean full = own.size() >= workload.rows();
        boolean loads = workload.bulk() > 0 && own.size() < workload.rows() / 2;
        if (loads && random.nextInt(workload.write()) < workload.bulk()) {
            return insertMany(table);
        }
        int dice = random.nextInt(20);
        if (own.isEmpty() || (dice < 10 && !full)) {
            return new Step.Insert(table, newKey(), newValue());
        }
        if (workload.keyed() && random.nextInt(3) == 0) {
            return writeByKey(table, own);
        }
        long key = new ArrayList<>(own.keySet()).get(random.nextInt(own.size()));
        if (workload.hasLargeRows() && random.nextInt(4) == 0) {
            return new Step.Touch(table, key);
        }
        if (dice < 14) {
            return new Step.Update(table, key, newValue());
        }
        if (dice < 15) {
            return new Step.UpdateMany(table, 2L + random.nextInt(3));
        }
        return new Step.Delete(table, key);
    }

    private Step insertMany(String table) {
        TreeMap<Long, RowValue> rows = new TreeMap<>();
        for (int more = 1 + random.nextInt(MOST_AT_ONCE); more > 0; more--) {
            rows.put(newKey(), newValue());
        }
        return new Step.InsertMany(table, rows);
    }

    private Step writeByKey(String table, TreeMap<Long, RowValue> own) {
        long key = new ArrayList<>(own.keySet()).get(random.nextInt(own.size()));
        long used = nextRow == firstRow ? newKey() : random.nextLong(firstRow, nextRow) * sessions + session;
        return switch (random.nextInt(7)) {
            case 0 -> new Step.Rekey(table, key, newKey(), newValue());
            case 1 -> own.containsKey(used) ? new Step.Keep(table, used) : new Step.Rekey(table, key, used, newValue());
            case 2 -> new Step.Duplicate(table, key);
            case 3 -> new Step.Keep(table, key);
            case 4 -> new Step.Upsert(table, key, newValue());
            default ->
                own.containsKey(used)
                        ? new Step.Upsert(table, used, newValue())
                        : new Step.Insert(table, used, newValue());
        };
    }

    private long newKey() {
        return nextRow++ * sessions + session;
    }

    private Step nest(ModelTransaction transaction) {
        List<String> open = transaction.savepoints();
        int dice = random.nextInt(10);
        if (open.isEmpty() || (dice < 4 && open.size() < MAX_DEPTH)) {
            return new Step.TakeSavepoint(NAMES[random.nextInt(NAMES.length)]);
        }
        String name = open.get(random.nextInt(open.size()));
        return dice < 7 ? new Step.Release(name) : new Step.RollbackTo(name);
    }

    private Step end() {
        int dice = random.nextInt(10);
        if (dice < 2) {
            return new Step.Rollback();
        }
        int unsynced = 2 + workload.unsynced();
        return new Step.Commit(
                dice < unsynced - 1 ? Durability.LAZY : dice < unsynced ? Durability.WRITE : Durability.SYNC);
    }

    private Step ddl(Rows rows) {
        List<String> own = new ArrayList<>(rows.tables().keySet());
        own.remove(SHARED);
        if (own.isEmpty() || (random.nextBoolean() && own.size() < 4)) {
            return new Step.CreateTable(tablePrefix(session) + life + nextTable++);
        }
        String table =
                workload.bulk() > 0 && random.nextBoolean() ? fullest(own, rows) : own.get(random.nextInt(own.size()));
        if (workload.keyed() && !workload.hasLargeRows() && random.nextInt(3) > 0) {
            return rows.hasIndex(table) ? new Step.DropIndex(table) : new Step.CreateIndex(table);
        }
        return new Step.DropTable(table);
    }

    /** An index that is made of more rows has pages of every kind. */
    private static String fullest(List<String> tables, Rows rows) {
        return Collections.max(
                tables,
                Comparator.comparingInt((String table) -> rows.rowsOf(table).size()));
    }

    private String anyTable(Rows rows) {
        List<String> tables = new ArrayList<>(rows.tables().keySet());
        return tables.get(random.nextInt(tables.size()));
    }

    private RowValue newValue() {
        int length = random.nextInt(8) < workload.longRows()
                ? random.nextInt(workload.maxPayload() + 1)
                : random.nextInt(16);
        return new RowValue(nextVersion++, length);
    }
}
