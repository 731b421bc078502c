package dev.cairn.storage.file;

import java.nio.ByteBuffer;

/**
 * A read-only memory mapping of a part of a file. Bytes are only ever copied out of it, never interpreted in it: a media
 * error surfaces late, and a read during a write tears.
 */
public interface ReadWindow {

    /** Length in bytes. */
    long length();

    /**
     * Copies bytes from {@code offset} of this window into the buffer's remaining space.
     *
     * @throws dev.cairn.storage.base.DiskException if the medium could not be read
     */
    void copy(long offset, ByteBuffer into);
}
