package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import java.util.EnumSet;
import java.util.Set;

/** Decides which operations of a simulated disk fail. Must be deterministic for a run to be reproducible. */
@FunctionalInterface
public interface FaultPlan {

    /** Nothing fails. */
    FaultPlan NONE = operation -> Fault.NONE;

    /** Called once for every operation, reads included, before it has any effect. */
    Fault decide(DiskOperation operation);

    /** How an operation fails. What is left open, as which bit flips, follows from the operation. */
    enum Fault {
        NONE(EnumSet.allOf(Kind.class)),
        /**
         * The device reports an error, this once. A write may have taken effect in part; what a failed sync was to make durable
         * stays visible, and no later sync will make it durable: only writing it again does.
         */
        IO_ERROR(EnumSet.allOf(Kind.class)),
        /** A sector fails for good: one that cannot be read until it is written again, one that cannot be written ever. */
        BAD_SECTOR(EnumSet.of(Kind.READ, Kind.READ_MAPPED, Kind.WRITE, Kind.WRITE_THROUGH)),
        /** No space left for a new name or for a file's growth. */
        DISK_FULL(EnumSet.of(Kind.ALLOCATE, Kind.CREATE)),
        /** A sync fails, and reads see from then on what was durable before. */
        SYNC_REVERTED(EnumSet.of(Kind.SYNC, Kind.WRITE_THROUGH)),
        /** A sync succeeds and has made nothing durable; the next one of the same file, or of the directory, reports it. */
        SYNC_LATE(EnumSet.of(Kind.SYNC, Kind.WRITE_THROUGH, Kind.SYNC_DIRECTORY)),
        /** Fewer bytes come than the file has, but not none. */
        SHORT_READ(EnumSet.of(Kind.READ)),
        /** One bit arrives wrong; on the disk it is right. */
        FLIP_IN_TRANSIT(EnumSet.of(Kind.READ, Kind.READ_MAPPED)),
        /** One bit is wrong on the disk: of what is read, or of what is written. */
        FLIP_ON_DISK(EnumSet.of(Kind.READ, Kind.READ_MAPPED, Kind.WRITE, Kind.WRITE_THROUGH)),
        /** Success is reported and nothing was written. */
        LOST_WRITE(EnumSet.of(Kind.WRITE, Kind.WRITE_THROUGH)),
        /** The bytes land elsewhere in the same file. */
        MISDIRECTED_WRITE(EnumSet.of(Kind.WRITE, Kind.WRITE_THROUGH)),
        /** The bytes land in another file. */
        MISDIRECTED_TO_OTHER_FILE(EnumSet.of(Kind.WRITE, Kind.WRITE_THROUGH)),
        /** All is well until the power fails: then what was there before the write is back, synced or not. */
        STALE_WRITE(EnumSet.of(Kind.WRITE, Kind.WRITE_THROUGH));

        private final Set<Kind> kinds;

        Fault(Set<Kind> kinds) {
            this.kinds = kinds;
        }

        /** Whether an operation of this kind can fail so; to plan it for another is an error. */
        public boolean appliesTo(Kind kind) {
            return kinds.contains(kind);
        }
    }
}
