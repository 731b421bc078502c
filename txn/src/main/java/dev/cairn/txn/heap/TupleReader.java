package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
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

    /** A version's header fields and row, taken at one moment. */
    record TupleCopy(long rowId, long xmin, long xmax, int command, int flags, long forward, byte[] data) {

        boolean isVisible(Xact self, Snapshot snapshot, HeapContext context) {
            return Visibility.isVisible(xmin, xmax, command, flags, self, snapshot, context.window);
        }
    }

    private final HeapContext context;
    private final int fileId;

    TupleReader(HeapContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
    }

    /** The version of that row id, whoever may see it; null if there is none. */
    @Nullable TupleCopy read(long rowId) {
        return read(rowId, false);
    }

    /** The first version of the row to which an entry of an index leads; null if there is none. */
    @Nullable TupleCopy readRoot(long rowId) {
        return read(rowId, true);
    }

    private @Nullable TupleCopy read(long rowId, boolean root) {
        int pageNo = RowIds.page(rowId);
        if (pageNo < 1 || pageNo >= context.usedPages(fileId)) {
            return null;
        }
        int slot = RowIds.slot(rowId);
        for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
            Frame frame = context.cache.find(fileId, pageNo);
            long begun = frame.beginRead();
            if (begun != Frame.LATCHED) {
                TupleCopy copy = null;
                boolean whole = true;
                try {
                    copy = copy(frame.page(), pageNo, slot, root);
                } catch (IndexOutOfBoundsException e) {
                    whole = false;
                }
                if (whole && frame.validate(begun, fileId, pageNo)) {
                    return copy;
                }
            }
            context.environment.scheduler().spin(turn);
        }
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            return copy(frame.page(), pageNo, slot, root);
        } finally {
            context.cache.unlatch(frame);
        }
    }

    private static @Nullable TupleCopy copy(PageBuffer page, int pageNo, int slot, boolean root) {
        boolean leadsOn = root && HeapPage.isRedirect(page, slot);
        int at = leadsOn ? HeapPage.redirect(page, slot) : slot;
        if (!HeapPage.isUsed(page, at) || (root && HeapPage.isHeapOnly(page, at) != leadsOn)) {
            return null;
        }
        return new TupleCopy(
                RowIds.of(pageNo, at),
                HeapPage.xmin(page, at),
                HeapPage.xmax(page, at),
                HeapPage.command(page, at),
                HeapPage.flags(page, at),
                HeapPage.forward(page, at),
                HeapPage.data(page, at));
    }
}
