package dev.cairn.storage.memory;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.core.UnsafeMemory;

/**
 * A block of native memory outside the direct-memory limit. It is given back when nothing can reach it any more, never
 * earlier: a late reader of a closed page must not bring the JVM down. As the garbage collector does not feel the weight of
 * native memory, it is asked to run when much of it is closed but not yet given back.
 */
final class Slab {

    private static final Cleaner CLEANER = Cleaner.create();
    private static final long MAX_RETIRED_BYTES = 256L << 20;
    /** Closed by their owners and not yet freed, over all databases of the process. */
    private static final AtomicLong RETIRED_BYTES = new AtomicLong();

    private final Block block;

    private Slab(Block block) {
        this.block = block;
    }

    /** With arbitrary contents. */
    static Slab allocate(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a slab has at least one byte, not " + bytes);
        }
        if (RETIRED_BYTES.get() > MAX_RETIRED_BYTES) {
            System.gc();
        }
        Block block = new Block(reserve(bytes), bytes);
        Slab slab = new Slab(block);
        CLEANER.register(slab, block);
        return slab;
    }

    private static long reserve(long bytes) {
        try {
            return UnsafeMemory.MEMORY.allocate(bytes);
        } catch (OutOfMemoryError e) {
            OutOfMemoryError clear = new OutOfMemoryError(
                    "no native memory for a slab of " + bytes + " bytes: make the page cache smaller");
            clear.initCause(e);
            throw clear;
        }
    }

    long address() {
        return block.address;
    }

    long bytes() {
        return block.bytes;
    }

    /** To be called before its memory is touched; returns whether the operating system has taken notice. */
    boolean adviseHugePages() {
        return HugePages.advise(block.address, block.bytes);
    }

    void zero() {
        UnsafeMemory.MEMORY.setMemory(block.address, block.bytes, (byte) 0);
    }

    /** The owner has no more use for it. Idempotent. */
    void retire() {
        if (block.retired.compareAndSet(false, true)) {
            RETIRED_BYTES.addAndGet(block.bytes);
        }
    }

    @Override
    public String toString() {
        return "slab of " + block.bytes + " bytes";
    }

    /** What the cleaner frees: must not reach the slab. */
    private static final class Block implements Runnable {
        private final long address;
        private final long bytes;
        private final AtomicBoolean retired = new AtomicBoolean();

        Block(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        @Override
        public void run() {
            UnsafeMemory.MEMORY.freeMemory(address, bytes);
            if (retired.get()) {
                RETIRED_BYTES.addAndGet(-bytes);
            }
        }
    }
}
