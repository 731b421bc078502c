package dev.cairn.fuzz.conformance;

import dev.cairn.fuzz.conformance.SerialHistory.Done;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs one transaction alone on rows in memory, as long as each step gives what it gave. */
final class SerialTransaction {

    private record Savepoint(String name, Map<String, TreeMap<Long, Long>> rows) {}

    private Map<String, TreeMap<Long, Long>> rows;
    private final List<Savepoint> savepoints = new ArrayList<>();

    private SerialTransaction(Map<String, TreeMap<Long, Long>> from) {
        this.rows = copy(from);
    }

    /** The rows afterwards; null if a step gives something else. */
    static @Nullable Map<String, TreeMap<Long, Long>> run(Map<String, TreeMap<Long, Long>> from, List<Done> steps) {
        SerialTransaction transaction = new SerialTransaction(from);
        for (Done done : steps) {
            if (!transaction.step(done.step(), done.outcome())) {
                return null;
            }
        }
        return transaction.rows;
    }

    private static Map<String, TreeMap<Long, Long>> copy(Map<String, TreeMap<Long, Long>> from) {
        Map<String, TreeMap<Long, Long>> copy = new TreeMap<>();
        from.forEach((table, content) -> copy.put(table, new TreeMap<>(content)));
        return copy;
    }

    private boolean step(Step step, Expected outcome) {
        switch (step.op()) {
            case "savepoint" -> savepoints.add(new Savepoint(name(step), copy(rows)));
            case "rollback_to" -> {
                int at = find(step);
                rows = copy(savepoints.get(at).rows());
                savepoints.subList(at + 1, savepoints.size()).clear();
            }
            case "release" -> savepoints.subList(find(step), savepoints.size()).clear();
            case "fail" -> {
                return true;
            }
            default -> {
                if ("skip".equals(step.textOrNull("wait"))) {
                    return true;
                }
                TreeMap<Long, Long> table = Objects.requireNonNull(rows.get(step.text("table")));
                return outcome.rows() != null
                        ? outcome.rows().equals(read(table, step))
                        : Objects.equals(outcome.count(), write(table, step));
            }
        }
        return true;
    }

    private static String name(Step step) {
        return step.text("name").toLowerCase(Locale.ROOT);
    }

    private int find(Step step) {
        int at = savepoints.size() - 1;
        while (!savepoints.get(at).name().equals(name(step))) {
            at--;
        }
        return at;
    }

    private static List<Long> range(TreeMap<Long, Long> table, Step step) {
        if (!step.has("lo")) {
            return new ArrayList<>(table.keySet());
        }
        long low = step.number("lo");
        long high = step.number("hi");
        return table.keySet().stream().filter(k -> k >= low && k <= high).toList();
    }

    private static List<List<@Nullable Long>> read(TreeMap<Long, Long> table, Step step) {
        List<List<@Nullable Long>> found = new ArrayList<>();
        switch (step.op()) {
            case "get", "lock" -> {
                Long v = table.get(step.number("k"));
                if (v != null) {
                    found.add(Arrays.asList(step.number("k"), v));
                }
            }
            case "scan", "lock_scan" -> {
                long limit = step.has("limit") ? step.number("limit") : Long.MAX_VALUE;
                range(table, step).stream().limit(limit).forEach(k -> found.add(Arrays.asList(k, table.get(k))));
            }
            case "scan_mod" ->
                table.forEach((k, v) -> {
                    if (v % step.number("mod") == step.number("rem")) {
                        found.add(Arrays.asList(k, v));
                    }
                });
            case "count" -> found.add(Arrays.asList((long) range(table, step).size()));
            case "sum" -> {
                List<Long> keys = range(table, step);
                Long sum = keys.isEmpty()
                        ? null
                        : Long.valueOf(keys.stream().mapToLong(table::get).sum());
                found.add(Arrays.asList(sum));
            }
            default -> throw new IllegalArgumentException("unknown operation " + step.op());
        }
        return found;
    }

    /** Rows affected; null if it would fail. */
    private static @Nullable Long write(TreeMap<Long, Long> table, Step step) {
        return switch (step.op()) {
            case "insert" -> table.putIfAbsent(step.number("k"), step.number("v")) == null ? 1L : null;
            case "insert_many" -> insertMany(table, step);
            case "insert_ignore" -> table.putIfAbsent(step.number("k"), step.number("v")) == null ? 1L : 0L;
            case "upsert" -> {
                table.put(step.number("k"), step.number("v"));
                yield 1L;
            }
            case "upsert_add" -> {
                table.merge(step.number("k"), step.number("delta"), Long::sum);
                yield 1L;
            }
            case "update" -> changed(table.replace(step.number("k"), step.number("v")));
            case "update_if" -> table.replace(step.number("k"), step.number("if_v"), step.number("v")) ? 1L : 0L;
            case "update_add" -> changed(table.computeIfPresent(step.number("k"), (k, v) -> v + step.number("delta")));
            case "update_add_range" -> {
                List<Long> keys = range(table, step);
                keys.forEach(key -> table.merge(key, step.number("delta"), Long::sum));
                yield (long) keys.size();
            }
            case "rekey" -> {
                Long moved = table.remove(step.number("k"));
                boolean clash = moved != null && table.putIfAbsent(step.number("to"), moved) != null;
                yield clash ? null : changed(moved);
            }
            case "delete" -> changed(table.remove(step.number("k")));
            case "delete_range" -> {
                List<Long> keys = range(table, step);
                keys.forEach(table::remove);
                yield (long) keys.size();
            }
            case "delete_v" -> {
                int before = table.size();
                table.values().removeIf(v -> v == step.number("v"));
                yield (long) (before - table.size());
            }
            default -> throw new IllegalArgumentException("unknown operation " + step.op());
        };
    }

    private static Long changed(@Nullable Long value) {
        return value == null ? 0L : 1L;
    }

    private static @Nullable Long insertMany(TreeMap<Long, Long> table, Step step) {
        for (List<Long> row : step.rows()) {
            if (table.putIfAbsent(row.get(0), row.get(1)) != null) {
                return null;
            }
        }
        return (long) step.rows().size();
    }
}
