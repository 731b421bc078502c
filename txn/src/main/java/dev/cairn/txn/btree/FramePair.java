package dev.cairn.txn.btree;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;

/** Two pages of an index, latched in ascending order whatever their part in the change is. */
record FramePair(Frame first, Frame second) {

    static FramePair latch(PageCache cache, int fileId, int first, int second) {
        Frame lower = cache.latch(fileId, Math.min(first, second));
        Frame upper;
        try {
            upper = cache.latch(fileId, Math.max(first, second));
        } catch (RuntimeException | Error e) {
            cache.unlatch(lower);
            throw e;
        }
        return first < second ? new FramePair(lower, upper) : new FramePair(upper, lower);
    }

    PageBuffer firstPage() {
        return first.page();
    }

    PageBuffer secondPage() {
        return second.page();
    }

    void markDirty() {
        first.markDirty();
        second.markDirty();
    }

    /** Appends the record of a change that both pages have had. */
    void append(WalWriter wal, WalRecord record) {
        long end = wal.append(0, record, first.page(), second.page());
        PageHeader.pageLsn(first.page(), end);
        PageHeader.pageLsn(second.page(), end);
    }

    void unlatch(PageCache cache) {
        cache.unlatch(first);
        cache.unlatch(second);
    }
}
