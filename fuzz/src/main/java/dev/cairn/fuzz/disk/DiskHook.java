package dev.cairn.fuzz.disk;

/** Looks at a simulated disk in the middle of every operation that changes it. */
@FunctionalInterface
public interface DiskHook {

    /**
     * The operation is under way: its effects are pending, so that a crash now may leave all, some or none of them, and it has
     * made nothing durable yet.
     */
    void during(SimDisk disk, DiskOperation operation);
}
