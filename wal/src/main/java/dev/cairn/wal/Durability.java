package dev.cairn.wal;

/** When a commit is acknowledged. */
public enum Durability {
    /** After a sync: survives the loss of power. */
    SYNC,
    /** After the write: survives the death of the process, not of the machine. */
    WRITE,
    /** At once; written and synced by the flusher within a stated time. */
    LAZY
}
