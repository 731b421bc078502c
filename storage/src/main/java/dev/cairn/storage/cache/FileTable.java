package dev.cairn.storage.cache;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.page.PageHeader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open data files of a database, by file id. Lookups take no lock and allocate nothing; opening, creating and dropping
 * exclude each other. Thread-safe.
 */
public final class FileTable {

    private static final String PREFIX = "heap-";
    private static final VarHandle FILE = MethodHandles.arrayElementVarHandle(DataFile[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(DataFile[][].class);
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

    private final Disk disk;
    private final int pageSize;
    private final GrowthOptions growth;
    private final Environment environment;
    private final Health health;
    private final Scheduler.Mutex changing;
    /** Chunks never move once made; the directory is replaced by a longer one under {@code changing}. */
    private volatile @Nullable DataFile[] @Nullable [] directory = new DataFile[1][];
    /** Names came or went since the directory was last synced. */
    private volatile boolean namesChanged;

    private volatile boolean closed;

    public FileTable(Disk disk, int pageSize, GrowthOptions growth, Environment environment, Health health) {
        PageHeader.checkPageSize(pageSize);
        this.disk = disk;
        this.pageSize = pageSize;
        this.growth = growth;
        this.environment = environment;
        this.health = health;
        this.changing = environment.scheduler().newMutex();
    }

    /** {@code heap-} and the id in eight hexadecimal digits. */
    public static String fileName(int fileId) {
        return PREFIX + HexFormat.of().toHexDigits(fileId);
    }

    /** The id in a data file's name; -1 if it is not one. */
    public static int fileIdOf(String name) {
        int begin = PREFIX.length();
        if (!name.startsWith(PREFIX) || name.length() != begin + 2 * Integer.BYTES) {
            return -1;
        }
        for (int i = begin; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!HexFormat.isHexDigit(c) || Character.isUpperCase(c)) {
                return -1;
            }
        }
        return Math.max(-1, HexFormat.fromHexDigits(name, begin, name.length()));
    }

    public int pageSize() {
        return pageSize;
    }

    /** Opens a file that is in the directory; returns it if it is open already. */
    public DataFile open(int fileId) {
        return add(fileId, OpenMode.WRITE);
    }

    /**
     * Makes a file, empty; its name is durable after the next {@link #syncAll}.
     *
     * @throws IllegalStateException if it is open already
     */
    public DataFile create(int fileId) {
        return add(fileId, OpenMode.CREATE);
    }

    /** Null if the file is not open. */
    public @Nullable DataFile get(int fileId) {
        @Nullable DataFile[] @Nullable [] chunks = directory;
        int at = fileId >>> CHUNK_BITS;
        if (at >= chunks.length) {
            return null;
        }
        @Nullable DataFile[] chunk = (DataFile[]) CHUNK.getAcquire(chunks, at);
        return chunk == null ? null : (DataFile) FILE.getAcquire(chunk, fileId & CHUNK_MASK);
    }

    /**
     * @throws CorruptionException if the file is not open: something on disk refers to a file that is not there
     * @throws IllegalStateException if all have been closed, under a call that took longer than closing waits for
     */
    public DataFile require(int fileId) {
        DataFile file = get(fileId);
        if (file == null) {
            if (closed) {
                throw new IllegalStateException("the database has been closed");
            }
            throw new CorruptionException("data file " + fileId + " (" + fileName(fileId) + ") is missing");
        }
        return file;
    }

    /** Whether the file is open or, if it is not, in the directory. */
    public boolean exists(int fileId) {
        return get(fileId) != null || disk.list().contains(fileName(fileId));
    }

    /**
     * Closes and unlinks the file; the unlinking is durable after the next {@link #syncAll}. The cache must have forgotten
     * it before ({@link PageCache#forget}), and nobody may use it any more.
     */
    public void drop(int fileId) {
        changing.lock();
        try {
            DataFile file = get(fileId);
            if (file != null) {
                put(fileId, null);
                file.close();
            }
            disk.delete(fileName(fileId));
            environment.scheduler().point(CrashPoint.FILE_DROPPED);
            namesChanged = true;
        } finally {
            changing.unlock();
        }
    }

    /** The open files, by ascending id. */
    public Collection<DataFile> all() {
        List<DataFile> files = new ArrayList<>();
        for (@Nullable DataFile @Nullable [] chunk : directory) {
            if (chunk != null) {
                for (DataFile file : chunk) {
                    if (file != null) {
                        files.add(file);
                    }
                }
            }
        }
        return files;
    }

    /** Makes everything written before this call durable, names included. A failure stops the engine. */
    public void syncAll() {
        health.check();
        for (DataFile file : all()) {
            file.sync();
        }
        if (namesChanged) {
            namesChanged = false;
            try {
                disk.syncDirectory();
            } catch (RuntimeException e) {
                throw health.fail(e);
            }
        }
    }

    /**
     * Shortens the files that have grown far ahead of their need: {@link DataFile#giveBack}. To be called when all is written and nobody uses
     * them any more. Not made durable: a file that a crash leaves longer is longer, no more.
     */
    public void giveBack() {
        for (DataFile file : all()) {
            file.giveBack();
        }
    }

    /** Closes all files. Writes nothing. */
    public void close() {
        closed = true;
        changing.lock();
        try {
            for (DataFile file : all()) {
                put(file.fileId(), null);
                file.close();
            }
        } finally {
            changing.unlock();
        }
    }

    private DataFile add(int fileId, OpenMode mode) {
        if (fileId <= 0) {
            throw new IllegalArgumentException("file ids start at 1, not " + fileId);
        }
        changing.lock();
        try {
            DataFile present = get(fileId);
            if (present != null) {
                if (mode == OpenMode.CREATE) {
                    throw new IllegalStateException(present.name() + " is open already");
                }
                return present;
            }
            DiskFile opened = disk.open(fileName(fileId), mode);
            if (mode == OpenMode.CREATE) {
                namesChanged = true;
            }
            DataFile file = new DataFile(fileId, opened, pageSize, growth, environment, health);
            put(fileId, file);
            return file;
        } finally {
            changing.unlock();
        }
    }

    private void put(int fileId, @Nullable DataFile file) {
        @Nullable DataFile[] @Nullable [] chunks = directory;
        int at = fileId >>> CHUNK_BITS;
        if (at >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(at + 1, chunks.length * 2));
            directory = chunks;
        }
        @Nullable DataFile[] chunk = chunks[at];
        if (chunk == null) {
            chunk = new DataFile[CHUNK_MASK + 1];
            CHUNK.setRelease(chunks, at, chunk);
        }
        FILE.setRelease(chunk, fileId & CHUNK_MASK, file);
    }
}
