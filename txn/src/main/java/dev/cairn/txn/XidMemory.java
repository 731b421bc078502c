package dev.cairn.txn;

import dev.cairn.storage.base.DiskFullException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the cells of chunks live: on the heap up to a cap, above it in scratch memory, which the operating system may write
 * out. Regions of scratch are used again. Without scratch, or without room for it, the heap has to do. Thread-safe.
 */
final class XidMemory {

    /** Heap for status words and parents: 64 MiB, which is 8 million ids without parents. */
    static final long HEAP_CAP_BYTES = 64L << 20;

    private static final int EXTENT_REGIONS = 256;

    private final IntFunction<@Nullable ByteBuffer> scratch;
    private final long heapCapBytes;
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
    private long heapBytes;
    private long scratchBytes;

    XidMemory(IntFunction<@Nullable ByteBuffer> scratch, long heapCapBytes) {
        this.scratch = scratch;
        this.heapCapBytes = heapCapBytes;
    }

    synchronized XidCells allocate() {
        ByteBuffer region = heapBytes + XidCells.BYTES <= heapCapBytes ? null : region();
        if (region == null) {
            heapBytes += XidCells.BYTES;
        } else {
            scratchBytes += XidCells.BYTES;
        }
        return new XidCells(region);
    }

    private @Nullable ByteBuffer region() {
        if (spare.isEmpty()) {
            ByteBuffer extent;
            try {
                extent = scratch.apply(EXTENT_REGIONS * XidCells.BYTES);
            } catch (DiskFullException e) {
                // The cap is a wish; a transaction that has got its id must get its word.
                extent = null;
            }
            for (int i = 0; extent != null && i < EXTENT_REGIONS; i++) {
                spare.add(extent.slice(i * XidCells.BYTES, XidCells.BYTES).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        return spare.poll();
    }

    /** A region may serve another chunk from now on: readers of this one must be able to tell. */
    synchronized void free(XidCells cells) {
        ByteBuffer region = cells.region();
        if (region == null) {
            heapBytes -= XidCells.BYTES;
        } else {
            scratchBytes -= XidCells.BYTES;
            spare.add(region);
        }
    }

    synchronized long heapBytes() {
        return heapBytes;
    }

    synchronized long scratchBytes() {
        return scratchBytes;
    }
}
