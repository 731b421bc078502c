package dev.cairn.wal;

import dev.cairn.wal.record.WalRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as found in the log. The arrays belong to the receiver.
 *
 * @param start LSN of its first byte
 * @param end LSN behind it: what a page's pageLsn becomes when it is applied
 * @param xid the transaction, or sub-transaction, that it belongs to; 0 if none
 * @param incarnation the life that seeded it
 * @param image0 full-page image of the first page that the record changes, null if it carries none. It is the page's state
 *     after the change, but for pageLsn and checksum, which are those from before: whoever restores it sets pageLsn to
 *     {@code end}
 * @param image1 likewise of the second page
 */
public record LoggedRecord(
        long start,
        long end,
        long xid,
        WalRecord record,
        IncarnationId incarnation,
        byte @Nullable [] image0,
        byte @Nullable [] image1) {

    /** The image of the i-th page that the record changes, null if it carries none. */
    public byte @Nullable [] image(int i) {
        return switch (i) {
            case 0 -> image0;
            case 1 -> image1;
            default -> throw new IndexOutOfBoundsException("image " + i);
        };
    }
}
