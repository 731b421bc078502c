package dev.cairn.engine;

import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.heap.DeadChain;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.PageCleaner;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A table's heap and the trees of its indexes; one object for all transactions. Thread-safe.
 *
 * <p>It knows every tree that has a file: one whose creation is not committed yet, and one whose drop is not. So an entry is
 * removed from all of them before its version's slot can be given to another row, whatever becomes of those transactions.
 */
final class TableStore implements PageCleaner {

    /** An index and its tree. */
    record Attached(IndexInfo info, BTree tree) {}

    private final Heap heap;
    private final LargeValues rows;
    private final Mutex cleaning;
    private final List<Attached> indexes = new CopyOnWriteArrayList<>();

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
        indexes.add(new Attached(info, tree));
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
            dead.forEach(this::removeEntries);
            return heap.removeDead(pageNo, dead);
        } finally {
            cleaning.unlock();
        }
    }

    private void removeEntries(DeadChain chain) {
        for (byte[] data : chain.rows()) {
            @Nullable Object[] row = null;
            for (Attached attached : indexes) {
                IndexInfo info = attached.info;
                if (row == null) {
                    row = RowCodec.decode(info.schema(), data);
                }
                if (info.largeBytes(row) < 0) {
                    attached.tree.delete(info.entry(info.key(row), chain.rowId()));
                }
            }
        }
    }
}
