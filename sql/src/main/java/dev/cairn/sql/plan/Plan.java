package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source of rows, bound to one transaction, which can be run many times within one statement. */
public interface Plan {

    /** A column that a plan gives. */
    record Column(String name, SqlType type) {}

    /** The rows of one run, one after another. */
    interface Rows extends AutoCloseable {

        /** The next row, which the caller may keep but not change; null at the end. */
        @Nullable Object @Nullable [] next();

        @Override
        default void close() {}
    }

    List<Column> columns();

    Rows open(Evaluation evaluation);

    /** All rows of one run. */
    default List<@Nullable Object[]> all(Evaluation evaluation) {
        List<@Nullable Object[]> all = new ArrayList<>();
        try (Rows rows = open(evaluation)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }
}
