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
import dev.cairn.txn.Xact;
import dev.cairn.wal.PendingRecord;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecordType;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction changes in the rows of one heap: inserts, updates and deletes as logged actions.
 *
 * <p>A logged action is always the same seven steps: latch the pages (ascending, at most two), check, mark dirty, modify,
 * append the record, set the page's LSN, unlatch. The transaction's ids are assigned before, and the record is written
 * before anything is modified. Nobody waits for another transaction under a latch: a writer that meets a row in change
 * unlatches, waits and looks again.
 *
 * <p>Used by the transaction's thread, for one change after another: what a change needs is kept for the next, so that none allocates
 * but for a page that comes into use, and where somebody else is in the way.
 */
public final class HeapWriter {

    private final HeapContext context;
    private final int fileId;
    private final int tableId;
    private final boolean isCatalog;
    private final Xact xact;
    private final HeapSpace space;
    private final TupleReader reader;
    private final RowLocking locking;
    private final RowClaim claim;
    private final PagePair pair;

    private long rowId;
    private long xmin;
    private boolean hot;

    HeapWriter(
            HeapContext context,
            int fileId,
            int tableId,
            boolean isCatalog,
            Xact xact,
            HeapSpace space,
            TupleReader reader,
            RowLocking locking) {
        this.context = context;
        this.fileId = fileId;
        this.tableId = tableId;
        this.isCatalog = isCatalog;
        this.xact = xact;
        this.space = space;
        this.reader = reader;
        this.locking = locking;
        this.claim = new RowClaim(xact, fileId);
        this.pair = new PagePair(context.cache, fileId);
    }

    /** After an update that is {@link HeapChange.Kind#DONE} the new version, after {@link HeapChange.Kind#MOVED} the newest one. */
    public long rowId() {
        return rowId;
    }

    /** Who made the version at {@link #rowId}. */
    public long xmin() {
        return xmin;
    }

    /** After an update: whether entries of indexes that led to the old version lead to the new one too. */
    public boolean isHot() {
        return hot;
    }

    /** Reads the version of that row id if the transaction's statement sees it. */
    public boolean read(long wanted, TupleView into) {
        return reader.readVisible(xact, serial(), wanted, into);
    }

    /**
     * Reads the version at {@link #rowId}, whether or not a snapshot sees it; false if its slot has been used for something else
     * since.
     */
    public boolean readNewest(TupleView into) {
        return reader.read(rowId, into) && into.xmin() == xmin;
    }

    private @Nullable SerialXact serial() {
        return isCatalog ? null : xact.serial();
    }

    /**
     * Adds a row.
     *
     * @param data the row without the tuple header, {@code length} bytes of it
     * @return the row id
     * @throws TransactionException 54000 if the row is longer than a page holds, 53100 if the disk is full
     */
    public long insert(byte[] data, int length) {
        requireFits(length);
        long xid = xact.currentXid();
        space.tidy();
        long inserted = insertLatched(xid, data, length);
        SerialXact serial = serial();
        if (serial != null) {
            serial.inserted(fileId);
        }
        return inserted;
    }

