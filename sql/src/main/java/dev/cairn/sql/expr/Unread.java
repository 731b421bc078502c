package dev.cairn.sql.expr;

import dev.cairn.engine.Row;
import org.jspecify.annotations.Nullable;

/**
 * A large value of a stored row that nobody has asked for yet: stands in the rows of plans in its place, so that a query that has
 * no use for the column never reads it. Columns give the value itself.
 */
public record Unread(Row row, int index) {

    /** What a plan's row holds, itself. */
    public static @Nullable Object resolved(@Nullable Object value) {
        return value instanceof Unread unread ? unread.row.get(unread.index) : value;
    }
}
