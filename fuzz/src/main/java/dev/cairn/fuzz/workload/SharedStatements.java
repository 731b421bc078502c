package dev.cairn.fuzz.workload;

import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The statements of a {@link SharedSession}: drawn, run and judged. Used by its thread. */
final class SharedStatements {

    private static final int COMMON_TABLES = 3;
    private static final String COMMON = "common";
    /** Rows in one go. */
    private static final int MOST_ADDED = 30;

    private static final int ROWS_A_REST = 32;
    /** Steps of the others. */
    private static final int MOST_RESTED = 1_000;

    /** What a statement does. */
    enum Kind {
        INSERT,
        UPDATE,
        UPDATE_MANY,
        DELETE,
        READ,
        UPSERT,
        CREATE,
        DROP,
        CREATE_INDEX,
        DROP_INDEX,
        FAIL,
        /** Rows are added behind all others, or all up to one are deleted. */
        BULK;

        private boolean isOfCatalog() {
            return this == CREATE || this == DROP || isOfIndexes();
        }

        private boolean isOfIndexes() {
            return this == CREATE_INDEX || this == DROP_INDEX;
        }

        static Kind drawn(Workload workload, SplittableRandom random) {
            int dice = random.nextInt(
                    workload.write() + workload.ddl() + workload.check() + workload.fail() + workload.bulk());
            if (dice < workload.ddl()) {
                if (workload.keyed() && random.nextInt(3) == 0) {
                    return random.nextBoolean() ? CREATE_INDEX : DROP_INDEX;
                }
                return random.nextBoolean() ? CREATE : DROP;
            }
            if (dice < workload.ddl() + workload.check()) {
                return READ;
            }
            if (dice < workload.ddl() + workload.check() + workload.fail()) {
                return FAIL;
            }
            if (dice < workload.ddl() + workload.check() + workload.fail() + workload.bulk()) {
                return BULK;
            }
            if (workload.keyed() && random.nextInt(4) == 0) {
                return random.nextBoolean() ? INSERT : UPSERT;
            }
            int write = random.nextInt(20);
            return write < 5 ? INSERT : write < 15 ? UPDATE : write < 17 ? UPDATE_MANY : DELETE;
        }
    }

    private final int session;
    private final Workload workload;
    private final SplittableRandom random;
    private final SimScheduler scheduler;
    private long nextRow;
    private long nextVersion;
    private Kind kind = Kind.READ;
    private String table = StepSource.SHARED;
    private long key;
    private boolean wrongOnPurpose;

    SharedStatements(int session, Workload workload, SplittableRandom random, long firstRow, SimScheduler scheduler) {
        this.scheduler = scheduler;
        this.session = session;
        this.workload = workload;
        this.random = random;
        this.nextRow = firstRow;
        this.nextVersion = firstRow + 1;
    }

    /** Whether the last statement may fail in this way if it finds that. */
    boolean mayFail(String sqlState, Rows rows) {
        return switch (sqlState) {
            case SqlState.UNDEFINED_TABLE -> !rows.has(table);
            case SqlState.DUPLICATE_TABLE -> kind == Kind.CREATE_INDEX ? rows.hasIndex(table) : rows.has(table);
            case SqlState.UNDEFINED_OBJECT -> kind == Kind.DROP_INDEX && !rows.hasIndex(table);
            case SqlState.UNIQUE_VIOLATION ->
                (kind == Kind.INSERT || kind == Kind.BULK)
                        && workload.keyed()
                        && rows.has(table)
                        && rows.rowsOf(table).containsKey(key);
            default -> false;
        };
    }

    boolean takeWrongOnPurpose() {
        boolean was = wrongOnPurpose;
        wrongOnPurpose = false;
        return was;
    }

    void run(Kind wanted, Transaction tx, SharedView view, SharedTransaction mine, Consumer<String> said) {
        kind = wanted;
        view.beginStatement();
        // The catalog is everybody's present one, so who keeps an old snapshot sees strange things in new tables.
        boolean common = !view.keepsSnapshot() && random.nextInt(6) == 0;
        boolean shared = kind.isOfIndexes() ? random.nextInt(3) == 0 : !kind.isOfCatalog() && !common;
        table = shared ? StepSource.SHARED : COMMON + random.nextInt(COMMON_TABLES);
        Rows present = view.present(mine);
        TreeMap<Long, RowValue> rows = present.has(table) ? present.rowsOf(table) : new TreeMap<>();
        said.accept(kind + " " + table);
        switch (kind) {
            case INSERT -> insert(tx, view, rows.size(), mine, said);
            case UPSERT -> upsert(tx, view, mine, said);
            case UPDATE -> change(tx, view, mine, null, one(rows), true, said);
            case UPDATE_MANY -> change(tx, view, mine, null, some(), true, said);
            case DELETE -> change(tx, view, mine, null, one(rows), false, said);
            case READ -> read(tx, view, mine);
            case CREATE -> create(tx, view, mine);
            case DROP -> drop(tx, view, mine);
            case CREATE_INDEX -> createIndex(tx, view, mine);
            case DROP_INDEX -> dropIndex(tx, view, mine);
            case FAIL -> fail(tx);
            case BULK -> bulk(tx, view, mine, rows, said);
        }
    }

