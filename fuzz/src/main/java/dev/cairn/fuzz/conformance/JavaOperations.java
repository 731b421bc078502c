package dev.cairn.fuzz.conformance;

import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Table;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The transcripts' reads and writes of rows, by calls of the Java API inside one statement. */
final class JavaOperations {

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
            case "update" -> update(table, key(step), row -> row.with("v", step.number("v")));
            case "update_add" -> update(table, key(step), adding(step));
            case "update_if" ->
                update(
                        table,
                        key(step).and(row -> row.getLong("v") == step.number("if_v")),
                        row -> row.with("v", step.number("v")));
            case "update_add_range" -> update(table, range(step), adding(step));
            case "rekey" -> update(table, key(step), row -> row.with("k", step.number("to")));
            case "delete" -> Expected.count(table.delete(key(step)));
            case "delete_range" -> Expected.count(table.delete(range(step)));
            case "delete_v" -> Expected.count(table.delete(row -> row.getLong("v") == step.number("v")));
            case "lock", "lock_scan" -> lock(step, table);
            default -> read(step, table);
        };
    }

    private static Expected read(Step step, Table table) {
        return switch (step.op()) {
            case "get" -> rows(table, key(step));
            case "scan" -> rows(table, range(step));
            case "scan_mod" -> rows(table, row -> row.getLong("v") % step.number("mod") == step.number("rem"));
            case "count" -> single((long) sorted(table.scan(range(step))).size());
            case "sum" -> {
                List<List<Long>> found = sorted(table.scan(range(step)));
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
        boolean one = step.op().equals("lock");
        Predicate<Row> where = one ? key(step) : range(step);
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
        List<Row> found = new ArrayList<>();
        table.scan(where).forEachRemaining(found::add);
        found.sort(Comparator.comparing(row -> row.getLong("k")));
        List<List<@Nullable Long>> locked = new ArrayList<>();
        for (Row row : found) {
            Row got = locked.size() < limit ? table.lock(row.id(), mode, policy, where) : null;
            if (got != null) {
                locked.add(Arrays.asList(got.getLong("k"), got.getLong("v")));
            }
        }
        return Expected.rows(locked);
    }

    private static Predicate<Row> key(Step step) {
        long k = step.number("k");
        return row -> row.getLong("k") == k;
    }

    private static Predicate<Row> range(Step step) {
        long low = step.has("lo") ? step.number("lo") : Long.MIN_VALUE;
        long high = step.has("hi") ? step.number("hi") : Long.MAX_VALUE;
        return row -> row.getLong("k") >= low && row.getLong("k") <= high;
    }

    private static UnaryOperator<Row> adding(Step step) {
        return row -> row.with("v", row.getLong("v") + step.number("delta"));
    }

    private static Expected update(Table table, Predicate<Row> where, UnaryOperator<Row> set) {
        return Expected.count(table.update(where, set));
    }

    private static Expected rows(Table table, Predicate<Row> where) {
        return Expected.rows(new ArrayList<>(sorted(table.scan(where))));
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
