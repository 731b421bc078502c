package dev.cairn.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** As many 64-bit cells as a chunk has ids, all zero at first: on the heap, or in a region of scratch memory. Any thread. */
final class XidCells {

    static final int BYTES = XidChunk.IDS * Long.BYTES;

    private static final VarHandle HEAP = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle REGION =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long @Nullable [] heap;
    private final @Nullable ByteBuffer region;

    /** @param region {@value #BYTES} bytes at an address divisible by 8, or null for the heap */
    XidCells(@Nullable ByteBuffer region) {
        this.region = region;
        this.heap = region == null ? new long[XidChunk.IDS] : null;
        if (region != null) {
            for (int at = 0; at < BYTES; at += Long.BYTES) {
                region.putLong(at, 0);
            }
        }
    }

    long get(int i) {
        long[] cells = heap;
        return cells != null ? (long) HEAP.getVolatile(cells, i) : fromRegion(i);
    }

    private long fromRegion(int i) {
        ByteBuffer cells = region;
        assert cells != null;
        return (long) REGION.getVolatile(cells, i * Long.BYTES);
    }

    void set(int i, long value) {
        long[] cells = heap;
        if (cells != null) {
            HEAP.setVolatile(cells, i, value);
        } else {
            ByteBuffer there = region;
            assert there != null;
            REGION.setVolatile(there, i * Long.BYTES, value);
        }
    }

    /** Null if on the heap. */
    @Nullable ByteBuffer region() {
        return region;
    }
}
