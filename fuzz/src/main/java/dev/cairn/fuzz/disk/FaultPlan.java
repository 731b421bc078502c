package dev.cairn.fuzz.disk;

/** Decides which operations of a simulated disk fail. Must be deterministic for a run to be reproducible. */
@FunctionalInterface
public interface FaultPlan {

    /** Nothing fails. */
    FaultPlan NONE = operation -> Fault.NONE;

    Fault decide(DiskOperation operation);

    /** How an operation fails. */
    enum Fault {
        NONE,
        /**
         * The device reports an error. A write may have taken effect in part; what a failed sync was to make durable stays
         * visible, and no later sync will make it durable: only writing it again does.
         */
        IO_ERROR,
        /** No space left. Meaningful for {@code ALLOCATE}; an I/O error elsewhere. */
        DISK_FULL
    }
}
