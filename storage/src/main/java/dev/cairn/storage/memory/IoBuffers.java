package dev.cairn.storage.memory;

import dev.cairn.storage.base.MemoryGate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size for I/O and checksums, little-endian. A bounded number is kept; {@link #acquire} never waits:
 * when all are out it makes another one, which is dropped on its return. Thread-safe.
 */
public final class IoBuffers {

    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final int kept;
    private final int bufferBytes;
    private final MemoryGate memory;

    /**
     * @param kept how many idle buffers are kept at most
     * @param bufferBytes capacity of each
     * @param memory asked whenever one is made
     */
    public IoBuffers(int kept, int bufferBytes, MemoryGate memory) {
        if (kept < 0 || bufferBytes <= 0) {
            throw new IllegalArgumentException(kept + " buffers of " + bufferBytes + " bytes");
        }
        this.kept = kept;
        this.bufferBytes = bufferBytes;
        this.memory = memory;
    }

    /** A cleared buffer (position 0, limit at its capacity) with arbitrary contents, for this caller alone. */
    public ByteBuffer acquire() {
        ByteBuffer buffer = idle.poll();
        if (buffer == null) {
            memory.taking(bufferBytes);
            return ByteBuffer.allocateDirect(bufferBytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        idleCount.decrementAndGet();
        return buffer.clear();
    }

    /** Gives back what {@link #acquire} gave; the caller must not use it afterwards. */
    public void release(ByteBuffer buffer) {
        if (buffer.capacity() != bufferBytes || !buffer.isDirect()) {
            throw new IllegalArgumentException("not a buffer of this pool: " + buffer);
        }
        if (idleCount.incrementAndGet() <= kept) {
            idle.add(buffer.order(ByteOrder.LITTLE_ENDIAN));
        } else {
            idleCount.decrementAndGet();
        }
    }

    public int bufferBytes() {
        return bufferBytes;
    }
}
