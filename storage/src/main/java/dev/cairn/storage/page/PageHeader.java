package dev.cairn.storage.page;

import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.PageBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first 48 bytes of every page. Static accessors; those over a {@link ByteBuffer} read at absolute positions from 0
 * and expect it to be little-endian. Nothing here checks more than bounds: see {@link PageChecks}.
 */
public final class PageHeader {

    /** Length of the header in bytes. */
    public static final int BYTES = 48;

    /** The version that this code writes, and the only one that it reads. */
    public static final int FORMAT_VERSION = 1;

    public static final int MIN_PAGE_SIZE = 512;
    public static final int MAX_PAGE_SIZE = 32768;

    public static final Layout LAYOUT = Layout.named("page header")
            .i64("pageLsn", "end of the last log record applied to this page; 0 if none was")
            .u32("checksum", "CRC-32C of the page, seeded with the database's id, this field read as zero")
            .u8("kind", "what the page holds: 1 file header, 2 heap, 3 transaction status, 4 index, 5 overflow")
            .u8("flags", "of the page's kind; unknown bits are corruption")
            .u16("formatVersion", "version of the page format, 1")
            .u32("fileId", "the file that the page belongs to")
            .u32("pageNo", "the page's number in its file, from 0")
            .u16("lower", "end of what grows from the header upwards")
            .u16("upper", "start of what grows from the page's end downwards")
            .u32("garbage", "heap and index: bytes of removed entries that compaction would give back; else 0")
            .i64("xidBase", "heap: transaction ids on the page are stored relative to this")
            .bytes("spare", 8, "zero")
            .size(BYTES);

    static final int PAGE_LSN = LAYOUT.offset("pageLsn");
    static final int CHECKSUM = LAYOUT.offset("checksum");
    static final int KIND = LAYOUT.offset("kind");
    static final int FLAGS = LAYOUT.offset("flags");
    static final int VERSION = LAYOUT.offset("formatVersion");
    static final int FILE_ID = LAYOUT.offset("fileId");
    static final int PAGE_NO = LAYOUT.offset("pageNo");
    static final int LOWER = LAYOUT.offset("lower");
    static final int UPPER = LAYOUT.offset("upper");
    static final int GARBAGE = LAYOUT.offset("garbage");
    static final int XID_BASE = LAYOUT.offset("xidBase");

    private PageHeader() {}

    /** Zeroes the page and writes an empty one's header: pageLsn 0, nothing between {@link #BYTES} and the page's end. */
    public static void init(PageBuffer page, PageKind kind, int fileId, int pageNo) {
        page.fill(0, page.size(), 0);
        page.putU8(KIND, kind.code());
        page.putU16(VERSION, FORMAT_VERSION);
        page.putInt(FILE_ID, fileId);
        page.putInt(PAGE_NO, pageNo);
        page.putU16(LOWER, BYTES);
        page.putU16(UPPER, page.size());
    }

    /** @throws IllegalArgumentException if it is not a power of two from 512 to 32768 */
    public static void checkPageSize(int pageSize) {
        if (pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE || Integer.bitCount(pageSize) != 1) {
            throw new IllegalArgumentException("a page has a power of two from " + MIN_PAGE_SIZE + " to "
                    + MAX_PAGE_SIZE + " bytes, not " + pageSize);
        }
    }

    public static long pageLsn(PageBuffer page) {
        return page.getLong(PAGE_LSN);
    }

    public static void pageLsn(PageBuffer page, long recordEnd) {
        page.putLong(PAGE_LSN, recordEnd);
    }

    public static long pageLsn(ByteBuffer page) {
        return page.getLong(PAGE_LSN);
    }

    /** Null if the byte is no kind's code, as on an all-zero page. */
    public static @Nullable PageKind kind(PageBuffer page) {
        return PageKind.of(page.getU8(KIND));
    }

    public static int flags(PageBuffer page) {
        return page.getU8(FLAGS);
    }

    public static void flags(PageBuffer page, int flags) {
        page.putU8(FLAGS, flags);
    }

    public static int formatVersion(PageBuffer page) {
        return page.getU16(VERSION);
    }

    public static int fileId(PageBuffer page) {
        return page.getInt(FILE_ID);
    }

    public static int pageNo(PageBuffer page) {
        return page.getInt(PAGE_NO);
    }

    /** Bytes from the page's start. */
    public static int lower(PageBuffer page) {
        return page.getU16(LOWER);
    }

    public static void lower(PageBuffer page, int offset) {
        page.putU16(LOWER, offset);
    }

    /** Bytes from the page's start; the page's size if nothing grows from its end. */
    public static int upper(PageBuffer page) {
        return page.getU16(UPPER);
    }

    public static void upper(PageBuffer page, int offset) {
        page.putU16(UPPER, offset);
    }

    /** Bytes. */
    public static int garbage(PageBuffer page) {
        return page.getInt(GARBAGE);
    }

    public static void garbage(PageBuffer page, int bytes) {
        page.putInt(GARBAGE, bytes);
    }

    public static long xidBase(PageBuffer page) {
        return page.getLong(XID_BASE);
    }

    public static void xidBase(PageBuffer page, long xid) {
        page.putLong(XID_BASE, xid);
    }
}
