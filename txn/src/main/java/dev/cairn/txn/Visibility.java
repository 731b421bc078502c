package dev.cairn.txn;

/** Who sees which row version: pure functions of a tuple's header fields, a snapshot and the status window. */
public final class Visibility {

    private Visibility() {}

    /**
     * Whether {@code self} sees the version under {@code snapshot}. Reads two status words for xmin and two for xmax at
     * most; allocates nothing.
     *
     * @param xmin creator, positive
     * @param xmax deleter, 0 if none
     * @param command the tuple's command field, read as {@code flags} say
     * @param flags TupleFlags
     */
    public static boolean isVisible(
            long xmin, long xmax, int command, int flags, Xact self, Snapshot snapshot, StatusWindow window) {
        throw new UnsupportedOperationException();
    }

    /** What xmax means to a writer. */
    public static TupleState stateForWriter(long xmax, Xact self, StatusWindow window) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether no open or future snapshot, nor its own transaction, can see the version, so that it may be removed: its
     * creator rolled back, or its deleter committed at or before {@code horizon}.
     */
    public static boolean isDead(long xmin, long xmax, int flags, long horizon, StatusWindow window) {
        throw new UnsupportedOperationException();
    }
}
