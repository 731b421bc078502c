package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
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

    static boolean isCreated(PageBuffer page, int slot, HeapContext context) {
        return Visibility.fate(HeapPage.xmin(page, slot), context.window, context.transactions.publishLsn()) >= 0;
    }

    static boolean isDead(PageBuffer page, int slot, long horizon, StatusWindow window) {
        return Visibility.isDead(
                HeapPage.xmin(page, slot), HeapPage.xmax(page, slot), HeapPage.flags(page, slot), horizon, window);
    }
}
