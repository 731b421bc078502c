package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.wal.record.WalRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which table a record speaks of, and what its rows mean. Learns from the log itself: the catalog's rows go by in it before
 * those of their tables, and the files of dropped tables do. Not thread-safe.
 */
final class TableNames {

    private final Map<Integer, StoredTable> byId = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Integer, Integer> idOfFile = new HashMap<>();

    /** @param entries tables and indexes that are known from elsewhere, in the order in which they were made */
    TableNames(List<StoredTable> entries) {
        add(StoredTable.CATALOG);
        entries.forEach(this::add);
    }

    private void add(StoredTable entry) {
        idOfFile.put(entry.fileId(), entry.tableId());
        if (!entry.isIndex()) {
            byId.put(entry.tableId(), entry);
            names.add(entry.name());
            if (entry.overflowFileId() != 0) {
                idOfFile.put(entry.overflowFileId(), entry.tableId());
            }
        }
    }

    void learn(WalRecord record) {
        if (record instanceof WalRecord.FileCreate create) {
            idOfFile.put(create.fileId(), create.tableId());
        } else if (record instanceof WalRecord.HeapInsert insert && insert.tableId() == StoredTable.CATALOG.tableId()) {
            try {
                add(StoredTable.ofCatalogRow(insert.data()));
            } catch (CorruptionException e) {
                // A row of the catalog that names nothing names nothing here; "verify" says that it is damaged.
                return;
            }
        }
    }

    /** Whether a table of this name, or of this id, has been heard of. */
    boolean knows(String nameOrId) {
        return names.contains(nameOrId) || nameOrId.matches("\\d{1,9}");
    }

    /** Whether a table goes, or went, by that name or id. */
    boolean is(int tableId, String nameOrId) {
        StoredTable table = byId.get(tableId);
        return tableId != 0
                && ((table != null && table.name().equals(nameOrId)) || nameOrId.equals(Integer.toString(tableId)));
    }

    /** The table to which a file belongs; null if none is known to. */
    @Nullable StoredTable ofFile(int fileId) {
        return byId.get(idOfFile.getOrDefault(fileId, 0));
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

    /** The table's columns; null if the table is not known. */
    @Nullable Schema schema(int tableId) {
        StoredTable table = byId.get(tableId);
        return table == null ? null : table.schema();
    }
}
