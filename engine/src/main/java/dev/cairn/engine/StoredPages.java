package dev.cairn.engine;

import dev.cairn.recovery.OpenedStore;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.StatusWindow;
import java.util.List;
import java.util.function.Consumer;

/**
 * The pages under the tables of an open database, for inspection: row versions that nobody sees any more are among them. Meant
 * for a database that nobody else uses, such as one that was recovered in private memory; each page is of one moment, but two
 * pages may be of different ones. Thread-safe.
 */
public final class StoredPages {

    /**
     * A row version as it stands on its page.
     *
     * @param xmax 0 if nobody has deleted or replaced it
     * @param flags {@link dev.cairn.storage.heap.TupleFlags}
     * @param forward the row id of the version that replaced it; its own if none did
     * @param data the row, for {@link StoredTable#row}
     */
    public record Version(long rowId, long xmin, long xmax, int flags, long forward, byte[] data) {}

    private final OpenedStore store;
    private final Catalog catalog;

    StoredPages(OpenedStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** The committed tables, by name. */
    public List<StoredTable> tables() {
        return catalog.committed();
    }

    /** The committed indexes, by name. */
    public List<StoredIndex> indexes() {
        return catalog.committedIndexes().stream().map(StoredIndex::new).toList();
    }

    public int pageSize() {
        return store.cache().pageSize();
    }

    /** Whether there is such a file: that of a table's large values comes with the first of them. */
    public boolean exists(int fileId) {
        return fileId != 0 && store.files().exists(fileId);
    }

    /** Pages of the file that are in use, the header page included. */
    public int usedPages(int fileId) {
        return store.cache().usedPages(fileId);
    }

    /** Pages that the file has room for. */
    public int allocatedPages(int fileId) {
        return store.files().require(fileId).allocatedPages();
    }

    /**
     * Copies a page.
     *
     * @param into of {@link #pageSize}
     * @throws dev.cairn.storage.base.CorruptPageException if it fails its checks
     */
    public void copy(int fileId, int pageNo, PageBuffer into) {
        store.cache().copy(fileId, pageNo, into);
    }

    /** Every row version of a table, in page order. */
    public void versions(StoredTable table, Consumer<Version> action) {
        PageBuffer page = PageBuffer.allocate(pageSize());
        int pages = usedPages(table.fileId());
        for (int pageNo = 1; pageNo < pages; pageNo++) {
            copy(table.fileId(), pageNo, page);
            for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                if (HeapPage.isUsed(page, slot)) {
                    action.accept(new Version(
                            RowIds.of(pageNo, slot),
                            HeapPage.xmin(page, slot),
                            HeapPage.xmax(page, slot),
                            HeapPage.flags(page, slot),
                            HeapPage.forward(page, slot),
                            HeapPage.data(page, slot)));
                }
            }
        }
    }

    /**
     * Whether that transaction or sub-transaction has committed, and all that it is in.
     *
     * @throws dev.cairn.storage.base.CorruptionException if the id was never given out
     */
    public boolean isCommitted(long xid) {
        StatusWindow window = store.transactions().window();
        long word = window.word(xid);
        if (StatusWindow.tag(word) == StatusWindow.SUBCOMMITTED) {
            word = window.word(StatusWindow.value(word));
        }
        return StatusWindow.tag(word) == StatusWindow.COMMITTED;
    }
}
