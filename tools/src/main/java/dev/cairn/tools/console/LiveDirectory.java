package dev.cairn.tools.console;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory that somebody may be writing meanwhile, without a lock. What looks damaged is believed only if nothing
 * has changed while it was read; otherwise it is read again, {@value #ATTEMPTS} times in all, from a copy.
 */
public final class LiveDirectory {

    /** How often a directory is read before it is given up. */
    public static final int ATTEMPTS = 3;

    private LiveDirectory() {}

    /**
     * Reads: first the directory itself and then, if it has changed meanwhile, temporary copies of it.
     *
     * @param read gets the directory or a copy, which it must not write to
     * @param isDoubtful whether an outcome may be due to changes of the directory meanwhile
     * @param isDoubtfulOfCopy the same of an outcome from a copy of which no log is missing
     * @throws UnreadableException if there is no such directory
     * @throws LiveDirectoryException if it kept changing
     */
    public static <T> T read(
            Path directory, Function<Disk, T> read, Predicate<T> isDoubtful, Predicate<T> isDoubtfulOfCopy) {
        Disk disk = disk(directory);
        EngineFailedException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, String> before = stamps(directory);
            try {
                if (attempt == 0) {
                    T outcome = read.apply(disk);
                    if (!isDoubtful.test(outcome) || before.equals(stamps(directory))) {
                        return outcome;
                    }
                } else {
                    try (ScratchDirectory copy = ScratchDirectory.create("cairn-copy-")) {
                        boolean whole = PrivateCopy.make(directory, copy.path(), new ArrayList<>(before.keySet()));
                        T outcome = read.apply(new RealDisk(copy.path()));
                        if ((whole && !isDoubtfulOfCopy.test(outcome)) || before.equals(stamps(directory))) {
                            return outcome;
                        }
                    }
                }
            } catch (EngineFailedException e) {
                if (before.equals(stamps(directory))) {
                    throw e;
                }
                last = e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw gaveUp(directory, last);
    }

    /**
     * Reads once, and believes it only if nothing has changed meanwhile.
     *
     * @throws LiveDirectoryException if something has
     */
    static <T> T readOnce(Path directory, Function<Disk, T> read) {
        Disk disk = disk(directory);
        Map<String, String> before = stamps(directory);
        T outcome = read.apply(disk);
        if (!before.equals(stamps(directory))) {
            throw new LiveDirectoryException(
                    directory + " was opened while it was read: what was printed may be of no one moment", null);
        }
        return outcome;
    }

    /** @throws UnreadableException if there is no such directory */
    static Disk disk(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UnreadableException(
                    directory + (Files.exists(directory) ? " is not a directory" : " does not exist"));
        }
        return new RealDisk(directory);
    }

    static LiveDirectoryException gaveUp(Path directory, @Nullable EngineFailedException last) {
        return new LiveDirectoryException(
                directory + " is in use and has changed " + ATTEMPTS
                        + " times while it was read; try again, or close it"
                        + (last == null ? "" : " (the last time: " + last.getMessage() + ")"),
                last);
    }

    /** Size and time of change of each file. */
    static Map<String, String> stamps(Path directory) {
        Map<String, String> stamps = new TreeMap<>();
        for (String name : new RealDisk(directory).list()) {
            Path file = directory.resolve(name);
            try {
                stamps.put(name, Files.size(file) + " " + Files.getLastModifiedTime(file));
            } catch (NoSuchFileException e) {
                stamps.put(name, "gone");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return stamps;
    }
}
