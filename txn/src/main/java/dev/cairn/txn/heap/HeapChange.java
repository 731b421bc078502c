package dev.cairn.txn.heap;

/**
 * What became of an attempt to update, delete or lock a row version.
 *
 * @param rowId the new version after {@link Kind#DONE} of an update, the newest version after {@link Kind#MOVED}
 * @param xmin who made that version; 0 if there is none
 * @param hot after an update: entries of indexes that led to the old version lead to the new one too
 */
public record HeapChange(Kind kind, long rowId, long xmin, boolean hot) {

    /** The outcomes. */
    public enum Kind {
        /** The version has been updated, deleted or locked. */
        DONE,
        /** A transaction that has committed since updated the row: the newest version is elsewhere, and locked now. */
        MOVED,
        /** A transaction that has committed since deleted the row. */
        GONE,
        /** This same statement has already changed the row. */
        SELF,
        /** Somebody else has it locked, and the claim is to leave such rows out. */
        SKIPPED
    }

    static final HeapChange GONE = new HeapChange(Kind.GONE, 0, 0, false);
    static final HeapChange SKIPPED = new HeapChange(Kind.SKIPPED, 0, 0, false);
    static final HeapChange SELF = new HeapChange(Kind.SELF, 0, 0, false);
}
