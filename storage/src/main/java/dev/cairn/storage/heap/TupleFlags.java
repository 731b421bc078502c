package dev.cairn.storage.heap;

import dev.cairn.storage.format.FlagBits;

/** The bits of a row version's flags. Unknown bits are corruption. */
public final class TupleFlags {

    /** What each means; {@code FORMAT.md} has it from here. */
    public static final FlagBits BITS = new FlagBits();

    public static final int COMMAND_IS_MAX =
            BITS.next("COMMAND_IS_MAX", "the command field holds cmax, of the deleting transaction, not cmin");

    public static final int COMMAND_IS_COMBO = BITS.next(
            "COMMAND_IS_COMBO",
            "the command field holds a combo id, which stands for a cmin and a cmax of the same transaction");

    public static final int UPDATED =
            BITS.next("UPDATED", "xmax is of an update: the forward pointer leads to the next version");

    public static final int FROZEN =
            BITS.next("FROZEN", "xmin is committed and older than every snapshot; its bytes are kept for inspection");

    public static final int HOT_UPDATED =
            BITS.next("HOT_UPDATED", "the next version is on the same page and in the same chain of index entries");

    public static final int HEAP_ONLY = BITS.next("HEAP_ONLY", "no index entry leads here, only the version before");

    public static final int KEY_UPDATED = BITS.next(
            "KEY_UPDATED",
            "xmax is of an update that changed the key, or of one whose own level had the row locked FOR UPDATE");

    public static final int LOCKED_UPDATED = BITS.next(
            "LOCKED_UPDATED", "xmax is of an update whose transaction had the row locked FOR UPDATE at another level");

    public static final int ALL = BITS.all();

    private TupleFlags() {}
}
