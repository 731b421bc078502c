package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import org.jspecify.annotations.Nullable;

/** Prints records, one a line, rows in their columns where the table is known. Not thread-safe. */
final class LogPrinter {

    /** Characters of a row that a line for people shows. */
    private static final int MOST_TEXT = 200;

    private final Console console;
    private final boolean json;
    private final boolean obfuscate;
    private final TableNames tables;

    LogPrinter(Console console, boolean json, boolean obfuscate, TableNames tables) {
        this.console = console;
        this.json = json;
        this.obfuscate = obfuscate;
        this.tables = tables;
    }

    void heading() {
        if (!json) {
            console.out().print(RecordText.heading().stripTrailing() + "\n");
        }
    }

    void print(LoggedRecord r) {
        console.out().print((json ? json(r) : text(r)) + "\n");
    }

    void gap(LogGap gap) {
        if (json) {
            console.out()
                    .print(new JsonObject()
                                    .put("skipped", Lsn.format(gap.from()))
                                    .put("end", Lsn.format(gap.to()))
                                    .put("bytes", gap.bytes())
                                    .put("reason", gap.reason())
                            + "\n");
        } else {
            console.out().print("-- " + gap + "\n");
        }
    }

    private String text(LoggedRecord r) {
        WalRecord record = shown(r.record());
        String line = RecordText.line(r.start(), r.end(), r.xid(), record);
        byte[] data = rowOf(record);
        if (data == null) {
            return line;
        }
        int table = tables.tableOf(record);
        Row row = obfuscate ? null : tables.row(table, data);
        Schema schema = tables.schema(table);
        String contents =
                row == null || schema == null ? "0x" + RowText.hex(data, false) : RowText.values(schema, row, false);
        return line + ": "
                + (contents.length() > MOST_TEXT
                        ? contents.substring(0, contents.offsetByCodePoints(0, MOST_TEXT / 2)) + "…"
                        : contents);
    }

    private String json(LoggedRecord r) {
        WalRecord record = shown(r.record());
        JsonObject line = RecordJson.object(r.start(), r.end(), r.xid(), record);
        byte[] data = rowOf(record);
        int table = tables.tableOf(record);
        Row row = data == null || obfuscate ? null : tables.row(table, data);
        Schema schema = tables.schema(table);
        if (row != null && schema != null) {
            line.put("table_name", tables.nameOf(table)).put("columns", RowText.json(schema, row, false));
        }
        return line.toString();
    }

    private WalRecord shown(WalRecord record) {
        if (!obfuscate) {
            return record;
        }
        if (record instanceof WalRecord.HeapInsert r) {
            return new WalRecord.HeapInsert(
                    r.fileId(), r.tableId(), r.page(), r.slot(), r.command(), r.flags(), RowBytes.obfuscated(r.data()));
        }
        if (record instanceof WalRecord.HeapUpdate r) {
            return new WalRecord.HeapUpdate(
                    r.fileId(),
                    r.tableId(),
                    r.oldPage(),
                    r.oldSlot(),
                    r.oldCommand(),
                    r.oldFlags(),
                    r.newPage(),
                    r.newSlot(),
                    r.newCommand(),
                    r.newFlags(),
                    RowBytes.obfuscated(r.data()),
                    r.hot());
        }
        if (record instanceof WalRecord.IndexInsert r) {
            return new WalRecord.IndexInsert(r.fileId(), r.page(), r.slot(), RowBytes.obfuscated(r.key()));
        }
        if (record instanceof WalRecord.IndexSplit r) {
            return new WalRecord.IndexSplit(
                    r.fileId(), r.right(), r.left(), r.at(), RowBytes.obfuscated(r.separator()));
        }
        if (record instanceof WalRecord.IndexDownlink r) {
            return new WalRecord.IndexDownlink(
                    r.fileId(), r.parent(), r.child(), r.slot(), RowBytes.obfuscated(r.separator()));
        }
        if (record instanceof WalRecord.IndexAbsorb r) {
            return new WalRecord.IndexAbsorb(r.fileId(), r.page(), r.freed(), r.next(), RowBytes.obfuscated(r.high()));
        }
        return record;
    }

    private static byte @Nullable [] rowOf(WalRecord record) {
        if (record instanceof WalRecord.HeapInsert r) {
            return r.data();
        }
        return record instanceof WalRecord.HeapUpdate r ? r.data() : null;
    }
}
