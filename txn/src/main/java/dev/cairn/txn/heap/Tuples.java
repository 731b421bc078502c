package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.StatusWindow;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;

/** {@link Visibility} asked about a tuple where it stands on its page. */
final class Tuples {

    private Tuples() {}

    static boolean isVisible(PageBuffer page, int slot, Xact self, Snapshot snapshot, StatusWindow window) {
        return Visibility.isVisible(
                HeapPage.xmin(page, slot),
                HeapPage.xmax(page, slot),
                HeapPage.command(page, slot),
                HeapPage.flags(page, slot),
                self,
                snapshot,
                window);
    }

    /** As {@link #isVisible}, and tells a serializable transaction of what it does not see because it came too late. */
    static boolean isVisibleToSerial(
            PageBuffer page, int slot, Xact self, SerialXact serial, Snapshot snapshot, StatusWindow window) {
        boolean visible = isVisible(page, slot, self, snapshot, window);
        noteUnseen(
                visible,
                HeapPage.xmin(page, slot),
                HeapPage.xmax(page, slot),
                HeapPage.flags(page, slot),
                serial,
                snapshot,
                window);
        return visible;
    }

    /** The writer that kept a version from being seen, or its end, comes after the reader in any serial order. */
    static void noteUnseen(
            boolean visible,
            long xmin,
            long xmax,
            int flags,
            SerialXact serial,
            Snapshot snapshot,
            StatusWindow window) {
        long unseen = visible ? xmax : xmin;
        if (unseen == 0 || (!visible && (flags & TupleFlags.FROZEN) != 0)) {
            return;
        }
        long word = window.word(unseen);
        int tag = StatusWindow.tag(word);
        boolean old = tag == StatusWindow.COMMITTED && StatusWindow.value(word) <= snapshot.lsn();
        if (tag != StatusWindow.ABORTED && !old) {
            serial.readPast(unseen, word);
        }
    }

    static boolean isCreated(PageBuffer page, int slot, HeapContext context) {
        return Visibility.fate(HeapPage.xmin(page, slot), context.window, context.transactions.publishLsn()) >= 0;
    }

    static boolean isDead(PageBuffer page, int slot, long horizon, StatusWindow window) {
        return Visibility.isDead(
                HeapPage.xmin(page, slot), HeapPage.xmax(page, slot), HeapPage.flags(page, slot), horizon, window);
    }
}
