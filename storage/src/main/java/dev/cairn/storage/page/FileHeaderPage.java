package dev.cairn.storage.page;

import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.PageBuffer;

/**
 * Page 0 of a data file: whose file it is, and how far its pages are in use. Static accessors over a page of kind {@link
 * PageKind#FILE_HEADER}.
 */
public final class FileHeaderPage {

    /** Length in bytes, page header not counted. */
    public static final int BYTES = 40;

    public static final Layout LAYOUT = Layout.named("file header page")
            .after(PageHeader.LAYOUT)
            .i64("databaseIdHigh", "first half of the id of the database that the file belongs to")
            .i64("databaseIdLow", "second half")
            .i64("creatorXid", "the transaction that created the file")
            .u32("tableId", "the table that the file belongs to")
            .u32("usedPages", "the used mark: pages below it are initialised, all-zero pages are legal only from it on")
            .u32("pageSize", "bytes of a page")
            .u32("spare", "zero")
            .size(BYTES);

    private static final int ID_HIGH = LAYOUT.offset("databaseIdHigh");
    private static final int ID_LOW = LAYOUT.offset("databaseIdLow");
    private static final int CREATOR = LAYOUT.offset("creatorXid");
    private static final int TABLE = LAYOUT.offset("tableId");
    private static final int USED = LAYOUT.offset("usedPages");
    private static final int PAGE_SIZE = LAYOUT.offset("pageSize");

    private FileHeaderPage() {}

    /** Makes the page anew; the header page itself is the first one in use. */
    public static void init(
            PageBuffer page, int fileId, long databaseIdHigh, long databaseIdLow, int tableId, long creatorXid) {
        PageHeader.init(page, PageKind.FILE_HEADER, fileId, 0);
        page.putLong(ID_HIGH, databaseIdHigh);
        page.putLong(ID_LOW, databaseIdLow);
        page.putLong(CREATOR, creatorXid);
        page.putInt(TABLE, tableId);
        page.putInt(USED, 1);
        page.putInt(PAGE_SIZE, page.size());
    }

    public static long databaseIdHigh(PageBuffer page) {
        return page.getLong(ID_HIGH);
    }

    public static long databaseIdLow(PageBuffer page) {
        return page.getLong(ID_LOW);
    }

    public static long creatorXid(PageBuffer page) {
        return page.getLong(CREATOR);
    }

    public static int tableId(PageBuffer page) {
        return page.getInt(TABLE);
    }

    /** Pages, the header page included. */
    public static int usedPages(PageBuffer page) {
        return page.getInt(USED);
    }

    public static void usedPages(PageBuffer page, int pages) {
        page.putInt(USED, pages);
    }

    /** Bytes. */
    public static int pageSize(PageBuffer page) {
        return page.getInt(PAGE_SIZE);
    }
}
