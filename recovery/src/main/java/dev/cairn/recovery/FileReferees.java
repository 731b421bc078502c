package dev.cairn.recovery;

/**
 * Tells who still wants a data file. Only the catalog knows, and the catalog is above this module: the engine reads it and
 * answers. Called by {@link OpenedStore#removeOrphans} while no transaction is open.
 */
@FunctionalInterface
public interface FileReferees {

    /**
     * Whether a committed catalog row that is not deleted names the file. The catalog's own file must be answered with true.
     * A file for which this is false is an orphan if its header page says that Cairn made it for this database: its creator
     * did not commit, or its drop did and was not finished.
     */
    boolean isReferenced(int fileId);
}
