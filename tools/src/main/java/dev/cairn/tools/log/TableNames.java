package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.record.WalRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which table a record speaks of, and what its rows mean. Learns the files of dropped tables from the log. Not thread-safe. */
final class TableNames {

    private final Map<Integer, StoredTable> byId = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, Integer> idOfFile = new HashMap<>();

    /** @param tables those that there are; the catalog itself need not be among them */
    TableNames(List<StoredTable> tables) {
        tables.forEach(this::add);
        add(StoredTable.CATALOG);
    }

    private void add(StoredTable table) {
        byId.put(table.tableId(), table);
        ids.put(table.name(), table.tableId());
        idOfFile.put(table.fileId(), table.tableId());
    }

    void learn(WalRecord record) {
        if (record instanceof WalRecord.FileCreate create) {
            idOfFile.put(create.fileId(), create.tableId());
        }
    }

    /** @throws UsageException if no table has this name, and it is no number */
    int idOf(String nameOrId) {
        Integer id = ids.get(nameOrId);
        if (id != null) {
            return id;
        }
        try {
            return Integer.parseInt(nameOrId);
        } catch (NumberFormatException e) {
            throw new UsageException("--table: there is no table \"" + nameOrId + "\"; one that was dropped has to be"
                    + " given by its id, which its records show");
        }
    }

    /** The id of the table that the record speaks of; 0 if of none, or none that is known. */
    int tableOf(WalRecord record) {
        if (record instanceof WalRecord.CatalogChange change) {
            return change.tableId();
        }
        return record.fileId() == 0 ? 0 : idOfFile.getOrDefault(record.fileId(), 0);
    }

    /** For people: the table's name, or its number. */
    String nameOf(int tableId) {
        StoredTable table = byId.get(tableId);
        return table == null ? "table " + tableId : table.name();
    }

    /** A row in its columns; null if the table is not known, or the row none of its present shape. */
    @Nullable Row row(int tableId, byte[] data) {
        StoredTable table = byId.get(tableId);
        if (table == null) {
            return null;
        }
        try {
            return table.row(data);
        } catch (CorruptionException e) {
            // A row of an unknown shape is shown as bytes; whether it is damaged is for "verify" to say.
            return null;
        }
    }

    List<String> columns(int tableId) {
        StoredTable table = byId.get(tableId);
        return table == null
                ? List.of()
                : table.schema().columns().stream().map(column -> column.name()).toList();
    }
}
