package dev.cairn.tools.log;

import dev.cairn.engine.Database;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.LiveDirectoryException;
import java.nio.file.Path;
import java.util.List;

/** The tables of a directory, for naming what its log speaks of. */
final class KnownTables {

    private KnownTables() {}

    /**
     * The tables as opening would find them. If it would not open, those of the catalog alone, and a warning.
     *
     * @param required whether the caller cannot go on without
     */
    static TableNames of(Path directory, boolean required, Console console) {
        try {
            return new TableNames(LiveDatabase.read(directory, Database::storedTables));
        } catch (EngineFailedException | LiveDirectoryException e) {
            if (required) {
                throw e;
            }
            console.error("cairn: rows are shown as bytes, as the tables cannot be read: " + e.getMessage());
            return new TableNames(List.of());
        }
    }
}
