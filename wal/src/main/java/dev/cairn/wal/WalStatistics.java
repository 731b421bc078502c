package dev.cairn.wal;

/**
 * Counts since the log was opened.
 *
 * @param records records appended, fillers and marks included
 * @param bytes bytes appended, alignment included
 * @param images full-page images among them
 * @param imageBytes bytes of those images as stored
 * @param writes calls that wrote log to disk, those that synced at once included
 * @param syncs times that log was made durable
 * @param durableWaits calls that had to wait for a sync; divided by {@code syncs}, the mean size of a commit group
 * @param largestGroup most calls that one sync has served
 * @param fullBufferWaits appends that met a full buffer
 */
public record WalStatistics(
        long records,
        long bytes,
        long images,
        long imageBytes,
        long writes,
        long syncs,
        long durableWaits,
        long largestGroup,
        long fullBufferWaits) {}
