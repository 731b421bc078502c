package dev.cairn.storage.heap;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.CacheLines;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.util.Objects;

/**
 * Row versions on a page: the only code that changes a heap page's bytes, for the running engine and for redo alike, so
 * that the same calls in the same order give the same bytes (I10). No I/O, no log.
 *
 * <pre>
 *   0        48              lower          upper                     page size
 *   | header | line pointers |  free space  | versions, latest lowest |
 * </pre>
 *
 * A line pointer is the stable name (slot) of a version, which itself moves when the page is compacted. Slots number from
 * 0; a removed version's slot is unused and may be given to another one; unused slots at the end are cut off. A slot may also
 * lead to another one, if its version is gone and its successor on the page is to be found where it was.
 *
 * <p>Mutators need the page exclusively. Readers may run optimistically on a page that changes beside them: whatever they
 * return or throw is then provisional. Nothing here allocates but {@link #data}, {@link #check}, compaction and errors. A
 * mutator that is asked for what the page does not allow throws {@link CorruptPageException} before it changes anything:
 * in redo that is what it is, and in the running engine no page can be trusted after it.
 */
public final class HeapPage {

    /** Length of a line pointer in bytes. */
    public static final int LINE_POINTER_BYTES = 4;

    public static final Layout LINE_POINTER = Layout.named("heap page line pointer")
            .u16("offset", "of the version's tuple header, from the page's start; 0: the slot has no version")
            .u16(
                    "length",
                    "of the version in bytes, its header included; without a version 0: the slot is unused, else 1 more "
                            + "than the slot where the version's successor is")
            .size(LINE_POINTER_BYTES);

    /** The bit of the page header's flags that says: there may be an unused slot. The only one a heap page has. */
    public static final int HAS_UNUSED_SLOTS = 1;

    /** What {@link #layout} says of most pages. */
    public static final int IRREGULAR = -1;

    private static final int LENGTH = LINE_POINTER.offset("length");
    private static final int OFFSET_MASK = 0xFFFF;
    private static final int LENGTH_SHIFT = Byte.SIZE * LENGTH;
    private static final long MAX_DELTA = 0xFFFF_FFFFL;
    private static final int[] NO_SLOTS = {};

    private HeapPage() {}

    /**
     * Makes the page anew, with no version on it.
     *
     * @param xidBase ids on this page lie in (xidBase, xidBase + 2^32)
     */
    public static void init(PageBuffer page, int fileId, int pageNo, long xidBase) {
        PageHeader.init(page, PageKind.HEAP, fileId, pageNo);
        PageHeader.xidBase(page, xidBase);
    }

    /** The longest row, in bytes, that an empty page of this size can hold. */
    public static int maxDataLength(int pageSize) {
        return pageSize - PageHeader.BYTES - LINE_POINTER_BYTES - TupleHeader.BYTES;
    }

    /** Slots, unused ones included; every slot that is used lies below this. */
    public static int slotCount(PageBuffer page) {
        return (PageHeader.lower(page) - PageHeader.BYTES) / LINE_POINTER_BYTES;
    }

    /** Bytes that compaction would leave between line pointers and versions. */
    public static int freeSpace(PageBuffer page) {
        return PageHeader.upper(page) - PageHeader.lower(page) + PageHeader.garbage(page);
    }

    /** Whether a row of this many bytes can be inserted at {@link #slotForInsert}. */
    public static boolean fits(PageBuffer page, int dataLength) {
        int pointer = slotForInsert(page) == slotCount(page) ? LINE_POINTER_BYTES : 0;
        return TupleHeader.BYTES + dataLength + pointer <= freeSpace(page);
    }

    /** The lowest unused slot, or the slot count if there is none. */
    public static int slotForInsert(PageBuffer page) {
        int count = slotCount(page);
        if ((PageHeader.flags(page) & HAS_UNUSED_SLOTS) == 0) {
            return count;
        }
        int slot = 0;
        while (slot < count && !isUnused(page, slot)) {
            slot++;
        }
        return slot;
    }

