package dev.cairn.txn.btree;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyGuess;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.PendingRecord;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index: a sorted set of keys, each with the row id that it stands for at its end. A B-link tree; knows nothing of
 * transactions: who puts and removes entries decides whether they mean anything.
 *
 * <p>Reading latches nothing and is never held up by a split. A change latches the one page that it changes; changes of the
 * tree's shape ({@link BTreeShape}) latch two. Thread-safe.
 */
public final class BTree {

    private static final int OPTIMISTIC_TURNS = 8;
    private static final int NOT_HERE = -2;
    /** So many keys more or less are no news. */
    private static final int SAME_KEYS = 3;

    private final BTreeContext context;
    private final int fileId;
    private final BTreeSearch search;
    private final BTreeSpace space;
    private final BTreeShape shape;
    private volatile @Nullable LeafCleaner cleaner;

    /** @param fileId a file that {@link #create} has been called for */
    public BTree(BTreeContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
        this.search = new BTreeSearch(context, fileId);
        this.space = new BTreeSpace(context, fileId);
        this.shape = new BTreeShape(context, fileId, search, space);
    }

    public int fileId() {
        return fileId;
    }

    /** Has dead entries removed by that before a page is split. */
    public void cleanedBy(LeafCleaner newCleaner) {
        cleaner = newCleaner;
    }

    /** Makes the empty tree, in a file that has nothing but its header. */
    public void create() {
        space.createRoot();
    }

    /** The longest key, row id included, in bytes. */
    public int maxKeyBytes() {
        return BTreePage.maxKeyBytes(context.pageSize);
    }

    /**
     * Adds a key.
     *
     * @param xid the transaction that the record is attributed to
     * @return false if it was there already
     * @throws TransactionException 54000 if the key is longer than {@link #maxKeyBytes}, 53100 if the disk is full
     */
    public boolean insert(long xid, byte[] key) {
        requireFits(key);
        boolean cleaned = false;
        while (true) {
            int pageNo = search.find(key, 0, false);
            boolean lacksDownlink = false;
            Frame frame = context.cache.latch(fileId, pageNo);
            try {
                PageBuffer page = frame.page();
                if (!BTreeSearch.covers(page, key, 0, false)) {
                    continue;
                }
                int slot = BTreePage.lowerBound(page, key);
                if (BTreePage.holdsAt(page, slot, key)) {
                    return false;
                }
                if (BTreePage.fits(page, key)) {
                    insertLatched(xid, frame, slot, key);
                    lacksDownlink = !BTreePage.hasDownlink(page);
                    if (!lacksDownlink) {
                        return true;
                    }
                }
            } finally {
                context.cache.unlatch(frame);
            }
            if (lacksDownlink) {
                shape.link(pageNo);
                return true;
            }
            LeafCleaner present = cleaner;
            if (cleaned || present == null || !present.clean(this, pageNo)) {
                shape.split(pageNo, key, 0);
            }
            cleaned = true;
        }
    }

    private void insertLatched(long xid, Frame frame, int slot, byte[] key) {
        PageBuffer page = frame.page();
        try (PendingRecord record = context.wal.begin(xid, WalRecordType.INDEX_INSERT)) {
            WalCodec.indexInsert(record.body(), fileId, PageHeader.pageNo(page), slot, key);
            frame.markDirty();
            BTreePage.insert(page, slot, key, 0);
            PageHeader.pageLsn(page, context.wal.append(record, page));
        }
    }

    /** The entries of a page, for a {@link LeafCleaner}; none if it is no leaf any more. */
    public List<byte[]> entriesOfLeaf(int pageNo) {
        PageBuffer page = context.takeBuffer();
        try {
            context.cache.copy(fileId, pageNo, page);
            List<byte[]> entries = new ArrayList<>();
            if (BTreeSearch.isInTree(page) && BTreePage.level(page) == 0) {
                for (int slot = 0; slot < BTreePage.count(page); slot++) {
                    entries.add(BTreePage.key(page, slot));
                }
            }
            return entries;
        } finally {
            context.giveBuffer(page);
        }
    }

