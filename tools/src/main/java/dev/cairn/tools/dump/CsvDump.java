package dev.cairn.tools.dump;

import dev.cairn.engine.Column;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.tools.log.ColumnText;
import java.io.PrintStream;
import java.util.List;

/**
 * One table as CSV (RFC 4180) with a line of column names; as in PostgreSQL's COPY a null is nothing, an empty text {@code ""}.
 * Not thread-safe.
 */
final class CsvDump implements DumpWriter {

    private final PrintStream out;
    private Schema schema = new Schema(List.of());

    CsvDump(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(String database, long lsn) {
        // Nothing but the table has a place in the format.
    }

    @Override
    public void beginTable(Definition table) {
        schema = table.schema();
        StringBuilder line = new StringBuilder();
        for (Column column : schema.columns()) {
            line.append(line.length() == 0 ? "" : ",").append(quoted(column.name()));
        }
        out.print(line.append("\r\n"));
    }

    @Override
    public void row(Row row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            line.append(i == 0 ? "" : ",");
            if (value != null) {
                line.append(quoted(ColumnText.of(schema.column(i).type(), value)));
            }
        }
        out.print(line.append("\r\n"));
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty();
        for (int i = 0; plain && i < text.length(); i++) {
            char c = text.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void endTable() {
        // The end of the file says so.
    }

    @Override
    public void end(long tables, long rows) {
        // The end of the file says so.
    }
}
