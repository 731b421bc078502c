package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that read, change, write back and evict the same pages, against what each page should hold. */
@Timeout(300)
class PageCacheConcurrencyTest {
    private static final int FILE = CacheFixture.FILE;
    private static final int PAGES = 120;
    private static final int TOGETHER = 8;
    /** Of a page that was not stamped in one piece, or is another one. */
    private static final long TORN = -1;

    @TempDir
    Path directory;

    /** What a thread of the crowd does until its turns are over. */
    private interface Work {
        void turn(SplittableRandom random) throws Exception;
    }

    /** Threads that stop together when one fails. */
    private static final class Crowd {
        private final List<Thread> workers = new ArrayList<>();
        private final List<Thread> companions = new ArrayList<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicBoolean over = new AtomicBoolean();

        void add(int count, int turns, Work work) {
            for (int i = 0; i < count; i++) {
                workers.add(thread(turns, work));
            }
        }

        /** Goes on until the workers are done. */
        void accompany(Work work) {
            companions.add(thread(Integer.MAX_VALUE, work));
        }

        private Thread thread(int turns, Work work) {
            SplittableRandom random = new SplittableRandom(workers.size() * 31L + companions.size());
            return new Thread(() -> {
                try {
                    for (int i = 0; i < turns && failure.get() == null && !over.get(); i++) {
                        work.turn(random);
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
        }

        void run() throws InterruptedException {
            companions.forEach(Thread::start);
            workers.forEach(Thread::start);
            for (Thread worker : workers) {
                worker.join();
            }
            over.set(true);
            for (Thread companion : companions) {
                companion.join();
            }
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
        }
    }

    /** Pages that count how often they were changed. */
    private static final class Counters {
        final CacheFixture db;
        /** At least so often each page was changed. */
        final AtomicLongArray changes = new AtomicLongArray(PAGES + 1);
        /** Pages of several at a time that could be read. */
        final AtomicLong seenTogether = new AtomicLong();

        Counters(CacheFixture db) {
            this.db = db;
        }

        void change(SplittableRandom random) {
            int pageNo = 1 + random.nextInt(PAGES);
            Frame frame = db.cache.latch(FILE, pageNo);
            change(frame);
            db.cache.unlatch(frame);
        }

        void change(Frame frame) {
            long next = CacheFixture.stampOf(frame.page()) + 1;
            assertEquals(changes.get(frame.pageNo()) + 1, next, "every change is there");
            frame.markDirty();
            CacheFixture.stamp(frame.page(), next);
            db.logged(frame);
            changes.set(frame.pageNo(), next);
        }

        void changeTwo(SplittableRandom random) {
            int first = 1 + random.nextInt(PAGES - 1);
            int second = first + 1 + random.nextInt(PAGES - first);
            Frame low = db.cache.latch(FILE, first);
            try {
                Frame high = db.cache.latch(FILE, second);
                change(high);
                db.cache.unlatch(high);
                change(low);
            } finally {
                db.cache.unlatch(low);
            }
        }

        Work reading() {
            PageBuffer into = PageBuffer.allocate(db.pageSize);
            return random -> {
                int pageNo = 1 + random.nextInt(PAGES);
                long before = changes.get(pageNo);
                db.cache.copy(FILE, pageNo, into);
                assertEquals(pageNo, PageHeader.pageNo(into));
                assertTrue(CacheFixture.stampOf(into) >= before, "a copy is not older than its call");
            };
        }

        /** Optimistic point reads: what validates is in one piece. */
        void peek(SplittableRandom random) {
            int pageNo = 1 + random.nextInt(PAGES);
            long before = changes.get(pageNo);
            Frame frame = db.cache.find(FILE, pageNo);
            long begun = frame.beginRead();
            if (begun == Frame.LATCHED) {
                return;
            }
            long stamp = -1;
            AssertionError torn = null;
            try {
                stamp = CacheFixture.stampOf(frame.page());
            } catch (AssertionError e) {
                torn = e;
            }
            if (frame.validate(begun, FILE, pageNo)) {
                if (torn != null) {
                    throw torn;
                }
                assertTrue(stamp >= before);
            }
        }

        /** The same for several pages at a time. */
        Work peekingTogether() {
            ResidentPages pages = db.cache.residentPages(TOGETHER);
            long[] pageNos = new long[TOGETHER];
            long[] before = new long[TOGETHER];
            long[] stamps = new long[TOGETHER];
            int[] said = new int[TOGETHER];
            return random -> {
                for (int i = 0; i < TOGETHER; i++) {
                    pageNos[i] = 1 + random.nextInt(PAGES);
                    before[i] = changes.get((int) pageNos[i]);
                }
                pages.find(FILE, pageNos, 0, TOGETHER);
                for (int i = 0; i < TOGETHER; i++) {
                    stamps[i] = pages.isFound(i) ? stampOf(pages.page(i), pageNos[i]) : TORN;
                    said[i] = pages.isFound(i) ? pages.layout(i) : 0;
                    if (said[i] == 0) {
                        pages.describe(i, Counters::describe);
                    }
                }
                for (int i = 0; i < TOGETHER; i++) {
                    if (pages.isFound(i) && pages.validate(i)) {
                        assertTrue(stamps[i] >= before[i], "what validates is that page, neither torn nor old");
                        assertTrue(said[i] == 0 || said[i] == 1 + stamps[i], "and so is what is said of it");
                        seenTogether.incrementAndGet();
                    }
                }
            };
        }

        private static int describe(PageBuffer page) {
            return (int) (1 + CacheFixture.stampOf(page));
        }

        private static long stampOf(PageBuffer page, long pageNo) {
            try {
                long stamp = CacheFixture.stampOf(page);
                return PageHeader.pageNo(page) == pageNo ? stamp : TORN;
            } catch (AssertionError torn) {
                return TORN;
            }
        }

        void checkAll() {
            for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
                assertEquals(changes.get(pageNo), db.stampOf(pageNo));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"512,16,READ", "8192,16,MAP", "8192,64,READ", "1024,400,MAP", "32768,24,READ"})
    void readersWritersAndTheCheckpointAgree(int pageSize, int frames, PageSource source) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        disk.allowMapping();
        Counters counters = new Counters(new CacheFixture(disk, pageSize, frames, source));
        CacheFixture db = counters.db;
        db.createFile(PAGES);
        ThreadLocal<ByteBuffer> checked =
                ThreadLocal.withInitial(() -> ByteBuffer.allocate(pageSize).order(java.nio.ByteOrder.LITTLE_ENDIAN));
        disk.onWrite((name, offset, bytes) -> {
            assertTrue(PageHeader.pageLsn(bytes) <= db.durableLsn.get(), "I1");
            ByteBuffer page = checked.get().clear().put(bytes).flip();
            new PageChecks(CacheFixture.SEED).verify(page, FILE, (int) (offset / pageSize));
        });
        Crowd crowd = new Crowd();
        crowd.add(2, 20_000, counters::change);
        crowd.add(1, 10_000, counters::changeTwo);
        crowd.add(1, 40_000, counters.reading());
        crowd.add(1, 40_000, counters.reading());
        crowd.add(1, 40_000, counters::peek);
        crowd.add(1, 40_000, counters.peekingTogether());
        crowd.accompany(random -> {
            long[] before = new long[PAGES + 1];
            for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
                before[pageNo] = counters.changes.get(pageNo);
            }
            db.cache.writeBackDirty(db.insertLsn.get());
            db.files.syncAll();
            for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
                assertTrue(onDisk(disk, pageSize, pageNo) >= before[pageNo], "what was dirty then is in the file");
            }
        });
        crowd.accompany(random -> {
            if (!db.cache.cleanStep()) {
                Thread.yield();
            }
        });
        crowd.run();
        counters.checkAll();
        assertTrue(counters.seenTogether.get() > 1000, () -> "seen: " + counters.seenTogether);
        db.cache.writeBackDirty(0);
        counters.checkAll();
        for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
            assertEquals(counters.changes.get(pageNo), onDisk(disk, pageSize, pageNo));
        }
        assertTrue(db.cache.statistics().frames() <= Math.max(16, frames) + 2 * 7);
    }

