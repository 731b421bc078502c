package dev.cairn.fuzz.disk;

/**
 * Picks one of the states in which a crash may leave a disk. Asked in a fixed order: the directory's pending operations from
 * the oldest on, then the files by age, each with its size and its undecided sectors in ascending order. Operations are
 * named by their {@linkplain DiskOperation#number numbers}.
 */
public interface CrashChoice {

    /**
     * Whether this pending operation on the directory has reached the disk. On a {@linkplain SimDisk.Directory#JOURNALLED
     * journalled} directory nothing is asked after the first no.
     */
    boolean directory(long operation);

    /**
     * The size, in bytes, between the least and the greatest of those given.
     *
     * @param durable the size after the last sync
     * @param operations those that have changed it since, ascending
     * @param sizes what each of them made it
     */
    long size(long durable, long[] operations, long[] sizes);

    /**
     * A sector's contents.
     *
     * @param operations those that wrote the sector since it was last synced, ascending
     * @return 0 for what was synced, n for what the n-th of the operations wrote
     */
    int sector(long[] operations);
}
