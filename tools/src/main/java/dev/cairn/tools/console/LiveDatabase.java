package dev.cairn.tools.console;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.OverlayDisk;
import java.nio.file.Path;
import java.util.function.Function;

/** A database as opening it would find it, recovered in private memory: no lock is taken, no byte of the directory changes. */
public final class LiveDatabase {

    private static final DatabaseOptions OPTIONS =
            DatabaseOptions.builder().createIfAbsent(false).build();

    private LiveDatabase() {}

    /**
     * Recovers and looks. Starts again, {@value LiveDirectory#ATTEMPTS} times in all, if the directory was changed meanwhile:
     * so {@code look} must do nothing that cannot be done again.
     *
     * @throws UnreadableException if there is no database
     * @throws LiveDirectoryException if it kept changing
     * @throws dev.cairn.storage.base.EngineFailedException if it would not open
     */
    public static <T> T read(Path directory, Function<Database, T> look) {
        return LiveDirectory.read(
                directory,
                disk -> {
                    if (!disk.list().contains(ControlFile.NAME)) {
                        throw new UnreadableException(
                                directory + " holds no database: there is no file \"" + ControlFile.NAME + "\"");
                    }
                    try (OverlayDisk overlay = new OverlayDisk(disk);
                            Database database = Database.open(overlay, OPTIONS, Environment.system())) {
                        return look.apply(database);
                    }
                },
                outcome -> true);
    }
}
