package dev.cairn.fuzz.conformance;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One operation of a scenario, with what it is to give. Thin over the transcript's JSON object. */
final class Step {

    private final Map<String, @Nullable Object> fields;

    Step(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    String op() {
        return text("op");
    }

    /** From 1; 1 for a step of the set-up. */
    int session() {
        return fields.containsKey("s") ? (int) number("s") : 1;
    }

    /** Empty for {@code stats}. */
    String sql() {
        return fields.containsKey("sql") ? text("sql") : "";
    }

    String text(String field) {
        return (String) required(field);
    }

    /** Null if the step has no such field. */
    @Nullable String textOrNull(String field) {
        return (String) fields.get(field);
    }

    long number(String field) {
        return (Long) required(field);
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    /** Rows of {@code insert_many}. */
    List<List<Long>> rows() {
        return rowsOf(required("rows"));
    }

    Expected expected() {
        return Expected.of(required("expect"));
    }

    List<Wake> wakes() {
        List<?> all = (List<?>) fields.getOrDefault("wakes", List.of());
        return Objects.requireNonNull(all).stream()
                .map(wake -> (Map<?, ?>) wake)
                .map(wake -> new Wake(
                        ((Long) Objects.requireNonNull(wake.get("s"))).intValue(),
                        Expected.of(Objects.requireNonNull(wake.get("expect")))))
                .toList();
    }

    private Object required(String field) {
        Object value = fields.get(field);
        if (value == null) {
            throw new IllegalArgumentException("a step without \"" + field + "\": " + fields);
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    static List<List<Long>> rowsOf(Object json) {
        return (List<List<Long>>) json;
    }

    /** A session that the step releases, and what its blocked step gives then. */
    record Wake(int session, Expected expected) {}

    @Override
    public String toString() {
        return "s" + session() + " " + (sql().isEmpty() ? op() : sql());
    }
}
