package dev.cairn.tools.log;

import dev.cairn.engine.Database;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.LiveDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a directory as opening would find them, for naming what its log and pages hold. */
public final class StoredTables {

    private StoredTables() {}

    /**
     * Their names. If the database would not open, that of the catalog alone, and a warning.
     *
     * @param required whether the caller cannot go on without
     */
    static TableNames names(Path directory, boolean required, Console console) {
        return new TableNames(
                required ? LiveDatabase.read(directory, Database::storedTables) : all(directory, console));
    }

    /** The table whose rows a file holds; null if none is known to. */
    public static @Nullable StoredTable byFile(Path directory, int fileId, Console console) {
        if (fileId == StoredTable.CATALOG_FILE_ID) {
            return StoredTable.CATALOG;
        }
        return all(directory, console).stream()
                .filter(table -> table.fileId() == fileId)
                .findFirst()
                .orElse(null);
    }

    private static List<StoredTable> all(Path directory, Console console) {
        try {
            return LiveDatabase.read(directory, Database::storedTables);
        } catch (EngineFailedException | LiveDirectoryException e) {
            console.error("cairn: rows are shown as bytes, as the tables cannot be read: " + e.getMessage());
            return List.of();
        }
    }
}
