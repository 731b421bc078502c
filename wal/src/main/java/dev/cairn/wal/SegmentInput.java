package dev.cairn.wal;

import dev.cairn.storage.file.DiskFile;
import dev.cairn.wal.record.RecordInput;
import dev.cairn.wal.segment.SegmentGeometry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A window on one segment file at a time, for reading records: bounded memory, whatever the segments hold. Not thread-safe.
 */
final class SegmentInput implements AutoCloseable {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_BYTES = 4 << 10;
    private static final byte[] NO_CRC = new byte[Integer.BYTES];

    private final SegmentGeometry geometry;
    private final int mostBytes;
    private byte[] window = {};
    /** What is read at once; more each time, as who reads on will need what follows. */
    private int readAhead;

    private final byte[] seedBytes = new byte[Long.BYTES];
    private final CRC32C crc = new CRC32C();
    private @Nullable DiskFile file;
    private long start;
    private int length;

    /** @param windowBytes the most that {@link #require} can be asked for; no more than a segment is had */
    SegmentInput(SegmentGeometry geometry, int windowBytes) {
        this.geometry = geometry;
        this.mostBytes = Math.min(windowBytes, geometry.segmentBytes());
        this.readAhead = Math.min(FIRST_BYTES, mostBytes);
    }

    /** Reads this file from now on, and closes it in the end. */
    void open(DiskFile segment) {
        close();
        file = segment;
        start = 0;
        length = 0;
    }

    /**
     * Brings {@code bytes} bytes from {@code lsn} on into the window, which lie in the open segment. What the file lacks is
     * zeros.
     */
    void require(long lsn, int bytes) {
        if (lsn >= start && lsn + bytes <= start + length) {
            return;
        }
        DiskFile from = file;
        if (from == null) {
            throw new IllegalStateException("no segment is open");
        }
        long behind = geometry.endOfSegment(lsn) - lsn;
        if (bytes > Math.min(mostBytes, behind)) {
            throw new IllegalArgumentException(bytes + " bytes at " + lsn + " do not lie in one segment and window");
        }
        int wanted = (int) Math.min(Math.max(bytes, readAhead), behind);
        readAhead = (int) Math.min(mostBytes, 4L * readAhead);
        if (window.length < wanted) {
            window = new byte[wanted];
        }
        int found = from.readFully(geometry.offset(lsn), ByteBuffer.wrap(window, 0, wanted));
        Arrays.fill(window, found, wanted, (byte) 0);
        start = lsn;
        length = wanted;
    }

    /** The window's contents are not to be relied on: they are read again. */
    void forget() {
        length = 0;
    }

    /** The following read what {@link #require} has brought in. */
    int getInt(long lsn) {
        return (int) INT.get(window, index(lsn));
    }

    long getLong(long lsn) {
        return (long) LONG.get(window, index(lsn));
    }

    int getU8(long lsn) {
        return Byte.toUnsignedInt(window[index(lsn)]);
    }

    boolean isZero(long from, long to) {
        for (long at = from; at < to; at++) {
            if (window[index(at)] != 0) {
                return false;
            }
        }
        return true;
    }

    RecordInput input(long from, int bytes) {
        return new RecordInput(window, index(from), bytes);
    }

    /** For input that is used where it lies, see {@link RecordInput#skip}. */
    byte[] array() {
        return window;
    }

    /** The checksum over {@code bytes} bytes in the window, with the four from {@code hole} on read as zero. */
    int crc(long seed, long from, int bytes, int hole) {
        LONG.set(seedBytes, 0, seed);
        crc.reset();
        crc.update(seedBytes, 0, seedBytes.length);
        int at = index(from);
        crc.update(window, at, hole);
        crc.update(NO_CRC, 0, NO_CRC.length);
        int rest = hole + NO_CRC.length;
        crc.update(window, at + rest, bytes - rest);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private int index(long lsn) {
        if (lsn < start || lsn >= start + length) {
            throw new IndexOutOfBoundsException("LSN " + lsn + " is outside of the window");
        }
        return (int) (lsn - start);
    }
}
