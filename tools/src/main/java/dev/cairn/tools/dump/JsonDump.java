package dev.cairn.tools.dump;

import dev.cairn.engine.Column;
import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.log.ColumnText;
import dev.cairn.tools.log.JsonObject;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line: {@code {"cairn_dump":1,…}} first, then each table's definition {@code {"define":NAME,…}} followed by its
 * rows {@code {"table":NAME,"row":{…}}}, at the end {@code {"end":"dump",…}}, which tells a whole dump from half of one.
 *
 * <p>Integers, booleans and finite doubles but -0 are JSON's own, everything else is text as SQL writes it. Not thread-safe.
 */
final class JsonDump implements DumpWriter {

    /** Of the dump, raised when a reader of the old one would misread the new one. */
    static final int VERSION = 1;

    private final PrintStream out;
    private Definition table = new Definition("", new Schema(List.of()), List.of());

    JsonDump(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(String database, long lsn) {
        line(new JsonObject()
                .put("cairn_dump", VERSION)
                .put("database", database)
                .put("lsn", Lsn.format(lsn)));
    }

    @Override
    public void beginTable(Definition definition) {
        table = definition;
        line(define(definition));
    }

    static JsonObject define(Definition definition) {
        Schema schema = definition.schema();
        return new JsonObject()
                .put("define", definition.name())
                .putObjects(
                        "columns",
                        schema.columns().stream()
                                .map(column -> column(column, schema.defaults().get(column.name())))
                                .toList())
                .putObjects(
                        "checks",
                        schema.checks().stream()
                                .map(check -> new JsonObject()
                                        .put("name", check.name())
                                        .put("expression", check.expression()))
                                .toList())
                .putObjects(
                        "indexes",
                        definition.indexes().stream().map(JsonDump::index).toList());
    }

    private static JsonObject column(Column column, @Nullable String expression) {
        JsonObject json = new JsonObject()
                .put("name", column.name())
                .put("type", column.type().toString())
                .put("not_null", column.notNull());
        return expression == null ? json : json.put("default", expression);
    }

    private static JsonObject index(Index index) {
        JsonObject json = new JsonObject()
                .put("name", index.name())
                .put("unique", index.unique())
                .put("primary", index.primary());
        if (index.constraint() && !index.primary()) {
            json.put("constraint", true);
        }
        return json.putObjects(
                "parts",
                index.parts().stream()
                        .map(part -> new JsonObject()
                                .put("column", part.column())
                                .put("descending", part.descending())
                                .put("nulls_first", part.nullsFirst()))
                        .toList());
    }

    @Override
    public void row(Row row) {
        JsonObject values = new JsonObject();
        for (int i = 0; i < row.size(); i++) {
            Column column = table.schema().column(i);
            put(values, column.name(), column.type(), row.get(i));
        }
        line(new JsonObject().put("table", table.name()).put("row", values));
    }

    private static void put(JsonObject json, String name, ColumnType type, @Nullable Object value) {
        if (value instanceof Boolean bit) {
            json.put(name, bit.booleanValue());
        } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            json.put(name, ((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number) && !number.equals(-0.0)) {
            json.putNumber(name, number);
        } else {
            json.put(name, value == null ? null : ColumnText.of(type, value));
        }
    }

    @Override
    public void endTable() {
        // The next definition, or the end, says so.
    }

    @Override
    public void end(long tables, long rows) {
        line(new JsonObject().put("end", "dump").put("tables", tables).put("rows", rows));
    }

    private void line(JsonObject json) {
        out.print(json + "\n");
    }
}
