package dev.cairn.wal;

import dev.cairn.storage.base.Crc;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentGeometry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** What logs under stress have in common: how they are laid out, what is appended, and how a stretch of log is judged. */
final class StressedLog {

    static final int PAGE = 512;
    static final WalOptions OPTIONS = WalOptions.of(16 << 10, 1, PAGE);
    static final DatabaseId DATABASE = new DatabaseId(3, 5);
    static final IncarnationId LIFE = new IncarnationId(1, 7);
    static final SegmentGeometry GEOMETRY = new SegmentGeometry(OPTIONS.segmentBytes());

    /** Two records of different lengths. */
    static final WalRecord SHORT = new WalRecord.CommitChildren(new long[] {2, 1});

    static final WalRecord LONG =
            new WalRecord.CommitChildren(new long[] {2, 1, 4, 1, 6, 1, 8, 1, 10, 1, 12, 1, 14, 1});

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = Seeds.ofLife(DATABASE.seed(), LIFE.counter(), LIFE.salt());

    private StressedLog() {}

    /** Copies log from an LSN on. */
    @FunctionalInterface
    interface Source {
        void read(long from, byte[] target, int length);
    }

    /**
     * The transactions whose records stand in [from, to), in the order of the log, without those that the log adds itself.
     *
     * @return null if the stretch is not made of whole records, one behind the other
     */
    static long[] xids(Source log, long from, long to) {
        long[] xids = new long[8];
        int count = 0;
        byte[] header = new byte[RecordFrame.HEADER_BYTES];
        long at = from;
        while (at < to) {
            long start = GEOMETRY.startAfter(at);
            log.read(start, header, header.length);
            int length = (int) INT.get(header, RecordFrame.LENGTH);
            if (length < RecordFrame.MIN_LENGTH || length > to - start || !isIntact(log, start, length)) {
                return new long[] {-1};
            }
            byte type = header[RecordFrame.TYPE];
            if (type == WalRecordType.COMMIT_CHILDREN.code()) {
                xids[count++] = (long) LONGS.get(header, RecordFrame.XID);
            }
            at = type == WalRecordType.SEGMENT_END.code()
                    ? GEOMETRY.endOfSegment(start)
                    : GEOMETRY.endOf(start, length);
        }
        return at == to ? Arrays.copyOf(xids, count) : new long[] {-1};
    }

    private static boolean isIntact(Source log, long start, int length) {
        byte[] record = new byte[length];
        log.read(start, record, length);
        int crc = (int) INT.get(record, RecordFrame.CRC);
        INT.set(record, RecordFrame.CRC, 0);
        return crc == Crc.of(Seeds.ofRecord(SEED, start), record, 0, length);
    }
}