    /** Whether the id can be stored relative to the page's base. */
    public static boolean canHold(PageBuffer page, long xid) {
        long delta = xid - PageHeader.xidBase(page);
        return delta > 0 && delta <= MAX_DELTA;
    }

    /**
     * Adds a version whose xmax is none and whose forward pointer is itself. Compacts the page if need be.
     *
     * @param slot an unused one, or the slot count
     * @param flags {@link TupleFlags}
     */
    public static void insert(
            PageBuffer page, int slot, long xmin, int command, int flags, byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        int count = slotCount(page);
        int lower = PageHeader.lower(page);
        require(
                page,
                slot >= 0 && slot <= count && (slot == count || isUnused(page, slot)),
                "there is no free slot",
                slot);
        require(page, canHold(page, xmin), "its id base does not fit the inserting transaction", slot);
        require(page, (flags & ~TupleFlags.ALL) == 0, "flags unknown", slot);
        int total = TupleHeader.BYTES + length;
        int newLower = slot == count ? lower + LINE_POINTER_BYTES : lower;
        require(page, newLower - lower + total <= freeSpace(page), "no space for the version", slot);
        if (PageHeader.upper(page) - newLower < total) {
            compact(page);
        }
        int at = PageHeader.upper(page) - total;
        page.put(at + TupleHeader.BYTES, data, offset, length);
        page.putU32(at + TupleHeader.XMIN, xmin - PageHeader.xidBase(page));
        page.putInt(at + TupleHeader.XMAX, 0);
        page.putInt(at + TupleHeader.COMMAND, command);
        page.putU48(at + TupleHeader.FORWARD, RowIds.of(PageHeader.pageNo(page), slot));
        page.putU16(at + TupleHeader.FLAGS, flags);
        PageHeader.lower(page, newLower);
        PageHeader.upper(page, at);
        linePointer(page, slot, at, total);
        if (slot < count && slotForInsert(page) == count) {
            PageHeader.flags(page, PageHeader.flags(page) & ~HAS_UNUSED_SLOTS);
        }
    }

    /**
     * Gives a version an xmax.
     *
     * @param command replaces the command field
     * @param flags replaces the flags
     * @param forward row id of the next version after an update, of this one after a delete
     */
    public static void markDeleted(PageBuffer page, int slot, long xmax, int command, int flags, long forward) {
        int at = usedTuple(page, slot);
        require(page, canHold(page, xmax), "its id base does not fit the deleting transaction", slot);
        require(page, (flags & ~TupleFlags.ALL) == 0, "flags unknown", slot);
        page.putU32(at + TupleHeader.XMAX, xmax - PageHeader.xidBase(page));
        page.putInt(at + TupleHeader.COMMAND, command);
        page.putU48(at + TupleHeader.FORWARD, forward);
        page.putU16(at + TupleHeader.FLAGS, flags);
    }

    /** Removes versions, and slots that lead to others: they become unused, unused slots at the end are cut off. */
    public static void remove(PageBuffer page, int[] slots) {
        prune(page, slots, NO_SLOTS);
    }

