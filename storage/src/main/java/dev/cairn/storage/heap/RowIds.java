package dev.cairn.storage.heap;

/** A row version's place as a long: page number in bits 16 to 47, slot in the 16 bits below. 6 bytes on disk. */
public final class RowIds {

    /** By how many bits a row id is to be shifted for its page number. */
    public static final int PAGE_SHIFT = 16;

    private static final int SLOT_BITS = PAGE_SHIFT;
    private static final int SLOT_MASK = 0xFFFF;

    private RowIds() {}

    public static long of(int pageNo, int slot) {
        return (pageNo & 0xFFFF_FFFFL) << SLOT_BITS | (slot & SLOT_MASK);
    }

    public static int page(long rowId) {
        return (int) (rowId >>> SLOT_BITS);
    }

    public static int slot(long rowId) {
        return (int) rowId & SLOT_MASK;
    }

    /** For messages: {@code (page,slot)}. */
    public static String format(long rowId) {
        return "(" + Integer.toUnsignedString(page(rowId)) + "," + slot(rowId) + ")";
    }
}
