package dev.cairn.storage.overflow;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;

/**
 * A page of a value that is too large for its row, or one that is free: the only code that changes such a page's bytes, for
 * the running engine and for redo alike (I10). No I/O, no log.
 *
 * <pre>
 *   0        48               88       lower             page size
 *   | header | whose, and next | bytes |      zeros      |
 * </pre>
 *
 * A value's pages are chained from the first; each says itself whose it is. Who wrote a value and who deleted it stands here in
 * full, so that its fate can be told without its row: a value is dead if its creator was rolled back, or if the deleter
 * on its first page committed and nobody's snapshot is older.
 */
public final class OverflowPage {

    /** Length in bytes, page header not counted. */
    public static final int BYTES = 40;

    /** Where the value's bytes begin, from the page's start. */
    public static final int DATA = PageHeader.BYTES + BYTES;

    /** The value's bytes as they are. */
    public static final int PLAIN = 0;

    /** Blocks, each compressed by LZ4 where that helps. */
    public static final int BLOCKS = 1;

    public static final Layout LAYOUT = Layout.named("overflow page")
            .after(PageHeader.LAYOUT)
            .i64("creator", "transaction that wrote the value; 0 on a free page")
            .i64("deleter", "first page: transaction that deleted the value; else 0")
            .u32("value", "number that tells the creator's values apart")
            .u32("index", "the page's place in the value, 0 for the first")
            .u32("next", "page with the bytes that follow; 0 on the last")
            .u32("length", "first page: bytes of the value; else 0")
            .u32("stored", "first page: its bytes as stored on all its pages; else 0")
            .u8("form", "first page: 0 as it is, 1 in blocks; else 0")
            .bytes("spare", 3, "zero")
            .size(BYTES);

    private static final int CREATOR = LAYOUT.offset("creator");
    private static final int DELETER = LAYOUT.offset("deleter");
    private static final int VALUE = LAYOUT.offset("value");
    private static final int INDEX = LAYOUT.offset("index");
    private static final int NEXT = LAYOUT.offset("next");
    private static final int LENGTH = LAYOUT.offset("length");
    private static final int STORED = LAYOUT.offset("stored");
    private static final int FORM = LAYOUT.offset("form");

    private OverflowPage() {}

    /** The bytes of a value that fit onto one page. */
    public static int capacity(int pageSize) {
        return pageSize - DATA;
    }

    /** Makes the page anew as one of a value's. */
    public static void init(PageBuffer page, int fileId, int pageNo, long creator, Chunk chunk) {
        initFree(page, fileId, pageNo);
        page.putLong(CREATOR, creator);
        page.putInt(VALUE, chunk.value());
        page.putInt(INDEX, chunk.index());
        page.putInt(NEXT, chunk.next());
        page.putInt(LENGTH, chunk.length());
        page.putInt(STORED, chunk.stored());
        page.putU8(FORM, chunk.form());
        page.put(DATA, chunk.data(), 0, chunk.data().length);
        PageHeader.lower(page, DATA + chunk.data().length);
    }

    /** Makes the page anew as one that belongs to no value. */
    public static void initFree(PageBuffer page, int fileId, int pageNo) {
        PageHeader.init(page, PageKind.OVERFLOW, fileId, pageNo);
        PageHeader.lower(page, DATA);
    }

    /** Says on a value's first page who deleted it; a deleter of before was rolled back. */
    public static void delete(PageBuffer page, long deleter) {
        if (isFree(page) || index(page) != 0) {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    "expected the first page of a value to delete, found "
                            + (isFree(page) ? "a free page" : "its page " + index(page)));
        }
        page.putLong(DELETER, deleter);
    }

    public static boolean isFree(PageBuffer page) {
        return creator(page) == 0;
    }

    /** Whether the page is the value's, at that place in it. */
    public static boolean isOf(PageBuffer page, long creator, int value, int index) {
        return PageHeader.kind(page) == PageKind.OVERFLOW
                && creator(page) == creator
                && value(page) == value
                && index(page) == index;
    }

    public static long creator(PageBuffer page) {
        return page.getLong(CREATOR);
    }

    public static long deleter(PageBuffer page) {
        return page.getLong(DELETER);
    }

    public static int value(PageBuffer page) {
        return page.getInt(VALUE);
    }

    public static int index(PageBuffer page) {
        return page.getInt(INDEX);
    }

    public static int next(PageBuffer page) {
        return page.getInt(NEXT);
    }

    /** Of the whole value, in bytes; on its first page. */
    public static int length(PageBuffer page) {
        return page.getInt(LENGTH);
    }

    /** Bytes on all its pages; on its first page. */
    public static int stored(PageBuffer page) {
        return page.getInt(STORED);
    }

    /** {@link #PLAIN} or {@link #BLOCKS}; on its first page. */
    public static int form(PageBuffer page) {
        return page.getU8(FORM);
    }

    /** Of the value, on this page, in bytes. */
    public static int dataLength(PageBuffer page) {
        return PageHeader.lower(page) - DATA;
    }

    /**
     * Judges the page, which must not be changing. Cheap, and allocates nothing unless it fails.
     *
     * @throws CorruptPageException naming what was expected and found
     */
    public static void check(PageBuffer page) {
        require(page, PageHeader.kind(page) == PageKind.OVERFLOW, "kind OVERFLOW", PageHeader.kind(page));
        require(page, PageHeader.flags(page) == 0, "no page flags", PageHeader.flags(page));
        int lower = PageHeader.lower(page);
        require(page, lower >= DATA && lower <= page.size(), "lower from " + DATA + " to " + page.size(), lower);
        require(page, PageHeader.upper(page) == page.size(), "upper " + page.size(), PageHeader.upper(page));
        require(page, creator(page) >= 0 && deleter(page) >= 0, "ids that are not negative", creator(page));
        require(page, next(page) >= 0, "a page number", next(page));
        require(page, index(page) >= 0, "a place in the value", index(page));
        if (isFree(page)) {
            require(page, lower == DATA && next(page) == 0 && deleter(page) == 0, "a free page without a value", lower);
            return;
        }
        if (index(page) == 0) {
            checkFirst(page);
        } else {
            require(page, deleter(page) == 0, "a deleter on a first page only", deleter(page));
        }
    }

    private static void checkFirst(PageBuffer page) {
        int length = length(page);
        require(page, length >= 0 && length <= OverflowReference.MAX_LENGTH, "a length", length);
        require(page, stored(page) >= 0 && stored(page) <= length, "at most " + length + " bytes stored", stored(page));
        require(page, form(page) <= BLOCKS, "form 0 or 1", form(page));
        require(page, form(page) != PLAIN || stored(page) == length, length + " bytes stored", stored(page));
    }

    private static void require(
            PageBuffer page, boolean holds, String expected, @org.jspecify.annotations.Nullable Object found) {
        if (!holds) {
            throw new CorruptPageException(
                    PageHeader.fileId(page), PageHeader.pageNo(page), "expected " + expected + ", found " + found);
        }
    }

    /**
     * A page's part of a value.
     *
     * @param value tells the creator's values apart
     * @param index the page's place in the value, from 0
     * @param next page with the bytes that follow, 0 if there is none
     * @param length of the whole value in bytes on the first page, else 0
     * @param stored bytes on all pages, on the first page, else 0
     * @param form {@link #PLAIN} or {@link #BLOCKS}, on the first page, else 0
     * @param data at most {@link #capacity}
     */
    public record Chunk(int value, int index, int next, int length, int stored, int form, byte[] data) {}
}