    /** Every frame latched by a thread that wants one more: the pool must grow, not hang. */
    @Test
    void moreThreadsThanFramesDoNotDeadlock() throws Exception {
        Counters counters = new Counters(new CacheFixture(new MemoryDisk(), 512, 16, PageSource.READ));
        CacheFixture db = counters.db;
        db.createFile(PAGES);
        java.util.concurrent.CyclicBarrier together = new java.util.concurrent.CyclicBarrier(20);
        Crowd crowd = new Crowd();
        for (int i = 0; i < 20; i++) {
            int first = 1 + i;
            crowd.add(1, 20, random -> {
                Frame low = db.cache.latch(FILE, first);
                together.await();
                Frame high = db.cache.latch(FILE, 60 + first);
                counters.change(low);
                counters.change(high);
                db.cache.unlatch(high);
                db.cache.unlatch(low);
                together.await();
            });
        }
        crowd.run();
        counters.checkAll();
        assertTrue(db.cache.statistics().frames() <= 16 + 40);
    }

    @Test
    void onePageThatAllWant() throws Exception {
        Counters counters = new Counters(new CacheFixture(new MemoryDisk(), 512, 16, PageSource.READ));
        CacheFixture db = counters.db;
        db.createFile(PAGES);
        Crowd crowd = new Crowd();
        PageBuffer[] into = new PageBuffer[8];
        for (int i = 0; i < into.length; i++) {
            int mine = i;
            into[i] = PageBuffer.allocate(512);
            crowd.add(1, 3_000, random -> {
                if (random.nextInt(4) == 0) {
                    Frame frame = db.cache.latch(FILE, 1);
                    counters.change(frame);
                    db.cache.unlatch(frame);
                } else if (random.nextInt(4) == 0) {
                    db.cache.copy(FILE, 2 + random.nextInt(PAGES - 1), into[mine]);
                } else {
                    db.cache.copy(FILE, 1, into[mine]);
                    CacheFixture.stampOf(into[mine]);
                }
            });
        }
        crowd.run();
        counters.checkAll();
    }

