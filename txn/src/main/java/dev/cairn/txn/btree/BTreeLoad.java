package dev.cairn.txn.btree;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.record.WalRecord;
import java.util.Arrays;

/**
 * Fills an empty tree with entries that come in order: pages are packed from the left to the right and from the leaves up,
 * each written, and logged as a whole, once. Nothing leads to them until the root is written, as the last one, so up to then
 * everybody sees an empty tree. One thread, and nobody else changes the tree meanwhile.
 */
public final class BTreeLoad {

    private final BTree tree;
    private final BTreeContext context;
    private final BTreeSpace space;
    private final long xid;
    private final PackedLevel leaves;
    private byte[] last = KeyBytes.LEAST;
    private long entries;
    private int pages;

    /** @param xid the transaction that the records are attributed to */
    public BTreeLoad(BTree tree, long xid) {
        this.tree = tree;
        this.context = tree.context();
        this.space = tree.space();
        this.xid = xid;
        this.leaves = new PackedLevel(this, 0);
    }

    /**
     * Adds an entry; the array is kept.
     *
     * @throws dev.cairn.storage.base.TransactionException 54000 if it is longer than {@link BTree#maxKeyBytes}, 53100 if the disk
     *     is full
     * @throws IllegalArgumentException if it does not follow the one before
     */
    public void add(byte[] entry) {
        tree.requireFits(entry);
        if (Arrays.compareUnsigned(entry, last) <= 0) {
            throw new IllegalArgumentException("expected entries in ascending order");
        }
        last = entry;
        entries++;
        leaves.add(entry, 0);
    }

    /** Makes the tree whole. */
    public void finish() {
        if (entries > 0) {
            leaves.finish();
        }
    }

    /** Pages written so far. */
    public int pages() {
        return pages;
    }

    int pageSize() {
        return context.pageSize;
    }

    int allocate() {
        return space.allocate();
    }

    void write(int pageNo, int level, byte[] low, byte[] high, int right, byte[][] keys, int[] children) {
        if (pageNo == BTreePage.ROOT) {
            context.scheduler.point(CrashPoint.INDEX_LOADED);
        }
        Frame frame = context.cache.latch(tree.fileId(), pageNo);
        try {
            PageBuffer page = frame.page();
            WalRecord record = new WalRecord.PageImage(tree.fileId(), pageNo);
            frame.markDirty();
            BTreePage.initWith(page, tree.fileId(), pageNo, level, low, high, right, keys, children);
            PageHeader.pageLsn(page, context.wal.append(xid, record, page));
        } finally {
            context.cache.unlatch(frame);
        }
        pages++;
    }
}
