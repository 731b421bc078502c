package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Rows that were read past their table, for people and programs; of a value on pages of its own the length is shown. Stateless. */
public final class RowText {

    private RowText() {}

    /**
     * {@code (1, "ann", null)}.
     *
     * @param obfuscate whether hashes of equal length stand for the values
     */
    public static String values(Schema schema, Row row, boolean obfuscate) {
        StringJoiner text = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < row.size(); i++) {
            if (row.isUnread(i)) {
                text.add(RecordText.bytes(row.unreadBytes(i)) + " elsewhere");
                continue;
            }
            Object value = obfuscate ? RowHash.of(row.get(i)) : row.get(i);
            text.add(
                    value instanceof String string
                            ? RecordText.quoted(string)
                            : String.valueOf(textOrNull(schema, i, value)));
        }
        return text.toString();
    }

    /** By column; a value on pages of its own as {@code {"large_bytes":N}}. Obfuscates as {@link #values} does. */
    public static JsonObject json(Schema schema, Row row, boolean obfuscate) {
        JsonObject json = new JsonObject();
        for (int i = 0; i < row.size(); i++) {
            String column = schema.column(i).name();
            if (row.isUnread(i)) {
                json.put(column, new JsonObject().put("large_bytes", row.unreadBytes(i)));
            } else {
                json.put(column, textOrNull(schema, i, obfuscate ? RowHash.of(row.get(i)) : row.get(i)));
            }
        }
        return json;
    }

    /** A row in hexadecimal, for want of anything better. */
    public static String hex(byte[] data, boolean obfuscate) {
        return HexFormat.of().formatHex(obfuscate ? RowBytes.obfuscated(data) : data);
    }

    /** As PostgreSQL writes it; null stays null. */
    private static @Nullable String textOrNull(Schema schema, int column, @Nullable Object value) {
        return value == null ? null : ColumnText.of(schema.column(column).type(), value);
    }
}
