package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.RowClaim;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table: changed through a {@link HeapWriter}, read through {@link HeapScan} and by row id.
 *
 * <p>Thread-safe; each {@link Xact} is used by one thread at a time.
 */
public final class Heap {

    private final HeapContext context;
    private final int fileId;
    private final int tableId;
    /** The catalog is read by transactions that know nothing of it: table locks order its changes. */
    private final boolean isCatalog;

    private final HeapSpace space;
    private final TupleReader reader;
    private final RowLocking locking;

    /** @param keepsDeadRows whether versions that nobody can see stay until further notice, as the catalog's do */
    public Heap(HeapContext context, int fileId, int tableId, boolean keepsDeadRows) {
        this.context = context;
        this.fileId = fileId;
        this.tableId = tableId;
        this.isCatalog = keepsDeadRows;
        this.space = new HeapSpace(context, fileId, keepsDeadRows);
        this.reader = new TupleReader(context, fileId);
        this.locking = new RowLocking(context, fileId);
    }

    public int fileId() {
        return fileId;
    }

    /** Has dead versions removed by that, once it is needed. */
    public void cleanedBy(PageCleaner cleaner) {
        space.cleanedBy(cleaner);
    }

    /** Whether there may be rows of which nobody can see anything; said from memory. */
    public boolean mayHaveDead() {
        return space.dead().any();
    }

    /** As {@link #mayHaveDead()}, of one page. */
    public boolean mayHaveDead(int pageNo) {
        return space.dead().contains(pageNo);
    }

    /** The rows of a page of which nobody can see anything, now or later. For a {@link PageCleaner}. */
    public List<DeadChain> deadChains(int pageNo) {
        PageBuffer page = context.takeBuffer();
        try {
            context.cache.copy(fileId, pageNo, page);
            long horizon = context.transactions.horizon();
            return HotChains.anyDead(page, horizon, context.window)
                    ? new HotChains(page).dead(horizon, context.window)
                    : List.of();
        } finally {
            context.giveBuffer(page);
        }
    }

    /**
     * Removes dead rows, to which no entry of an index leads any more, from their page, but for those that are locked. For a
     * {@link PageCleaner}.
     *
     * @return whether there was one to remove
     */
    public boolean removeDead(int pageNo, List<DeadChain> dead) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            return space.removeDead(frame, dead);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /** Removes what nobody can see any more from a page, as far as entries of indexes allow it. */
    public void prune(int pageNo) {
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            space.prune(frame);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /** What a row, to which an entry leads, means to somebody who wants to make one with the same key. */
    public VersionCheck check(Xact xact, long rowId) {
        return versions().check(xact, rowId);
    }

    /** Finds rows to which entries of indexes lead; for one thread. */
    public VersionChain versions() {
        return new VersionChain(context, reader, space, fileId, isCatalog);
    }

    /** Finds rows to which entries of indexes lead, several at a time; for one thread. */
    public VersionBatch batch() {
        return new VersionBatch(context, fileId, versions());
    }

    /** Every version that there is, dead ones included. */
    public HeapScan all() {
        return new HeapScan(context, fileId, space, (page, slot) -> true);
    }

    /** Every version that somebody may see, now or later, in page order; what is being made or deleted included. */
    public HeapScan possible() {
        long horizon = context.transactions.horizon();
        return new HeapScan(
                context, fileId, space, (page, slot) -> !Tuples.isDead(page, slot, horizon, context.window));
    }

    /** The longest row that fits a page, in bytes without the tuple header. */
    public int maxRowBytes() {
        return HeapPage.maxDataLength(context.pageSize);
    }

    /** Changes rows for that transaction. */
    public HeapWriter writer(Xact xact) {
        return new HeapWriter(context, fileId, tableId, isCatalog, xact, space, reader, locking);
    }

    /**
     * Locks a row for the transaction's innermost level, and all its newer versions with it. {@link HeapChange.Kind#MOVED} says
     * that the row has been updated since it was read, and that its newest version is locked.
     *
     * @param xmin who made the version, as it was read
     */
    public HeapChange lock(Xact xact, long rowId, long xmin, RowLockMode mode, RowLockPolicy policy) {
        try (RowClaim claim = new RowClaim(xact, fileId).begin(mode, policy)) {
            return locking.lock(claim, rowId, xmin);
        }
    }

    /** The version of that row id if the transaction's statement sees it, else null. */
    public @Nullable HeapVersion fetch(Xact xact, long rowId) {
        TupleView tuple = new TupleView();
        return reader.readVisible(xact, isCatalog ? null : xact.serial(), rowId, tuple) ? tuple.toVersion() : null;
    }

    /**
     * The version that an update or delete was sent to, whether or not a snapshot sees it; null if its slot has been used
     * for something else since.
     */
    public @Nullable HeapVersion newest(long rowId, long xmin) {
        TupleView tuple = new TupleView();
        return reader.read(rowId, tuple) && tuple.xmin() == xmin ? tuple.toVersion() : null;
    }

    /** Rows visible to the snapshot, in page order. */
    public HeapScan scan(Xact xact, Snapshot snapshot) {
        SerialXact serial = isCatalog ? null : xact.serial();
        if (serial != null) {
            serial.readTable(fileId);
            return new HeapScan(
                    context,
                    fileId,
                    space,
                    (page, slot) -> Tuples.isVisibleToSerial(page, slot, xact, serial, snapshot, context.window));
        }
        return new HeapScan(
                context, fileId, space, (page, slot) -> Tuples.isVisible(page, slot, xact, snapshot, context.window));
    }

    /** Every version whose creator committed, whether deleted since or not. While no transaction writes. */
    public HeapScan history() {
        return new HeapScan(context, fileId, space, (page, slot) -> Tuples.isCreated(page, slot, context));
    }
}
