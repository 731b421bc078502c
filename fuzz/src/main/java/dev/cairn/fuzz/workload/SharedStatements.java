package dev.cairn.fuzz.workload;

import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The statements of a {@link SharedSession}: drawn, run and judged. Used by its thread. */
final class SharedStatements {

    private static final int COMMON_TABLES = 3;
    private static final String COMMON = "common";

    /** What a statement does. */
    enum Kind {
        INSERT,
        UPDATE,
        UPDATE_MANY,
        DELETE,
        READ,
        CREATE,
        DROP,
        FAIL;

        static Kind drawn(Workload workload, SplittableRandom random) {
            int dice = random.nextInt(workload.write() + workload.ddl() + workload.check() + workload.fail());
            if (dice < workload.ddl()) {
                return random.nextBoolean() ? CREATE : DROP;
            }
            if (dice < workload.ddl() + workload.check()) {
                return READ;
            }
            if (dice < workload.ddl() + workload.check() + workload.fail()) {
                return FAIL;
            }
            int write = random.nextInt(20);
            return write < 5 ? INSERT : write < 15 ? UPDATE : write < 17 ? UPDATE_MANY : DELETE;
        }
    }

    private final int session;
    private final Workload workload;
    private final SplittableRandom random;
    private long nextRow;
    private long nextVersion = 1;
    private String table = StepSource.SHARED;
    private boolean wrongOnPurpose;

    SharedStatements(int session, Workload workload, SplittableRandom random, long firstRow) {
        this.session = session;
        this.workload = workload;
        this.random = random;
        this.nextRow = firstRow;
    }

    /** Which table the last statement was about. */
    String table() {
        return table;
    }

    boolean takeWrongOnPurpose() {
        boolean was = wrongOnPurpose;
        wrongOnPurpose = false;
        return was;
    }

    void run(Kind kind, Transaction tx, SharedView view, SharedTransaction mine, Consumer<String> said) {
        view.beginStatement();
        // The catalog is everybody's present one, so who keeps an old snapshot sees strange things in new tables.
        boolean common = !view.keepsSnapshot() && random.nextInt(6) == 0;
        table = common || kind == Kind.CREATE || kind == Kind.DROP
                ? COMMON + random.nextInt(COMMON_TABLES)
                : StepSource.SHARED;
        Rows present = view.present(mine);
        TreeMap<Long, RowValue> rows = present.has(table) ? present.rowsOf(table) : new TreeMap<>();
        said.accept(kind + " " + table);
        switch (kind) {
            case INSERT -> insert(tx, rows.size(), mine, said);
            case UPDATE -> change(tx, view, mine, one(rows), true, said);
            case UPDATE_MANY -> change(tx, view, mine, some(), true, said);
            case DELETE -> change(tx, view, mine, one(rows), false, said);
            case READ -> read(tx, view, mine);
            case CREATE -> create(tx, view, mine);
            case DROP -> drop(tx, view, mine);
            case FAIL -> fail(tx);
        }
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

    private void insert(Transaction tx, int present, SharedTransaction mine, Consumer<String> said) {
        if (present >= workload.rows() && random.nextInt(4) > 0) {
            return;
        }
        long key = nextRow++ * workload.sessions() + session;
        RowValue value = newValue();
        said.accept("  " + key + " := " + value.version());
        tx.table(table).insert(Found.rowOf(key, value));
        mine.add(new Change.Put(table, key, value));
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
            Predicate<Long> which,
            boolean update,
            Consumer<String> said) {
        Met met = new Met();
        Table target = tx.table(table);
        view.beginStatement();
        long count = update ? update(target, which, met) : delete(target, which, met);
        said.accept("  " + met.before.keySet() + (update ? " := " + versions(met) : " deleted"));
        Mismatch.unless(count == met.after.size(), "changed are " + count + " rows, named " + met.after.keySet());
        Rows latest = view.latest(mine);
        TreeMap<Long, RowValue> expected = latest.has(table) ? latest.rowsOf(table) : new TreeMap<>();
        met.after.forEach((key, value) -> Mismatch.unless(
                expected.get(key) != null && expected.get(key).equals(met.before.get(key)),
                "lost update: session " + session + " changed " + table + " row " + key + " from " + met.before.get(key)
                        + ", it was " + expected.get(key)));
        boolean seen = view.sees(mine, rows -> concerned(rows, which, met, expected));
        Mismatch.unless(
                seen,
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

    /** Changed is each row that the snapshot shows, but those that somebody has deleted since. */
    private boolean concerned(Rows seen, Predicate<Long> which, Met met, TreeMap<Long, RowValue> latest) {
        TreeSet<Long> keys = new TreeSet<>();
        if (seen.has(table)) {
            seen.rowsOf(table).keySet().stream().filter(which).forEach(keys::add);
        }
        return keys.containsAll(met.after.keySet())
                && keys.stream().allMatch(key -> met.after.containsKey(key) || !latest.containsKey(key));
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

    private static long delete(Table target, Predicate<Long> which, Met met) {
        return target.delete(row -> which.test(Found.keyOf(row)), row -> {
            met.before.put(Found.keyOf(row), Found.valueOf(row));
            met.after.put(Found.keyOf(row), null);
        });
    }

    private void read(Transaction tx, SharedView view, SharedTransaction mine) {
        Table target = tx.table(table);
        view.beginStatement();
        Rows found = new Rows();
        found.create(table);
        Found.read(target, 0, 1, found);
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

    private void create(Transaction tx, SharedView view, SharedTransaction mine) {
        tx.createTable(table, Found.SCHEMA);
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