    /** The table fills up to a number of rows, and then loses many that follow each other, the first ones or others. */
    private void bulk(
            Transaction tx,
            SharedView view,
            SharedTransaction mine,
            TreeMap<Long, RowValue> rows,
            Consumer<String> said) {
        if (rows.size() < workload.rows()) {
            if (!rows.isEmpty()) {
                nextRow = Math.max(nextRow, (rows.lastKey() - firstKey()) / workload.sessions() + 1);
            }
            for (int more = 1 + random.nextInt(MOST_ADDED); more > 0; more--) {
                add(tx, view, newKey(), mine, said);
            }
            return;
        }
        List<Long> keys = new ArrayList<>(rows.keySet());
        int before = random.nextBoolean() ? 0 : random.nextInt(rows.size() / 2);
        int behind = random.nextInt(1 + rows.size() / 2);
        long first = keys.get(before);
        long last = keys.get(Math.max(before, rows.size() - 1 - behind));
        KeyRange range = workload.keyed() && random.nextBoolean()
                ? KeyRange.all(KeyedTable.primary(table)).from(first).to(last)
                : null;
        change(tx, view, mine, range, key -> first <= key && key <= last, false, said);
    }

    private Predicate<Long> one(TreeMap<Long, RowValue> rows) {
        if (rows.isEmpty()) {
            return key -> key == 0;
        }
        long wanted = new ArrayList<>(rows.keySet()).get(random.nextInt(rows.size()));
        return key -> key == wanted;
    }

    private Predicate<Long> some() {
        long modulus = 2L + random.nextInt(4);
        return key -> key % modulus == 0;
    }

    private RowValue newValue() {
        int length = random.nextInt(8) < workload.longRows()
                ? random.nextInt(workload.maxPayload() + 1)
                : random.nextInt(16);
        return new RowValue(nextVersion++ * workload.sessions() + session, length);
    }

    private void insert(Transaction tx, SharedView view, int present, SharedTransaction mine, Consumer<String> said) {
        if (present >= workload.rows() && random.nextInt(4) > 0) {
            return;
        }
        // Who keeps a snapshot would see a row that is gone by now beside his own new one of the same key, as in
        // PostgreSQL.
        add(tx, view, workload.keyed() && !view.keepsSnapshot() ? commonKey() : newKey(), mine, said);
    }

    private void add(Transaction tx, SharedView view, long newKey, SharedTransaction mine, Consumer<String> said) {
        key = newKey;
        RowValue value = newValue();
        said.accept("  " + key + " := " + value.version());
        Table target = tx.table(table);
        view.beginStatement();
        target.insert(Found.rowOf(key, value));
        requireNew(view, mine);
        mine.add(new Change.Insert(table, key, value));
    }

    private long commonKey() {
        return random.nextInt(2 * workload.rows());
    }

    private long newKey() {
        return firstKey() + nextRow++ * workload.sessions() + session;
    }

    /** Of those that are nobody else's. */
    private long firstKey() {
        return 2L * workload.rows();
    }

    private void requireNew(SharedView view, SharedTransaction mine) {
        RowValue present = view.latest(mine).rowsOf(table).get(key);
        Mismatch.unless(
                present == null,
                "session " + session + " has inserted " + table + " row " + key + ", which is there: " + present);
    }

    /** Whoever changes a row has it to himself, so what was there before is what is there now. */
    private void upsert(Transaction tx, SharedView view, SharedTransaction mine, Consumer<String> said) {
        key = view.keepsSnapshot() ? newKey() : commonKey();
        RowValue value = newValue();
        Row row = Found.rowOf(key, value);
        RowValue[] before = new RowValue[1];
        Table target = tx.table(table);
        view.beginStatement();
        Row made = target.insertOrUpdate(row, List.of("key"), present -> {
            before[0] = Found.valueOf(present);
            return row;
        });
        said.accept("  " + key + " := " + value.version() + ", was " + before[0]);
        Mismatch.unless(
                made != null && Found.valueOf(made).equals(value), "upserted was " + made + " instead of " + row);
        RowValue latest = view.latest(mine).rowsOf(table).get(key);
        if (latest == null) {
            mine.add(new Change.Insert(table, key, value));
        } else {
            Mismatch.unless(
                    latest.equals(before[0]),
                    "session " + session + " has upserted " + table + " row " + key + " over " + before[0] + ", it was "
                            + latest);
            mine.add(new Change.Put(table, key, value));
        }
    }

