package dev.cairn.wal;

import dev.cairn.storage.base.Lsn;

/**
 * Where a log ends, and why it is taken to end there.
 *
 * @param lsn end of the last valid record: appending goes on here
 * @param incarnation the life of which a record at {@code lsn} would have to be
 * @param lastStart start of the last valid record; 0 if unknown
 * @param reason why what stands at {@code lsn} is no record
 * @param detail for people: expected and found
 */
public record WalEnd(long lsn, IncarnationId incarnation, long lastStart, Reason reason, String detail) {

    /** What stands where a record was expected. */
    public enum Reason {
        /** Nothing was looked for: the log was closed there. */
        CLOSED,
        /** Zeros: nothing was ever written. */
        ZEROS,
        /** No possible length. */
        BAD_LENGTH,
        /** The checksum is wrong: half-written, or bytes of an earlier use or life. */
        BAD_CHECKSUM,
        /** The record is intact, the bytes that fill it up are not. */
        BAD_PADDING,
        /** The next segment is not there. */
        NO_SEGMENT,
        /** The next segment's header is damaged or belongs to an earlier life. */
        BAD_SEGMENT
    }

    /** The end of a log that was closed there. */
    public static WalEnd closed(long lsn, IncarnationId incarnation) {
        return new WalEnd(lsn, incarnation, 0, Reason.CLOSED, "closed");
    }

    @Override
    public String toString() {
        return "end of log at " + Lsn.format(lsn) + ": " + reason + " (" + detail + ")";
    }
}
