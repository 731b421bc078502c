package dev.cairn.wal.record;

/**
 * The kinds of log records. The code is what stands on disk and never changes meaning. Codes 0x60 to 0x6F are reserved
 * for commit history, incarnation history and PREPARE.
 */
public enum WalRecordType {
    SEGMENT_END(0x01, "fills the rest of a segment"),
    INCARNATION(0x02, "a new life of the database begins; later records are seeded with its number and salt"),
    DURABLE_MARK(0x03, "the log was known to be durable up to this point"),
    CHECKPOINT_BEGIN(0x04, "redo point of a checkpoint"),
    CHECKPOINT_END(0x05, "everything before the redo point has reached its files"),

    FILE_CREATE(0x10, "a data file comes into being"),
    FILE_EXTEND(0x11, "pages come into use, initialised as empty"),
    FILE_DROP(0x12, "a data file is about to be unlinked"),
    PAGE_IMAGE(0x13, "a page as a whole"),

    HEAP_INSERT(0x20, "a row version"),
    HEAP_UPDATE(0x21, "a row version replaces another"),
    HEAP_HOT_UPDATE(0x22, "a row version replaces another on the same page, no indexed column changed"),
    HEAP_DELETE(0x23, "a row version is marked deleted"),
    HEAP_PRUNE(0x24, "row versions that nobody can see are removed from a page"),
    HEAP_FREEZE(0x25, "row versions are marked visible to all"),

    OVERFLOW_EXTEND(0x28, "a page for large values comes into use, free"),
    OVERFLOW_WRITE(0x29, "a page gets bytes of a large value"),
    OVERFLOW_DELETE(0x2a, "a large value is marked deleted"),
    OVERFLOW_FREE(0x2b, "a page of a large value that nobody can see is free"),

    INDEX_EXTEND(0x30, "a page of an index comes into use: the empty root, every other one free"),
    INDEX_INSERT(0x31, "an entry"),
    INDEX_DELETE(0x32, "entries are removed"),
    INDEX_SPLIT(0x33, "a page gives the upper part of its entries to a new right neighbour"),
    INDEX_DOWNLINK(0x34, "a page gets its entry in the level above"),
    INDEX_ROOT(0x35, "the root gives all that it holds to its only child and rises by a level"),
    INDEX_UNLINK(0x36, "an empty page loses its entry in the level above"),
    INDEX_ABSORB(0x37, "a page takes over the range of its empty right neighbour, which is free then"),

    XACT_BEGIN(0x40, "first record of a top-level transaction"),
    SUBXACT_ASSIGN(0x41, "a savepoint's level got its id"),
    SUBCOMMIT(0x42, "a level was released into its parent"),
    SUBABORT(0x43, "a branch was rolled back"),
    COMMIT_CHILDREN(0x44, "more children of a commit that follows"),
    COMMIT(0x45, "a top-level transaction committed"),
    ABORT(0x46, "a top-level transaction rolled back"),

    CATALOG_CHANGE(0x50, "a table was created or dropped");

    private static final @org.jspecify.annotations.Nullable WalRecordType[] BY_CODE =
            new @org.jspecify.annotations.Nullable WalRecordType[256];

    static {
        for (WalRecordType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final String meaning;

    WalRecordType(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** One byte, 1 to 255. */
    public int code() {
        return code;
    }

    /** For people. */
    public String meaning() {
        return meaning;
    }

    /** The type of a code, or null if there is none: data from disk is never trusted. */
    public static @org.jspecify.annotations.Nullable WalRecordType ofCode(int code) {
        return code < 0 || code > 255 ? null : BY_CODE[code];
    }
}
