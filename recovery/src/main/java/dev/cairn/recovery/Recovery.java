package dev.cairn.recovery;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.Disk;

/** Opens a database directory: makes it, or opens it after a clean close, or recovers it. */
public final class Recovery {

    /** The data file that holds the catalog. It exists, with no pages but its header, from the making of the database on. */
    public static final int CATALOG_FILE_ID = 1;

    private Recovery() {}

    public static OpenedStore open(
            Disk disk, StoreOptions options, Environment environment, RecoveryListener listener) {
        throw new UnsupportedOperationException();
    }
}
