package dev.cairn.wal;

import dev.cairn.storage.memory.PageBuffer;

/**
 * Off-heap memory for the newest stretch of the log: the byte at an LSN lies at that LSN modulo the capacity. Says nothing
 * about which stretch it holds, nor about threads.
 */
final class LogRing {

    private final PageBuffer memory;
    private final int capacity;

    /** @param capacity bytes, a power of two */
    LogRing(int capacity) {
        this.memory = PageBuffer.allocate(capacity);
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    /** Returns the LSN behind the bytes. */
    long put(long at, byte[] source, int offset, int length) {
        int to = index(at);
        int first = Math.min(length, capacity - to);
        memory.put(to, source, offset, first);
        memory.put(0, source, offset + first, length - first);
        return at + length;
    }

    void putZeros(long at, int length) {
        int to = index(at);
        int first = Math.min(length, capacity - to);
        memory.fill(to, first, 0);
        memory.fill(0, length - first, 0);
    }

    void get(long at, byte[] target, int length) {
        int from = index(at);
        int first = Math.min(length, capacity - from);
        memory.get(from, target, 0, first);
        memory.get(0, target, first, length - first);
    }

    private int index(long at) {
        return (int) (at & capacity - 1);
    }
}
