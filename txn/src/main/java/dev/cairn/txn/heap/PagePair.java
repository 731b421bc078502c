package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;

/** The page of a version and the page of its successor, latched in ascending order; both may be one. */
record PagePair(Frame old, Frame fresh) {

    static PagePair latch(PageCache cache, int fileId, int oldPage, int freshPage) {
        if (oldPage == freshPage) {
            Frame frame = cache.latch(fileId, oldPage);
            return new PagePair(frame, frame);
        }
        Frame first = cache.latch(fileId, Math.min(oldPage, freshPage));
        Frame second;
        try {
            second = cache.latch(fileId, Math.max(oldPage, freshPage));
        } catch (RuntimeException | Error e) {
            cache.unlatch(first);
            throw e;
        }
        return oldPage < freshPage ? new PagePair(first, second) : new PagePair(second, first);
    }

    void markDirty() {
        old.markDirty();
        if (fresh != old) {
            fresh.markDirty();
        }
    }

    void unlatch(PageCache cache) {
        cache.unlatch(old);
        if (fresh != old) {
            cache.unlatch(fresh);
        }
    }
}
