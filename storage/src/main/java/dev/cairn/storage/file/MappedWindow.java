package dev.cairn.storage.file;

import dev.cairn.storage.base.DiskException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.Objects;

/** A window on a mapped file. The mapping lives until the window is unreachable. Thread-safe. */
final class MappedWindow implements ReadWindow {

    private final String fileName;
    private final long fileOffset;
    private final MappedByteBuffer map;

    MappedWindow(String fileName, long fileOffset, MappedByteBuffer map) {
        this.fileName = fileName;
        this.fileOffset = fileOffset;
        this.map = map;
    }

    @Override
    public long length() {
        return map.capacity();
    }

    @Override
    public void copy(long offset, ByteBuffer into) {
        Objects.checkFromIndexSize(offset, into.remaining(), length());
        try {
            into.put(map.slice((int) offset, into.remaining()));
        } catch (InternalError e) {
            // How the JVM reports a fault in mapped memory: a media error, or a file cut short behind our back.
            throw new DiskException(
                    "cannot read " + fileName + " at " + (fileOffset + offset) + " through its mapping: " + e, e);
        }
    }
}
