package dev.cairn.sql.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gave.
 *
 * @param tag the command tag
 * @param columns null for a statement that returns no rows
 * @param notices what to tell the client, in order
 */
public record Outcome(
        String tag, @Nullable List<Plan.Column> columns, List<@Nullable Object[]> rows, List<Notice> notices) {

    /** Something to tell the client that is no error. */
    public record Notice(String sqlState, String message) {}

    static Outcome of(String tag) {
        return new Outcome(tag, null, List.of(), List.of());
    }
}
