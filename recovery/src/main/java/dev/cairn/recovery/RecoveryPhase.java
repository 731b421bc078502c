package dev.cairn.recovery;

/** The steps of opening, in the order in which {@link Recovery} takes them. */
public enum RecoveryPhase {
    /** A new database is made: directory empty, or left by an interrupted creation. */
    CREATE,
    /** The log is read from the redo point to find its end. Nothing on disk has been changed so far. */
    SCAN,
    /** The part of the log that will be trusted is written again and synced. */
    REWRITE,
    /** The log is replayed, once, forward. */
    REDO,
    /** Every page that redo met is written and synced, and the control file says so. */
    CHECKPOINT,
    /** The database is open. */
    OPEN
}
