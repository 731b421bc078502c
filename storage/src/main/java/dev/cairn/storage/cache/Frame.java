package dev.cairn.storage.cache;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.memory.PageMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A place in memory for one page, and the lock on it. The version is the latch: odd while a thread has the frame for
 * itself, and never the same again after a change. Readers take no latch: they read the version, then the page, then the
 * version again.
 *
 * <p>What a frame holds changes only under the latch, so an unchanged version also means an unchanged identity. Besides
 * the latch there is the right to write the frame's page to its file ({@code writing}): one thread at a time has it, and
 * only that one makes a dirty frame clean. It is taken without the latch, so the page can be read and changed while it is
 * being written. A dirty frame keeps its page; so no page can be read in while it is on its way out.
 *
 * <p>While no thread has it latched, its place and version stand also in the table of its page's file, as the page's {@link PageStamp}:
 * there is what readers of many pages read.
 *
 * <p>It is its page's bytes, too, so that who has found it need not go to another object to read them: on the way to a page that no
 * cache of the processor holds, each object is a line of memory to be waited for.
 */
public final class Frame extends PageBuffer {

    /** What {@link #beginRead} returns for a latched frame. */
    public static final long LATCHED = -1;

    static final long NOBODY = 0;

    private static final VarHandle VERSION;
    private static final VarHandle WRITING;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(Frame.class, "version", long.class);
            WRITING = MethodHandles.lookup().findVarHandle(Frame.class, "writing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int index;
    /** Its part of the stamps of pages. */
    private final long place;

    private volatile long version;
    /** Read by way of its handle. */
    @SuppressWarnings("UnusedVariable")
    private volatile boolean writing;
    /** File id in the upper half, page number in the lower; changed under the latch only. */
    private volatile long identity = NOBODY;
    /** Where its page's stamp is; changed under the latch only. */
    private volatile @Nullable PageTable table;
    /** Set under the latch; cleared under the latch by who is {@code writing}. */
    private volatile boolean dirty;
    /** For eviction: used since the clock's hand last passed. */
    private volatile boolean referenced;
    /** What a reader of the page has left for the next one: it may be of another page, and any thread writes it. */
    private int hint;
    /** What the frame holds is not what the file holds, and so is worth nothing unless marked dirty. Under the latch. */
    private boolean worthless;

    /** One of those that {@link ResidentPages} finds by its number. */
    Frame(int index, PageBuffer page) {
        this(index, page, PageStamp.place(index));
    }

    private Frame(int index, PageBuffer page, long place) {
        super(page);
        this.index = index;
        this.place = place;
    }

    /** One whose page never has a stamp. */
    static Frame unstamped(int index, PageBuffer page) {
        return new Frame(index, page, PageStamp.NONE);
    }

    /** The page's bytes: to be changed under the latch, to be read under it or between {@link #beginRead} and {@link #validate}. */
    public PageBuffer page() {
        return this;
    }

    /** To be called under the latch, before the page is changed. */
    public void markDirty() {
        requireLatched();
        dirty = true;
        worthless = false;
    }

    /** Even, and odd while the frame is latched. */
    public long version() {
        return version;
    }

    /**
     * Starts an optimistic read: everything read from the page until {@link #validate} is provisional, exceptions included.
     *
     * @return what to validate with; {@link #LATCHED} if there is no use in starting now
     */
    public long beginRead() {
        long now = (long) VERSION.getAcquire(this);
        return (now & 1) == 0 ? now : LATCHED;
    }

    /** Whether all that was read since {@link #beginRead} returned {@code begun} was this page, unchanged. */
    public boolean validate(long begun, int fileId, int pageNo) {
        return identity == identity(fileId, pageNo) && unchangedSince(begun);
    }

    /** Something about the page that helps to read it faster, and may be wrong; 0 at first. */
    public int hint() {
        return hint;
    }

    /** To be written seldom: whoever reads the page reads from the same line of memory. */
    public void hint(int about) {
        hint = about;
    }

    /**
     * Under the latch, after {@link PageCache#latchForRedo}: whether the page passed its checks. If not, it is all zeros;
     * unless it is restored and marked dirty the frame forgets it on unlatching.
     */
    public boolean intact() {
        requireLatched();
        return !worthless;
    }

    public int fileId() {
        return (int) (identity >>> Integer.SIZE);
    }

    public int pageNo() {
        return (int) identity;
    }

    static long identity(int fileId, int pageNo) {
        return (long) fileId << Integer.SIZE | (pageNo & 0xFFFF_FFFFL);
    }

    /** Nobody may read or write the page any more. */
    void retire() {
        close();
    }

    int index() {
        return index;
    }

    long identity() {
        return identity;
    }

    boolean holds(int fileId, int pageNo) {
        return identity == identity(fileId, pageNo);
    }

    boolean unchangedSince(long begun) {
        PageMemory.acquireFence();
        return version == begun;
    }

    boolean isDirty() {
        return dirty;
    }

    boolean isReferenced() {
        PageTable pages = table;
        return referenced || (pages != null && PageStamp.isUsed(pages.stamp(pageNo())));
    }

    void touch() {
        if (!referenced) {
            referenced = true;
        }
    }

    void clearReferenced() {
        referenced = false;
        PageTable pages = table;
        if (pages != null) {
            long stamp = pages.stamp(pageNo());
            pages.restamp(pageNo(), stamp, PageStamp.unused(stamp));
        }
    }

    /** Latches; returns the version before, {@link #LATCHED} if another thread has the frame. */
    long tryLatch() {
        long now = version;
        if ((now & 1) != 0 || !VERSION.compareAndSet(this, now, now + 1)) {
            return LATCHED;
        }
        stamp(PageStamp.NONE);
        // The odd version and the missing stamp must be seen before any change to the page is.
        VarHandle.storeStoreFence();
        return now;
    }

    void unlatch() {
        requireLatched();
        layout(0);
        unlatch(version + 1);
    }

    /** For a latch under which nothing was changed that a reader could see: as if it had never been. */
    void unlatchUnchanged() {
        unlatch(version - 1);
    }

    /** The stamp comes first: behind the version the next thread may have the latch, and have taken it away. */
    private void unlatch(long next) {
        stamp(PageStamp.of(place, next));
        VERSION.setRelease(this, next);
    }

    /** Under the latch: what is to be known of how the page is laid out, until it changes; 0 for nothing. */
    void layout(int layout) {
        PageTable pages = table;
        if (pages != null) {
            pages.layout(pageNo(), layout);
        }
    }

    /** Under the latch. */
    private void stamp(long stamp) {
        PageTable pages = table;
        if (pages != null) {
            pages.stamp(pageNo(), stamp);
        }
    }

    boolean beginWriting() {
        return WRITING.compareAndSet(this, false, true);
    }

    void endWriting() {
        writing = false;
    }

    /** By who is writing: what has been written is what the frame held at this version; clean if it still does. */
    void cleanIfUnchangedSince(long written) {
        if (VERSION.compareAndSet(this, written, written + 1)) {
            dirty = false;
            VERSION.setRelease(this, written);
        }
    }

    /** Under the latch: the frame takes up a page; its bytes are yet to come. */
    void assign(int fileId, int pageNo, PageTable pages) {
        identity = identity(fileId, pageNo);
        table = pages;
        referenced = false;
        worthless = false;
    }

    /** Under the latch: the frame becomes nobody's, with whatever it held. */
    void vacate() {
        identity = NOBODY;
        table = null;
        dirty = false;
        referenced = false;
        worthless = false;
    }

    /** Under the latch. */
    void markWorthless() {
        worthless = true;
    }

    /** Under the latch. */
    boolean isWorthless() {
        return worthless;
    }

    private void requireLatched() {
        if ((version & 1) == 0) {
            throw new IllegalStateException(this + " is not latched");
        }
    }

    @Override
    public String toString() {
        return "frame " + index + " (file " + fileId() + ", page " + pageNo() + ", version " + version + ")";
    }
}
