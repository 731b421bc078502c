package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.RowIds;
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

    /** Reads the first version of the row to which an entry of an index leads; false if there is none. */
    boolean readRoot(long rowId, TupleView into) {
        int pageNo = RowIds.page(rowId);
        Frame frame = context.cache.findResident(fileId, pageNo);
        long begun = frame == null ? Frame.LATCHED : frame.beginRead();
        if (frame != null && begun != Frame.LATCHED) {
            boolean there = false;
            boolean whole = true;
            try {
                into.expect(frame.page(), RowIds.slot(rowId));
                there = into.copy(frame.page(), pageNo, RowIds.slot(rowId), true, true);
            } catch (IndexOutOfBoundsException e) {
                whole = false;
            }
            if (whole && frame.validate(begun, fileId, pageNo)) {
                return there;
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
                    there = into.copy(frame.page(), pageNo, slot, root, row);
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
            return into.copy(frame.page(), pageNo, slot, root, row);
        } finally {
            context.cache.unlatch(frame);
        }
    }
}
