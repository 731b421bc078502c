package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * Reads single row versions where they stand, optimistically: what is read is provisional until the frame validates it,
 * exceptions included, so visibility is judged only afterwards. After some failures the page is latched. Thread-safe.
 */
final class TupleReader {

    private static final int OPTIMISTIC_TURNS = 8;

    private final HeapContext context;
    private final int fileId;

    TupleReader(HeapContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
    }

    /** Reads the version of that row id, whoever may see it; false if there is none. */
    boolean read(long rowId, TupleView into) {
        return read(rowId, false, true, into);
    }

    /** As {@link #read(long, TupleView)}, without the row. */
    boolean readHeader(long rowId, TupleView into) {
        return read(rowId, false, false, into);
    }

    /**
     * Reads the version of that row id if the transaction's statement sees it.
     *
     * @param serial to be told of it; null if nobody is
     */
    boolean readVisible(Xact xact, @Nullable SerialXact serial, long rowId, TupleView into) {
        if (serial != null) {
            serial.readRow(fileId, rowId);
        }
        // Before the version is read: what was done to it since is none of the snapshot's.
        long lsn = xact.snapshotLsn();
        boolean there = read(rowId, into);
        boolean visible = there
                && Visibility.isVisible(
                        into.xmin(),
                        into.xmax(),
                        into.command(),
                        into.flags(),
                        xact,
                        lsn,
                        xact.currentCommand(),
                        context.window);
        if (serial != null && there) {
            Snapshot snapshot = xact.statementSnapshot();
            Tuples.noteUnseen(visible, into.xmin(), into.xmax(), into.flags(), serial, snapshot, context.window);
        }
        return visible;
    }

    /**
     * Reads the first version of the row to which an entry of an index leads; false if there is none.
     *
     * @param near where its page has just been found; null if it has not been looked for
     */
    boolean readRoot(long rowId, @Nullable Frame near, TupleView into) {
        if (near != null) {
            int pageNo = RowIds.page(rowId);
            long begun = near.beginRead();
            if (begun != Frame.LATCHED) {
                boolean there = false;
                boolean whole = true;
                try {
                    there = copy(near.page(), pageNo, RowIds.slot(rowId), true, true, into);
                } catch (IndexOutOfBoundsException e) {
                    whole = false;
                }
                if (whole && near.validate(begun, fileId, pageNo)) {
                    return there;
                }
            }
        }
        return read(rowId, true, true, into);
    }

    private boolean read(long rowId, boolean root, boolean row, TupleView into) {
        int pageNo = RowIds.page(rowId);
        if (pageNo < 1 || pageNo >= context.usedPages(fileId)) {
            return false;
        }
        int slot = RowIds.slot(rowId);
        for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
            Frame frame = context.cache.find(fileId, pageNo);
            long begun = frame.beginRead();
            if (begun != Frame.LATCHED) {
                boolean there = false;
                boolean whole = true;
                try {
                    there = copy(frame.page(), pageNo, slot, root, row, into);
                } catch (IndexOutOfBoundsException e) {
                    whole = false;
                }
                if (whole && frame.validate(begun, fileId, pageNo)) {
                    return there;
                }
            }
            context.environment.scheduler().spin(turn);
        }
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            return copy(frame.page(), pageNo, slot, root, row, into);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    /**
     * Touches what reading the first versions of these rows will need, as far as it is in memory: several loads from memory then
     * wait at the same time instead of one after another. What is looked at means nothing, and pages are free to change.
     *
     * @param frames gets the frames in which their pages are, null for a page that is in none
     * @return of no meaning: to be kept, so that the compiler keeps the loads
     */
    int touch(long[] rowIds, int count, @Nullable Frame[] frames) {
        int seen = 0;
        for (int i = 0; i < count; i++) {
            Frame frame = context.cache.findResident(fileId, RowIds.page(rowIds[i]));
            frames[i] = frame;
            seen += frame == null ? 0 : (int) frame.version();
        }
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            seen += frame == null ? 0 : frame.page().size();
        }
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            seen += frame == null ? 0 : HeapPage.touchPointer(frame.page(), RowIds.slot(rowIds[i]));
        }
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            seen += frame == null ? 0 : HeapPage.touchVersion(frame.page(), RowIds.slot(rowIds[i]));
        }
        return seen;
    }

    private static boolean copy(PageBuffer page, int pageNo, int slot, boolean root, boolean row, TupleView into) {
        boolean leadsOn = root && HeapPage.isRedirect(page, slot);
        int at = leadsOn ? HeapPage.redirect(page, slot) : slot;
        if (!HeapPage.isUsed(page, at) || (root && HeapPage.isHeapOnly(page, at) != leadsOn)) {
            return false;
        }
        if (row) {
            into.copy(page, pageNo, at);
        } else {
            into.copyHeader(page, pageNo, at);
        }
        return true;
    }
}