    private void createIndex(Transaction tx, SharedView view, SharedTransaction mine) {
        KeyedTable.createExtra(tx, table);
        Rows latest = view.latest(mine);
        Mismatch.unless(latest.has(table) && !latest.hasIndex(table), "the index of " + table + " was made once more");
        mine.add(new Change.Indexed(table, true));
    }

    private void dropIndex(Transaction tx, SharedView view, SharedTransaction mine) {
        tx.dropIndex(KeyedTable.extra(table));
        Mismatch.unless(view.latest(mine).hasIndex(table), "the index of " + table + " was not there and was dropped");
        mine.add(new Change.Indexed(table, false));
    }

    /** What an update or delete has met, row by row, as it saw it last. */
    private static final class Met {
        final Map<Long, RowValue> before = new TreeMap<>();
        final Map<Long, @Nullable RowValue> after = new TreeMap<>();
    }

    private void change(
            Transaction tx,
            SharedView view,
            SharedTransaction mine,
            @Nullable KeyRange range,
            Predicate<Long> which,
            boolean update,
            Consumer<String> said) {
        Met met = new Met();
        Table target = tx.table(table);
        view.beginStatement();
        long count = update ? update(target, which, met) : delete(target, range, which, met);
        said.accept("  " + met.before.keySet() + (update ? " := " + versions(met) : " deleted"));
        Mismatch.unless(count == met.after.size(), "changed are " + count + " rows, named " + met.after.keySet());
        Rows latest = view.latest(mine);
        TreeMap<Long, RowValue> expected = latest.has(table) ? latest.rowsOf(table) : new TreeMap<>();
        met.after.forEach((key, value) -> Mismatch.unless(
                expected.get(key) != null && expected.get(key).equals(met.before.get(key)),
                "lost update: session " + session + " changed " + table + " row " + key + " from " + met.before.get(key)
                        + ", it was " + expected.get(key)));
        Mismatch.unless(
                view.changes(mine, table, which, met.after.keySet()),
                "session " + session + " changed other rows of " + table + " than it can have seen: "
                        + met.after.keySet() + " of " + view.oldest(mine));
        met.after.forEach((key, value) ->
                mine.add(value == null ? new Change.Delete(table, key) : new Change.Put(table, key, value)));
    }

    private static List<Long> versions(Met met) {
        return met.after.values().stream()
                .map(value -> value == null ? 0 : value.version())
                .toList();
    }

    private long update(Table target, Predicate<Long> which, Met met) {
        return target.update(
                row -> which.test(Found.keyOf(row)),
                row -> {
                    long key = Found.keyOf(row);
                    met.before.put(key, Found.valueOf(row));
                    return Found.rowOf(key, newValue());
                },
                row -> met.after.put(Found.keyOf(row), Found.valueOf(row)));
    }

    private static long delete(Table target, @Nullable KeyRange range, Predicate<Long> which, Met met) {
        return target.delete(range, row -> which.test(Found.keyOf(row)), row -> {
            met.before.put(Found.keyOf(row), Found.valueOf(row));
            met.after.put(Found.keyOf(row), null);
        });
    }

    private void read(Transaction tx, SharedView view, SharedTransaction mine) {
        Table target = tx.table(table);
        view.beginStatement();
        Rows found = new Rows();
        found.create(table);
        tx.statement(() -> {
            Found.read(target, 0, 1, found);
            KeyedTable.compareIndexes(target, found.rowsOf(table), this::betweenRows);
            return found;
        });
        boolean seen =
                view.sees(mine, rows -> rows.has(table) && rows.rowsOf(table).equals(found.rowsOf(table)));
        if (!seen) {
            Rows oldest = new Rows();
            oldest.create(table);
            Rows all = view.oldest(mine);
            if (all.has(table)) {
                all.rowsOf(table).forEach((key, value) -> oldest.put(table, key, value));
            }
            throw new Mismatch("session " + session + " sees a state that there never was, or sees it too late; against"
                    + " the oldest that it may see: " + Rows.difference(oldest, found));
        }
    }

    /** Who reads many rows does something with them, while others come and go. */
    private void betweenRows() {
        if (workload.bulk() > 0 && random.nextInt(ROWS_A_REST) == 0) {
            scheduler.rest(random.nextInt(MOST_RESTED));
        }
    }

    private void create(Transaction tx, SharedView view, SharedTransaction mine) {
        KeyedTable.create(tx, table, workload.keyed());
        Mismatch.unless(!view.latest(mine).has(table), table + " is there and was created once more");
        mine.add(new Change.Create(table));
    }

    private void drop(Transaction tx, SharedView view, SharedTransaction mine) {
        tx.dropTable(table);
        Mismatch.unless(view.latest(mine).has(table), table + " was not there and was dropped");
        mine.add(new Change.Drop(table));
    }

    private void fail(Transaction tx) {
        Table target = tx.table(table);
        wrongOnPurpose = true;
        target.insert(Row.of(null, null, null));
        throw new Mismatch("a null was taken where none may be");
    }
}
