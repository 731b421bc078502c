package dev.cairn.engine.verify;

import dev.cairn.engine.StoredIndex;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.TransactionStatus;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the rows of the catalog say, gathered while its pages are judged. */
final class CatalogContents implements FileCheck.RowCheck {

    private final @org.jspecify.annotations.Nullable TransactionStatus status;
    private final Map<String, StoredTable> byName = new TreeMap<>();
    private final Map<Integer, StoredTable> byFile = new TreeMap<>();
    /** Files that any version of any row names, a dead one too. */
    private final Set<Integer> named = new HashSet<>();

    private final Map<Integer, StoredTable> byTable = new TreeMap<>();
    /** By the index's file. */
    private final Map<Integer, byte[]> indexRows = new TreeMap<>();

    private final Set<String> twice = new HashSet<>();

    /** @param status null if it cannot be read: then the newest version of each row counts */
    CatalogContents(@org.jspecify.annotations.Nullable TransactionStatus status) {
        this.status = status;
    }

    @Override
    public void check(PageBuffer page, int slot) {
        byte[] row = HeapPage.data(page, slot);
        StoredTable table = StoredTable.ofCatalogRow(row);
        named.add(table.fileId());
        named.add(table.overflowFileId());
        if (isLive(page, slot)) {
            if (byName.put(table.name(), table) != null) {
                twice.add(table.name());
            }
            byFile.put(table.fileId(), table);
            if (table.overflowFileId() != 0) {
                byFile.put(table.overflowFileId(), table);
            }
            if (table.isIndex()) {
                indexRows.put(table.fileId(), row);
            } else {
                byTable.put(table.tableId(), table);
            }
        }
    }

    private boolean isLive(PageBuffer page, int slot) {
        return status == null ? HeapPage.xmax(page, slot) == 0 : VersionCheck.isLive(status, page, slot);
    }

    /** The tables that there are, by their files. */
    Map<Integer, StoredTable> byFile() {
        return byFile;
    }

    /**
     * The index that has a file.
     *
     * @throws CorruptionException if its table is missing, or has no such columns
     */
    IndexOf index(int fileId) {
        StoredTable index = byFile.get(fileId);
        byte[] row = indexRows.get(fileId);
        if (index == null || row == null) {
            throw new IllegalArgumentException("file " + fileId + " is no index's");
        }
        StoredTable table = byTable.get(index.tableId());
        if (table == null) {
            throw new CorruptionException(
                    "index \"" + index.name() + "\" is of table " + index.tableId() + ", which there is not");
        }
        return new IndexOf(table, StoredIndex.ofCatalogRow(row, table));
    }

    /** The files of indexes. */
    Set<Integer> indexFiles() {
        return indexRows.keySet();
    }

    /** An index and its table. */
    record IndexOf(StoredTable table, StoredIndex index) {}

    /** Names that more than one table has. */
    Set<String> twice() {
        return twice;
    }

    boolean names(int fileId) {
        return named.contains(fileId);
    }
}
