package dev.cairn.tools.dump;

import dev.cairn.engine.Column;
import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.ColumnText;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tables from what {@link JsonDump} writes, in a transaction that is the caller's. Not thread-safe. */
final class TableLoad {

    private final Transaction transaction;
    private final Map<String, Table> tables = new HashMap<>();
    /** Indexes are made when the rows are there. */
    private final Map<String, List<Index>> indexes = new LinkedHashMap<>();

    private final List<Map<String, @Nullable Object>> definitions = new ArrayList<>();
    private long rows;
    private long expectedRows = -1;

    TableLoad(Transaction transaction) {
        this.transaction = transaction;
    }

    long rows() {
        return rows;
    }

    int tables() {
        return definitions.size();
    }

    /** The lines that defined tables, in order. */
    List<Map<String, @Nullable Object>> definitions() {
        return definitions;
    }

    /**
     * Takes all lines.
     *
     * @throws UsageException naming the line that is none of a dump's, or if the last one is missing
     */
    void read(String source, BufferedReader lines) throws IOException {
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                if (!line.isBlank()) {
                    take(JsonLine.object(line));
                }
            } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
                throw new UsageException(source + ", line " + number + ": " + e.getMessage());
            } catch (TransactionException e) {
                throw new TransactionException(e.sqlState(), source + ", line " + number + ": " + e.getMessage());
            }
        }
        if (expectedRows < 0) {
            throw new UsageException(source + ": expected a last line {\"end\":\"dump\",…}, found none: half a dump");
        }
    }

    private void take(Map<String, @Nullable Object> line) {
        if (line.get("cairn_dump") instanceof BigDecimal version) {
            if (version.intValueExact() != JsonDump.VERSION) {
                throw new IllegalArgumentException(
                        "expected a dump of version " + JsonDump.VERSION + ", found " + version);
            }
        } else if (line.containsKey("define")) {
            define(line);
        } else if (line.containsKey("row")) {
            row(text(line, "table"), object(line, "row"));
        } else if (line.containsKey("end")) {
            expectedRows = number(line, "rows").longValueExact();
        } else {
            throw new IllegalArgumentException("expected a table, a row or an end, found keys " + line.keySet());
        }
    }

    private void define(Map<String, @Nullable Object> line) {
        String name = text(line, "define");
        List<Column> columns = new ArrayList<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Object item : list(line, "columns")) {
            Map<String, @Nullable Object> column = object(item);
            columns.add(new Column(
                    text(column, "name"), ColumnType.ofName(text(column, "type")), bool(column, "not_null")));
            if (column.containsKey("default")) {
                defaults.put(text(column, "name"), text(column, "default"));
            }
        }
        List<Schema.Check> checks = new ArrayList<>();
        for (Object item : list(line, "checks")) {
            checks.add(new Schema.Check(text(object(item), "name"), text(object(item), "expression")));
        }
        List<Index> own = new ArrayList<>();
        for (Object item : list(line, "indexes")) {
            own.add(index(object(item)));
        }
        Schema schema = new Schema(columns).withDefaults(defaults).withChecks(checks);
        tables.put(name, transaction.createTable(name, schema));
        indexes.put(name, own);
        definitions.add(line);
    }

    private static Index index(Map<String, @Nullable Object> json) {
        List<Index.Part> parts = new ArrayList<>();
        for (Object item : list(json, "parts")) {
            Map<String, @Nullable Object> part = object(item);
            parts.add(new Index.Part(text(part, "column"), bool(part, "descending"), bool(part, "nulls_first")));
        }
        boolean primary = bool(json, "primary");
        boolean constraint = primary || (json.containsKey("constraint") && bool(json, "constraint"));
        return new Index(text(json, "name"), bool(json, "unique"), primary, constraint, parts);
    }

    /** A table that was defined, or was there before. */
    Table table(String name) {
        return tables.computeIfAbsent(name, transaction::table);
    }

    private void row(String name, Map<String, @Nullable Object> values) {
        Table table = table(name);
        Schema schema = table.schema();
        @Nullable Object[] row = new @Nullable Object[schema.size()];
        for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
            int index = schema.indexOf(entry.getKey());
            if (index < 0) {
                throw new IllegalArgumentException("table \"" + name + "\" has no column \"" + entry.getKey() + "\"");
            }
            row[index] = value(schema.column(index).type(), entry.getValue());
        }
        insert(table, row);
    }

    void insert(Table table, @Nullable Object[] row) {
        table.insert(Row.of(row));
        rows++;
    }

    private static @Nullable Object value(ColumnType type, @Nullable Object json) {
        if (json == null) {
            return null;
        }
        if (json instanceof Map || json instanceof List) {
            throw new IllegalArgumentException("expected a value of type " + type + ", found " + json);
        }
        return ColumnText.value(type, json instanceof BigDecimal number ? number.toPlainString() : json.toString());
    }

    /** When all rows are there: makes the indexes, and counts. */
    void finish() {
        if (expectedRows >= 0 && expectedRows != rows) {
            throw new TransactionException(
                    SqlState.INVALID_TEXT_REPRESENTATION,
                    "the dump says that it has " + expectedRows + " rows, found " + rows);
        }
        indexes.forEach((name, own) -> own.forEach(index -> transaction.createIndex(name, index)));
    }

    private static Object member(Map<String, @Nullable Object> json, String key) {
        Object value = json.get(key);
        if (value == null) {
            throw new IllegalArgumentException("expected a key \"" + key + "\", found " + json.keySet());
        }
        return value;
    }

    static String text(Map<String, @Nullable Object> json, String key) {
        return (String) member(json, key);
    }

    private static boolean bool(Map<String, @Nullable Object> json, String key) {
        return (Boolean) member(json, key);
    }

    private static BigDecimal number(Map<String, @Nullable Object> json, String key) {
        return (BigDecimal) member(json, key);
    }

    private static List<?> list(Map<String, @Nullable Object> json, String key) {
        return (List<?>) member(json, key);
    }

    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> json, String key) {
        return object(member(json, key));
    }

    @SuppressWarnings("unchecked") // an object of JSON has no other keys
    private static Map<String, @Nullable Object> object(@Nullable Object json) {
        if (json instanceof Map) {
            return (Map<String, @Nullable Object>) json;
        }
        throw new IllegalArgumentException("expected an object, found " + json);
    }
}
