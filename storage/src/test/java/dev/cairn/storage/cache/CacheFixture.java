package dev.cairn.storage.cache;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.SystemClock;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.util.concurrent.atomic.AtomicLong;

/** A cache over a disk, with a log that only counts, and pages whose bytes all depend on one number. */
final class CacheFixture {
    static final long SEED = 0x5EED;
    static final int FILE = 1;
    private static final int STAMP = PageHeader.BYTES;

    final Disk disk;
    final Environment environment;
    final Health health = new Health();
    final AtomicLong insertLsn = new AtomicLong(1);
    final AtomicLong durableLsn = new AtomicLong();
    final FileTable files;
    final PageCache cache;
    final int pageSize;

    CacheFixture(Disk disk, int pageSize, int frames, PageSource source) {
        this(disk, pageSize, frames, source, new GrowthOptions(4L * pageSize, 64L * pageSize));
    }

    CacheFixture(Disk disk, int pageSize, int frames, PageSource source, GrowthOptions growth) {
        this.disk = disk;
        this.pageSize = pageSize;
        Clock clock = new SystemClock();
        environment = new Environment(clock, new ThreadScheduler(), () -> 4L);
        files = new FileTable(disk, pageSize, growth, environment, health);
        cache = new PageCache(
                new PageCache.Options(pageSize, (long) frames * pageSize, source, false),
                files,
                lsn -> durableLsn.accumulateAndGet(lsn, Math::max),
                environment,
                health,
                SEED);
    }

    /** The same disk under a new cache, as after a clean close. */
    CacheFixture reopened(int frames, PageSource source) {
        files.close();
        CacheFixture next = new CacheFixture(disk, pageSize, frames, source);
        next.files.open(FILE);
        next.insertLsn.set(insertLsn.get());
        return next;
    }

    /** Makes the file with its header and so many stamped pages after it, all stamped 0. */
    void createFile(int pages) {
        files.create(FILE);
        Frame header = cache.latchNew(FILE, 0);
        header.markDirty();
        FileHeaderPage.init(header.page(), FILE, 1, 2, 3, 4);
        logged(header);
        cache.unlatch(header);
        for (int pageNo = 1; pageNo <= pages; pageNo++) {
            extend(pageNo);
        }
    }

    void extend(int pageNo) {
        Frame frame = cache.latchNew(FILE, pageNo);
        frame.markDirty();
        PageHeader.init(frame.page(), PageKind.HEAP, FILE, pageNo);
        logged(frame);
        Frame header = cache.latch(FILE, 0);
        header.markDirty();
        FileHeaderPage.usedPages(header.page(), pageNo + 1);
        logged(header);
        cache.unlatch(header);
        cache.unlatch(frame);
    }

    void restamp(int pageNo, long stamp) {
        Frame frame = cache.latch(FILE, pageNo);
        frame.markDirty();
        stamp(frame.page(), stamp);
        logged(frame);
        cache.unlatch(frame);
    }

    /** As a log would: the record's end becomes the pageLsn. */
    long logged(Frame frame) {
        long end = insertLsn.addAndGet(8);
        PageHeader.pageLsn(frame.page(), end);
        return end;
    }

    long stampOf(int pageNo) {
        PageBuffer into = PageBuffer.allocate(pageSize);
        cache.copy(FILE, pageNo, into);
        return stampOf(into);
    }

    /** Reads other pages until this one has left the cache. */
    void evict(int pageNo, int pages) {
        PageBuffer into = PageBuffer.allocate(pageSize);
        DataFile file = files.require(FILE);
        for (int i = 0; file.pages().get(pageNo) != null; i++) {
            int other = 1 + i % pages;
            if (other != pageNo) {
                cache.copy(FILE, other, into);
            }
        }
    }

    static void stamp(PageBuffer page, long stamp) {
        for (int at = STAMP; at < page.size(); at += Long.BYTES) {
            page.putLong(at, stamp + at * 31L);
        }
    }

    /** Fails if the page was not stamped in one piece. */
    static long stampOf(PageBuffer page) {
        if (page.getLong(STAMP) == 0) {
            for (int at = STAMP; at < page.size(); at += Long.BYTES) {
                if (page.getLong(at) != 0) {
                    throw new AssertionError("torn at " + at);
                }
            }
            return 0;
        }
        long stamp = page.getLong(STAMP) - STAMP * 31L;
        for (int at = STAMP; at < page.size(); at += Long.BYTES) {
            if (page.getLong(at) != stamp + at * 31L) {
                throw new AssertionError("torn at " + at);
            }
        }
        return stamp;
    }
}
