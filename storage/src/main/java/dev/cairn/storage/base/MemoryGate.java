package dev.cairn.storage.base;

/**
 * Asked before memory for pages is taken, off the heap or in a direct buffer, so that running out of it can be tried at
 * every place. Thread-safe.
 */
@FunctionalInterface
public interface MemoryGate {

    /** Leaves it to the operating system. */
    MemoryGate OPEN = bytes -> {};

    /** @throws OutOfMemoryError if there is to be no memory; nothing has been taken then */
    void taking(long bytes);
}
