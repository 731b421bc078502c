package dev.cairn.bench;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.GrowthOptions;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.cache.PageSource;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Page-ins of a file that is much larger than the page cache, through read-only mappings and by plain reads: from a warm
 * operating system's cache, and after that has been told to forget the file (by {@code dd oflag=nocache}, which needs no
 * privilege). Beside the cold ones runs a thread that stops all others at a safepoint every millisecond, as a garbage
 * collection would, and measures how long that takes: a page fault in a mapping holds it off, a read does not.
 */
final class PageSourceBench implements Workload {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int PAGE_SIZE = 8192;
    private static final int FILE_PAGES = 64 << 10;
    private static final int CACHE_BYTES = 4 << 20;
    private static final int ROUNDS = 3;
    private static final int WARM_READS = 300_000;
    private static final int COLD_READS = 6_000;
    private static final int FILE = 1;
    private static final long SEED = 42;
    private static final long SAFEPOINT_PAUSE_NANOS = 1_000_000;

    @Override
    public String name() {
        return "page-source";
    }

    @Override
    public String description() {
        return "page-ins through mappings and by plain reads, of a file 128 times the cache";
    }

    @Override
    public List<String> engines() {
        return List.of("map", "read");
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        if (engines().stream().noneMatch(cells::wants)) {
            return;
        }
        Path original = cells.directory("original");
        int pages = cells.scaled(FILE_PAGES);
        create(original, pages);
        for (int round = 1; round <= ROUNDS; round++) {
            for (int threads = 1; threads <= 2; threads++) {
                for (PageSource source : PageSource.values()) {
                    warm(cells, original, source, pages, threads, round);
                }
            }
        }
        for (int round = 1; round <= ROUNDS; round++) {
            for (int threads = 1; threads <= 2; threads++) {
                for (PageSource source : PageSource.values()) {
                    cold(cells, original, source, pages, threads, round);
                }
            }
            for (PageSource source : PageSource.values()) {
                coldScan(cells, original, source, pages, round);
            }
        }
    }

