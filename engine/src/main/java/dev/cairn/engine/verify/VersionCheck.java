package dev.cairn.engine.verify;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.TransactionStatus;
import org.jspecify.annotations.Nullable;

/** The header of one row version, on a page whose structure is sound. */
final class VersionCheck {

    private VersionCheck() {}

    /**
     * What is wrong; null if nothing is.
     *
     * @param usedPages of the file; negative if unknown
     * @param nextXid ids from here on were never given out
     */
    static @Nullable String fault(PageBuffer page, int slot, int pageNo, int usedPages, long nextXid) {
        long xmin = HeapPage.xmin(page, slot);
        long xmax = HeapPage.xmax(page, slot);
        if (xmin >= nextXid || xmax >= nextXid) {
            return "expected transaction ids below " + nextXid + ", found xmin " + xmin + ", xmax " + xmax;
        }
        int flags = HeapPage.flags(page, slot);
        boolean updated = (flags & TupleFlags.UPDATED) != 0;
        boolean hot = (flags & TupleFlags.HOT_UPDATED) != 0;
        if (updated && xmax == 0) {
            return "expected the id of the updating transaction, found none";
        }
        if (hot && !updated) {
            return "it is said to be updated on its page, and not to be updated";
        }
        if ((flags & TupleFlags.COMMAND_IS_MAX) != 0 && (flags & TupleFlags.COMMAND_IS_COMBO) != 0) {
            return "its command is said to be cmax and a combo id";
        }
        return forwardFault(page, slot, pageNo, usedPages, updated, hot);
    }

    /** Whether the version is the row for everybody who begins now. */
    static boolean isLive(TransactionStatus status, PageBuffer page, int slot) {
        long xmax = HeapPage.xmax(page, slot);
        boolean made =
                (HeapPage.flags(page, slot) & TupleFlags.FROZEN) != 0 || status.isCommitted(HeapPage.xmin(page, slot));
        return made && (xmax == 0 || !status.isCommitted(xmax));
    }

    private static @Nullable String forwardFault(
            PageBuffer page, int slot, int pageNo, int usedPages, boolean updated, boolean hot) {
        long itself = RowIds.of(pageNo, slot);
        long forward = HeapPage.forward(page, slot);
        if (!updated) {
            return forward == itself
                    ? null
                    : "expected to be the last of its chain, found a successor " + RowIds.format(forward);
        }
        int to = RowIds.page(forward);
        if (forward == itself || to < 1 || (usedPages >= 0 && to >= usedPages)) {
            return "expected a successor on pages 1 to " + (usedPages - 1) + ", found " + RowIds.format(forward);
        }
        return hot && to != pageNo ? "expected a successor on this page, found " + RowIds.format(forward) : null;
    }
}
