package dev.cairn.engine;

/**
 * Whether a transaction is READ ONLY, and since when: what was said after a savepoint ends with the savepoint's level, whether
 * it is released or rolled back, as in PostgreSQL. Not thread-safe.
 */
final class AccessMode {

    private static final long NEVER = Long.MAX_VALUE;

    /** The serial of the level that it was said in; 0, which is none, where it holds for the whole transaction. */
    private long readOnlySince;

    AccessMode(boolean readOnly) {
        readOnlySince = readOnly ? 0 : NEVER;
    }

    boolean isReadOnly() {
        return readOnlySince != NEVER;
    }

    /** Whether no end of a level can make it writable again. */
    boolean isReadOnlyForGood() {
        return readOnlySince == 0;
    }

    void set(boolean readOnly, long level) {
        readOnlySince = readOnly ? Math.min(readOnlySince, level) : NEVER;
    }

    /** A level and all that were opened since then are over. */
    void levelEnded(long level) {
        if (readOnlySince >= level) {
            readOnlySince = NEVER;
        }
    }
}
