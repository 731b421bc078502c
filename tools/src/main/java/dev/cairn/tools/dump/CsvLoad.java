package dev.cairn.tools.dump;

import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.ColumnText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows from CSV. Stateless. */
final class CsvLoad {

    private CsvLoad() {}

    /** All tables of a directory that {@link CsvFiles} made. */
    static void directory(TableLoad load, Path path) throws IOException {
        Path definitions = path.resolve(CsvFiles.DEFINITIONS);
        if (!Files.isReadable(definitions)) {
            throw new UnreadableException(path + " is no directory of \"cairn dump\": there is no " + definitions);
        }
        try (BufferedReader lines = Files.newBufferedReader(definitions, StandardCharsets.UTF_8)) {
            load.read(definitions.toString(), lines);
        }
        for (Map<String, @Nullable Object> definition : load.definitions()) {
            Path rows = path.resolve(
                    String.valueOf(Path.of(TableLoad.text(definition, "file")).getFileName()));
            try (BufferedReader in = Files.newBufferedReader(rows, StandardCharsets.UTF_8)) {
                table(load, TableLoad.text(definition, "define"), rows.toString(), in);
            }
        }
    }

    /** The rows of one table; the first line names the columns. */
    static void table(TableLoad load, String name, String source, BufferedReader in) throws IOException {
        Table table = load.table(name);
        Schema schema = table.schema();
        CsvReader csv = new CsvReader(in);
        List<Integer> columns = columns(schema, csv.next(), source);
        long line = csv.line();
        try {
            for (List<@Nullable String> record = csv.next(); record != null; record = csv.next()) {
                load.insert(table, row(schema, columns, record));
                line = csv.line();
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(source + ", line " + line + ": " + e.getMessage());
        } catch (TransactionException e) {
            throw new TransactionException(e.sqlState(), source + ", line " + line + ": " + e.getMessage());
        }
    }

    private static List<Integer> columns(Schema schema, @Nullable List<@Nullable String> head, String source) {
        List<Integer> columns = new ArrayList<>();
        if (head == null) {
            throw new UsageException(source + ": expected a line of column names, found nothing");
        }
        for (String column : head) {
            int index = column == null ? -1 : schema.indexOf(column);
            if (index < 0 && schema.size() > 0) {
                throw new UsageException(source + ": expected names of columns, found \"" + column + "\"");
            }
            if (columns.contains(index)) {
                throw new UsageException(source + ": expected each column once, found \"" + column + "\" twice");
            }
            columns.add(index);
        }
        return columns;
    }

    private static @Nullable Object[] row(Schema schema, List<Integer> columns, List<@Nullable String> record) {
        if (record.size() != columns.size()) {
            throw new IllegalArgumentException("expected " + columns.size() + " fields, found " + record.size());
        }
        @Nullable Object[] row = new @Nullable Object[schema.size()];
        for (int i = 0; i < row.length && i < record.size(); i++) {
            String text = record.get(i);
            int column = columns.get(i);
            row[column] =
                    text == null ? null : ColumnText.value(schema.column(column).type(), text);
        }
        return row;
    }
}
