package dev.cairn.storage.memory;

import java.lang.ref.Cleaner;
import net.openhft.chronicle.core.UnsafeMemory;

/**
 * A block of native memory, zeroed, outside the direct-memory limit. It is given back when nothing can reach it any more,
 * never earlier: a late reader of a closed page must not bring the JVM down.
 */
final class Slab {

    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final long bytes;

    private Slab(long address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    static Slab allocate(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a slab has at least one byte, not " + bytes);
        }
        long address;
        try {
            address = UnsafeMemory.MEMORY.allocate(bytes);
        } catch (OutOfMemoryError e) {
            OutOfMemoryError clear = new OutOfMemoryError(
                    "no native memory for a slab of " + bytes + " bytes: make the page cache smaller");
            clear.initCause(e);
            throw clear;
        }
        UnsafeMemory.MEMORY.setMemory(address, bytes, (byte) 0);
        Slab slab = new Slab(address, bytes);
        CLEANER.register(slab, () -> UnsafeMemory.MEMORY.freeMemory(address, bytes));
        return slab;
    }

    long address() {
        return address;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "slab of " + bytes + " bytes";
    }
}
