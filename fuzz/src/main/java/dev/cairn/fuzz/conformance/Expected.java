package dev.cairn.fuzz.conformance;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a step gives, as recorded or as found; null for what does not apply.
 *
 * @param rows of a read, in key order
 * @param count rows that a write affected
 * @param tag of COMMIT or ROLLBACK
 * @param error SQLSTATE of the statement's failure
 * @param warning SQLSTATE of a warning that came along
 * @param status {@code idle}, {@code tx} or {@code failed} afterwards
 * @param stats of {@code stats}: count and overflow flag
 * @param blocked the step waits, and nothing else is known yet
 */
record Expected(
        @Nullable List<List<@Nullable Long>> rows,
        @Nullable Long count,
        @Nullable String tag,
        @Nullable String error,
        @Nullable String warning,
        @Nullable String status,
        @Nullable List<Object> stats,
        boolean blocked) {

    static final Expected NOTHING = new Expected(null, null, null, null, null, null, null, false);

    @SuppressWarnings("unchecked")
    static Expected of(Object json) {
        Map<String, @Nullable Object> fields = (Map<String, @Nullable Object>) json;
        return new Expected(
                (List<List<@Nullable Long>>) fields.get("rows"),
                (Long) fields.get("n"),
                (String) fields.get("tag"),
                (String) fields.get("err"),
                (String) fields.get("warn"),
                (String) fields.get("st"),
                (List<Object>) fields.get("stats"),
                Boolean.TRUE.equals(fields.get("blocked")));
    }

    static Expected rows(List<List<@Nullable Long>> rows) {
        return new Expected(rows, null, null, null, null, null, null, false);
    }

    static Expected count(long count) {
        return new Expected(null, count, null, null, null, null, null, false);
    }

    static Expected error(String sqlState) {
        return new Expected(null, null, null, sqlState, null, null, null, false);
    }

    Expected withTag(String value) {
        return new Expected(rows, count, value, error, warning, status, stats, blocked);
    }

    Expected withWarning(@Nullable String value) {
        return new Expected(rows, count, tag, error, value, status, stats, blocked);
    }

    Expected withStatus(String value) {
        return new Expected(rows, count, tag, error, warning, value, stats, blocked);
    }

    Expected withStats(List<Object> value) {
        return new Expected(rows, count, tag, error, warning, status, value, blocked);
    }

    /** Whether {@code found} is this, in all that was recorded. */
    boolean matches(Expected found) {
        return Objects.equals(error, found.error)
                && Objects.equals(rows, found.rows)
                && Objects.equals(count, found.count)
                && Objects.equals(tag, found.tag)
                && Objects.equals(warning, found.warning)
                && Objects.equals(stats, found.stats)
                && (status == null || status.equals(found.status));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "blocked", blocked ? Boolean.TRUE : null);
        append(text, "rows", rows);
        append(text, "n", count);
        append(text, "tag", tag);
        append(text, "err", error);
        append(text, "warn", warning);
        append(text, "stats", stats);
        append(text, "st", status);
        return "{" + text + "}";
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }
}