    /** Pages made by several threads at once, in a file that grows and is mapped while it does. */
    @Test
    void theFileGrowsUnderReaders() throws Exception {
        CacheFixture db = new CacheFixture(
                RealDisk.create(directory.resolve("db")), 4096, 32, PageSource.MAP, new GrowthOptions(4096, 1 << 20));
        db.createFile(1);
        Crowd crowd = new Crowd();
        Object extending = new Object();
        crowd.add(3, 400, random -> {
            synchronized (extending) {
                int pageNo = db.files.require(FILE).usedPages();
                db.extend(pageNo);
                db.restamp(pageNo, pageNo);
            }
        });
        PageBuffer into = PageBuffer.allocate(4096);
        crowd.accompany(random -> {
            int pageNo = 1 + random.nextInt(db.files.require(FILE).usedPages() - 1);
            db.cache.copy(FILE, pageNo, into);
            long stamp = CacheFixture.stampOf(into);
            assertTrue(stamp == 0 || stamp == pageNo);
        });
        crowd.accompany(random -> {
            db.cache.writeBackDirty(db.insertLsn.get());
            db.files.syncAll();
        });
        crowd.run();
        assertEquals(1202, db.files.require(FILE).usedPages());
        db.cache.writeBackDirty(0);
        CacheFixture again = db.reopened(16, PageSource.MAP);
        for (int pageNo = 2; pageNo < 1202; pageNo++) {
            assertEquals(pageNo, again.stampOf(pageNo));
        }
        again.files.close();
    }

    private static long onDisk(MemoryDisk disk, int pageSize, int pageNo) {
        ByteBuffer bytes = ByteBuffer.allocate(pageSize);
        try (DiskFile file = disk.open(FileTable.fileName(FILE), OpenMode.READ)) {
            file.read((long) pageNo * pageSize, bytes);
        }
        PageBuffer page = PageBuffer.allocate(pageSize);
        page.readFrom(bytes.flip());
        return CacheFixture.stampOf(page);
    }
}
