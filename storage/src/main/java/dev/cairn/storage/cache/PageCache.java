package dev.cairn.storage.cache;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.PageWitness;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.memory.IoBuffers;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.memory.PageMemory;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.storage.page.PageStructure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages of all data files that are in memory. Thread-safe.
 *
 * <p>Reading: {@link #copy} for a whole page, or {@link #find} and an optimistic section on the {@link Frame}. Changing:
 * {@link #latch} (or {@link #latchNew}), {@link Frame#markDirty}, modify, append the log record, set the page's pageLsn,
 * {@link #unlatch}.
 *
 * <p>Latches are not reentrant. A thread holds at most two at a time and takes them by ascending file and page number,
 * but page 0, a file's header, always last. It may wait for the disk and for the log while it holds them, but for no
 * transaction.
 *
 * <p>Invariants: I1 (no page reaches its file before its log), I9 (bytes are judged before they are used), I11 (nothing
 * here makes a page dirty but {@link Frame#markDirty}). A page is in at most one frame; while it is being written it stays
 * there, so it is never read in at the same time. A failed write or sync stops the engine; a page that fails its checks is
 * only an exception to whoever wanted it, every time.
 */
public final class PageCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PageCache.class);

    /** Even the smallest cache has this many frames. */
    public static final int LEAST_FRAMES = 16;

    private static final int OPTIMISTIC_TURNS = 16;
    private static final int IDLE_IO_BUFFERS = 16;
    private static final int MOST_CLEANED_A_STEP = 32;
    private static final int TURNS_BETWEEN_HEALTH_CHECKS = 64;

    private final FileTable files;
    private final WalBarrier wal;
    private final Scheduler scheduler;
    private final PageWitness witness;
    private final Health health;
    private final int pageSize;
    private final PageReader reader;
    private final PageWriter writer;
    private final FramePool pool;

    /**
     * How much memory, and how pages come in.
     *
     * @param pageSize bytes, a power of two from 512 to 32768
     * @param cacheBytes bytes of frames; at least {@link #LEAST_FRAMES} frames are had whatever this says
     * @param hugePages whether the frames are to lie in huge pages of the operating system, if it and the class path have what that takes
     */
    public record Options(int pageSize, long cacheBytes, PageSource source, boolean hugePages) {
        public Options {
            PageHeader.checkPageSize(pageSize);
            if (cacheBytes < 0 || cacheBytes / pageSize > Integer.MAX_VALUE / 2) {
                throw new IllegalArgumentException("a cache of " + cacheBytes + " bytes in pages of " + pageSize);
            }
        }

        int frames() {
            return (int) Math.max(LEAST_FRAMES, cacheBytes / pageSize);
        }
    }

    /**
     * Counts since the cache was made.
     *
     * @param frames there are now
     * @param pagesRead into frames
     * @param pagesReadAgain because the first copy failed its checks
     * @param pagesWritten to their files
     * @param evictions pages that left their frame for another one
     */
    public record Statistics(int frames, long pagesRead, long pagesReadAgain, long pagesWritten, long evictions) {}

    /** What a page is wanted for, and so what may be wrong with it. */
    private enum Purpose {
        USE,
        REDO
    }

    /**
     * @param databaseSeed of the database's id; seeds the checksums
     * @throws OutOfMemoryError if there is no memory for the frames
     */
    public PageCache(
            Options options,
            FileTable files,
            WalBarrier wal,
            Environment environment,
            Health health,
            long databaseSeed) {
        this(options, files, wal, environment, health, databaseSeed, PageStructure.ANY);
    }

    /** @param structure judges each page that comes in, once its checksum holds */
    public PageCache(
            Options options,
            FileTable files,
            WalBarrier wal,
            Environment environment,
            Health health,
            long databaseSeed,
            PageStructure structure) {
        if (options.pageSize() != files.pageSize()) {
            throw new IllegalArgumentException(
                    "pages of " + options.pageSize() + " bytes in files of " + files.pageSize());
        }
        this.files = files;
        this.wal = wal;
        this.scheduler = environment.scheduler();
        this.witness = environment.pages();
        this.health = health;
        this.pageSize = options.pageSize();
        PageChecks checks = new PageChecks(databaseSeed);
        IoBuffers buffers = new IoBuffers(IDLE_IO_BUFFERS, pageSize, environment.memory());
        this.reader = new PageReader(options.source(), checks, structure, buffers, health);
        this.writer = new PageWriter(files, wal, environment, health, checks, buffers);
        environment.memory().taking((long) options.frames() * pageSize);
        this.pool = new FramePool(memory(options), files, writer, environment, health);
    }

    private static PageMemory memory(Options options) {
        PageMemory memory = PageMemory.allocate(options.frames(), options.pageSize());
        if (options.hugePages() && !memory.adviseHugePages()) {
            LOG.warn(
                    "the page cache has no huge pages: they take Linux that has them, and com.github.jnr:jnr-ffi on the class path");
        }
        return memory;
    }

    /** Bytes. */
    public int pageSize() {
        return pageSize;
    }

    public FileTable files() {
        return files;
    }

    /**
     * The file's used mark: pages below it are initialised. Brings the header page in if it was never seen; so the caller
     * holds at most one latch, and not that of page 0.
     *
     * @throws CorruptPageException if the header page fails its checks
     */
    public int usedPages(int fileId) {
        DataFile file = files.require(fileId);
        if (file.usedPages() == DataFile.UNKNOWN) {
            unlatch(latch(fileId, 0));
        }
        return file.usedPages();
    }

    /**
     * Brings the page in if need be and latches its frame.
     *
     * @throws CorruptPageException if the page fails its checks, or is all zeros below the file's used mark
     */
    public Frame latch(int fileId, int pageNo) {
        DataFile file = files.require(fileId);
        for (int turn = 0; ; turn++) {
            Frame frame = latchResident(file, pageNo);
            if (frame == null) {
                frame = pageIn(file, pageNo, Purpose.USE);
            } else {
                frame.touch();
            }
            if (frame != null) {
                return frame;
            }
            pause(turn);
        }
    }

    /**
     * Latches a frame for a page that is about to be made anew or restored whole: all zeros, nothing is read, and the file
     * is made long enough. Unless it is marked dirty the frame forgets the page on unlatching.
     *
     * @throws dev.cairn.storage.base.DiskFullException if the file cannot grow; nothing has changed
     */
    public Frame latchNew(int fileId, int pageNo) {
        Frame frame = latchAllocated(fileId, pageNo, false);
        frame.page().fill(0, pageSize, 0);
        frame.markWorthless();
        return frame;
    }

    /**
     * Latches a page that a crash may have left torn, zero or missing: then {@link Frame#intact} is false and its bytes are
     * zeros. Makes the file long enough.
     *
     * @throws dev.cairn.storage.base.DiskFullException if the file cannot grow
     */
    public Frame latchForRedo(int fileId, int pageNo) {
        return latchAllocated(fileId, pageNo, true);
    }

    /** Gives the frame free for others. */
    public void unlatch(Frame frame) {
        if (frame.isWorthless()) {
            forgetWorthless(frame);
        } else if (frame.pageNo() == 0) {
            noteUsedPages(frame);
        }
        if (frame.isDirty()) {
            witness.changed(frame.fileId(), frame.pageNo(), frame.page());
        }
        frame.unlatch();
    }

    /**
     * Copies the page as it is at one moment; takes no latch unless it keeps changing.
     *
     * @param into of the page size
     * @throws CorruptPageException as {@link #latch}
     */
    public void copy(int fileId, int pageNo, PageBuffer into) {
        DataFile file = files.require(fileId);
        for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
            Frame frame = file.pages().get(pageNo);
            if (frame == null) {
                break;
            }
            long begun = frame.beginRead();
            if (begun != Frame.LATCHED) {
                into.copyFrom(0, frame.page(), 0, pageSize);
                scheduler.point(CrashPoint.CACHE_READ);
                if (frame.validate(begun, fileId, pageNo)) {
                    frame.touch();
                    return;
                }
            }
            scheduler.spin(turn);
        }
        Frame frame = latch(fileId, pageNo);
        into.copyFrom(0, frame.page(), 0, pageSize);
        unlatch(frame);
    }

    /**
     * Brings the page in if need be and returns its frame for an optimistic read. It may hold another page by then: then the
     * read does not validate. After a few failures, latch.
     *
     * @throws CorruptPageException as {@link #latch}
     */
    public Frame find(int fileId, int pageNo) {
        DataFile file = files.require(fileId);
        Frame frame = file.pages().get(pageNo);
        if (frame == null) {
            frame = latch(fileId, pageNo);
            frame.touch();
            unlatch(frame);
        } else {
            frame.touch();
        }
        return frame;
    }

    /** The page's frame if it has one, for an optimistic read as after {@link #find}; nothing is read in. */
    public @Nullable Frame findResident(int fileId, int pageNo) {
        Frame frame = files.require(fileId).pages().get(pageNo);
        if (frame != null) {
            frame.touch();
        }
        return frame;
    }

    /** For reading several pages at a time, each of those as after {@link #findResident}; as many as this at most. */
    public ResidentPages residentPages(int most) {
        return new ResidentPages(files, pool.memory(), most);
    }

    /**
     * For a checkpoint: every page that is dirty now, or latched now and dirty afterwards, reaches its file. To be followed
     * by {@link FileTable#syncAll}. The caller holds no latch.
     *
     * @param redoPoint the log up to here is made durable first, in one go
     */
    public void writeBackDirty(long redoPoint) {
        wal.awaitDurable(redoPoint);
        for (Frame frame : pool.all()) {
            writer.writeNow(frame);
        }
    }

    /**
     * The background page writer's step: writes back some of the pages that are next to be evicted. A failure stops the
     * engine and ends here.
     *
     * @return whether it did something
     */
    public boolean cleanStep() {
        return !health.isFailed() && pool.cleanAhead(MOST_CLEANED_A_STEP) > 0;
    }

    /** Discards the pages of a file that is about to be dropped, changed or not. Nobody may ask for them any more. */
    public void forget(int fileId) {
        for (Frame frame : pool.all()) {
            for (int turn = 0; frame.fileId() == fileId && !tryForget(frame, fileId); turn++) {
                pause(turn);
            }
        }
    }

    public Statistics statistics() {
        return new Statistics(pool.all().length, reader.read(), reader.readAgain(), writer.written(), pool.evictions());
    }

    /** Gives the memory back. Writes nothing; nobody may use the cache any more. */
    @Override
    public void close() {
        pool.close();
    }

    private void forgetWorthless(Frame frame) {
        boolean changed = frame.isDirty();
        pool.vacate(frame);
        if (changed) {
            EngineFailedException failure = health.fail(new IllegalStateException(
                    "a changed page was to be made anew, and was not: its changes are gone, " + frame));
            frame.unlatch();
            throw failure;
        }
    }

    private boolean tryForget(Frame frame, int fileId) {
        // While it is being written it must keep its page.
        if (!frame.beginWriting()) {
            return false;
        }
        try {
            if (frame.tryLatch() == Frame.LATCHED) {
                return false;
            }
            if (frame.fileId() == fileId) {
                pool.vacate(frame);
            }
            frame.unlatch();
            return true;
        } finally {
            frame.endWriting();
        }
    }

    /** Makes the file long enough and latches the page's frame, an empty one if it has none and is not to be read. */
    private Frame latchAllocated(int fileId, int pageNo, boolean read) {
        DataFile file = files.require(fileId);
        requirePage(file, pageNo);
        file.ensureAllocated(pageNo + 1);
        for (int turn = 0; ; turn++) {
            Frame frame = latchResident(file, pageNo);
            if (frame == null) {
                frame = read ? pageIn(file, pageNo, Purpose.REDO) : claim(file, pageNo);
            }
            if (frame != null) {
                return frame;
            }
            pause(turn);
        }
    }

    /** Latches the page's frame; null if it has none. */
    private @Nullable Frame latchResident(DataFile file, int pageNo) {
        for (int turn = 0; ; turn++) {
            Frame frame = file.pages().get(pageNo);
            if (frame == null) {
                return null;
            }
            if (frame.tryLatch() != Frame.LATCHED) {
                if (frame.holds(file.fileId(), pageNo)) {
                    return frame;
                }
                frame.unlatchUnchanged();
            }
            pause(turn);
        }
    }

    /** Gives the page an empty frame, latched; null if another thread was quicker. */
    private @Nullable Frame claim(DataFile file, int pageNo) {
        Frame frame = pool.claim();
        if (!file.pages().claim(pageNo, frame)) {
            frame.unlatch();
            return null;
        }
        frame.assign(file.fileId(), pageNo, file.pages());
        return frame;
    }

    /** Reads the page into a frame, latched; null if another thread was quicker. */
    private @Nullable Frame pageIn(DataFile file, int pageNo, Purpose purpose) {
        requirePage(file, pageNo);
        if (purpose == Purpose.USE && pageNo != 0) {
            usedPages(file.fileId());
        }
        Frame frame = claim(file, pageNo);
        if (frame == null) {
            return null;
        }
        boolean done = false;
        try {
            load(file, pageNo, frame, purpose);
            done = true;
            return frame;
        } finally {
            if (!done) {
                pool.vacate(frame);
                frame.unlatch();
            }
        }
    }

    private void load(DataFile file, int pageNo, Frame frame, Purpose purpose) {
        try {
            if (reader.read(file, pageNo, frame.page()) == PageReader.Found.INTACT) {
                if (pageNo == 0) {
                    requireFileHeader(file, frame.page());
                }
                return;
            }
            if (purpose == Purpose.USE && pageNo >= Math.max(1, file.usedPages())) {
                return;
            }
            throw new CorruptPageException(
                    file.fileId(),
                    pageNo,
                    "it is all zeros, though " + Math.max(1, file.usedPages()) + " pages are in use");
        } catch (CorruptPageException e) {
            // What this cache itself has written since the last sync cannot have been torn by a crash.
            if (purpose == Purpose.USE || file.writtenPageLsn(pageNo) != 0) {
                throw e;
            }
            frame.page().fill(0, pageSize, 0);
            frame.markWorthless();
        }
    }

    private void requireFileHeader(DataFile file, PageBuffer page) {
        if (PageHeader.kind(page) != PageKind.FILE_HEADER
                || FileHeaderPage.pageSize(page) != pageSize
                || FileHeaderPage.usedPages(page) < 1) {
            throw new CorruptPageException(
                    file.fileId(),
                    0,
                    "expected the header of a file with pages of " + pageSize + " bytes, found kind "
                            + PageHeader.kind(page) + ", pages of " + FileHeaderPage.pageSize(page) + " bytes, "
                            + FileHeaderPage.usedPages(page) + " in use");
        }
    }

    private void noteUsedPages(Frame frame) {
        DataFile file = files.get(frame.fileId());
        if (file != null && PageHeader.kind(frame.page()) == PageKind.FILE_HEADER) {
            file.usedPages(FileHeaderPage.usedPages(frame.page()));
        }
    }

    private static void requirePage(DataFile file, int pageNo) {
        if (pageNo < 0 || pageNo == Integer.MAX_VALUE) {
            throw new CorruptPageException(file.fileId(), pageNo, "no file has so many pages");
        }
    }

    /** Waits a little for another thread; throws if the engine has failed, since that thread may have died of it. */
    private void pause(int turn) {
        if (turn % TURNS_BETWEEN_HEALTH_CHECKS == 0) {
            health.check();
        }
        scheduler.spin(turn);
    }
}
