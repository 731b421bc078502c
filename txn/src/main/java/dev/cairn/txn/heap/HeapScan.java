package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a heap that a snapshot sees, in page order. Each page is copied into private memory once and read there, so a
 * scan holds no latch and never blocks a writer. Pages that come into use after the scan began hold nothing it may see.
 *
 * <p>Used by one thread at a time. The caller keeps the snapshot registered until {@link #close}.
 */
public final class HeapScan implements AutoCloseable {

    /** Which versions the scan is to show. */
    @FunctionalInterface
    interface Filter {
        boolean admits(PageBuffer page, int slot);
    }

    private final HeapContext context;
    private final int fileId;
    private final HeapSpace space;
    private final Filter filter;
    private final PassedVersions passed;
    private final int endPage;
    private @Nullable PageBuffer page;
    private int pageNo;
    private int slot = -1;
    private int slots;
    private @Nullable HotChains chains;

    HeapScan(HeapContext context, int fileId, HeapSpace space, Filter filter) {
        this.context = context;
        this.fileId = fileId;
        this.space = space;
        this.filter = filter;
        this.passed = new PassedVersions(context, space);
        this.endPage = context.usedPages(fileId);
        this.page = context.takeBuffer();
    }

    /** Goes to the next visible row; false if there is none. */
    public boolean next() {
        PageBuffer buffer = page;
        if (buffer == null) {
            return false;
        }
        while (true) {
            while (++slot < slots) {
                if (HeapPage.isUsed(buffer, slot)) {
                    if (filter.admits(buffer, slot)) {
                        passed.end();
                        return true;
                    }
                    pass(buffer);
                }
            }
            if (++pageNo >= endPage) {
                close();
                return false;
            }
            context.cache.copy(fileId, pageNo, buffer);
            HeapPage.requireKind(buffer);
            slots = HeapPage.slotCount(buffer);
            chains = null;
            slot = -1;
            space.noteSeen(pageNo, buffer);
        }
    }

    private void pass(PageBuffer buffer) {
        long xmax = HeapPage.xmax(buffer, slot);
        passed.pass(pageNo, HeapPage.xmin(buffer, slot), xmax, HeapPage.flags(buffer, slot));
    }

    /** The current row's id. */
    public long rowId() {
        return RowIds.of(pageNo, slot);
    }

    /**
     * The row id to which entries of indexes lead that mean the current version; -1 if there are none, as its creator was rolled
     * back.
     */
    public long rootRowId() {
        PageBuffer buffer = current();
        HotChains known = chains;
        if (known == null) {
            known = new HotChains(buffer);
            chains = known;
        }
        int root = known.root(slot);
        return root < 0 ? -1 : RowIds.of(pageNo, root);
    }

    /** Who made the current row. */
    public long xmin() {
        return HeapPage.xmin(current(), slot);
    }

    /** A copy of the current row, without the tuple header. */
    public byte[] data() {
        return HeapPage.data(current(), slot);
    }

    /** Copies the current version. */
    public void read(TupleView into) {
        into.copy(current(), pageNo, slot);
    }

    private PageBuffer current() {
        if (page == null || slot < 0) {
            throw new IllegalStateException("the scan stands on no row");
        }
        return page;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (page != null) {
            context.giveBuffer(page);
            page = null;
        }
    }
}
