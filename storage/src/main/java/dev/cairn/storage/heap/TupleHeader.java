package dev.cairn.storage.heap;

import dev.cairn.storage.format.Layout;

/** The 20 bytes before a row version's data. Accessors are in {@link HeapPage}, which knows where it lies. */
public final class TupleHeader {

    /** Length in bytes. */
    public static final int BYTES = 20;

    public static final Layout LAYOUT = Layout.named("tuple header")
            .u32("xmin", "inserting transaction, less the page's xidBase; 1 to 4294967295")
            .u32("xmax", "deleting or updating transaction, less the page's xidBase; 0 none")
            .u32("command", "cmin, cmax or combo id, by the flags")
            .u48("forward", "row id of the next version after an update, else of this one: u16 slot, then u32 page")
            .u16("flags", "TupleFlags; unknown bits are corruption")
            .size(BYTES);

    static final int XMIN = LAYOUT.offset("xmin");
    static final int XMAX = LAYOUT.offset("xmax");
    static final int COMMAND = LAYOUT.offset("command");
    static final int FORWARD = LAYOUT.offset("forward");
    static final int FLAGS = LAYOUT.offset("flags");

    private TupleHeader() {}
}
