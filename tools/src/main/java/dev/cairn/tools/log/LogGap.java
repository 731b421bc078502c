package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;

/**
 * Log that could not be read, between two records that could.
 *
 * @param from where the last record before it ends
 * @param to where the next one starts
 * @param reason why what stands at {@code from} is no record
 */
public record LogGap(long from, long to, String reason) {

    public long bytes() {
        return to - from;
    }

    @Override
    public String toString() {
        return "skipped " + RecordText.bytes(bytes()) + " at " + Lsn.format(from) + ": " + reason;
    }
}
