package dev.cairn.storage.heap;

/** The bits of a row version's flags. Unknown bits are corruption. */
public final class TupleFlags {

    /** The command field holds cmax, of the deleting transaction, not cmin. */
    public static final int COMMAND_IS_MAX = 1;
    /** The command field holds a combo id, which stands for a cmin and a cmax of the same transaction. */
    public static final int COMMAND_IS_COMBO = 1 << 1;
    /** xmax is of an update: the forward pointer leads to the next version. */
    public static final int UPDATED = 1 << 2;
    /** xmin is committed and older than every snapshot; its bytes are kept for inspection. */
    public static final int FROZEN = 1 << 3;
    /** The next version is on the same page and in the same chain of index entries. */
    public static final int HOT_UPDATED = 1 << 4;
    /** No index entry leads here, only the version before. */
    public static final int HEAP_ONLY = 1 << 5;

    /** xmax is of an update that changed the key, or of one whose own level had the row locked FOR UPDATE. */
    public static final int KEY_UPDATED = 1 << 6;

    /** xmax is of an update whose transaction had the row locked FOR UPDATE at another level. */
    public static final int LOCKED_UPDATED = 1 << 7;

    public static final int ALL = (1 << 8) - 1;

    private TupleFlags() {}
}
