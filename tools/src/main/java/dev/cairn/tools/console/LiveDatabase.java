package dev.cairn.tools.console;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.OverlayDisk;
import dev.cairn.storage.file.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A database as opening it would find it, recovered in private memory: no lock is taken, no byte of the directory changes. */
public final class LiveDatabase {

    private static final DatabaseOptions OPTIONS =
            DatabaseOptions.builder().createIfAbsent(false).build();

    /** Of the heap, the share that what was redone may take before it goes to a file. */
    private static final int HEAP_SHARE = 8;

    private LiveDatabase() {}

    /**
     * Recovers and looks once, so that {@code look} may do what cannot be done again. A directory that is in use, or was not
     * closed, is copied to a temporary one first; it is copied again, {@value LiveDirectory#ATTEMPTS} times in all, if log was
     * recycled meanwhile.
     *
     * @throws UnreadableException if there is no database
     * @throws LiveDirectoryException if it kept changing
     * @throws dev.cairn.storage.base.EngineFailedException if it would not open
     */
    public static <T> T readOnce(Path directory, Console console, Function<Database, T> look) {
        if (phase(LiveDirectory.disk(directory), directory) == ControlState.Phase.CLEAN) {
            return LiveDirectory.readOnce(directory, disk -> look(disk, look));
        }
        console.progress("cairn: copying " + directory + ", which is in use or was not closed");
        EngineFailedException last = null;
        for (int attempt = 0; attempt < LiveDirectory.ATTEMPTS; attempt++) {
            Map<String, String> before = LiveDirectory.stamps(directory);
            try (ScratchDirectory copy = ScratchDirectory.create("cairn-copy-")) {
                boolean whole = PrivateCopy.make(directory, copy.path(), new ArrayList<>(before.keySet()));
                Database database = open(copy.path(), whole);
                if (database != null) {
                    try (database) {
                        return look.apply(database);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Unopened e) {
                if (before.equals(LiveDirectory.stamps(directory))) {
                    throw e.failure;
                }
                last = e.failure;
            }
        }
        throw LiveDirectory.gaveUp(directory, last);
    }

    /** The copy would not open. */
    private static final class Unopened extends Exception {
        private final EngineFailedException failure;

        Unopened(EngineFailedException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Null if log is missing that was there when the copying began: then opening proves nothing. */
    private static @Nullable Database open(Path copy, boolean whole) throws Unopened {
        try {
            return whole ? Database.open(new RealDisk(copy), OPTIONS, Environment.system()) : null;
        } catch (EngineFailedException e) {
            throw new Unopened(e);
        }
    }

    private static ControlState.Phase phase(Disk disk, Path directory) {
        if (!disk.list().contains(ControlFile.NAME)) {
            throw new UnreadableException(
                    directory + " holds no database: there is no file \"" + ControlFile.NAME + "\"");
        }
        try (ControlFile control = ControlFile.open(disk)) {
            return control.current().phase();
        }
    }

    private static <T> T look(Disk disk, Function<Database, T> look) {
        long memoryBytes =
                Math.min(OverlayDisk.DEFAULT_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        try (OverlayDisk overlay = new OverlayDisk(disk, memoryBytes);
                Database database = Database.open(overlay, OPTIONS, Environment.system())) {
            return look.apply(database);
        }
    }

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
                    phase(disk, directory);
                    return look(disk, look);
                },
                outcome -> true,
                outcome -> false);
    }
}
