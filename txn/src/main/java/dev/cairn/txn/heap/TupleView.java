package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import java.util.Arrays;

/**
 * A row version's header fields and row, as they were at one moment. Used again and again, so that reading a row allocates
 * nothing. Not thread-safe.
 */
public final class TupleView {

    private static final int FIRST_CAPACITY = 128;
    private static final int NONE = -1;

    private long rowId;
    private long xmin;
    private long xmax;
    private long forward;
    private int command;
    private int flags;
    private byte[] data = new byte[FIRST_CAPACITY];
    private int length;

    /** Takes over what stands in a slot that has a version. On a page that changes beside it the result is provisional. */
    void copy(PageBuffer page, int pageNo, int slot) {
        copyHeader(page, pageNo, slot);
        length = Math.max(0, HeapPage.dataLength(page, slot));
        if (length > data.length) {
            data = new byte[Math.min(Integer.highestOneBit(length) << 1, page.size())];
        }
        page.get(HeapPage.dataOffset(page, slot), data, 0, length);
    }

    /** As {@link #copy}, without the row. */
    void copyHeader(PageBuffer page, int pageNo, int slot) {
        rowId = RowIds.of(pageNo, slot);
        xmin = HeapPage.xmin(page, slot);
        xmax = HeapPage.xmax(page, slot);
        command = HeapPage.command(page, slot);
        flags = HeapPage.flags(page, slot);
        forward = HeapPage.forward(page, slot);
        length = NONE;
    }

    /** Whether the row was taken over, too. */
    boolean hasRow() {
        return length != NONE;
    }

    /** Where the version stands. */
    public long rowId() {
        return rowId;
    }

    /** Who made it. */
    public long xmin() {
        return xmin;
    }

    /** Who deleted it; 0 if nobody did. */
    long xmax() {
        return xmax;
    }

    long forward() {
        return forward;
    }

    int command() {
        return command;
    }

    int flags() {
        return flags;
    }

    /** The row without the tuple header, {@link #length} bytes of it; good until the next version is read. */
    public byte[] bytes() {
        return data;
    }

    public int length() {
        return length;
    }

    /** A copy to keep. */
    public HeapVersion toVersion() {
        return new HeapVersion(rowId, xmin, Arrays.copyOf(data, length));
    }
}
