package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Values of rows as text. Stateless. */
public final class RowText {

    private RowText() {}

    /** {@code (1, "ann", null)}. */
    public static String values(Row row) {
        StringJoiner text = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            text.add(value instanceof String string ? RecordText.quoted(string) : String.valueOf(valueOrNull(value)));
        }
        return text.toString();
    }

    /** As PostgreSQL writes it; null stays null. */
    public static @Nullable String valueOrNull(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof java.math.BigDecimal number) {
            return number.toPlainString();
        }
        return value.toString();
    }
}
