package dev.cairn.txn.heap;

import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.memory.CacheLines;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.util.Arrays;
import java.util.Objects;

/**
 * A row version's header fields and row, as they were at one moment. Used again and again, so that reading a row allocates
 * nothing. Not thread-safe.
 */
public final class TupleView {

    private static final int FIRST_CAPACITY = 128;
    private static final byte[] NO_ROOM = {};
    private static final int NONE = -1;
    private static final int MOST_TRUST = 4;

    private long rowId;
    private long xmin;
    private long xmax;
    private long forward;
    private int command;
    private int flags;
    /** Where rows are copied to; made with the first one, as many views read headers alone. */
    private byte[] own = NO_ROOM;

    /** Where the row is that it shows. */
    private byte[] data = own;

    private int start;
    private int length;

    /** Where the next version should stand if it is like the one before. */
    private int expectedAt;

    /** Below 0 if that has been wrong several times in a row. */
    private int trust;

    /** Of no meaning: it keeps the compiler from leaving loads away. */
    private int loaded;

    /** Shows a version of which no more than place, creator and row are known. */
    public static TupleView of(HeapVersion version) {
        TupleView view = new TupleView();
        view.rowId = version.rowId();
        view.xmin = version.xmin();
        view.show(version.data(), 0, version.data().length);
        return view;
    }

    /** Loads what {@link #copy} will read into the processor's caches, where it is expected to be. */
    void expect(PageBuffer page, int slot) {
        int bytes = TupleHeader.BYTES + Math.max(0, length);
        expectedAt = HeapPage.expectedAt(page, slot, bytes);
        loaded += HeapPage.expect(page, slot, trust < 0 ? 0 : expectedAt, bytes);
    }

    /** Takes over what stands in a slot that has a version. On a page that changes beside it the result is provisional. */
    void copy(PageBuffer page, int pageNo, int slot) {
        int pointer = HeapPage.pointer(page, slot);
        copyHeader(page, pageNo, slot, HeapPage.versionAt(pointer));
        copyRow(page, pointer);
    }

    /**
     * Takes over what stands in a slot, if it has a version. On a page that changes beside it the result is provisional.
     *
     * @param root whether an entry of an index has led here, so that the slot may lead on to another one
     * @param row whether the row is wanted, too
     * @return false if there is no version, or not one to which entries lead
     */
    boolean copy(PageBuffer page, int pageNo, int slot, boolean root, boolean row) {
        int pointer = HeapPage.pointer(page, slot);
        int found = slot;
        boolean leadsOn = root && HeapPage.leadsTo(pointer) >= 0;
        if (leadsOn) {
            found = HeapPage.leadsTo(pointer);
            pointer = HeapPage.pointer(page, found);
        }
        int at = HeapPage.versionAt(pointer);
        if (at == 0) {
            return false;
        }
        copyHeader(page, pageNo, found, at);
        if (root && ((flags & TupleFlags.HEAP_ONLY) != 0) != leadsOn) {
            return false;
        }
        if (row) {
            copyRow(page, pointer);
        }
        return true;
    }

    private void copyHeader(PageBuffer page, int pageNo, int slot, int at) {
        rowId = RowIds.of(pageNo, slot);
        long xidBase = PageHeader.xidBase(page);
        xmin = HeapPage.xminAt(page, at, xidBase);
        xmax = HeapPage.xmaxAt(page, at, xidBase);
        command = HeapPage.commandAt(page, at);
        flags = HeapPage.flagsAt(page, at);
        forward = HeapPage.forwardAt(page, at);
        length = NONE;
    }

    private void copyRow(PageBuffer page, int pointer) {
        boolean expected = Math.abs(HeapPage.versionAt(pointer) - expectedAt) < CacheLines.BYTES;
        trust = expected ? MOST_TRUST : Math.max(-1, trust - 1);
        int bytes = Math.max(0, HeapPage.versionBytes(pointer) - TupleHeader.BYTES);
        if (bytes > own.length) {
            // What a page says that changes meanwhile is no reason to make room for it.
            makeRoom(Objects.checkIndex(bytes, page.size()));
        }
        page.get(HeapPage.versionAt(pointer) + TupleHeader.BYTES, own, 0, bytes);
        show(own, 0, bytes);
    }

    /** Takes over what another one shows. */
    void copy(TupleView other) {
        rowId = other.rowId;
        xmin = other.xmin;
        xmax = other.xmax;
        command = other.command;
        flags = other.flags;
        forward = other.forward;
        if (other.length > own.length) {
            makeRoom(other.length);
        }
        System.arraycopy(other.data, other.start, own, 0, other.length);
        show(own, 0, other.length);
    }

    private void makeRoom(int bytes) {
        own = new byte[Math.max(FIRST_CAPACITY, Integer.highestOneBit(bytes) << 1)];
    }

    private void show(byte[] bytes, int at, int count) {
        // Each reference stored has its price.
        if (data != bytes) {
            data = bytes;
        }
        start = at;
        length = count;
    }

    /** Shows a row, and no more of its version than these two, that stands elsewhere and stays there. */
    void show(byte[] bytes, int at, int count, long rowOf, long madeBy) {
        show(bytes, at, count);
        rowId = rowOf;
        xmin = madeBy;
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

    /** An array in which the row stands without the tuple header, from {@link #start} on; good until the next version is read. */
    public byte[] bytes() {
        return data;
    }

    /** Where the row begins in {@link #bytes}. */
    public int start() {
        return start;
    }

    /** Bytes of the row. */
    public int length() {
        return length;
    }

    /** A copy to keep. */
    public HeapVersion toVersion() {
        return new HeapVersion(rowId, xmin, Arrays.copyOfRange(data, start, start + length));
    }

    @Override
    public String toString() {
        return "version " + RowIds.format(rowId) + " of " + xmin + " (" + loaded + ")";
    }
}
