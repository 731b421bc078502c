package dev.cairn.sql;

import dev.cairn.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one statement gave: its command tag, its rows if it returns any, and what it had to say besides.
 *
 * @param tag PostgreSQL's command tag: {@code INSERT 0 1}, {@code SELECT 3}, {@code BEGIN}; empty if this is only what a
 *     statement had to say before it failed
 * @param columns null for a statement that returns no rows, as opposed to no columns
 * @param rows values as the engine's rows have them; null for NULL
 * @param notices in order
 */
public record StatementResult(
        String tag, @Nullable List<ResultColumn> columns, List<@Nullable Object[]> rows, List<Notice> notices) {

    /** Whether the statement returns rows, be it none. */
    public boolean hasRows() {
        return columns != null;
    }

    /** A column of the result. */
    public record ResultColumn(String name, SqlType type) {}

    /**
     * A warning or a notice.
     *
     * @param severity {@code WARNING} or {@code NOTICE}
     * @param sqlState 00000 for a notice
     */
    public record Notice(String severity, String sqlState, String message) {}
}
