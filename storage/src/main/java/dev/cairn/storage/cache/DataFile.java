package dev.cairn.storage.cache;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;

/**
 * One open data file: its growth, its sync, and what was written to it since. Pages go through {@link PageCache}.
 * Thread-safe.
 */
public final class DataFile {

    /** What {@link #usedPages} says before the header page has been seen. */
    public static final int UNKNOWN = -1;

    /** With more unsynced pages than this, a file is synced early: what is remembered of them stays bounded. */
    static final int MOST_UNSYNCED_PAGES = 65_536;

    private final int fileId;
    private final DiskFile file;
    private final int pageSize;
    private final GrowthOptions growth;
    private final Health health;
    private final Scheduler scheduler;
    private final Scheduler.Mutex growing;
    private final Scheduler.Mutex syncing;
    private final PageTable pages = new PageTable();
    private final UnsyncedWrites unsynced = new UnsyncedWrites();
    private final WindowSet windows;
    /** A file that is not used for long grows by no more at once than it has grown since: what closing gives back stays in proportion. */
    private final long openedBytes;

    private volatile long allocatedBytes;
    /** Guarded by {@code syncing}. */
    private boolean closed;
    /** The file became longer since its last sync began. */
    private volatile boolean grown;
    /** It has been synced with its size; a process that died may have left it longer than the disk knows. Guarded by {@code syncing}. */
    private boolean sizeSynced;

    private volatile int usedPages = UNKNOWN;

    DataFile(int fileId, DiskFile file, int pageSize, GrowthOptions growth, Environment environment, Health health) {
        this.fileId = fileId;
        this.file = file;
        this.pageSize = pageSize;
        this.growth = growth;
        this.health = health;
        this.scheduler = environment.scheduler();
        this.growing = scheduler.newMutex();
        this.syncing = scheduler.newMutex();
        this.windows = new WindowSet(file, pageSize, scheduler);
        this.openedBytes = file.size();
        this.allocatedBytes = openedBytes;
    }

    public int fileId() {
        return fileId;
    }

    /** As in the directory. */
    public String name() {
        return file.name();
    }

    /**
     * A mirror of the header page's used mark: pages below it are initialised. {@link #UNKNOWN} until the cache has seen the
     * header page ({@link PageCache#usedPages} makes it look); follows it whenever that is unlatched.
     */
    public int usedPages() {
        return usedPages;
    }

    void usedPages(int pages) {
        usedPages = pages;
    }

    /** Pages that the file has room for without growing. */
    public int allocatedPages() {
        return (int) Math.min(Integer.MAX_VALUE, allocatedBytes / pageSize);
    }

    /**
     * Makes the file long enough for this many pages: with real zeros, and more of them than asked for if the disk has the
     * space.
     *
     * @throws DiskFullException if there is no space; nothing has changed
     */
    public void ensureAllocated(int count) {
        if ((long) count * pageSize > allocatedBytes) {
            health.check();
            growing.lock();
            try {
                grow((long) count * pageSize);
            } catch (DiskException e) {
                throw health.fail(e);
            } finally {
                growing.unlock();
            }
        }
    }

    private void grow(long needed) {
        long from = allocatedBytes;
        if (needed <= from) {
            return;
        }
        long grownSoFar = from - openedBytes;
        long ahead = Math.min(growth.maxBytes(), Math.max(growth.minBytes(), Math.min(from / 8, grownSoFar)));
        long wanted = Math.max(needed, (from + ahead) / pageSize * pageSize);
        try {
            file.allocate(from, wanted);
        } catch (DiskFullException e) {
            if (wanted == needed) {
                throw e;
            }
            wanted = needed;
            file.allocate(from, wanted);
        }
        scheduler.point(CrashPoint.FILE_EXTENDED);
        allocatedBytes = wanted;
        grown = true;
    }

    /**
     * Cuts off pages that were never used, all but the least by which the file grows anyway. No reader asks for such a page, so a mapping that
     * still covers them is of no consequence.
     */
    void giveBack() {
        int used = usedPages;
        growing.lock();
        try {
            long kept = ((long) used * pageSize + growth.minBytes()) / pageSize * pageSize;
            if (used != UNKNOWN && kept < allocatedBytes) {
                allocatedBytes = kept;
                file.truncate(kept);
            }
        } finally {
            growing.unlock();
        }
    }

    /**
     * Makes everything written to the file before this call durable; does nothing if nothing was, or if the file has been
     * dropped meanwhile. A failure stops the engine.
     */
    public void sync() {
        syncing.lock();
        try {
            if (closed) {
                return;
            }
            health.check();
            boolean longer = grown;
            grown = false;
            if (unsynced.beginSync() || longer) {
                file.sync(longer || !sizeSynced);
                sizeSynced = true;
                unsynced.endSync();
            }
        } catch (DiskException e) {
            throw health.fail(e);
        } finally {
            syncing.unlock();
        }
    }

    /** To be called after writes, with no write of this thread in progress. */
    void syncIfMuchIsUnsynced() {
        if (unsynced.size() > MOST_UNSYNCED_PAGES) {
            sync();
        }
    }

    PageTable pages() {
        return pages;
    }

    /** The pageLsn that the page on disk has at least; 0 if nothing is known. */
    long writtenPageLsn(int pageNo) {
        return unsynced.pageLsn(pageNo);
    }

    /** Copies the page out of its mapping; false if there is none for it. */
    boolean copyMapped(int pageNo, ByteBuffer into) {
        long offset = offset(pageNo);
        ReadWindow window = windows.at(offset, allocatedBytes);
        if (window == null) {
            return false;
        }
        window.copy(WindowSet.offsetIn(offset), into);
        return true;
    }

    /** Reads into the buffer's remaining space; returns the bytes read, fewer only at the end of the file. */
    int read(int pageNo, ByteBuffer into) {
        return file.readFully(offset(pageNo), into);
    }

    /** Writes a sealed page and remembers what was written. */
    void write(int pageNo, ByteBuffer page, long pageLsn) {
        file.write(offset(pageNo), page);
        unsynced.record(pageNo, pageLsn);
    }

    void close() {
        syncing.lock();
        try {
            closed = true;
            file.close();
        } finally {
            syncing.unlock();
        }
    }

    private long offset(int pageNo) {
        return (long) pageNo * pageSize;
    }

    @Override
    public String toString() {
        return name() + " (" + allocatedPages() + " pages, " + usedPages + " used)";
    }
}
