package dev.cairn.engine.verify;

import dev.cairn.engine.StoredTable;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
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

    private final Set<String> twice = new HashSet<>();

    /** @param status null if it cannot be read: then the newest version of each row counts */
    CatalogContents(@org.jspecify.annotations.Nullable TransactionStatus status) {
        this.status = status;
    }

    @Override
    public void check(PageBuffer page, int slot) {
        StoredTable table = StoredTable.ofCatalogRow(HeapPage.data(page, slot));
        named.add(table.fileId());
        if (isLive(page, slot)) {
            if (byName.put(table.name(), table) != null) {
                twice.add(table.name());
            }
            byFile.put(table.fileId(), table);
        }
    }

    private boolean isLive(PageBuffer page, int slot) {
        long xmax = HeapPage.xmax(page, slot);
        if (status == null) {
            return xmax == 0;
        }
        boolean made =
                (HeapPage.flags(page, slot) & TupleFlags.FROZEN) != 0 || status.isCommitted(HeapPage.xmin(page, slot));
        return made && (xmax == 0 || !status.isCommitted(xmax));
    }

    /** The tables that there are, by their files. */
    Map<Integer, StoredTable> byFile() {
        return byFile;
    }

    /** Names that more than one table has. */
    Set<String> twice() {
        return twice;
    }

    boolean names(int fileId) {
        return named.contains(fileId);
    }
}
