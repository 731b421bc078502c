package dev.cairn.storage.file;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.ThreadScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the real file system. The lock file and scratch files are not listed: they belong to
 * this class.
 *
 * <p>Handles stay valid when their file is renamed or deleted. As a handle opens descriptors late, and again after an
 * interrupt has closed one, this class tells it of renames and deletions; {@code names} guards both.
 */
public final class RealDisk implements Disk {

    private final Path directory;
    private final Object names = new Object();
    private final Set<RealDiskFile> open = new HashSet<>();
    /** How many have been asked for; guarded by names. */
    private int scratchFiles;

    /**
     * An existing directory.
     *
     * @throws DiskException if it is not a directory
     */
    public RealDisk(Path directory) {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            throw new DiskException(directory + " is not a directory");
        }
    }

    /** As the constructor, but the directory and its parents are made if absent, durably. */
    public static RealDisk create(Path directory) {
        List<Path> made = new ArrayList<>();
        for (Path at = directory.toAbsolutePath().normalize(); at != null && !Files.exists(at); at = at.getParent()) {
            made.add(at);
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new DiskException("cannot create directory " + directory + ": " + e, e);
        }
        for (Path at : made) {
            Path parent = at.getParent();
            if (parent != null) {
                syncDirectory(parent);
            }
        }
        return new RealDisk(directory);
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        Path path = path(name);
        synchronized (names) {
            try {
                if (mode == OpenMode.CREATE) {
                    Files.createFile(path);
                } else if (!Files.exists(path)) {
                    throw new DiskException("cannot open " + path + ": there is no such file");
                }
                RealDiskFile file = new RealDiskFile(this, name, mode);
                open.add(file);
                return file;
            } catch (IOException e) {
                throw new DiskException("cannot open " + path + " for " + mode + ": " + e, e);
            }
        }
    }

    @Override
    public void rename(String from, String to) {
        Path source = path(from);
        Path target = path(to);
        synchronized (names) {
            try {
                if (!Files.exists(source)) {
                    throw new DiskException("cannot rename " + source + ": there is no such file");
                }
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new DiskException("cannot rename " + source + " to " + target + ": " + e, e);
            }
            if (!from.equals(to)) {
                for (RealDiskFile file : open) {
                    if (to.equals(file.linkedName())) {
                        file.unlinked();
                    }
                }
                for (RealDiskFile file : open) {
                    if (from.equals(file.linkedName())) {
                        file.renamed(to);
                    }
                }
            }
        }
    }

    @Override
    public void delete(String name) {
        Path path = path(name);
        synchronized (names) {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw new DiskException("cannot delete " + path + ": " + e, e);
            }
            for (RealDiskFile file : open) {
                if (name.equals(file.linkedName())) {
                    file.unlinked();
                }
            }
        }
    }

    @Override
    public List<String> list() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals(DirectoryLock.FILE_NAME)
                        && !name.startsWith(ScratchFile.PREFIX)
                        && !Files.isDirectory(entry)) {
                    found.add(name);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new DiskException("cannot list " + directory + ": " + e, e);
        }
        Collections.sort(found);
        return found;
    }

    @Override
    public void syncDirectory() {
        syncDirectory(directory);
    }

    @Override
    public DirectoryLock lock() {
        return DirectoryLock.acquire(directory);
    }

    @Override
    public ByteBuffer scratch(int bytes) {
        int number;
        synchronized (names) {
            if (scratchFiles == 0) {
                ScratchFile.sweep(directory);
            }
            number = ++scratchFiles;
        }
        return ScratchFile.map(directory, number, bytes);
    }

    @Override
    public String describe() {
        return directory.toString();
    }

    @Override
    public String toString() {
        return describe();
    }

    /** What a file opens its descriptors under: the action sees the path that is right for as long as it runs. */
    <T> T withNames(java.util.function.Supplier<T> action) {
        synchronized (names) {
            return action.get();
        }
    }

    void closed(RealDiskFile file) {
        synchronized (names) {
            open.remove(file);
        }
    }

    Path path(String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException("not a flat file name: \"" + name + "\"");
        }
        return directory.resolve(name);
    }

    /**
     * On a thread of its own: a directory can only be synced through a channel, which an interrupt of its thread would
     * close in the middle, leaving open whether the sync took place.
     */
    private static void syncDirectory(Path path) {
        SyncAttempt attempt = new SyncAttempt(path);
        Thread thread = new Thread(attempt, "cairn-sync-directory");
        thread.setDaemon(true);
        thread.start();
        ThreadScheduler.joinUninterruptibly(thread);
        if (attempt.failure != null) {
            throw new DiskException("cannot sync directory " + path + ": " + attempt.failure, attempt.failure);
        }
    }

    /** {@code failure} is read after the join only. */
    private static final class SyncAttempt implements Runnable {
        private final Path path;
        private @Nullable Throwable failure;

        SyncAttempt(Path path) {
            this.path = path;
        }

        @Override
        public void run() {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
        }
    }
}