    /**
     * {@link #remove}, and lets slots lead to others.
     *
     * @param redirects pairs: a slot that has a version, which is removed, or leads to another one already; and the slot of a
     *     {@link TupleFlags#HEAP_ONLY} version to which it leads from now on
     */
    public static void prune(PageBuffer page, int[] slots, int[] redirects) {
        for (int slot : slots) {
            require(page, isUsed(page, slot) || isRedirect(page, slot), "there is nothing to remove", slot);
        }
        require(page, redirects.length % 2 == 0, "there is a redirect without an end", redirects.length);
        for (int i = 0; i < redirects.length; i += 2) {
            int from = redirects[i];
            int to = redirects[i + 1];
            require(page, isUsed(page, from) || isRedirect(page, from), "there is no version", from);
            require(
                    page,
                    isUsed(page, to) && isHeapOnly(page, to) && !contains(slots, to),
                    "there is no successor",
                    to);
        }
        int garbage = PageHeader.garbage(page);
        for (int slot : slots) {
            garbage += vacate(page, slot, 0);
        }
        for (int i = 0; i < redirects.length; i += 2) {
            garbage += vacate(page, redirects[i], redirects[i + 1] + 1);
        }
        PageHeader.garbage(page, garbage);
        int count = slotCount(page);
        while (count > 0 && isUnused(page, count - 1)) {
            count--;
        }
        PageHeader.lower(page, PageHeader.BYTES + count * LINE_POINTER_BYTES);
        PageHeader.flags(page, PageHeader.flags(page) | HAS_UNUSED_SLOTS);
        if (slotForInsert(page) == count) {
            PageHeader.flags(page, PageHeader.flags(page) & ~HAS_UNUSED_SLOTS);
        }
    }

