package dev.cairn.txn.heap;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.RowClaim;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table: inserts, updates and deletes as logged actions, reads through {@link HeapScan}.
 *
 * <p>A logged action is always the same seven steps: latch the pages (ascending, at most two), check, mark dirty, modify,
 * append the record, set the page's LSN, unlatch. The transaction's ids are assigned before, and the record is built
 * before anything is modified. Nobody waits for another transaction under a latch: a writer that meets a row in change
 * unlatches, waits and looks again.
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
            return new HotChains(page).dead(context.transactions.horizon(), context.window);
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
        return new VersionChain(context, reader, fileId, isCatalog);
    }

    /** Finds rows to which entries of indexes lead, several at a time; for one thread. */
    public VersionBatch batch() {
        return new VersionBatch(reader, versions());
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

    /**
     * Adds a row.
     *
     * @param data the row without the tuple header
     * @return the row id
     * @throws TransactionException 54000 if the row is longer than a page holds, 53100 if the disk is full
     */
    public long insert(Xact xact, byte[] data) {
        requireFits(data);
        long xid = xact.currentXid();
        long rowId = insertLatched(xact, xid, data);
        SerialXact serial = xact.serial();
        if (serial != null && !isCatalog) {
            serial.inserted(fileId);
        }
        return rowId;
    }

    private long insertLatched(Xact xact, long xid, byte[] data) {
        Frame frame = space.latchForInsert(xid, data.length);
        try {
            PageBuffer page = frame.page();
            int pageNo = PageHeader.pageNo(page);
            int slot = HeapPage.slotForInsert(page);
            int command = xact.writingCommand();
            WalRecord record = new WalRecord.HeapInsert(fileId, tableId, pageNo, slot, command, 0, data);
            frame.markDirty();
            HeapPage.insert(page, slot, xid, command, 0, data, 0, data.length);
            PageHeader.pageLsn(page, context.wal.append(xid, record, page));
            return RowIds.of(pageNo, slot);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /**
     * Marks a version deleted, once nobody else is changing it or has locked it. Waits for whoever does. If somebody has
     * committed an update meanwhile, nothing is deleted: the newest version is locked, for the caller to look at.
     *
     * @param xmin who made the version, as it was read
     */
    public HeapChange delete(Xact xact, long rowId, long xmin) {
        return told(xact, rowId, deleteUntold(xact, rowId, xmin));
    }

    /** A serializable transaction's write may close a cycle: seen after it, so that readers and writers do not miss each other. */
    private HeapChange told(Xact xact, long rowId, HeapChange change) {
        SerialXact serial = xact.serial();
        if (serial != null && !isCatalog && change.kind() == HeapChange.Kind.DONE) {
            serial.changed(fileId, rowId);
        }
        return change;
    }

    private HeapChange deleteUntold(Xact xact, long rowId, long xmin) {
        long xid = xact.currentXid();
        try (RowClaim claim = new RowClaim(xact, fileId, RowLockMode.UPDATE, RowLockPolicy.WAIT)) {
            while (true) {
                Frame frame = context.cache.latch(fileId, RowIds.page(rowId));
                WriterCheck check;
                try {
                    check = WriterCheck.of(claim, context, frame.page(), rowId, xmin, true);
                    if (check.isFree() && context.rowLocks.admits(claim, rowId)) {
                        deleteLatched(xact, xid, frame, rowId);
                        return new HeapChange(HeapChange.Kind.DONE, rowId, xmin, false);
                    }
                } finally {
                    context.cache.unlatch(frame);
                }
                HeapChange outcome = check.outcome();
                if (outcome != null) {
                    return locking.followed(claim, outcome);
                }
                claim.await(rowId, check.changer());
            }
        }
    }

    private void deleteLatched(Xact xact, long xid, Frame frame, long rowId) {
        PageBuffer page = frame.page();
        requireHolds(page, xid);
        int slot = RowIds.slot(rowId);
        int command = maxCommand(xact, page, slot);
        int flags = deletedFlags(xact, page, slot, 0);
        WalRecord record = new WalRecord.HeapDelete(fileId, tableId, RowIds.page(rowId), slot, command, flags);
        frame.markDirty();
        HeapPage.markDeleted(page, slot, xid, command, flags, rowId);
        PageHeader.pageLsn(page, context.wal.append(xid, record, page));
        space.noteDeleted(RowIds.page(rowId), xid);
    }

    /**
     * Replaces a version, once nobody else is changing it or has locked it, as {@link #delete} does. The new version goes to
     * the same page if it fits there.
     *
     * @param mode {@link RowLockMode#UPDATE} if the row's key changes, else {@link RowLockMode#NO_KEY_UPDATE}
     * @param mayBeHot whether no indexed column changes: then on the same page the new version needs no entries of its own
     */
    public HeapChange update(Xact xact, long rowId, long xmin, RowLockMode mode, boolean mayBeHot, byte[] data) {
        requireFits(data);
        return told(xact, rowId, updateUntold(xact, rowId, xmin, mode, mayBeHot, data));
    }

    private HeapChange updateUntold(Xact xact, long rowId, long xmin, RowLockMode mode, boolean mayBeHot, byte[] data) {
        long xid = xact.currentXid();
        boolean samePage = true;
        try (RowClaim claim = new RowClaim(xact, fileId, mode, RowLockPolicy.WAIT)) {
            while (true) {
                int target = samePage ? RowIds.page(rowId) : space.candidate(xid);
                PagePair pair = PagePair.latch(context.cache, fileId, RowIds.page(rowId), target);
                WriterCheck check;
                boolean admitted;
                try {
                    check = WriterCheck.of(claim, context, pair.old().page(), rowId, xmin, true);
                    admitted = check.isFree() && context.rowLocks.admits(claim, rowId);
                    if (admitted) {
                        if (space.makeRoom(pair.fresh(), xid, data.length)) {
                            boolean hot = mayBeHot && pair.old() == pair.fresh();
                            long moved = updateLatched(claim, xid, pair, rowId, hot, data);
                            return new HeapChange(HeapChange.Kind.DONE, moved, xid, hot);
                        }
                    }
                } finally {
                    pair.unlatch(context.cache);
                }
                HeapChange outcome = check.outcome();
                if (outcome != null) {
                    return locking.followed(claim, outcome);
                }
                if (!admitted) {
                    claim.await(rowId, check.changer());
                } else if (!space.clean(target)) {
                    space.noteFull(target, xid);
                    samePage = false;
                }
            }
        }
    }

    /**
     * Locks a row for the transaction's innermost level, and all its newer versions with it. {@link HeapChange.Kind#MOVED} says
     * that the row has been updated since it was read, and that its newest version is locked.
     *
     * @param xmin who made the version, as it was read
     */
    public HeapChange lock(Xact xact, long rowId, long xmin, RowLockMode mode, RowLockPolicy policy) {
        try (RowClaim claim = new RowClaim(xact, fileId, mode, policy)) {
            return locking.lock(claim, rowId, xmin);
        }
    }

    private long updateLatched(RowClaim claim, long xid, PagePair pair, long rowId, boolean hot, byte[] data) {
        Xact xact = claim.xact();
        PageBuffer oldPage = pair.old().page();
        PageBuffer newPage = pair.fresh().page();
        requireHolds(oldPage, xid);
        int oldSlot = RowIds.slot(rowId);
        int newPageNo = PageHeader.pageNo(newPage);
        int newSlot = HeapPage.slotForInsert(newPage);
        long newRowId = RowIds.of(newPageNo, newSlot);
        int oldCommand = maxCommand(xact, oldPage, oldSlot);
        int hotFlag = hot ? TupleFlags.HOT_UPDATED : 0;
        int oldFlags = deletedFlags(xact, oldPage, oldSlot, updatedFlags(claim, rowId) | hotFlag);
        int newFlags = hot ? TupleFlags.HEAP_ONLY : 0;
        int newCommand = xact.writingCommand();
        WalRecord record = new WalRecord.HeapUpdate(
                fileId,
                tableId,
                RowIds.page(rowId),
                oldSlot,
                oldCommand,
                oldFlags,
                newPageNo,
                newSlot,
                newCommand,
                newFlags,
                data,
                hot);
        pair.markDirty();
        HeapPage.insert(newPage, newSlot, xid, newCommand, newFlags, data, 0, data.length);
        HeapPage.markDeleted(oldPage, oldSlot, xid, oldCommand, oldFlags, newRowId);
        context.rowLocks.carry(xact, fileId, rowId, newRowId);
        long end = oldPage == newPage
                ? context.wal.append(xid, record, newPage)
                : context.wal.append(xid, record, newPage, oldPage);
        PageHeader.pageLsn(newPage, end);
        PageHeader.pageLsn(oldPage, end);
        if (!hot) {
            space.noteDeleted(RowIds.page(rowId), xid);
        }
        return newRowId;
    }

    /** An update is as strong as the FOR UPDATE lock that its level has on the row, and partly so if another level has it. */
    private int updatedFlags(RowClaim claim, long rowId) {
        if (claim.mode() == RowLockMode.UPDATE) {
            return TupleFlags.UPDATED | TupleFlags.KEY_UPDATED;
        }
        return switch (context.rowLocks.heldForUpdate(claim.xact(), fileId, rowId)) {
            case NOT -> TupleFlags.UPDATED;
            case BY_THIS_LEVEL -> TupleFlags.UPDATED | TupleFlags.KEY_UPDATED;
            case BY_OTHERS_TOO -> TupleFlags.UPDATED | TupleFlags.LOCKED_UPDATED;
        };
    }

    /** What the tuple's command field says once this transaction has deleted it: cmax, or a combo if it also made it. */
    private static int maxCommand(Xact xact, PageBuffer page, int slot) {
        int command = xact.writingCommand();
        return xact.isMine(HeapPage.xmin(page, slot))
                ? xact.comboCommand(minCommand(xact, page, slot), command)
                : command;
    }

    private static int minCommand(Xact xact, PageBuffer page, int slot) {
        int field = HeapPage.command(page, slot);
        return (HeapPage.flags(page, slot) & TupleFlags.COMMAND_IS_COMBO) != 0 ? xact.cminOf(field) : field;
    }

    private static int deletedFlags(Xact xact, PageBuffer page, int slot, int updated) {
        int kept = HeapPage.flags(page, slot)
                & ~(TupleFlags.COMMAND_IS_MAX
                        | TupleFlags.COMMAND_IS_COMBO
                        | TupleFlags.UPDATED
                        | TupleFlags.KEY_UPDATED
                        | TupleFlags.LOCKED_UPDATED
                        | TupleFlags.HOT_UPDATED);
        boolean mine = xact.isMine(HeapPage.xmin(page, slot));
        return kept | updated | (mine ? TupleFlags.COMMAND_IS_COMBO : TupleFlags.COMMAND_IS_MAX);
    }

    /** The version of that row id if the snapshot sees it, else null. */
    public @Nullable HeapVersion fetch(Xact xact, Snapshot snapshot, long rowId) {
        SerialXact serial = isCatalog ? null : xact.serial();
        if (serial != null) {
            serial.readRow(fileId, rowId);
        }
        TupleView tuple = new TupleView();
        boolean there = reader.read(rowId, tuple);
        boolean visible = there
                && Visibility.isVisible(
                        tuple.xmin(), tuple.xmax(), tuple.command(), tuple.flags(), xact, snapshot, context.window);
        if (serial != null && there) {
            Tuples.noteUnseen(visible, tuple.xmin(), tuple.xmax(), tuple.flags(), serial, snapshot, context.window);
        }
        return visible ? tuple.toVersion() : null;
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

    /** Ids on a page lie within 2^31 of the one that made it; beyond, its rows would have to be frozen first. */
    private void requireHolds(PageBuffer page, long xid) {
        if (!HeapPage.canHold(page, xid)) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "transaction id " + xid + " is too far from those on page " + PageHeader.pageNo(page) + " of file "
                            + fileId + ", which start at " + PageHeader.xidBase(page));
        }
    }

    private void requireFits(byte[] data) {
        if (data.length > maxRowBytes()) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row is too big: " + data.length + " bytes, the page size allows " + maxRowBytes());
        }
    }
}
