package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.DiskOperation.Kind;
import org.jspecify.annotations.Nullable;

/** What the engine does with the disk, and the memory that it takes for pages. */
public enum OperationType {
    PAGE_READ("page: read", Role.DATA, Kind.READ),
    PAGE_READ_MAPPED("page: read from a mapping", Role.DATA, Kind.READ_MAPPED),
    PAGE_WRITE("page: write", Role.DATA, Kind.WRITE),
    DATA_GROWTH("data file: grow", Role.DATA, Kind.ALLOCATE),
    DATA_SYNC("data file: sync", Role.DATA, Kind.SYNC),
    LOG_READ("log: read", Role.LOG, Kind.READ),
    LOG_WRITE("log: write", Role.LOG, Kind.WRITE),
    LOG_WRITE_THROUGH("log: write through", Role.LOG, Kind.WRITE_THROUGH),
    LOG_GROWTH("log: make a segment", Role.LOG, Kind.ALLOCATE),
    LOG_SYNC("log: sync", Role.LOG, Kind.SYNC),
    CONTROL_READ("control: read", Role.CONTROL, Kind.READ),
    CONTROL_CREATE("control: write when new", Role.CONTROL, Kind.WRITE),
    CONTROL_WRITE_THROUGH("control: write through", Role.CONTROL, Kind.WRITE_THROUGH),
    CONTROL_GROWTH("control: allocate", Role.CONTROL, Kind.ALLOCATE),
    CONTROL_SYNC("control: sync when new", Role.CONTROL, Kind.SYNC),
    STATUS_READ("status: read", Role.STATUS, Kind.READ),
    STATUS_WRITE("status: write", Role.STATUS, Kind.WRITE),
    STATUS_GROWTH("status: grow", Role.STATUS, Kind.ALLOCATE),
    STATUS_SYNC("status: sync", Role.STATUS, Kind.SYNC),
    CREATE("directory: create", Role.ANY, Kind.CREATE),
    RENAME("directory: rename", Role.ANY, Kind.RENAME),
    DELETE("directory: delete", Role.ANY, Kind.DELETE),
    SYNC_DIRECTORY("directory: sync", Role.ANY, Kind.SYNC_DIRECTORY),
    PAGE_MEMORY("memory for pages", Role.ANY, null);

    /** What a file is for, by its name. */
    public enum Role {
        DATA,
        LOG,
        CONTROL,
        STATUS,
        ANY;

        public static Role of(String name) {
            if (name.startsWith("wal-")) {
                return LOG;
            }
            if (name.startsWith("control")) {
                return CONTROL;
            }
            return name.equals("status") ? STATUS : DATA;
        }
    }

    private final String title;
    private final Role role;
    private final @Nullable Kind kind;

    OperationType(String title, Role role, @Nullable Kind kind) {
        this.title = title;
        this.role = role;
        this.kind = kind;
    }

    public String title() {
        return title;
    }

    public Role role() {
        return role;
    }

    /** Null for what is no operation on the disk. */
    public @Nullable Kind kind() {
        return kind;
    }

    public boolean matches(DiskOperation operation) {
        return operation.kind() == kind && (role == Role.ANY || role == Role.of(operation.name()));
    }

    public boolean reads() {
        return kind != null && !kind.changes();
    }

    /** Whether it changes the disk. */
    public boolean changes() {
        return kind != null && kind.changes();
    }

    /** Happens only while a database is made. */
    public boolean isCreation() {
        return this == CONTROL_CREATE || this == CONTROL_GROWTH || this == CONTROL_SYNC;
    }
}
