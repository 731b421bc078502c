package dev.cairn.tools.dump;

import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.storage.base.Lsn;
import java.io.PrintStream;

/** A script in one transaction: whoever runs half of it has run nothing. Not thread-safe. */
final class SqlDump implements DumpWriter {

    /** Of one INSERT, after which a new one is begun. */
    private static final int MOST_ROWS = 100;

    private static final int MOST_CHARACTERS = 64 << 10;

    private final PrintStream out;
    private Definition table = new Definition("", new Schema(java.util.List.of()), java.util.List.of());
    private final StringBuilder rows = new StringBuilder();
    private int pending;

    SqlDump(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(String database, long lsn) {
        out.print("-- Cairn database " + database + " as of LSN " + Lsn.format(lsn) + "\nBEGIN;\n");
    }

    @Override
    public void beginTable(Definition definition) {
        table = definition;
        out.print(DumpText.createTable(definition));
    }

    @Override
    public void row(Row row) {
        rows.append(pending == 0 ? "\n(" : ",\n(");
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            rows.append(i == 0 ? "" : ", ")
                    .append(
                            value == null
                                    ? "NULL"
                                    : DumpText.literal(table.schema().column(i).type(), value));
        }
        rows.append(')');
        if (++pending == MOST_ROWS || rows.length() > MOST_CHARACTERS) {
            flush();
        }
    }

    private void flush() {
        if (pending > 0) {
            out.print("INSERT INTO " + DumpText.identifier(table.name()) + " VALUES");
            out.append(rows).print(";\n");
            rows.setLength(0);
            pending = 0;
        }
    }

    @Override
    public void endTable() {
        flush();
        table.indexes().stream()
                .filter(index -> !index.constraint())
                .forEach(index -> out.print(DumpText.createIndex(table.name(), index)));
    }

    @Override
    public void end(long tables, long count) {
        out.print("COMMIT;\n");
    }
}
