package dev.cairn.fuzz.conformance;

import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Table;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The transcripts' reads and writes of rows, by calls of the Java API inside one statement. */
final class JavaOperations {

    private static final Predicate<Row> ALL = row -> true;

    Expected run(Step step, Table table) {
        return switch (step.op()) {
            case "insert" -> {
                table.insert(JavaSession.row(step.number("k"), step.number("v")));
                yield Expected.count(1);
            }
            case "insert_many" -> {
                step.rows().forEach(row -> table.insert(JavaSession.row(row.get(0), row.get(1))));
                yield Expected.count(step.rows().size());
            }
            case "insert_ignore" -> insertOr(step, table, "v", old -> null);
            case "upsert" -> insertOr(step, table, "v", old -> old.with("v", step.number("v")));
            case "upsert_add" -> insertOr(step, table, "delta", adding(step)::apply);
            case "update" -> update(step, table, ALL, row -> row.with("v", step.number("v")));
            case "update_add", "update_add_range" -> update(step, table, ALL, adding(step));
            case "update_if" ->
                update(
                        step,
                        table,
                        row -> row.getLong("v") == step.number("if_v"),
                        row -> row.with("v", step.number("v")));
            case "rekey" -> update(step, table, ALL, row -> row.with("k", step.number("to")));
            case "delete", "delete_range" ->
                Expected.count(table.delete(range(step, table), where(step), deleted -> {}));
            case "delete_v" -> Expected.count(table.delete(row -> row.getLong("v") == step.number("v")));
            case "lock", "lock_scan" -> lock(step, table);
            default -> read(step, table);
        };
    }

    private static Expected insertOr(Step step, Table table, String value, Function<Row, @Nullable Row> set) {
        Row row = JavaSession.row(step.number("k"), step.number(value));
        return Expected.count(table.insertOrUpdate(row, List.of("k"), set) == null ? 0 : 1);
    }

    private static Expected read(Step step, Table table) {
        return switch (step.op()) {
            case "get", "scan" -> rows(table.scan(range(step, table), ALL));
            case "scan_mod" -> rows(table.scan(row -> row.getLong("v") % step.number("mod") == step.number("rem")));
            case "count" ->
                single((long) sorted(table.scan(range(step, table), ALL)).size());
            case "sum" -> {
                List<List<Long>> found = sorted(table.scan(range(step, table), ALL));
                yield single(
                        found.isEmpty()
                                ? null
                                : Long.valueOf(found.stream()
                                        .mapToLong(row -> row.get(1))
                                        .sum()));
            }
            default -> throw new UnsupportedOperationException("unknown operation " + step.op());
        };
    }

    private static Expected lock(Step step, Table table) {
        RowLockMode mode = switch (step.text("mode")) {
            case "u" -> RowLockMode.UPDATE;
            case "nku" -> RowLockMode.NO_KEY_UPDATE;
            case "s" -> RowLockMode.SHARE;
            case "ks" -> RowLockMode.KEY_SHARE;
            default -> throw new IllegalArgumentException("unknown lock mode " + step.text("mode"));
        };
        String wait = step.textOrNull("wait");
        RowLockPolicy policy = wait == null
                ? RowLockPolicy.WAIT
                : wait.equals("nowait") ? RowLockPolicy.NO_WAIT : RowLockPolicy.SKIP_LOCKED;
        long limit = step.has("limit") ? step.number("limit") : Long.MAX_VALUE;
        table.requireLockable(mode);
        List<Row> found = new ArrayList<>();
        table.scan(range(step, table), ALL).forEachRemaining(found::add);
        List<List<@Nullable Long>> locked = new ArrayList<>();
        for (Row row : found) {
            Row got = locked.size() < limit ? table.lock(row.id(), mode, policy, where(step)) : null;
            if (got != null) {
                locked.add(Arrays.asList(got.getLong("k"), got.getLong("v")));
            }
        }
        return Expected.rows(locked);
    }

    /** The keys that the step names, from the lowest. */
    private static KeyRange range(Step step, Table table) {
        String index = table.indexes().get(0).name();
        if (step.has("k")) {
            return KeyRange.prefix(index, step.number("k"));
        }
        KeyRange all = KeyRange.all(index);
        return step.has("lo") ? all.from(step.number("lo")).to(step.number("hi")) : all;
    }

    /** The same for a row that has changed meanwhile. */
    private static Predicate<Row> where(Step step) {
        boolean one = step.has("k");
        long low = one ? step.number("k") : step.has("lo") ? step.number("lo") : Long.MIN_VALUE;
        long high = one ? low : step.has("hi") ? step.number("hi") : Long.MAX_VALUE;
        return row -> row.getLong("k") >= low && row.getLong("k") <= high;
    }

    private static UnaryOperator<Row> adding(Step step) {
        return row -> row.with("v", row.getLong("v") + step.number("delta"));
    }

    private static Expected update(Step step, Table table, Predicate<Row> where, UnaryOperator<Row> set) {
        return Expected.count(table.update(range(step, table), where(step).and(where), set, updated -> {}));
    }

    private static Expected rows(Scan scan) {
        return Expected.rows(new ArrayList<>(sorted(scan)));
    }

    private static Expected single(@Nullable Long value) {
        List<List<@Nullable Long>> rows = new ArrayList<>();
        List<@Nullable Long> row = new ArrayList<>();
        row.add(value);
        rows.add(row);
        return Expected.rows(rows);
    }

    static List<List<Long>> sorted(Scan scan) {
        List<List<Long>> rows = new ArrayList<>();
        scan.forEachRemaining(row -> rows.add(List.of(row.getLong("k"), row.getLong("v"))));
        rows.sort(Comparator.comparing(row -> row.get(0)));
        return rows;
    }
}
