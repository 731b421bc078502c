package dev.cairn.storage.base;

import java.util.Locale;

/**
 * The named places between two steps of a protocol: where the order of steps matters, to other threads or to what a crash
 * leaves. {@link Scheduler#point} is called there; in production it does nothing.
 *
 * <p>Simulated schedules switch threads at them, child processes are halted at them, and campaigns count which of them a
 * crash has met. Each is announced when the step that it names is done and the next one is not begun.
 */
public enum CrashPoint {
    /** A record's bytes are in the ring, and the end of the log is not moved yet. The append lock is held. */
    LOG_PLACED,
    /** A checkpoint's begin record has its place, and the redo point is not moved yet. The append lock is held. */
    LOG_REDO_POINT,
    /** A thread has become the leader of a group and has not looked how far the log reaches. */
    LOG_LEADING,
    /** The leader knows how far it will write. */
    LOG_GROUP,
    /** A stretch of log is with the operating system and nobody knows. */
    LOG_WRITTEN,
    /** The log is synced, and nobody knows. */
    LOG_SYNCED,
    /** The leader has given up the lead and has not woken anybody. */
    LOG_LED,
    /** A committer has found somebody leading and is about to wait. */
    LOG_FOLLOWING,
    /** A segment has its name, durably, and holds no record. */
    SEGMENT_NAMED,
    /** Segments have lost their names, and the directory is not synced. */
    SEGMENT_GIVEN_UP,

    /** A top-level id is given out, and the table of transactions does not know it. */
    XID_ALLOCATED,
    /** COMMIT is in the log and in the queue of those to be published. The queue's lock is held. */
    COMMIT_APPENDED,
    /** COMMIT is as durable as was asked. */
    COMMIT_DURABLE,
    /** The top's status word says committed, and new snapshots do not see it. The queue's lock is held. */
    COMMIT_STATUS_SET,
    /** New snapshots see the commit; its locks are held. */
    COMMIT_PUBLISHED,
    /** Locks are given back, waiters woken; the children's words and the status bits still lack. */
    COMMIT_UNLOCKED,
    /** Everything is done but the answer to the caller. */
    COMMIT_STORED,
    /** The words of what is rolled back say so, and the log does not. */
    ROLLBACK_MARKED,
    /** The log says so too, and the locks are held. */
    ROLLBACK_LOGGED,

    /** A snapshot's slot is marked, and nothing is read. */
    SNAPSHOT_TAKING,
    /** A snapshot's LSN is read, and its slot does not hold it. */
    SNAPSHOT_READ,
    /** The horizon's upper bound is read, and no slot is. */
    HORIZON_READ,

    /** A reader has copied a page or a tuple that it has not validated. */
    CACHE_READ,
    /** A frame has been chosen for another page, and is not latched. */
    CACHE_CLAIM,
    /** A page is copied for writing, and the copy is not validated. */
    CACHE_COPY,
    /** A page is written, and its frame is not clean. */
    CACHE_WRITTEN,

    /** A page of an index is split, and the level above does not know. */
    INDEX_SPLIT,
    /** The root of an index has risen, and has one child. */
    INDEX_ROOT_RISEN,
    /** An empty page of an index has lost its entry in the level above, and is still in the chain of its own. */
    INDEX_UNLINKED,
    /** All pages of a new index are filled but its root, which leads nowhere yet. */
    INDEX_LOADED,

    /** A data file has its name, and the log does not know it. */
    FILE_CREATED,
    /** A data file is longer, and nobody knows. */
    FILE_EXTENDED,
    /** The log says durably that a file goes, and its pages are in memory. */
    FILE_DROP_LOGGED,
    /** Nothing of the file is in memory, and its name is there. */
    FILE_FORGOTTEN,
    /** The file's name is gone, and the directory is not synced. */
    FILE_DROPPED,

    /** The redo point is moved; nothing is written. */
    CHECKPOINT_BEGUN,
    /** Every page that was dirty at the redo point is written. */
    CHECKPOINT_PAGES_WRITTEN,
    /** The status pages are written and synced. */
    CHECKPOINT_STATUS_WRITTEN,
    /** All data files and their names are durable. */
    CHECKPOINT_FILES_SYNCED,
    /** The end record is durable. */
    CHECKPOINT_END_LOGGED,
    /** The control file names the new redo point, durably. */
    CHECKPOINT_CONTROL_WRITTEN,
    /** The log before it is given up. */
    CHECKPOINT_RECYCLED,
    /** Closing: the log is durable and closed, and the control file does not call it closed. */
    CLOSE_LOG_CLOSED,

    /** Nothing has been changed by this opening, and nothing refuses it any more. */
    RECOVERY_SCANNED,
    /** The control file knows the new life. */
    RECOVERY_LIFE_BEGUN,
    /** The tail of the log that will be trusted is durable. */
    RECOVERY_TAIL_REWRITTEN,
    /** Everything is redone, in memory. */
    RECOVERY_REDONE,
    /** Orphans are unlinked, and the directory is not synced. */
    RECOVERY_ORPHANS_UNLINKED;

    private final String text =
            name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');

    /** The name for people and command lines: {@code commit.status-set}. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException if there is no point of that name */
    public static CrashPoint named(String text) {
        for (CrashPoint point : values()) {
            if (point.text.equals(text)) {
                return point;
            }
        }
        throw new IllegalArgumentException("no crash point \"" + text + "\"");
    }
}
