package dev.cairn.engine;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.LeafCleaner;
import dev.cairn.txn.heap.DeadChain;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.PageCleaner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A table's heap and the trees of its indexes; one object for all transactions. Thread-safe.
 *
 * <p>It knows every tree that has a file: one whose creation is not committed yet, and one whose drop is not. So an entry is
 * removed from all of them before its version's slot can be given to another row, whatever becomes of those transactions.
 */
final class TableStore implements PageCleaner, LeafCleaner {

    /** Pages of the heap that are looked at for the entries of one page of an index. */
    private static final int PAGES_PER_LEAF = 8;

    /** An index, its tree, and a key for entries that are removed. */
    private record Attached(IndexInfo info, BTree tree, RowKey key) {}

    private final Heap heap;
    private final LargeValues rows;
    private final Mutex cleaning;
    private final List<Attached> indexes = new CopyOnWriteArrayList<>();
    /** Of the row whose entries are being removed. This and the indexes' keys are used under the lock for cleaning. */
    private final RowOffsets offsets = new RowOffsets();

    TableStore(Heap heap, LargeValues rows, Mutex cleaning) {
        this.heap = heap;
        this.rows = rows;
        this.cleaning = cleaning;
        heap.cleanedBy(this);
    }

    Heap heap() {
        return heap;
    }

    /** Rows as bytes, with what does not fit into them. */
    LargeValues rows() {
        return rows;
    }

    /** Before the first entry is made. */
    void attach(IndexInfo info, BTree tree) {
        tree.cleanedBy(this);
        indexes.add(new Attached(info, tree, new RowKey(info, tree)));
    }

    /** Before the file is unlinked. */
    void detach(int fileId) {
        cleaning.lock();
        try {
            indexes.removeIf(attached -> attached.info.fileId() == fileId);
        } finally {
            cleaning.unlock();
        }
    }

    BTree tree(IndexInfo info) {
        for (Attached attached : indexes) {
            if (attached.info.fileId() == info.fileId()) {
                return attached.tree;
            }
        }
        throw new IllegalStateException("index \"" + info.index().name() + "\" is not attached to its table");
    }

    @Override
    public boolean isNeeded() {
        return !indexes.isEmpty();
    }

    /** Two at a time could remove an entry that was made again in between, so there is one. */
    @Override
    public boolean clean(int pageNo) {
        if (!cleaning.tryLock()) {
            return false;
        }
        try {
            List<DeadChain> dead = heap.deadChains(pageNo);
            if (dead.isEmpty()) {
                return false;
            }
            dead.forEach(this::removeEntries);
            return heap.removeDead(pageNo, dead);
        } finally {
            cleaning.unlock();
        }
    }

    /**
     * Entries of rows that are dead as a whole, before a page of an index is split for them; as PostgreSQL's bottom-up deletion
     * does. Nobody gives the rows' slots to other rows meanwhile, as that is done under the same lock.
     */
    @Override
    public boolean clean(BTree tree, int pageNo) {
        if (!heap.mayHaveDead() || !cleaning.tryLock()) {
            return false;
        }
        try {
            Map<Integer, List<byte[]>> byHeapPage = new HashMap<>();
            for (byte[] entry : tree.entriesOfLeaf(pageNo)) {
                int heapPage = RowIds.page(KeyCodec.rowIdOf(entry));
                if (heap.mayHaveDead(heapPage)) {
                    byHeapPage
                            .computeIfAbsent(heapPage, page -> new ArrayList<>())
                            .add(entry);
                }
            }
            List<byte[]> dead = new ArrayList<>();
            byHeapPage.entrySet().stream()
                    .sorted(Comparator.comparing(page -> -page.getValue().size()))
                    .limit(PAGES_PER_LEAF)
                    .forEach(page -> addDead(page.getKey(), page.getValue(), dead));
            return !dead.isEmpty() && tree.deleteFromLeaf(pageNo, dead);
        } finally {
            cleaning.unlock();
        }
    }

    private void addDead(int heapPage, List<byte[]> entries, List<byte[]> dead) {
        Set<Long> roots = new HashSet<>();
        heap.deadChains(heapPage).forEach(chain -> roots.add(chain.rowId()));
        for (byte[] entry : entries) {
            if (roots.contains(KeyCodec.rowIdOf(entry))) {
                dead.add(entry);
            }
        }
    }

    private void removeEntries(DeadChain chain) {
        for (byte[] data : chain.rows()) {
            boolean located = false;
            for (Attached attached : indexes) {
                if (!located) {
                    offsets.locate(attached.info.schema(), data, 0, data.length);
                    located = true;
                }
                if (attached.key.read(data, offsets)) {
                    attached.tree.delete(attached.key.entry(chain.rowId()));
                }
            }
        }
    }
}
