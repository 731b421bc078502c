package dev.cairn.tools.log;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.segment.SegmentGeometry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The control file and the log of a database, read without a lock and without changing a byte. Not thread-safe. */
public final class LogDirectory {

    /** A reader fills no buffer of the writer's; any legal size will do. */
    private static final int UNUSED_BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final Disk disk;
    private final ControlState control;

    private LogDirectory(Path path, Disk disk, ControlState control) {
        this.path = path;
        this.disk = disk;
        this.control = control;
    }

    /**
     * @throws UnreadableException if there is no database
     * @throws dev.cairn.storage.base.ControlFileException if there was one and neither control slot is valid
     * @throws dev.cairn.storage.base.FormatVersionException if another version wrote it
     */
    public static LogDirectory open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UnreadableException(path + (Files.exists(path) ? " is not a directory" : " does not exist"));
        }
        Disk disk = new RealDisk(path);
        if (!disk.list().contains(ControlFile.NAME)) {
            throw new UnreadableException(path + " holds no database: there is no file \"" + ControlFile.NAME + "\"");
        }
        try (ControlFile control = ControlFile.open(disk)) {
            return new LogDirectory(path, disk, control.current());
        }
    }

    public Path path() {
        return path;
    }

    public ControlState control() {
        return control;
    }

    /** The names of the files in the directory, sorted. */
    public List<String> files() {
        return disk.list();
    }

    /** The numbers of the log segments that hold records, ascending. */
    public List<Long> segments() {
        return WalReader.segments(disk);
    }

    /**
     * Reads all the log there is at the beginning, oldest first, and goes on behind what cannot be read. Page images are empty.
     *
     * @return where it ends, and why; if the visitor stopped, where that was
     * @throws LogCorruptException if there is no segment
     */
    public WalEnd read(LogVisitor visitor) {
        return read(visitor, false);
    }

    /**
     * As {@link #read(LogVisitor)}.
     *
     * @param images whether page images are wanted whole
     */
    WalEnd read(LogVisitor visitor, boolean images) {
        List<Long> segments = segments();
        if (segments.isEmpty()) {
            throw new LogCorruptException(path + " has no log segment");
        }
        try (WalReader reader = WalReader.fromSegment(disk, options(), control.databaseId(), segments.get(0))) {
            return read(images ? reader : reader.withoutImages(), visitor);
        }
    }

    /** Reads on from a record's start in a known life, as {@link #read(LogVisitor)} does. */
    public WalEnd readFrom(long start, IncarnationId incarnation, LogVisitor visitor) {
        try (WalReader reader = WalReader.from(disk, options(), control.databaseId(), start, incarnation)) {
            return read(reader, visitor);
        }
    }

    /** Ends at the latest with the segment that is the newest now: who writes faster than this reads is not run after. */
    private WalEnd read(WalReader reader, LogVisitor visitor) {
        List<Long> there = segments();
        long newestSegment = there.isEmpty() ? Long.MAX_VALUE : there.get(there.size() - 1);
        SegmentGeometry geometry = new SegmentGeometry(control.segmentBytes());
        List<IncarnationId> lives = List.of(control.incarnation(), control.redoIncarnation());
        long newest = 0;
        @Nullable LogGap gap = null;
        @Nullable WalEnd end = null;
        while (true) {
            String damage;
            try {
                LoggedRecord record = reader.next();
                if (record != null && record.incarnation().counter() < newest) {
                    // What an earlier life has left behind the end.
                    return end == null ? WalEnd.closed(record.start(), record.incarnation()) : end;
                }
                if (record != null && geometry.segmentNo(record.start()) > newestSegment) {
                    return WalEnd.closed(record.start(), record.incarnation());
                }
                if (record != null) {
                    newest = record.incarnation().counter();
                    if (gap != null) {
                        visitor.gap(gap);
                        gap = null;
                        end = null;
                    }
                    if (visitor.record(record)) {
                        continue;
                    }
                    return WalEnd.closed(record.end(), record.incarnation());
                }
                end = end == null ? reader.end() : end;
                damage = end.detail();
            } catch (CorruptionException e) {
                damage = String.valueOf(e.getMessage());
            }
            long from = gap == null ? reader.position() : gap.from();
            damage = gap == null ? damage : gap.reason();
            if (!reader.resynchronise(lives)) {
                if (end == null) {
                    throw new LogCorruptException(damage);
                }
                return end;
            }
            gap = new LogGap(from, reader.position(), damage);
        }
    }

    private WalOptions options() {
        return WalOptions.of(control.segmentBytes(), UNUSED_BUFFER_BYTES, control.pageSize());
    }
}
