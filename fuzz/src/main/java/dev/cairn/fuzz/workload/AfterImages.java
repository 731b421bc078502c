package dev.cairn.fuzz.workload;

import dev.cairn.fuzz.disk.TraceHash;
import dev.cairn.storage.base.PageBytes;
import dev.cairn.storage.base.PageWitness;
import dev.cairn.storage.page.PageHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each page was after each logged change, as the running engine made it: what redo makes of the page by the same record
 * must be the same in every byte (I10). A page's checksum is left out, as it says nothing that the other bytes do not say.
 * Used by one thread at a time.
 */
public final class AfterImages implements PageWitness {

    private static final int CHECKSUM = PageHeader.LAYOUT.offset("checksum");

    /** A page after the record that ends there. */
    private record PageState(int fileId, int pageNo, long recordEnd) {}

    /** What a page was, and in which life of the database. */
    private record Image(int life, long hash) {}

    private final Map<PageState, Image> images = new HashMap<>();
    private int life;
    private @Nullable PageState unlogged;
    private BooleanSupplier failed = () -> false;

    /**
     * The database is opened: of changes in its earlier lives there may be nothing left, so that their places are used again.
     *
     * @param hasFailed whether the disk has failed: an engine that cannot log a change leaves its page changed in memory, with
     *     the place of the record before, and stops; nothing of that counts
     */
    void beginLife(BooleanSupplier hasFailed) {
        life++;
        unlogged = null;
        failed = hasFailed;
    }

    /**
     * The opening has ended: log of earlier lives behind that end is gone, and other records may come to stand in its place.
     *
     * @param endLsn end of the log that was found
     */
    void opened(long endLsn) {
        images.entrySet().removeIf(entry -> entry.getValue().life < life && entry.getKey().recordEnd > endLsn);
    }

    /** The running engine has changed a page. */
    @Override
    public void changed(int fileId, int pageNo, PageBytes page) {
        if (failed.getAsBoolean()) {
            return;
        }
        PageState state = stateOf(fileId, pageNo, page);
        if (state.recordEnd == 0) {
            unlogged = state;
            return;
        }
        Image now = new Image(life, hash(page));
        Image before = images.put(state, now);
        if (before != null && before.life == life && before.hash != now.hash) {
            images.put(state, before);
            unlogged = state;
        }
    }

    /** A life has ended well: then no page was changed without a log record. */
    void endLife() {
        if (unlogged != null) {
            throw new Mismatch("a page was changed without a record: " + unlogged);
        }
    }

    /** Holds the pages of one recovery against these. */
    public Redone redone() {
        return new Redone();
    }

    private static PageState stateOf(int fileId, int pageNo, PageBytes page) {
        return new PageState(fileId, pageNo, page.getLong(0));
    }

    private static long hash(PageBytes page) {
        long hash = TraceHash.SEED;
        for (int offset = 0; offset < page.size(); offset += Long.BYTES) {
            long bytes = page.getLong(offset);
            // It is the lower half of a word.
            hash = TraceHash.mix(hash, offset == CHECKSUM ? bytes >>> Integer.SIZE : bytes);
        }
        return hash;
    }

    /** The pages that one recovery has redone. */
    public final class Redone implements PageWitness {
        private long compared;
        private @Nullable String fault;

        @Override
        public void changed(int fileId, int pageNo, PageBytes page) {
            PageState state = stateOf(fileId, pageNo, page);
            Image expected = images.get(state);
            if (expected != null) {
                compared++;
                if (expected.hash != hash(page) && fault == null) {
                    fault = "i10: redo has made other bytes than the engine had made: " + state;
                }
            }
        }

        /** How many states of pages were compared. */
        public long compared() {
            return compared;
        }

        /** The first that differed; null if none did. */
        public @Nullable String fault() {
            return fault;
        }
    }
}
