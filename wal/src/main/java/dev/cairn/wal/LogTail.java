package dev.cairn.wal;

import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the end of a log.
 *
 * <p>Why durable marks prove damage: a mark says "durable up to D" and was appended after the sync that made it so. If the
 * log's end E is before D, bytes that a sync vouched for are gone. A crash alone cannot do that. Marks of an older life that
 * still stand there say nothing beyond the end of that life, which is at or before E.
 */
final class LogTail {

    private static final int MARK_LENGTH = RecordFrame.MIN_LENGTH + Long.BYTES;
    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private final SegmentGeometry geometry;
    private final DatabaseId databaseId;

    LogTail(Disk disk, WalOptions options, DatabaseId databaseId) {
        this.disk = disk;
        this.geometry = new SegmentGeometry(options.segmentBytes());
        this.databaseId = databaseId;
    }

    @Nullable LoggedRecord findDurableMark(WalEnd end, List<IncarnationId> known) {
        Set<IncarnationId> lives = new LinkedHashSet<>(known);
        lives.add(end.incarnation());
        List<Long> segments = SegmentNames.segments(disk).stream()
                .filter(no -> no >= geometry.segmentNo(end.lsn()))
                .toList();
        for (long no : segments) {
            SegmentHeader header = headerOf(no);
            if (header != null) {
                lives.add(new IncarnationId(header.incarnation(), header.salt()));
            }
        }
        try (SegmentInput input = new SegmentInput(geometry, CHUNK_BYTES)) {
            for (long no : segments) {
                input.open(disk.open(SegmentNames.of(no), OpenMode.READ));
                LoggedRecord found = findInSegment(input, no, end.lsn(), lives);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable LoggedRecord findInSegment(SegmentInput input, long no, long endLsn, Set<IncarnationId> lives) {
        long last = geometry.startOf(no + 1) - MARK_LENGTH;
        for (long at = Math.max(endLsn, geometry.firstRecord(no)); at <= last; at += RecordFrame.ALIGNMENT) {
            input.require(at, MARK_LENGTH);
            if (input.getInt(at + RecordFrame.LENGTH) == MARK_LENGTH
                    && input.getInt(at + RecordFrame.TYPE) == WalRecordType.DURABLE_MARK.code()) {
                LoggedRecord mark = markAt(input, at, endLsn, lives);
                if (mark != null) {
                    return mark;
                }
            }
        }
        return null;
    }

    private @Nullable LoggedRecord markAt(SegmentInput input, long at, long endLsn, Set<IncarnationId> lives) {
        long durableLsn = input.getLong(at + RecordFrame.MIN_LENGTH);
        if (durableLsn <= endLsn || durableLsn > at) {
            return null;
        }
        int stored = input.getInt(at + RecordFrame.CRC);
        for (IncarnationId id : lives) {
            long life = Seeds.ofLife(databaseId.seed(), id.counter(), id.salt());
            if (input.crc(Seeds.ofRecord(life, at), at, MARK_LENGTH, RecordFrame.CRC) == stored) {
                return new LoggedRecord(
                        at, geometry.endOf(at, MARK_LENGTH), 0, new WalRecord.DurableMark(durableLsn), id, null, null);
            }
        }
        return null;
    }

    private @Nullable SegmentHeader headerOf(long no) {
        try (DiskFile file = disk.open(SegmentNames.of(no), OpenMode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.readFully(0, bytes);
            SegmentHeader header = SegmentHeader.decodeOrNull(bytes.flip());
            if (header != null) {
                header.requireOwn(file.name(), databaseId.high(), databaseId.low());
            }
            return header;
        }
    }

    static void rewrite(Disk disk, SegmentGeometry geometry, long from, long to) {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, to - from)];
        long at = from;
        while (at < to) {
            long stop = Math.min(to, geometry.endOfSegment(at));
            try (DiskFile file = disk.open(SegmentNames.of(geometry.segmentNo(at)), OpenMode.WRITE)) {
                while (at < stop) {
                    ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, stop - at));
                    int found = file.readFully(geometry.offset(at), bytes);
                    file.write(geometry.offset(at), bytes.flip());
                    at = found > 0 ? at + found : stop;
                }
                file.sync(false);
            }
        }
        disk.syncDirectory();
    }
}