    private long insertLatched(long xid, byte[] data, int length) {
        Frame frame = space.latchForInsert(xid, length);
        try (PendingRecord record = context.wal.begin(xid, WalRecordType.HEAP_INSERT)) {
            PageBuffer page = frame.page();
            int pageNo = PageHeader.pageNo(page);
            int slot = HeapPage.slotForInsert(page);
            int command = xact.writingCommand();
            WalCodec.heapInsert(record.body(), fileId, tableId, pageNo, slot, command, 0, data, length);
            frame.markDirty();
            HeapPage.insert(page, slot, xid, command, 0, data, 0, length);
            PageHeader.pageLsn(page, context.wal.append(record, page));
            return RowIds.of(pageNo, slot);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /**
     * Marks a version deleted, once nobody else is changing it or has locked it. Waits for whoever does. If somebody has
     * committed an update meanwhile, nothing is deleted: the newest version is locked, for the caller to look at.
     *
     * @param old the version's row id
     * @param oldXmin who made the version, as it was read
     */
    public HeapChange.Kind delete(long old, long oldXmin) {
        return told(old, deleteUntold(old, oldXmin));
    }

    /** A serializable transaction's write may close a cycle: seen after it, so that readers and writers do not miss each other. */
    private HeapChange.Kind told(long old, HeapChange.Kind kind) {
        SerialXact serial = serial();
        if (serial != null && kind == HeapChange.Kind.DONE) {
            serial.changed(fileId, old);
        }
        return kind;
    }

    private HeapChange.Kind deleteUntold(long old, long oldXmin) {
        long xid = xact.currentXid();
        space.tidy();
        try (RowClaim begun = claim.begin(RowLockMode.UPDATE, RowLockPolicy.WAIT)) {
            while (true) {
                Frame frame = context.cache.latch(fileId, RowIds.page(old));
                WriterCheck check;
                try {
                    check = WriterCheck.of(begun, context, frame.page(), old, oldXmin, WriterCheck.Way.READ);
                    if (check.isFree() && context.rowLocks.admits(begun, old)) {
                        deleteLatched(xid, frame, old);
                        return HeapChange.Kind.DONE;
                    }
                } finally {
                    context.cache.unlatch(frame);
                }
                HeapChange outcome = check.outcome();
                if (outcome != null) {
                    return followed(outcome);
                }
                begun.await(old, check.changer());
            }
        }
    }

    private HeapChange.Kind followed(HeapChange outcome) {
        HeapChange end = locking.followed(claim, outcome);
        rowId = end.rowId();
        xmin = end.xmin();
        return end.kind();
    }

    private void deleteLatched(long xid, Frame frame, long old) {
        PageBuffer page = frame.page();
        requireHolds(page, xid);
        int pageNo = RowIds.page(old);
        int slot = RowIds.slot(old);
        int command = maxCommand(page, slot);
        int flags = deletedFlags(page, slot, 0);
        try (PendingRecord record = context.wal.begin(xid, WalRecordType.HEAP_DELETE)) {
            WalCodec.heapDelete(record.body(), fileId, tableId, pageNo, slot, command, flags);
            frame.markDirty();
            HeapPage.markDeleted(page, slot, xid, command, flags, old);
            PageHeader.pageLsn(page, context.wal.append(record, page));
        }
        space.noteDeleted(pageNo, xid);
    }

    /**
     * Replaces a version, once nobody else is changing it or has locked it, as {@link #delete} does. The new version goes to
     * the same page if it fits there.
     *
     * @param old the version's row id
     * @param oldXmin who made the version, as it was read
     * @param mode {@link RowLockMode#UPDATE} if the row's key changes, else {@link RowLockMode#NO_KEY_UPDATE}
     * @param mayBeHot whether no indexed column changes: then on the same page the new version needs no entries of its own
     * @param data the new version's row, {@code length} bytes of it
     */
    public HeapChange.Kind update(long old, long oldXmin, RowLockMode mode, boolean mayBeHot, byte[] data, int length) {
        requireFits(length);
        return told(old, updateUntold(old, oldXmin, mode, mayBeHot, data, length));
    }

    private HeapChange.Kind updateUntold(
            long old, long oldXmin, RowLockMode mode, boolean mayBeHot, byte[] data, int length) {
        long xid = xact.currentXid();
        boolean samePage = true;
        space.tidy();
        try (RowClaim begun = claim.begin(mode, RowLockPolicy.WAIT)) {
            while (true) {
                int target = samePage ? RowIds.page(old) : space.candidate(xid);
                pair.latch(RowIds.page(old), target);
                WriterCheck check;
                boolean admitted;
                try {
                    check = WriterCheck.of(begun, context, pair.old().page(), old, oldXmin, WriterCheck.Way.READ);
                    admitted = check.isFree() && context.rowLocks.admits(begun, old);
                    if (admitted && space.makeRoom(pair.fresh(), xid, length)) {
                        hot = mayBeHot && pair.isOne();
                        rowId = updateLatched(xid, old, data, length);
                        xmin = xid;
                        return HeapChange.Kind.DONE;
                    }
                } finally {
                    pair.unlatch();
                }
                HeapChange outcome = check.outcome();
                if (outcome != null) {
                    return followed(outcome);
                }
                if (!admitted) {
                    begun.await(old, check.changer());
                } else if (!space.clean(target)) {
                    space.noteFull(target, xid);
                    samePage = false;
                }
            }
        }
    }

    private long updateLatched(long xid, long old, byte[] data, int length) {
        PageBuffer oldPage = pair.old().page();
        PageBuffer newPage = pair.fresh().page();
        requireHolds(oldPage, xid);
        int oldPageNo = RowIds.page(old);
        int oldSlot = RowIds.slot(old);
        int newPageNo = PageHeader.pageNo(newPage);
        int newSlot = HeapPage.slotForInsert(newPage);
        long fresh = RowIds.of(newPageNo, newSlot);
        int oldCommand = maxCommand(oldPage, oldSlot);
        int oldFlags = deletedFlags(oldPage, oldSlot, updatedFlags(old) | (hot ? TupleFlags.HOT_UPDATED : 0));
        int newFlags = hot ? TupleFlags.HEAP_ONLY : 0;
        int newCommand = xact.writingCommand();
        WalRecordType type = hot ? WalRecordType.HEAP_HOT_UPDATE : WalRecordType.HEAP_UPDATE;
        try (PendingRecord record = context.wal.begin(xid, type)) {
            WalCodec.heapUpdateOld(record.body(), fileId, tableId, oldPageNo, oldSlot, oldCommand, oldFlags);
            WalCodec.heapUpdateNew(record.body(), newPageNo, newSlot, newCommand, newFlags, data, length);
            pair.markDirty();
            HeapPage.insert(newPage, newSlot, xid, newCommand, newFlags, data, 0, length);
            HeapPage.markDeleted(oldPage, oldSlot, xid, oldCommand, oldFlags, fresh);
            context.rowLocks.carry(xact, fileId, old, fresh);
            long end =
                    pair.isOne() ? context.wal.append(record, newPage) : context.wal.append(record, newPage, oldPage);
            PageHeader.pageLsn(newPage, end);
            PageHeader.pageLsn(oldPage, end);
        }
        if (!hot) {
            space.noteDeleted(oldPageNo, xid);
        }
        return fresh;
    }

    /** An update is as strong as the FOR UPDATE lock that its level has on the row, and partly so if another level has it. */
    private int updatedFlags(long old) {
        if (claim.mode() == RowLockMode.UPDATE) {
            return TupleFlags.UPDATED | TupleFlags.KEY_UPDATED;
        }
        return switch (context.rowLocks.heldForUpdate(xact, fileId, old)) {
            case NOT -> TupleFlags.UPDATED;
            case BY_THIS_LEVEL -> TupleFlags.UPDATED | TupleFlags.KEY_UPDATED;
            case BY_OTHERS_TOO -> TupleFlags.UPDATED | TupleFlags.LOCKED_UPDATED;
        };
    }

    /** What the tuple's command field says once this transaction has deleted it: cmax, or a combo if it also made it. */
    private int maxCommand(PageBuffer page, int slot) {
        int command = xact.writingCommand();
        return xact.isMine(HeapPage.xmin(page, slot)) ? xact.comboCommand(minCommand(page, slot), command) : command;
    }

    private int minCommand(PageBuffer page, int slot) {
        int field = HeapPage.command(page, slot);
        return (HeapPage.flags(page, slot) & TupleFlags.COMMAND_IS_COMBO) != 0 ? xact.cminOf(field) : field;
    }

    private int deletedFlags(PageBuffer page, int slot, int updated) {
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

    /** Ids on a page lie within 2^31 of the one that made it; beyond, its rows would have to be frozen first. */
    private void requireHolds(PageBuffer page, long xid) {
        if (!HeapPage.canHold(page, xid)) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "transaction id " + xid + " is too far from those on page " + PageHeader.pageNo(page) + " of file "
                            + fileId + ", which start at " + PageHeader.xidBase(page));
        }
    }

    private void requireFits(int length) {
        int most = HeapPage.maxDataLength(context.pageSize);
        if (length > most) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row is too big: " + length + " bytes, the page size allows " + most);
        }
    }
}
