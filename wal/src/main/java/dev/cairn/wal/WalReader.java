package dev.cairn.wal;

import dev.cairn.storage.file.Disk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log forward, checking everything, up to the first thing that is no valid record. Changes nothing on disk. For
 * recovery, tools and replication. Not thread-safe.
 */
public final class WalReader implements AutoCloseable {

    private WalReader() {}

    /**
     * Starts at a record's start in a known life.
     *
     * @throws dev.cairn.storage.base.LogCorruptException if the segment is missing or its header damaged
     * @throws dev.cairn.storage.base.ForeignFileException if the segment belongs to another database
     * @throws dev.cairn.storage.base.FormatVersionException if another version wrote the segment
     */
    public static WalReader from(
            Disk disk, WalOptions options, DatabaseId databaseId, long start, IncarnationId incarnation) {
        throw new UnsupportedOperationException();
    }

    /** Starts at a segment's first record; errors as {@link #from}. */
    public static WalReader fromSegment(Disk disk, WalOptions options, DatabaseId databaseId, long segmentNo) {
        throw new UnsupportedOperationException();
    }

    /** The numbers of the segments in the directory, ascending; spare ones not counted. */
    public static List<Long> segments(Disk disk) {
        throw new UnsupportedOperationException();
    }

    /**
     * The next record; null at the end of the log.
     *
     * @throws dev.cairn.storage.base.LogCorruptException if a record's checksum holds but its contents make no sense
     * @throws dev.cairn.storage.base.ForeignFileException if the next segment belongs to another database
     */
    public @Nullable LoggedRecord next() {
        throw new UnsupportedOperationException();
    }

    /** Where the log ends and why. Only after {@link #next} has returned null. */
    public WalEnd end() {
        throw new UnsupportedOperationException();
    }

    /**
     * Looks behind the end of a log for a mark that says that the log was durable beyond that end: then acknowledged log is
     * gone. Null if there is none.
     *
     * @param lives lives, besides {@code end}'s and those that segment headers name, whose marks count: the newest that the
     *     control file knows
     */
    public static @Nullable LoggedRecord findLaterDurableMark(
            Disk disk, WalOptions options, DatabaseId databaseId, WalEnd end, List<IncarnationId> lives) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes [from, to) of the log again, unchanged, and makes it durable: after a failed sync the operating system may show
     * bytes that the disk does not have.
     */
    public static void rewrite(Disk disk, WalOptions options, long from, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
