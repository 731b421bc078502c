package dev.cairn.tools.log;

import dev.cairn.engine.ColumnType;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.TextInput;
import dev.cairn.sql.type.TextOutput;
import java.time.Instant;

/** Values of columns in text, as SQL reads and writes them. Stateless. */
public final class ColumnText {

    private ColumnText() {}

    /** A value as PostgreSQL's COPY writes it. */
    public static String of(ColumnType type, Object value) {
        return TextOutput.of(SqlType.of(type), value);
    }

    /**
     * The value that a text stands for.
     *
     * @throws dev.cairn.storage.base.TransactionException if it stands for none
     */
    public static Object value(ColumnType type, String text) {
        return TextInput.parse(SqlType.of(type), text, Instant.EPOCH);
    }
}
