package dev.cairn.txn;

/**
 * The fate of recent ids: one 64-bit word each, 3 tag bits and a value of 61 bits. Reading is lock-free and allocates
 * nothing.
 */
public final class StatusWindow {

    public static final int NONE = 0;
    /** The value is the top-level id. */
    public static final int IN_PROGRESS = 1;
    /** Released into its parent; the value is the top-level id. */
    public static final int SUBCOMMITTED = 2;

    public static final int ABORTED = 3;
    /** The value is the commit LSN, or 0 if every open snapshot is younger. */
    public static final int COMMITTED = 4;

    StatusWindow() {}

    /** The word of an id; ids that left the window are answered from {@link TransactionStatus}. */
    public long word(long xid) {
        throw new UnsupportedOperationException();
    }

    public static int tag(long word) {
        return (int) (word >>> 61);
    }

    public static long value(long word) {
        return word & (1L << 61) - 1;
    }
}
