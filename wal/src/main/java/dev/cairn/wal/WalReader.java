package dev.cairn.wal;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.wal.WalEnd.Reason;
import dev.cairn.wal.record.RecordInput;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log forward, checking everything, up to the first thing that is no valid record. Changes nothing on disk, and
 * holds one window of the log in memory. For recovery, tools and replication. Not thread-safe.
 *
 * <p>What may stand at the end of a log: anything. So whatever a checksum does not vouch for is the end, with its reason;
 * {@link #findLaterDurableMark} tells whether it is the end that a crash leaves. What a checksum does vouch for and makes
 * no sense was written wrongly or by a newer program: that is an exception, never an end.
 */
public final class WalReader implements AutoCloseable {

    private static final int WINDOW_BYTES = 256 << 10;
    private static final byte[] NO_BYTES = {};
    private static final LZ4SafeDecompressor LZ4 = LZ4Factory.fastestInstance().safeDecompressor();

    private final Disk disk;
    private final WalOptions options;
    private final DatabaseId databaseId;
    private final SegmentGeometry geometry;
    private final SegmentInput input;

    private long segmentNo;
    /** End of the last record, where the next is looked for. */
    private long position;
    /** Start of the last record; 0 before the first. */
    private long lastStart;

    private IncarnationId incarnation;
    private long life;
    private @Nullable WalEnd end;
    private boolean imagesWanted = true;

    private WalReader(Disk disk, WalOptions options, DatabaseId databaseId, long position, IncarnationId incarnation) {
        this.disk = disk;
        this.options = options;
        this.databaseId = databaseId;
        this.geometry = new SegmentGeometry(options.segmentBytes());
        int most = options.maxRecordBytes() + RecordFrame.MIN_BYTES + RecordFrame.ALIGNMENT;
        int window = Math.min(WINDOW_BYTES, options.segmentBytes());
        this.input = new SegmentInput(geometry, Math.max(window, most));
        this.position = position;
        this.incarnation = incarnation;
        this.life = lifeOf(incarnation);
    }

    /**
     * Starts at a record's start in a known life.
     *
     * @param start a multiple of 8. If it is a segment's first byte, where a record of the segment before may end, that
     *     segment need not be there
     * @throws LogCorruptException if the segment is missing or its header damaged
     * @throws dev.cairn.storage.base.ForeignFileException if the segment belongs to another database
     * @throws dev.cairn.storage.base.FormatVersionException if another version wrote the segment
     */
    public static WalReader from(
            Disk disk, WalOptions options, DatabaseId databaseId, long start, IncarnationId incarnation) {
        SegmentGeometry geometry = new SegmentGeometry(options.segmentBytes());
        int offset = geometry.offset(start);
        if (start < options.segmentBytes()
                || start % RecordFrame.ALIGNMENT != 0
                || (offset != 0 && offset < SegmentHeader.BYTES)) {
            throw new IllegalArgumentException("no record can start at " + Lsn.format(start));
        }
        WalReader reader = new WalReader(disk, options, databaseId, start, incarnation);
        if (offset != 0) {
            reader.openFirst(geometry.segmentNo(start));
        }
        return reader;
    }

    /** Starts at a segment's first record; errors as {@link #from}. */
    public static WalReader fromSegment(Disk disk, WalOptions options, DatabaseId databaseId, long segmentNo) {
        SegmentGeometry geometry = new SegmentGeometry(options.segmentBytes());
        WalReader reader =
                new WalReader(disk, options, databaseId, geometry.firstRecord(segmentNo), new IncarnationId(0, 0));
        SegmentHeader header = reader.openFirst(segmentNo);
        reader.enter(new IncarnationId(header.incarnation(), header.salt()));
        return reader;
    }

    /** From now on page images are given as empty arrays: for those who only want to know that they are there. */
    public WalReader withoutImages() {
        imagesWanted = false;
        return this;
    }

    /** The numbers of the segments in the directory, ascending; spare ones not counted. */
    public static List<Long> segments(Disk disk) {
        return SegmentNames.segments(disk);
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
        return new LogTail(disk, options, databaseId).findDurableMark(end, lives);
    }

    /**
     * Writes [from, to) of the log again, unchanged, and makes it durable: after a failed sync the operating system may show
     * bytes that the disk does not have.
     */
    public static void rewrite(Disk disk, WalOptions options, long from, long to) {
        LogTail.rewrite(disk, new SegmentGeometry(options.segmentBytes()), from, to);
    }

    /**
     * The next record; null at the end of the log, then and ever after.
     *
     * @throws LogCorruptException if a record's checksum holds but its contents make no sense
     * @throws dev.cairn.storage.base.ForeignFileException if the next segment belongs to another database
     * @throws dev.cairn.storage.base.FormatVersionException if another version wrote the next segment
     */
    public @Nullable LoggedRecord next() {
        if (end != null) {
            return null;
        }
        long start = geometry.startAfter(position);
        if (geometry.segmentNo(start) != segmentNo && !openNext(geometry.segmentNo(start))) {
            return null;
        }
        WalEnd fault = fault(start);
        if (fault != null) {
            // Bytes may go wrong on their way: what would end the log is looked at twice.
            input.forget();
            fault = fault(start);
        }
        if (fault != null) {
            end = fault;
            input.close();
            return null;
        }
        return record(start, input.getInt(start + RecordFrame.LENGTH));
    }

    /** Why no record starts here; null if one does, which is in the window then. */
    private @Nullable WalEnd fault(long start) {
        input.require(start, RecordFrame.MIN_BYTES);
        int length = input.getInt(start + RecordFrame.LENGTH);
        if (length < RecordFrame.MIN_LENGTH
                || length > options.maxRecordBytes()
                || start + length > geometry.endOfSegment(start)) {
            boolean zeros = input.isZero(start, start + RecordFrame.MIN_BYTES);
            return zeros
                    ? ended(Reason.ZEROS, "nothing was written here")
                    : ended(Reason.BAD_LENGTH, "no record has " + Integer.toUnsignedString(length) + " bytes");
        }
        input.require(start, (int) (geometry.endOf(start, length) - start));
        int stored = input.getInt(start + RecordFrame.CRC);
        int computed = input.crc(Seeds.ofRecord(life, start), start, length, RecordFrame.CRC);
        if (stored != computed) {
            return ended(
                    Reason.BAD_CHECKSUM,
                    "expected " + Integer.toHexString(computed) + ", found " + Integer.toHexString(stored));
        }
        long behind = start + length;
        boolean segmentEnd = input.getU8(start + RecordFrame.TYPE) == WalRecordType.SEGMENT_END.code();
        if (!segmentEnd && !input.isZero(behind, geometry.endOf(start, length))) {
            return ended(Reason.BAD_PADDING, "the bytes behind the record at " + Lsn.format(start) + " are not zero");
        }
        return null;
    }

    /**
     * Behind damage, that is after {@link #next} has returned null or thrown: looks for the next intact record, in the rest of
     * the segment and then in those that follow. For inspection; nothing that it finds proves where the log ends.
     *
     * @param lives lives, besides the one read last and those that segment headers name, whose records count
     * @return whether there is one, which {@link #next} then gives
     */
    public boolean resynchronise(List<IncarnationId> lives) {
        long from = geometry.startAfter(position) + RecordFrame.ALIGNMENT;
        long stopped = geometry.segmentNo(from - RecordFrame.ALIGNMENT);
        if (stopped == segmentNo && findRecord(from, lives)) {
            return true;
        }
        for (long no : segments(disk)) {
            if (no > stopped || (no == stopped && no != segmentNo)) {
                end = null;
                position = geometry.startOf(no);
                lastStart = 0;
                try {
                    SegmentHeader header = openFirst(no);
                    enter(new IncarnationId(header.incarnation(), header.salt()));
                    return true;
                } catch (CorruptionException e) {
                    end = new WalEnd(position, incarnation, 0, Reason.BAD_SEGMENT, String.valueOf(e.getMessage()));
                }
            }
        }
        return false;
    }

    private boolean findRecord(long from, List<IncarnationId> lives) {
        List<IncarnationId> candidates = new ArrayList<>(lives);
        candidates.add(0, incarnation);
        input.open(disk.open(SegmentNames.of(segmentNo), OpenMode.READ));
        long last = geometry.startOf(segmentNo + 1) - RecordFrame.MIN_BYTES;
        for (long at = from; at <= last; at += RecordFrame.ALIGNMENT) {
            IncarnationId found = recordAt(at, candidates);
            if (found != null) {
                enter(found);
                position = at;
                lastStart = 0;
                end = null;
                return true;
            }
        }
        return false;
    }

    /** The life to which the bytes are an intact record; null if they are none. */
    private @Nullable IncarnationId recordAt(long start, List<IncarnationId> candidates) {
        input.require(start, RecordFrame.MIN_BYTES);
        int length = input.getInt(start + RecordFrame.LENGTH);
        if (length < RecordFrame.MIN_LENGTH
                || length > options.maxRecordBytes()
                || start + length > geometry.endOfSegment(start)
                || input.getInt(start + RecordFrame.TYPE) >>> Byte.SIZE != 0
                || WalRecordType.ofCode(input.getU8(start + RecordFrame.TYPE)) == null) {
            return null;
        }
        input.require(start, length);
        int stored = input.getInt(start + RecordFrame.CRC);
        for (IncarnationId id : candidates) {
            if (input.crc(Seeds.ofRecord(lifeOf(id), start), start, length, RecordFrame.CRC) == stored) {
                return id;
            }
        }
        return null;
    }

    /** End of the last record returned, or where reading began. */
    public long position() {
        return position;
    }

    /**
     * Where the log ends and why.
     *
     * @throws IllegalStateException unless {@link #next} has returned null
     */
    public WalEnd end() {
        WalEnd found = end;
        if (found == null) {
            throw new IllegalStateException("the end of the log has not been reached");
        }
        return found;
    }

    @Override
    public void close() {
        input.close();
    }

    /** The bytes are those that were written; what they say is checked all the same. */
    private @Nullable LoggedRecord record(long start, int length) {
        WalRecordType type = WalRecordType.ofCode(input.getU8(start + RecordFrame.TYPE));
        if (type == null) {
            throw corrupt(start, "its type is unknown: " + input.getU8(start + RecordFrame.TYPE));
        }
        checkHeader(start);
        long next = type == WalRecordType.SEGMENT_END ? geometry.endOfSegment(start) : geometry.endOf(start, length);
        LoggedRecord found;
        try {
            found = decode(start, next, length, type);
        } catch (CorruptionException e) {
            throw new LogCorruptException(describe(start) + e.getMessage(), e);
        }
        if (found.record() instanceof WalRecord.Incarnation announced) {
            follow(start, announced);
        }
        position = next;
        lastStart = start;
        return found;
    }

    private void checkHeader(long start) {
        int flags = input.getInt(start + RecordFrame.TYPE) >>> Byte.SIZE;
        if (flags != 0) {
            throw corrupt(start, "expected no flags, found " + Integer.toHexString(flags));
        }
        int previous = input.getInt(start + RecordFrame.PREV_BYTES);
        boolean first = geometry.offset(start) == SegmentHeader.BYTES;
        if (previous != 0 && (first || (lastStart != 0 && previous != start - lastStart))) {
            throw corrupt(start, "the distance to the record before is wrong: " + previous);
        }
    }

    private LoggedRecord decode(long start, long next, int length, WalRecordType type) {
        RecordInput in = input.input(start + RecordFrame.HEADER_BYTES, length - RecordFrame.HEADER_BYTES);
        int mask = in.u8();
        byte[] image0 = (mask & 1) != 0 ? image(in) : null;
        byte[] image1 = (mask & 2) != 0 ? image(in) : null;
        WalRecord record = WalCodec.decode(type, in);
        if (mask >>> record.pageCount() != 0) {
            throw new CorruptionException(
                    "expected images of at most " + record.pageCount() + " pages, found mask " + mask);
        }
        return new LoggedRecord(
                start, next, input.getLong(start + RecordFrame.XID), record, incarnation, image0, image1);
    }

    private byte[] image(RecordInput in) {
        int encoding = in.u8();
        int stored = in.u16() + 1;
        int at = in.skip(stored);
        if (!imagesWanted && (encoding == RecordFrame.IMAGE_RAW || encoding == RecordFrame.IMAGE_LZ4)) {
            return NO_BYTES;
        }
        byte[] page = new byte[options.pageSize()];
        switch (encoding) {
            case RecordFrame.IMAGE_RAW -> {
                requirePage(stored);
                System.arraycopy(input.array(), at, page, 0, stored);
            }
            case RecordFrame.IMAGE_LZ4 -> {
                try {
                    requirePage(LZ4.decompress(input.array(), at, stored, page, 0, page.length));
                } catch (LZ4Exception e) {
                    throw new CorruptionException("expected a compressed page image, found other bytes", e);
                }
            }
            default -> throw new CorruptionException("expected a page image's encoding, found " + encoding);
        }
        return page;
    }

    private void requirePage(int bytes) {
        if (bytes != options.pageSize()) {
            throw new CorruptionException("expected a page image of " + options.pageSize() + " bytes, found " + bytes);
        }
    }

    private void follow(long start, WalRecord.Incarnation announced) {
        IncarnationId next = new IncarnationId(announced.counter(), announced.salt());
        if (next.counter() < incarnation.counter()
                || (next.counter() == incarnation.counter() && !next.equals(incarnation))) {
            throw corrupt(start, "life " + next + " cannot follow life " + incarnation);
        }
        enter(next);
    }

    private void enter(IncarnationId next) {
        incarnation = next;
        life = lifeOf(next);
    }

    private SegmentHeader openFirst(long no) {
        String name = SegmentNames.of(no);
        if (!disk.list().contains(name)) {
            throw new LogCorruptException(name + " is missing, in which the log was to be read from "
                    + Lsn.format(geometry.startAfter(position)));
        }
        DiskFile file = disk.open(name, OpenMode.READ);
        input.open(file);
        try {
            SegmentHeader header = SegmentHeader.decode(readHeader(file), name, databaseId.high(), databaseId.low());
            String damage = misplaced(header, no);
            if (damage != null) {
                throw new LogCorruptException(name + ": " + damage);
            }
            segmentNo = no;
            return header;
        } catch (RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private boolean openNext(long no) {
        String name = SegmentNames.of(no);
        if (!disk.list().contains(name)) {
            return noNext(Reason.NO_SEGMENT, name + " is not there");
        }
        DiskFile file = disk.open(name, OpenMode.READ);
        input.open(file);
        ByteBuffer bytes = readHeader(file);
        SegmentHeader header = SegmentHeader.decodeOrNull(bytes);
        if (header == null) {
            bytes = readHeader(file);
            header = SegmentHeader.decodeOrNull(bytes);
        }
        if (header == null) {
            SegmentHeader.requireKnownVersion(bytes, name);
            return noNext(Reason.BAD_SEGMENT, name + " has no valid header");
        }
        header.requireOwn(name, databaseId.high(), databaseId.low());
        String damage = misplaced(header, no);
        if (damage == null && !incarnation.equals(new IncarnationId(header.incarnation(), header.salt()))) {
            damage = "it was begun in life " + header.incarnation() + ", expected " + incarnation;
        }
        if (damage != null) {
            return noNext(Reason.BAD_SEGMENT, name + ": " + damage);
        }
        segmentNo = no;
        return true;
    }

    private boolean noNext(Reason reason, String detail) {
        end = ended(reason, detail);
        input.close();
        return false;
    }

    private @Nullable String misplaced(SegmentHeader header, long no) {
        if (header.segmentNo() != no) {
            return "it says that it is segment " + header.segmentNo();
        }
        return header.segmentBytes() == options.segmentBytes()
                ? null
                : "expected " + options.segmentBytes() + " bytes a segment, found " + header.segmentBytes();
    }

    private WalEnd ended(Reason reason, String detail) {
        return new WalEnd(position, incarnation, lastStart, reason, detail);
    }

    private long lifeOf(IncarnationId id) {
        return Seeds.ofLife(databaseId.seed(), id.counter(), id.salt());
    }

    private static ByteBuffer readHeader(DiskFile file) {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        file.readFully(0, bytes);
        return bytes.flip();
    }

    private static LogCorruptException corrupt(long start, String what) {
        return new LogCorruptException(describe(start) + what);
    }

    private static String describe(long start) {
        return "the log record at " + Lsn.format(start) + " is intact but makes no sense: ";
    }
}