    private static boolean contains(int[] slots, int wanted) {
        for (int slot : slots) {
            if (slot == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Takes a slot its version; returns how many bytes that leaves. A slot named twice has no version any more. */
    private static int vacate(PageBuffer page, int slot, int pointerLength) {
        int bytes = tupleOffset(page, slot) == 0 ? 0 : tupleLength(page, slot);
        linePointer(page, slot, 0, pointerLength);
        return bytes;
    }

    /** Sets {@link TupleFlags#FROZEN}; xmin's bytes stay. */
    public static void freeze(PageBuffer page, int[] slots) {
        for (int slot : slots) {
            usedTuple(page, slot);
        }
        for (int slot : slots) {
            int at = tupleOffset(page, slot) + TupleHeader.FLAGS;
            page.putU16(at, page.getU16(at) | TupleFlags.FROZEN);
        }
    }

    /** Whether the slot has a version. False also for a slot that the page does not have. */
    public static boolean isUsed(PageBuffer page, int slot) {
        return slot >= 0 && slot < slotCount(page) && tupleOffset(page, slot) != 0;
    }

    /** Whether the slot has no version, but leads to another one. False also for a slot that the page does not have. */
    public static boolean isRedirect(PageBuffer page, int slot) {
        return slot >= 0 && slot < slotCount(page) && tupleOffset(page, slot) == 0 && tupleLength(page, slot) != 0;
    }

    /** The slot to which a slot leads. */
    public static int redirect(PageBuffer page, int slot) {
        return tupleLength(page, slot) - 1;
    }

    /**
     * A slot's line pointer, for {@link #versionAt}, {@link #versionBytes} and {@link #leadsTo}; 0 if the slot is unused, also for a
     * slot that the page does not have. On a page that changes meanwhile the result is provisional; it never throws.
     */
    public static int pointer(PageBuffer page, int slot) {
        int at = pointerAt(slot);
        return slot >= 0 && slot < slotCount(page) && at <= page.size() - LINE_POINTER_BYTES ? page.getInt(at) : 0;
    }

    /**
     * How a page is laid out on which each slot has a version, all equally long, one below the other in the order of the slots, and ids are relative to
     * 0: there {@link #pointer(int, PageBuffer, int)} needs no look at the page.
     *
     * @return greater than 0; {@link #IRREGULAR} of any other page
     */
    public static int layout(PageBuffer page) {
        int count = slotCount(page);
        int first = pointer(page, 0);
        boolean regular = isInside(page, first) && PageHeader.xidBase(page) == 0;
        int layout = count << LENGTH_SHIFT | versionBytes(first);
        for (int slot = 0; slot < count && regular; slot++) {
            regular = pointer(page, slot) == pointer(layout, page, slot);
        }
        return regular ? layout : IRREGULAR;
    }

    /** As {@link #pointer(PageBuffer, int)}, on a page of that {@link #layout}. */
    public static int pointer(int layout, PageBuffer page, int slot) {
        int bytes = layout & OFFSET_MASK;
        return slot < layout >>> LENGTH_SHIFT ? expectedAt(page, slot, bytes) | bytes << LENGTH_SHIFT : 0;
    }

    /** Whether there is a version, and it does not reach beyond the page: false only for provisional line pointers and none. */
    public static boolean isInside(PageBuffer page, int pointer) {
        int at = versionAt(pointer);
        int bytes = versionBytes(pointer);
        return at != 0 && bytes >= TupleHeader.BYTES && at + bytes <= page.size();
    }

    /** Of the tuple header, from the page's start; 0 if the slot has no version. */
    public static int versionAt(int pointer) {
        return pointer & OFFSET_MASK;
    }

    /** Of a version, its header included. */
    public static int versionBytes(int pointer) {
        return pointer >>> LENGTH_SHIFT;
    }

    /** The slot to which a slot leads that has no version; -1 if it leads nowhere. */
    public static int leadsTo(int pointer) {
        return versionAt(pointer) == 0 ? versionBytes(pointer) - 1 : -1;
    }

    /** Whether no entry of an index leads to the version of the slot. */
    public static boolean isHeapOnly(PageBuffer page, int slot) {
        return (flags(page, slot) & TupleFlags.HEAP_ONLY) != 0;
    }

    private static boolean isUnused(PageBuffer page, int slot) {
        return tupleOffset(page, slot) == 0 && tupleLength(page, slot) == 0;
    }

    public static long xmin(PageBuffer page, int slot) {
        return xminAt(page, tupleOffset(page, slot), PageHeader.xidBase(page));
    }

    /** 0 if there is none. */
    public static long xmax(PageBuffer page, int slot) {
        return xmaxAt(page, tupleOffset(page, slot), PageHeader.xidBase(page));
    }

    public static int command(PageBuffer page, int slot) {
        return commandAt(page, tupleOffset(page, slot));
    }

    /** {@link TupleFlags}. */
    public static int flags(PageBuffer page, int slot) {
        return flagsAt(page, tupleOffset(page, slot));
    }

    /** A row id. */
    public static long forward(PageBuffer page, int slot) {
        return forwardAt(page, tupleOffset(page, slot));
    }

    // The same for who knows already where the tuple header stands.

    /** As {@link #xmin}, of the version at {@link #versionAt}, with the page's xidBase. */
    public static long xminAt(PageBuffer page, int at, long xidBase) {
        return xidBase + page.getU32(at + TupleHeader.XMIN);
    }

    /** As {@link #xmax}, of the version at {@link #versionAt}, with the page's xidBase. */
    public static long xmaxAt(PageBuffer page, int at, long xidBase) {
        long delta = page.getU32(at + TupleHeader.XMAX);
        return delta == 0 ? 0 : xidBase + delta;
    }

    /** As {@link #command}, of the version at {@link #versionAt}. */
    public static int commandAt(PageBuffer page, int at) {
        return page.getInt(at + TupleHeader.COMMAND);
    }

    /** As {@link #flags}, of the version at {@link #versionAt}. */
    public static int flagsAt(PageBuffer page, int at) {
        return page.getU16(at + TupleHeader.FLAGS);
    }

    /** As {@link #forward}, of the version at {@link #versionAt}. */
    public static long forwardAt(PageBuffer page, int at) {
        return page.getU48(at + TupleHeader.FORWARD);
    }

    /** Of the row's first byte, from the page's start. */
    public static int dataOffset(PageBuffer page, int slot) {
        return tupleOffset(page, slot) + TupleHeader.BYTES;
    }

    /** Bytes, tuple header not counted. */
    public static int dataLength(PageBuffer page, int slot) {
        return tupleLength(page, slot) - TupleHeader.BYTES;
    }

    /** Where a version would stand if all before it had its length, and none had been removed. */
    public static int expectedAt(PageBuffer page, int slot, int versionBytes) {
        return page.size() - (slot + 1) * versionBytes;
    }

    /**
     * Loads the header, a line pointer, and a version's bytes where they are expected, into the processor's caches, all at once.
     * Provisional as everything else.
     *
     * @param at where the version is expected
     * @return of no meaning, but to be kept
     */
    public static int expect(PageBuffer page, int slot, int at, int versionBytes) {
        return CacheLines.load(page, 0)
                + CacheLines.load(page, pointerAt(slot))
                + CacheLines.load(page, at)
                + CacheLines.load(page, at + CacheLines.BYTES)
                + CacheLines.load(page, at + 2 * CacheLines.BYTES)
                + CacheLines.load(page, at + versionBytes - 1);
    }

    /** A copy of the row. */
    public static byte[] data(PageBuffer page, int slot) {
        byte[] data = new byte[Math.max(0, dataLength(page, slot))];
        page.get(dataOffset(page, slot), data, 0, data.length);
        return data;
    }

    /**
     * Judges the structure of a whole page, which must not be changing: nothing on it may point outside, overlap, or carry
     * what this version does not know.
     *
     * @throws CorruptPageException naming what was expected and found
     */
    public static void check(PageBuffer page) {
        HeapPageCheck.run(page);
    }

    /**
     * The part of {@link #check} that keeps readers and mutators inside the page: cheap, and allocates nothing unless it
     * fails.
     *
     * @throws CorruptPageException naming what was expected and found
     */
    public static void checkBounds(PageBuffer page) {
        HeapPageCheck.bounds(page);
    }

    /** @throws CorruptPageException if it is a page of another kind, of which nothing else is known */
    public static void requireKind(PageBuffer page) {
        if (PageHeader.kind(page) != PageKind.HEAP) {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    "expected a page of rows, found one of kind " + PageHeader.kind(page));
        }
    }

    static int tupleOffset(PageBuffer page, int slot) {
        return page.getU16(pointerAt(slot));
    }

    static int tupleLength(PageBuffer page, int slot) {
        return page.getU16(pointerAt(slot) + LENGTH);
    }

    /** Where a slot's line pointer stands, on a page that has one. */
    public static int pointerAt(int slot) {
        return PageHeader.BYTES + slot * LINE_POINTER_BYTES;
    }

    private static void linePointer(PageBuffer page, int slot, int offset, int length) {
        page.putU16(pointerAt(slot), offset);
        page.putU16(pointerAt(slot) + LENGTH, length);
    }

    private static int usedTuple(PageBuffer page, int slot) {
        require(page, isUsed(page, slot), "there is no version", slot);
        return tupleOffset(page, slot);
    }

    /**
     * Pushes the versions together at the page's end, in slot order, and zeroes what is left: the bytes then depend on the
     * contents alone.
     */
    private static void compact(PageBuffer page) {
        int upper = PageHeader.upper(page);
        int size = page.size();
        byte[] old = new byte[size - upper];
        page.get(upper, old, 0, old.length);
        int count = slotCount(page);
        int at = size;
        for (int slot = 0; slot < count; slot++) {
            int length = tupleLength(page, slot);
            if (tupleOffset(page, slot) != 0) {
                at -= length;
                page.put(at, old, tupleOffset(page, slot) - upper, length);
                linePointer(page, slot, at, length);
            }
        }
        page.fill(upper, at - upper, 0);
        PageHeader.upper(page, at);
        PageHeader.garbage(page, 0);
    }

    private static void require(PageBuffer page, boolean holds, String otherwise, int slot) {
        if (!holds) {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    otherwise + " at slot " + slot + " (" + slotCount(page) + " slots, " + freeSpace(page)
                            + " bytes free, id base " + PageHeader.xidBase(page) + ")");
        }
    }
}
