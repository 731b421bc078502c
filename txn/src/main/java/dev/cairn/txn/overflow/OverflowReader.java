package dev.cairn.txn.overflow;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Puts a value together from its pages, wherever these come from. Nothing is believed: each page must say that it is the
 * value's and the next one in it, and no memory is taken for bytes of which it is not known that there are pages for them.
 *
 * <p>Used by one thread at a time.
 */
public final class OverflowReader {

    /** Where the pages come from. */
    @FunctionalInterface
    public interface Pages {
        /**
         * Copies a page.
         *
         * @param pageNo from 1 to below the number of pages
         * @throws CorruptionException if it is damaged
         */
        void copy(int pageNo, PageBuffer into);
    }

    private final int fileId;
    private final int pageCount;
    private final PageBuffer page;
    private final Pages pages;

    /**
     * @param pageCount how many pages the overflow file has in use, its header page included
     * @param buffer of the page size, overwritten by every call
     */
    public OverflowReader(int fileId, int pageCount, PageBuffer buffer, Pages pages) {
        this.fileId = fileId;
        this.pageCount = pageCount;
        this.page = buffer;
        this.pages = pages;
    }

    /** Whether the first page is still the value's, so that nobody has given its pages to another one. */
    public boolean isThere(OverflowReference reference) {
        if (reference.firstPage() >= pageCount) {
            return false;
        }
        pages.copy(reference.firstPage(), page);
        return OverflowPage.isOf(page, reference.creator(), reference.value(), 0);
    }

    /**
     * The value.
     *
     * @throws CorruptionException naming file, page, expected and found
     */
    public byte[] read(OverflowReference reference) {
        Walk walk = new Walk(reference);
        byte[] stored = new byte[walk.stored];
        int at = 0;
        do {
            int length = walk.dataLength(stored.length - at);
            page.get(OverflowPage.DATA, stored, at, length);
            at += length;
        } while (walk.next(at < stored.length));
        if (at != stored.length) {
            throw walk.corrupt("expected " + stored.length + " bytes on the value's pages, found " + at);
        }
        if (walk.form == OverflowPage.PLAIN) {
            return stored;
        }
        try {
            return ValueBlocks.expand(stored, reference.length());
        } catch (CorruptionException e) {
            throw new CorruptPageException(
                    fileId, reference.firstPage(), "its value makes no sense: " + e.getMessage());
        }
    }

    /**
     * Judges the value's pages without taking memory for it.
     *
     * @param visitor is told the number of each page, in order
     * @throws CorruptionException as {@link #read}, but for what only decompression shows
     */
    public void check(OverflowReference reference, java.util.function.IntConsumer visitor) {
        Walk walk = new Walk(reference);
        int at = 0;
        do {
            visitor.accept(walk.pageNo);
            at += walk.dataLength(walk.stored - at);
        } while (walk.next(at < walk.stored));
        if (at != walk.stored) {
            throw walk.corrupt("expected " + walk.stored + " bytes on the value's pages, found " + at);
        }
    }

    /**
     * The value piece by piece.
     *
     * @throws CorruptionException as {@link #read}
     */
    public Pieces pieces(OverflowReference reference) {
        return new Pieces(reference);
    }

    /** A value in pieces of 64 KiB, of which one is in memory at a time. Uses the reader's buffer from one call to the next. */
    public final class Pieces {
        private final Walk walk;
        private final int length;
        /** Bytes of the page that have been taken. */
        private int taken;

        private int storedLeft;
        private int given;

        private Pieces(OverflowReference reference) {
            this.walk = new Walk(reference);
            this.length = reference.length();
            this.storedLeft = walk.stored;
            walk.dataLength(walk.stored);
        }

        /**
         * The next piece; null behind the last one.
         *
         * @throws CorruptionException as {@link #read}
         */
        public byte @Nullable [] next() {
            int wanted = Math.min(ValueBlocks.BLOCK_BYTES, length - given);
            if (wanted == 0) {
                end();
                return null;
            }
            given += wanted;
            if (walk.form == OverflowPage.PLAIN) {
                return take(wanted);
            }
            try {
                return block(wanted);
            } catch (CorruptPageException e) {
                throw e;
            } catch (CorruptionException e) {
                throw walk.corrupt("its value makes no sense: " + e.getMessage());
            }
        }