    private static String engine(PageSource source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    private static String named(String what, int threads, int round) {
        return what + ", " + threads + (threads == 1 ? " thread" : " threads") + ", round " + round;
    }

    private static void warm(Cells cells, Path directory, PageSource source, int pages, int threads, int round)
            throws InterruptedException {
        if (!cells.wants(engine(source))) {
            return;
        }
        int reads = cells.scaled(WARM_READS);
        AtomicLong cpuNanos = new AtomicLong();
        cells.cell(engine(source), named("warm, random", threads, round), "pages/s", () -> {
            try (Opened opened = new Opened(directory, source)) {
                opened.random(pages, threads, reads / 3, new AtomicLong());
                return opened.random(pages, threads, reads, cpuNanos);
            }
        });
        cells.also(
                engine(source),
                named("warm, random: processor time a page", threads, round),
                "us",
                cpuNanos.get() / 1e3 / threads / reads);
    }

    private static void cold(Cells cells, Path original, PageSource source, int pages, int threads, int round)
            throws InterruptedException {
        if (!cells.wants(engine(source))) {
            return;
        }
        int reads = cells.scaled(COLD_READS);
        Histogram stops = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        cells.cell(engine(source), named("cold, random", threads, round), "pages/s", () -> {
            Path fresh = freshCopy(cells, original);
            try (Opened opened = new Opened(fresh, source);
                    Safepoints safepoints = new Safepoints(stops)) {
                safepoints.start();
                return opened.random(pages, threads, reads, new AtomicLong());
            } finally {
                Files.delete(fresh.resolve(FileTable.fileName(FILE)));
            }
        });
        for (double percentile : new double[] {50, 99, 100}) {
            String name = named("cold, random: safepoint p" + (int) percentile, threads, round);
            cells.also(engine(source), name, "us", stops.getValueAtPercentile(percentile) / 1e3);
        }
    }

    private static void coldScan(Cells cells, Path original, PageSource source, int pages, int round)
            throws InterruptedException {
        cells.cell(engine(source), named("cold, in order", 1, round), "pages/s", () -> {
            Path fresh = freshCopy(cells, original);
            try (Opened opened = new Opened(fresh, source)) {
                PageBuffer into = PageBuffer.allocate(PAGE_SIZE);
                long begun = System.nanoTime();
                for (int pageNo = 1; pageNo < pages; pageNo++) {
                    opened.cache.copy(FILE, pageNo, into);
                }
                return pages * 1e9 / (System.nanoTime() - begun);
            } finally {
                Files.delete(fresh.resolve(FileTable.fileName(FILE)));
            }
        });
    }

    private static void create(Path directory, int pages) {
        try (Opened opened = new Opened(directory, PageSource.READ)) {
            opened.files.create(FILE).ensureAllocated(pages);
            Frame header = opened.cache.latchNew(FILE, 0);
            header.markDirty();
            FileHeaderPage.init(header.page(), FILE, 1, 2, 3, 4);
            FileHeaderPage.usedPages(header.page(), pages);
            opened.cache.unlatch(header);
            byte[] row = new byte[100];
            for (int pageNo = 1; pageNo < pages; pageNo++) {
                Frame frame = opened.cache.latchNew(FILE, pageNo);
                frame.markDirty();
                HeapPage.init(frame.page(), FILE, pageNo, 0);
                for (int slot = 0; HeapPage.fits(frame.page(), row.length); slot++) {
                    HeapPage.insert(frame.page(), slot, 5, 0, 0, row, 0, row.length);
                }
                opened.cache.unlatch(frame);
            }
            opened.cache.writeBackDirty(0);
            opened.files.syncAll();
        }
    }

    /**
     * A file that was never mapped here, on disk and out of the system's cache: what is mapped stays there, and a mapping
     * lives until the garbage collector finds it.
     */
    private static Path freshCopy(Cells cells, Path original) throws IOException, InterruptedException {
        String name = FileTable.fileName(FILE);
        Path fresh = cells.directory("cold");
        Files.copy(original.resolve(name), fresh.resolve(name));
        Process forget = new ProcessBuilder(
                        "dd", "of=" + fresh.resolve(name), "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                .redirectErrorStream(true)
                .start();
        String said = new String(forget.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (forget.waitFor() != 0) {
            throw new IOException("dd cannot make the system forget " + fresh + ": " + said);
        }
        return fresh;
    }

    /** A page cache over a directory. */
    private static final class Opened implements AutoCloseable {
        final FileTable files;
        final PageCache cache;

        Opened(Path directory, PageSource source) {
            Environment environment = Environment.system();
            Health health = new Health();
            RealDisk disk = new RealDisk(directory);
            files = new FileTable(disk, PAGE_SIZE, GrowthOptions.DEFAULT, environment, health);
            cache = new PageCache(
                    new PageCache.Options(PAGE_SIZE, CACHE_BYTES, source, false),
                    files,
                    lsn -> {},
                    environment,
                    health,
                    SEED);
            if (disk.list().contains(FileTable.fileName(FILE))) {
                files.open(FILE);
            }
        }

        /**
         * Reads pages in random order, so many a thread; returns pages a second of all threads and adds up the processor
         * time that they took, which a busy machine changes less.
         */
        double random(int pages, int threads, int reads, AtomicLong cpuNanos) throws IOException, InterruptedException {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                long begun = System.nanoTime();
                List<Future<?>> readers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    SplittableRandom random = new SplittableRandom(i);
                    readers.add(pool.submit(() -> {
                        PageBuffer into = PageBuffer.allocate(PAGE_SIZE);
                        long before = THREADS.getCurrentThreadCpuTime();
                        for (int n = 0; n < reads; n++) {
                            cache.copy(FILE, 1 + random.nextInt(pages - 1), into);
                        }
                        cpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - before);
                    }));
                }
                for (Future<?> reader : readers) {
                    reader.get();
                }
                return (double) threads * reads * 1e9 / (System.nanoTime() - begun);
            } catch (ExecutionException e) {
                throw new IOException("a reader failed: " + e.getCause(), e);
            } finally {
                pool.shutdownNow();
            }
        }

        @Override
        public void close() {
            files.close();
            cache.close();
        }
    }

    /** Stops all threads at a safepoint again and again, and takes the time. */
    private static final class Safepoints implements AutoCloseable {
        private final Histogram nanos;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "safepoints");

        Safepoints(Histogram nanos) {
            this.nanos = nanos;
        }

        void start() {
            thread.start();
        }

        private void run() {
            while (!over.get()) {
                long begun = System.nanoTime();
                // Looks at every thread's stack, for which all have to stand still.
                if (Thread.getAllStackTraces().isEmpty()) {
                    throw new IllegalStateException("no thread, not even this one");
                }
                nanos.recordValue(System.nanoTime() - begun);
                LockSupport.parkNanos(SAFEPOINT_PAUSE_NANOS);
            }
        }

        @Override
        public void close() throws IOException {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
