package dev.cairn.recovery;

import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecordType;

/**
 * What redo does with one page that one log record names: the table of recovery as a pure function. The rows are tried
 * from the top; the first that fits decides.
 *
 * <pre>
 *   record                 file or page on disk                       decision
 *   any                    file dropped in this log                   SKIP_FILE
 *   creates the file       any, missing too                           INITIALISE
 *   any                    file missing otherwise                     FILE_MISSING   (refuse)
 *   initialises the page   any                                        INITIALISE
 *   has an image           any                                        RESTORE_IMAGE
 *   neither                not intact                                 PAGE_CORRUPT   (refuse)
 *   neither                intact, pageLsn &gt; end of the log           LOG_LOST       (refuse)
 *   neither                intact, pageLsn &gt;= end of the record       SKIP
 *   neither                intact, pageLsn &lt; end of the record        APPLY
 * </pre>
 *
 * <p>Why a missing file is not simply made anew: its name became durable no later than the checkpoint that followed its
 * creation, so a file that this log does not create and does not drop has been lost. A file whose creator aborted needs
 * no row of its own: it is unlinked only after its FILE_DROP is durable, so it is either here or dropped.
 *
 * <p>Why initialisation and images do not look at the disk: a page that is about to be overwritten whole may be torn,
 * zero or missing, and judging it would refuse what a crash does every day. Why a page from beyond the end of the log is
 * fatal although redo could go on: the page was written under the rule that its log is durable first (I1), so log that
 * somebody may have been told of is gone. Why SKIP is not "nothing to do": the page may have come from the kernel's
 * cache and never have reached the disk, so it is written again all the same; see {@link #keepsPage}.
 */
public enum RedoDecision {
    /** The file's end stands in this same log: nothing of it is needed. */
    SKIP_FILE,
    /** Data that the log needs is gone: refuse to open. */
    FILE_MISSING,
    /** Make the page anew, as the running engine did. */
    INITIALISE,
    /** Replace the page by the record's full-page image, which is its state after the change. */
    RESTORE_IMAGE,
    /** The page fails its checks and the log holds no image of it: refuse to open. */
    PAGE_CORRUPT,
    /** The page is newer than the log: acknowledged log is missing; refuse to open. */
    LOG_LOST,
    /** The change is in the page already. */
    SKIP,
    /** Repeat the change. */
    APPLY;

    /** Where a record's file stands. */
    public enum FileState {
        PRESENT,
        /** A later record of the scanned log drops it, or an earlier one did. */
        DROPPED,
        MISSING
    }

    /** What a record brings along for a page. */
    public enum Carries {
        NOTHING,
        /** The page is the header of the file that the record creates. */
        CREATION,
        INITIALISATION,
        IMAGE;

        /** What a record brings along for the i-th page that it changes. */
        static Carries by(LoggedRecord logged, int i) {
            if (logged.record().type() == WalRecordType.FILE_CREATE) {
                return CREATION;
            }
            if (logged.record().initialises(i)) {
                return INITIALISATION;
            }
            return logged.image(i) == null ? NOTHING : IMAGE;
        }
    }

    /**
     * Decides.
     *
     * @param intact whether the page passed its checks; asked for only if the record carries nothing, as is {@code pageLsn}
     * @param pageLsn end of the last record applied to the page; 0 if none was. Of no meaning unless intact
     * @param recordEnd end of the record
     * @param logEnd end of the log as found, at least {@code recordEnd}
     */
    public static RedoDecision of(
            FileState file, Carries carries, boolean intact, long pageLsn, long recordEnd, long logEnd) {
        RedoDecision early = ofFile(file, carries);
        return early != null ? early : ofPage(intact, pageLsn, recordEnd, logEnd);
    }

    /** The part that needs no look at the page; null if the page must be looked at. */
    static @org.jspecify.annotations.Nullable RedoDecision ofFile(FileState file, Carries carries) {
        return switch (file) {
            case DROPPED -> SKIP_FILE;
            case MISSING -> carries == Carries.CREATION ? INITIALISE : FILE_MISSING;
            case PRESENT ->
                switch (carries) {
                    case CREATION, INITIALISATION -> INITIALISE;
                    case IMAGE -> RESTORE_IMAGE;
                    case NOTHING -> null;
                };
        };
    }

    /** The part for a record that brings nothing along. */
    static RedoDecision ofPage(boolean intact, long pageLsn, long recordEnd, long logEnd) {
        if (!intact) {
            return PAGE_CORRUPT;
        }
        if (pageLsn > logEnd) {
            return LOG_LOST;
        }
        return pageLsn >= recordEnd ? SKIP : APPLY;
    }

    /** Whether redo goes on with the page in the cache, which then must be marked dirty, so that it is written and synced. */
    public boolean keepsPage() {
        return switch (this) {
            case INITIALISE, RESTORE_IMAGE, SKIP, APPLY -> true;
            case SKIP_FILE, FILE_MISSING, PAGE_CORRUPT, LOG_LOST -> false;
        };
    }

    /** Whether opening is refused. */
    public boolean refuses() {
        return switch (this) {
            case FILE_MISSING, PAGE_CORRUPT, LOG_LOST -> true;
            case SKIP_FILE, INITIALISE, RESTORE_IMAGE, SKIP, APPLY -> false;
        };
    }
}