        private void end() {
            if (storedLeft > 0) {
                throw walk.corrupt("its value makes no sense: expected its end, found " + storedLeft + " more bytes");
            }
            walk.next(false);
        }

        private byte[] block(int wanted) {
            int header = ByteBuffer.wrap(take(ValueBlocks.HEADER_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            byte[] packed = take(ValueBlocks.taken(header, wanted, storedLeft));
            byte[] piece = new byte[wanted];
            ValueBlocks.unpack(header, packed, 0, piece, 0, wanted);
            return piece;
        }

        /** Takes stored bytes from this page and those that follow. */
        private byte[] take(int count) {
            if (count > storedLeft) {
                throw walk.corrupt("expected " + count + " more bytes of the value, found " + storedLeft);
            }
            byte[] bytes = new byte[count];
            int at = 0;
            while (at < count) {
                int onPage = OverflowPage.dataLength(page) - taken;
                if (onPage == 0) {
                    if (!walk.next(true)) {
                        throw walk.corrupt("expected " + storedLeft + " more bytes of the value, found its last page");
                    }
                    walk.dataLength(storedLeft);
                    taken = 0;
                    continue;
                }
                int part = Math.min(onPage, count - at);
                page.get(OverflowPage.DATA + taken, bytes, at, part);
                at += part;
                taken += part;
                storedLeft -= part;
            }
            return bytes;
        }
    }

    /** One value's pages, one after another. */
    private final class Walk {
        private final OverflowReference reference;
        private final int stored;
        private final int form;
        private int pageNo;
        private int index;

        Walk(OverflowReference reference) {
            this.reference = reference;
            this.pageNo = reference.firstPage();
            load();
            if (OverflowPage.length(page) != reference.length()) {
                throw corrupt("expected a value of " + reference.length() + " bytes, found one of "
                        + OverflowPage.length(page));
            }
            this.stored = OverflowPage.stored(page);
            this.form = OverflowPage.form(page);
            long most = (pageCount - 1L) * OverflowPage.capacity(page.size());
            if (stored > most) {
                throw corrupt("expected a value of at most " + most + " bytes, as there are " + pageCount
                        + " pages, found one of " + stored);
            }
        }

        private void load() {
            if (pageNo < 1 || pageNo >= pageCount) {
                throw corrupt("expected a page of the value, found that only " + pageCount + " are in use");
            }
            pages.copy(pageNo, page);
            if (!OverflowPage.isOf(page, reference.creator(), reference.value(), index)) {
                throw corrupt("expected page " + index + " of value " + reference.value() + " of transaction "
                        + reference.creator() + ", found " + found());
            }
            OverflowPage.check(page);
        }

        private String found() {
            if (PageHeader.kind(page) != PageKind.OVERFLOW) {
                return "a page of kind " + PageHeader.kind(page);
            }
            return OverflowPage.isFree(page)
                    ? "a free page"
                    : "page " + OverflowPage.index(page) + " of value " + OverflowPage.value(page) + " of transaction "
                            + OverflowPage.creator(page);
        }

        int dataLength(int most) {
            int length = OverflowPage.dataLength(page);
            if (length > most || (length == 0 && most > 0)) {
                throw corrupt("expected at most " + most + " bytes of the value, found " + length);
            }
            return length;
        }

        /** Goes to the next page; false after the last one. */
        boolean next(boolean wanted) {
            int next = OverflowPage.next(page);
            if (!wanted) {
                if (next != 0) {
                    throw corrupt("expected the value's last page, found that page " + next + " follows");
                }
                return false;
            }
            if (next == 0) {
                return false;
            }
            pageNo = next;
            index++;
            load();
            return true;
        }

        CorruptPageException corrupt(String fault) {
            return new CorruptPageException(fileId, pageNo, fault);
        }
    }
}
