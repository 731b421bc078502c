package dev.cairn.txn;

import dev.cairn.storage.heap.TupleFlags;

/**
 * Who sees which row version: pure functions of a tuple's header fields, a snapshot and the status window.
 *
 * <p>How "is x committed for snapshot S?" is answered: x's own word says committed at L (then L &lt;= S decides), aborted, or
 * names the top. If that is the asker's own top, command ids decide; otherwise the top's word does. So two words at most,
 * at any depth and number of sub-transactions (I4: what a sub-transaction's word says of its release decides nothing).
 *
 * <p>Why two separate reads are enough: what a snapshot may see was published before the snapshot was taken, and a branch
 * that was rolled back was so before its top committed; so an own word read as undecided, whose top turns out to have
 * committed at or before S, was no aborted one. Without a snapshot that argument is missing, so there the own word is read
 * again after the top was found committed.
 *
 * <p>Nothing here allocates. Callers hand in fields that they have checked: an id that was never given out is {@link
 * dev.cairn.storage.base.CorruptionException}.
 */
public final class Visibility {

    /** {@link #fate}: not over, or committed and not published yet. */
    public static final long IN_PROGRESS = -1;

    /** {@link #fate}: rolled back. */
    public static final long ABORTED = -2;

    private Visibility() {}

    /**
     * Whether {@code self} sees the version under {@code snapshot}. Reads two status words for xmin and two for xmax at
     * most.
     *
     * @param xmin creator, positive
     * @param xmax deleter, 0 if none
     * @param command the tuple's command field, read as {@code flags} say
     * @param flags TupleFlags
     */
    public static boolean isVisible(
            long xmin, long xmax, int command, int flags, Xact self, Snapshot snapshot, StatusWindow window) {
        return isVisible(xmin, xmax, command, flags, self, snapshot.lsn(), snapshot.command(), window);
    }

    /** As the other, for a snapshot of which no object has been made. */
    public static boolean isVisible(
            long xmin, long xmax, int command, int flags, Xact self, long lsn, int atCommand, StatusWindow window) {
        if ((flags & TupleFlags.FROZEN) == 0) {
            long word = window.word(xmin);
            if (isMine(word, self)) {
                if (cmin(command, flags, self) >= atCommand) {
                    return false;
                }
            } else if (!isCommitted(word, xmin, lsn, window)) {
                return false;
            }
        }
        if (xmax == 0) {
            return true;
        }
        long word = window.word(xmax);
        if (isMine(word, self)) {
            return cmax(command, flags, self) >= atCommand;
        }
        return !isCommitted(word, xmax, lsn, window);
    }

    /** In progress or sub-committed under {@code self}; false for what {@code self} has rolled back (I12). */
    private static boolean isMine(long word, Xact self) {
        int tag = StatusWindow.tag(word);
        return (tag == StatusWindow.IN_PROGRESS || tag == StatusWindow.SUBCOMMITTED)
                && StatusWindow.value(word) == self.topXid();
    }

    private static boolean isCommitted(long word, long xid, long snapshotLsn, StatusWindow window) {
        int tag = StatusWindow.tag(word);
        if (tag == StatusWindow.COMMITTED) {
            return StatusWindow.value(word) <= snapshotLsn;
        }
        if (tag == StatusWindow.ABORTED || StatusWindow.value(word) == xid) {
            return false;
        }
        long topWord = window.word(StatusWindow.value(word));
        return StatusWindow.tag(topWord) == StatusWindow.COMMITTED && StatusWindow.value(topWord) <= snapshotLsn;
    }

    private static int cmin(int command, int flags, Xact self) {
        if ((flags & TupleFlags.COMMAND_IS_COMBO) != 0) {
            return self.cminOf(command);
        }
        if ((flags & TupleFlags.COMMAND_IS_MAX) != 0) {
            throw new IllegalStateException("a version that its own transaction made has no cmin");
        }
        return command;
    }

    private static int cmax(int command, int flags, Xact self) {
        if ((flags & TupleFlags.COMMAND_IS_COMBO) != 0) {
            return self.cmaxOf(command);
        }
        if ((flags & TupleFlags.COMMAND_IS_MAX) == 0) {
            throw new IllegalStateException("a version that its own transaction deleted has no cmax");
        }
        return command;
    }

    /** What xmax (0 for none) means to a writer, judged without a snapshot. */
    public static TupleState stateForWriter(long xmax, Xact self, StatusWindow window, long publishLsn) {
        if (xmax == 0) {
            return TupleState.FREE;
        }
        if (isMine(window.word(xmax), self)) {
            return TupleState.MINE;
        }
        long fate = fate(xmax, window, publishLsn);
        if (fate == ABORTED) {
            return TupleState.FREE;
        }
        return fate == IN_PROGRESS ? TupleState.IN_PROGRESS : TupleState.COMMITTED;
    }

    /**
     * What has become of an id, whoever asks: {@link #IN_PROGRESS}, {@link #ABORTED}, or its commit LSN, 0 if that is older
     * than every open snapshot. A commit after {@code publishLsn} is still in progress.
     */
    public static long fate(long xid, StatusWindow window, long publishLsn) {
        long word = window.word(xid);
        int tag = StatusWindow.tag(word);
        if (tag == StatusWindow.IN_PROGRESS || tag == StatusWindow.SUBCOMMITTED) {
            long top = StatusWindow.value(word);
            if (top == xid) {
                return IN_PROGRESS;
            }
            word = window.word(top);
            // The branch may have been rolled back between the two reads, and its top committed since.
            if (StatusWindow.tag(word) == StatusWindow.COMMITTED
                    && StatusWindow.tag(window.word(xid)) == StatusWindow.ABORTED) {
                return ABORTED;
            }
            tag = StatusWindow.tag(word);
        }
        if (tag == StatusWindow.COMMITTED) {
            long lsn = StatusWindow.value(word);
            return lsn <= publishLsn ? lsn : IN_PROGRESS;
        }
        return tag == StatusWindow.ABORTED ? ABORTED : IN_PROGRESS;
    }

    /**
     * Whether nobody can see the version now or later, so that it may be removed: its creator rolled back, or its deleter
     * committed at or before {@code horizon}.
     */
    public static boolean isDead(long xmin, long xmax, int flags, long horizon, StatusWindow window) {
        if ((flags & TupleFlags.FROZEN) == 0 && fate(xmin, window, horizon) == ABORTED) {
            return true;
        }
        return xmax != 0 && fate(xmax, window, horizon) >= 0;
    }
}
