package dev.cairn.fuzz.disk;

/**
 * One operation on a simulated disk.
 *
 * @param number counts from 1 over the operations that change the disk; a read has the number of the last one before it
 * @param name the file; empty for the directory
 * @param offset bytes; 0 where it has no meaning
 * @param length bytes; 0 where it has no meaning
 */
public record DiskOperation(long number, Kind kind, String name, long offset, long length) {

    /** All but {@link #READ} and {@link #READ_MAPPED} change what a crash may leave. */
    public enum Kind {
        READ,
        /** Out of a mapping. */
        READ_MAPPED,
        CREATE,
        RENAME,
        DELETE,
        SYNC_DIRECTORY,
        WRITE,
        WRITE_THROUGH,
        ALLOCATE,
        TRUNCATE,
        SYNC;

        public boolean changes() {
            return this != READ && this != READ_MAPPED;
        }
    }
}
