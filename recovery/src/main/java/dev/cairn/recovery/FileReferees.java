package dev.cairn.recovery;

/**
 * Tells who wants a data file. Only the catalog knows, and the catalog is above this module: the engine reads it and answers.
 * Called by {@link OpenedStore#removeOrphans} while no transaction is open.
 */
@FunctionalInterface
public interface FileReferees {

    /** What the catalog says of a file. */
    enum Claim {
        /** A committed row that is not deleted names it. The catalog's own file is never asked about. */
        WANTED,
        /** A committed deletion gave it up. */
        DROPPED,
        /** No row names it. */
        UNNAMED
    }

    Claim claim(int fileId);
}