    /** Removes entries, as far as they stand on that page; false if none does. For a {@link LeafCleaner}. */
    public boolean deleteFromLeaf(int pageNo, List<byte[]> entries) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            PageBuffer page = frame.page();
            if (!BTreeSearch.isInTree(page) || BTreePage.level(page) != 0) {
                return false;
            }
            int[] slots = entries.stream()
                    .mapToInt(entry -> {
                        int slot = BTreePage.lowerBound(page, entry);
                        return BTreePage.holdsAt(page, slot, entry) ? slot : -1;
                    })
                    .filter(slot -> slot >= 0)
                    .sorted()
                    .toArray();
            if (slots.length > 0) {
                WalRecord record = new WalRecord.IndexDelete(fileId, pageNo, slots);
                frame.markDirty();
                BTreePage.remove(page, slots);
                PageHeader.pageLsn(page, context.wal.append(0, record, page));
            }
            return slots.length > 0;
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /** @throws TransactionException 54000 if the key is longer than {@link #maxKeyBytes} */
    public void requireFits(byte[] key) {
        if (key.length > maxKeyBytes()) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "index row size " + key.length + " exceeds the maximum " + maxKeyBytes());
        }
    }

    /** Removes a key; false if it was not there. */
    public boolean delete(byte[] key) {
        while (true) {
            int pageNo = search.find(key, 0, false);
            Frame frame = context.cache.latch(fileId, pageNo);
            try {
                PageBuffer page = frame.page();
                if (!BTreeSearch.covers(page, key, 0, false)) {
                    continue;
                }
                int slot = BTreePage.lowerBound(page, key);
                if (!BTreePage.holdsAt(page, slot, key)) {
                    return false;
                }
                int[] slots = {slot};
                WalRecord record = new WalRecord.IndexDelete(fileId, pageNo, slots);
                frame.markDirty();
                BTreePage.remove(page, slots);
                PageHeader.pageLsn(page, context.wal.append(0, record, page));
                if (BTreePage.count(page) > 0 || pageNo == BTreePage.ROOT) {
                    return true;
                }
            } finally {
                context.cache.unlatch(frame);
            }
            shape.giveBack(pageNo);
            return true;
        }
    }

    /**
     * The row ids of the entries that have exactly that key, in ascending order. Allocates nothing.
     *
     * @param key without a row id
     * @return how many there are; -1 if they do not fit or not all stand on one page: a cursor finds them
     */
    public int rowIds(byte[] key, long[] into) {
        for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
            long leaf = turn == 0 ? search.leaf(key) : search.find(key, 0, false);
            int pageNo = (int) leaf;
            Frame frame = context.cache.find(fileId, pageNo);
            long begun = frame.beginRead();
            if (begun != Frame.LATCHED) {
                // Written over when there is something to be found.
                into[0] = KeyGuess.load(frame.page(), frame.hint(), (int) (leaf >>> Integer.SIZE));
                int found = NOT_HERE;
                boolean whole = true;
                try {
                    found = rowIds(frame.page(), key, into);
                } catch (IndexOutOfBoundsException e) {
                    whole = false;
                }
                context.scheduler.point(CrashPoint.CACHE_READ);
                if (whole && found != NOT_HERE && frame.validate(begun, fileId, pageNo)) {
                    noteKeys(frame);
                    return found;
                }
            }
            context.scheduler.spin(turn);
        }
        return -1;
    }

    /** Leaves word how many keys there are, for whoever reads the leaf next. */
    private static void noteKeys(Frame leaf) {
        int keys = BTreePage.count(leaf.page());
        if (Math.abs(keys - leaf.hint()) > SAME_KEYS) {
            leaf.hint(keys);
        }
    }

    private static int rowIds(PageBuffer page, byte[] key, long[] into) {
        if (!BTreeSearch.covers(page, key, 0, false)) {
            return NOT_HERE;
        }
        int count = BTreePage.count(page);
        int from = BTreePage.lowerBound(page, key);
        int slot = from;
        while (slot < count && BTreePage.isEntryOf(page, slot, key)) {
            if (slot - from == into.length) {
                return -1;
            }
            into[slot - from] = BTreePage.rowId(page, slot);
            slot++;
        }
        return slot == count && BTreePage.mayGoOn(page, key) ? -1 : slot - from;
    }

    /** Whether the key is there. */
    public boolean contains(byte[] key) {
        try (BTreeCursor cursor = ascending(key, null)) {
            return cursor.next() && KeyBytes.compare(cursor.key(), key) == 0;
        }
    }

    /**
     * Keys in ascending order.
     *
     * @param from the first key that may come
     * @param to the first key that may not come; null for none
     */
    public BTreeCursor ascending(byte[] from, byte @Nullable [] to) {
        BTreeCursor cursor = new BTreeCursor();
        cursor.begin(this, from, to, false);
        return cursor;
    }

    /** The same keys as {@link #ascending}, in descending order. */
    public BTreeCursor descending(byte[] from, byte @Nullable [] to) {
        BTreeCursor cursor = new BTreeCursor();
        cursor.begin(this, from, to, true);
        return cursor;
    }

    /** Copies the leaf that holds the key, or with {@code below} the greatest keys below it; key null for the last leaf. */
    void copyLeaf(byte @Nullable [] key, boolean below, PageBuffer into) {
        do {
            context.cache.copy(fileId, search.find(key, 0, below), into);
        } while (!BTreeSearch.covers(into, key, 0, below));
    }

    /** Copies that page; false if it is not the leaf that begins with that key. */
    boolean copyLeafAt(int pageNo, byte[] low, PageBuffer into) {
        context.cache.copy(fileId, pageNo, into);
        return BTreeSearch.isInTree(into)
                && BTreePage.level(into) == 0
                && BTreePage.beginsAt(into, low)
                && BTreePage.endsAfter(into, low);
    }

    BTreeContext context() {
        return context;
    }

    BTreeSpace space() {
        return space;
    }
}
