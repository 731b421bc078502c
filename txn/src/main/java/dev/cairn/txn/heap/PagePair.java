package dev.cairn.txn.heap;

import static java.util.Objects.requireNonNull;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;
import org.jspecify.annotations.Nullable;

/**
 * The page of a version and the page of its successor, latched in ascending order; both may be one. For one pair after another, of one
 * thread.
 */
final class PagePair {

    private final PageCache cache;
    private final int fileId;
    private @Nullable Frame old;
    private @Nullable Frame fresh;

    PagePair(PageCache cache, int fileId) {
        this.cache = cache;
        this.fileId = fileId;
    }

    void latch(int oldPage, int freshPage) {
        Frame first = cache.latch(fileId, Math.min(oldPage, freshPage));
        Frame second = first;
        if (oldPage != freshPage) {
            try {
                second = cache.latch(fileId, Math.max(oldPage, freshPage));
            } catch (RuntimeException | Error e) {
                cache.unlatch(first);
                throw e;
            }
        }
        old = oldPage < freshPage ? first : second;
        fresh = oldPage < freshPage ? second : first;
    }

    Frame old() {
        return requireNonNull(old);
    }

    Frame fresh() {
        return requireNonNull(fresh);
    }

    /** Whether both are the same page. */
    boolean isOne() {
        return old() == fresh();
    }

    void markDirty() {
        old().markDirty();
        if (!isOne()) {
            fresh().markDirty();
        }
    }

    void unlatch() {
        cache.unlatch(old());
        if (!isOne()) {
            cache.unlatch(fresh());
        }
        old = null;
        fresh = null;
    }
}
