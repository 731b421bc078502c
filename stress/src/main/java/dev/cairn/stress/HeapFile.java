package dev.cairn.stress;

import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file on the heap: its bytes as they are, and as they were at the last sync. Thread-safe; closing it does nothing. */
final class HeapFile implements DiskFile {

    private volatile String name;
    private byte[] bytes = new byte[0];
    private byte[] synced = new byte[0];

    HeapFile(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    void rename(String to) {
        name = to;
    }

    @Override
    public synchronized int read(long offset, ByteBuffer into) {
        int length = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offset));
        into.put(bytes, (int) Math.min(offset, bytes.length), length);
        return length;
    }

    @Override
    public synchronized void write(long offset, ByteBuffer from) {
        int at = (int) offset;
        int end = at + from.remaining();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, end);
        }
        from.get(bytes, at, end - at);
    }

    @Override
    public synchronized void writeThrough(long offset, ByteBuffer from) {
        int at = (int) offset;
        int length = from.remaining();
        write(offset, from);
        synced = Arrays.copyOf(synced, bytes.length);
        System.arraycopy(bytes, at, synced, at, length);
    }

    @Override
    public synchronized void allocate(long from, long to) {
        bytes = Arrays.copyOf(bytes, (int) Math.max(bytes.length, to));
        Arrays.fill(bytes, (int) from, (int) to, (byte) 0);
    }

    @Override
    public synchronized void truncate(long size) {
        bytes = Arrays.copyOf(bytes, (int) size);
    }

    @Override
    public synchronized long size() {
        return bytes.length;
    }

    @Override
    public synchronized void sync(boolean metadata) {
        synced = bytes.clone();
    }

    synchronized int readSynced(int offset, byte[] target, int length) {
        int there = Math.max(0, Math.min(length, synced.length - offset));
        System.arraycopy(synced, Math.min(offset, synced.length), target, 0, there);
        return there;
    }

    @Override
    public @Nullable ReadWindow map(long offset, long length) {
        return null;
    }

    @Override
    public void close() {
        // Opened again, it is the same file.
    }
}
