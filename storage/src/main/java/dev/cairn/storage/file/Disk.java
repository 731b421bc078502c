package dev.cairn.storage.file;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One database directory, and the only door to the operating system for anything that must survive. Names are flat. All
 * methods are thread-safe, never break by {@link Thread#interrupt}, and throw {@link
 * dev.cairn.storage.base.DiskException} on an I/O error.
 */
public interface Disk {

    /**
     * Opens a file. With {@link OpenMode#CREATE} the file must not exist and is made empty, with the others it must exist; a
     * new file's name is volatile until {@link #syncDirectory}.
     */
    DiskFile open(String name, OpenMode mode);

    /** Replaces {@code to} if it exists. Volatile until {@link #syncDirectory}. Handles that are open stay valid. */
    void rename(String from, String to);

    /** Volatile until {@link #syncDirectory}. The file must exist. */
    void delete(String name);

    /** The names of all files, sorted. */
    List<String> list();

    void syncDirectory();

    /**
     * Takes the directory for this process; closing the result gives it back.
     *
     * @throws dev.cairn.storage.base.DirectoryInUseException if it is taken, here or elsewhere
     */
    AutoCloseable lock();

    /**
     * Memory that may be written out to this disk, for what is too large for the heap and dies with the process:
     * little-endian, all zeros. It has no name, and is given back when it is unreachable.
     *
     * @param bytes 1 or more
     * @return null if not supported here
     * @throws dev.cairn.storage.base.DiskFullException if there is no room
     */
    default @Nullable ByteBuffer scratch(int bytes) {
        return null;
    }

    /** For messages: where this is. */
    String describe();
}
