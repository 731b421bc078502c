package dev.cairn.storage.file;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Thread-safe; callers keep overlapping reads and writes apart. Offsets and lengths are in bytes. After a
 * failed sync the handle is poisoned: every later call throws.
 */
public interface DiskFile extends AutoCloseable {

    String name();

    /**
     * Reads into the buffer's remaining space; returns the bytes read: perhaps fewer than there are, 0 only at the end of
     * the file and beyond. Nobody takes a short read for the end: see {@link #readFully}.
     */
    int read(long offset, ByteBuffer into);

    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    default int readFully(long offset, ByteBuffer into) {
        int total = 0;
        while (into.hasRemaining()) {
            int read = read(offset + total, into);
            if (read <= 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    /** Writes the buffer's remaining bytes, all of them or throws. Extends the file if needed. */
    void write(long offset, ByteBuffer from);

    /** Writes and makes durable in one call (O_DSYNC). A failure poisons the file. */
    void writeThrough(long offset, ByteBuffer from);

    /**
     * Writes real zeros over [from, to), so that running out of space happens here and nowhere later.
     *
     * @throws dev.cairn.storage.base.DiskFullException if there is no space; the file's size is then what it was
     */
    void allocate(long from, long to);

    void truncate(long size);

    long size();

    /**
     * Makes all completed writes durable. An exception poisons the file for good: a sync is never tried again.
     *
     * @param metadata also the size and times (fsync instead of fdatasync)
     */
    void sync(boolean metadata);

    /** A read-only mapping of [offset, offset + length), which must lie within the file; null if not supported here. */
    @Nullable ReadWindow map(long offset, long length);

    @Override
    void close();
}
