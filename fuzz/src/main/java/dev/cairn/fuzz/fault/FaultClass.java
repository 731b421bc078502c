package dev.cairn.fuzz.fault;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.FaultPlan.Fault;
import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.disk.OperationType.Role;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can go wrong, and what may come of it: the columns of the {@link FaultMatrix}. */
public enum FaultClass {
    POWER_LOST("power lost", null, Harm.NONE),
    PROCESS_KILLED("process killed", null, Harm.NONE),
    ERROR_ONCE("error, once", Fault.IO_ERROR, Harm.NONE),
    BAD_SECTOR("error, for good", Fault.BAD_SECTOR, Harm.DAMAGE),
    DISK_FULL("no space, for a while", Fault.DISK_FULL, Harm.NONE),
    SYNC_FAILED("sync fails, disk old", Fault.IO_ERROR, Harm.NONE),
    SYNC_FAILED_THEN_POWER("sync fails, process dies, power fails", Fault.IO_ERROR, Harm.NONE),
    SYNC_REVERTED("sync fails, memory reverted", Fault.SYNC_REVERTED, Harm.NONE),
    SYNC_LATE("sync fails, reported late", Fault.SYNC_LATE, Harm.LIE),
    SHORT_READ("short read", Fault.SHORT_READ, Harm.NONE),
    FLIP_IN_TRANSIT("bit flips, in transit", Fault.FLIP_IN_TRANSIT, Harm.NONE),
    FLIP_ON_DISK("bit flips, on disk", Fault.FLIP_ON_DISK, Harm.DAMAGE),
    FLIP_AT_REST("bit flips, while closed", null, Harm.DAMAGE),
    LATENT_SECTOR("sector unreadable after reopening", null, Harm.DAMAGE),
    LOST_WRITE("write lost", Fault.LOST_WRITE, Harm.MISPLACED),
    MISDIRECTED_WRITE("write misdirected in its file", Fault.MISDIRECTED_WRITE, Harm.MISPLACED),
    MISDIRECTED_TO_OTHER_FILE("write misdirected to another file", Fault.MISDIRECTED_TO_OTHER_FILE, Harm.MISPLACED),
    STALE_WRITE("old version comes back", Fault.STALE_WRITE, Harm.MISPLACED),
    OUT_OF_MEMORY("out of memory", null, Harm.NONE);

    /** How bad it is. */
    enum Harm {
        /** Nothing acknowledged is lost. */
        NONE,
        /** The right answer or a typed error; of log after the last durable mark, silence. */
        DAMAGE,
        /** The same, and a page of a data file may be an older one in silence. */
        MISPLACED,
        /** What was acknowledged since the lie may be lost. */
        LIE
    }

    private static final Set<Kind> SYNCS = EnumSet.of(Kind.SYNC, Kind.WRITE_THROUGH, Kind.SYNC_DIRECTORY);

    private final String title;
    private final @Nullable Fault fault;
    private final Harm harm;

    FaultClass(String title, @Nullable Fault fault, Harm harm) {
        this.title = title;
        this.fault = fault;
        this.harm = harm;
    }

    String title() {
        return title;
    }

    Harm harm() {
        return harm;
    }

    /** What the disk is told to do; null for what does not befall a single transfer. */
    @Nullable Fault fault() {
        return fault;
    }

    boolean failsSync() {
        return this == SYNC_FAILED || this == SYNC_FAILED_THEN_POWER || this == SYNC_REVERTED;
    }

    /** Done to a disk at rest. */
    boolean isAtRest() {
        return this == FLIP_AT_REST || this == LATENT_SECTOR;
    }

    /** Ends the life at the operation. */
    boolean isDeath() {
        return this == POWER_LOST || this == PROCESS_KILLED;
    }

    /** Why this cannot befall such an operation; null if it can. */
    @Nullable Inapplicable inapplicable(OperationType type) {
        Kind kind = type.kind();
        if (this == OUT_OF_MEMORY) {
            return kind == null ? null : Inapplicable.NO_MEMORY;
        }
        if (kind == null) {
            return Inapplicable.NO_DISK;
        }
        return switch (this) {
            case POWER_LOST, PROCESS_KILLED -> type.reads() ? Inapplicable.CHANGES_NOTHING : null;
            case ERROR_ONCE -> SYNCS.contains(kind) ? Inapplicable.IS_SYNC : null;
            case SYNC_FAILED, SYNC_FAILED_THEN_POWER -> SYNCS.contains(kind) ? null : Inapplicable.NO_SYNC;
            case SYNC_REVERTED ->
                kind == Kind.SYNC_DIRECTORY
                        ? Inapplicable.NAMES_STAY
                        : SYNCS.contains(kind) ? null : Inapplicable.NO_SYNC;
            case SYNC_LATE -> SYNCS.contains(kind) ? null : Inapplicable.NO_SYNC;
            case DISK_FULL -> kind == Kind.ALLOCATE || kind == Kind.CREATE ? null : Inapplicable.NO_SPACE;
            case SHORT_READ -> kind == Kind.READ ? null : type.reads() ? Inapplicable.NO_LENGTH : Inapplicable.NO_READ;
            case FLIP_IN_TRANSIT -> type.reads() ? null : Inapplicable.NO_READ;
            case FLIP_AT_REST, LATENT_SECTOR ->
                kind == Kind.READ ? null : type.reads() ? Inapplicable.SAME_SECTORS : Inapplicable.NO_READ;
            case BAD_SECTOR, FLIP_ON_DISK -> carriesBytes(type) ? null : Inapplicable.NO_BYTES;
            case LOST_WRITE, MISDIRECTED_WRITE, MISDIRECTED_TO_OTHER_FILE, STALE_WRITE ->
                carriesBytes(type) && !type.reads() ? null : Inapplicable.NO_WRITE;
            case OUT_OF_MEMORY -> Inapplicable.NO_MEMORY;
        };
    }

    private static boolean carriesBytes(OperationType type) {
        return type.reads() || type.kind() == Kind.WRITE || type.kind() == Kind.WRITE_THROUGH;
    }

    /** Whether an older page may be what is left of this, with nobody the wiser. */
    boolean mayLeaveOldPage(OperationType type) {
        return type.role() == Role.DATA && (harm == Harm.MISPLACED || this == SYNC_LATE);
    }

    /** Why a cell of the matrix is empty. */
    enum Inapplicable {
        NO_MEMORY("takes no memory for pages"),
        NO_DISK("is no operation on the disk"),
        CHANGES_NOTHING("changes nothing, so it is the same as before the next change"),
        IS_SYNC("counts as a sync that fails"),
        NO_SYNC("is to make nothing durable"),
        NAMES_STAY("a kernel does not take back names that it has shown"),
        NO_SPACE("takes no space: what it overwrites was allocated"),
        NO_LENGTH("a mapping has no length to fall short of"),
        NO_READ("reads nothing"),
        NO_WRITE("writes no bytes"),
        NO_BYTES("carries no bytes"),
        SAME_SECTORS("the same sectors as the plain read, counted there");

        private final String reason;

        Inapplicable(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
