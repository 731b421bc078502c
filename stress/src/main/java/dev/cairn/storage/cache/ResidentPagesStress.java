package dev.cairn.storage.cache;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.stress.HeapDisk;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two who change a page under its latch, first here, then there; one of them reads it before, there, then here, without the latch. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "the reader has got there in the middle, and knows")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the reader has seen the page as it was at one moment")
@Outcome(id = "2", expect = FORBIDDEN, desc = "what the reader has seen is not what the page ever was")
@Outcome(expect = FORBIDDEN, desc = "the page's stamp is of another version than its frame")
@State
public class ResidentPagesStress {

    private static final int FILE = 1;
    private static final int PAGE = 1;
    private static final int SIZE = 512;
    private static final int HERE = PageHeader.BYTES;
    private static final int THERE = SIZE - Long.BYTES;
    private static final FileTable FILES = new FileTable(
            new HeapDisk(), SIZE, new GrowthOptions(8 * SIZE, 8 * SIZE), Environment.system(), new Health());
    private static final PageCache CACHE = cache();
    private static final PageTable TABLE = FILES.require(FILE).pages();
    private static final long[] PAGES = {PAGE};

    private final ResidentPages pages = CACHE.residentPages(1);

    private static PageCache cache() {
        PageCache.Options options =
                new PageCache.Options(SIZE, (long) PageCache.LEAST_FRAMES * SIZE, PageSource.READ, false);
        PageCache cache = new PageCache(options, FILES, lsn -> {}, Environment.system(), new Health(), 1);
        FILES.create(FILE);
        Frame frame = cache.latchNew(FILE, PAGE);
        frame.markDirty();
        PageHeader.init(frame.page(), PageKind.HEAP, FILE, PAGE);
        cache.unlatch(frame);
        return cache;
    }

    private static void change() {
        Frame frame = CACHE.latch(FILE, PAGE);
        PageBuffer page = frame.page();
        long next = page.getLong(HERE) + 1;
        page.putLong(HERE, next);
        page.putLong(THERE, next);
        CACHE.unlatch(frame);
    }

    @Actor
    public void writer() {
        change();
    }

    @Actor
    public void reader(I_Result result) {
        pages.find(FILE, PAGES, 0, 1);
        if (pages.isFound(0)) {
            PageBuffer page = pages.page(0);
            long there = page.getLong(THERE);
            long here = page.getLong(HERE);
            if (pages.validate(0)) {
                result.r1 = here == there ? 1 : 2;
            }
        }
        change();
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
        Frame frame = Objects.requireNonNull(TABLE.get(PAGE));
        long stamp = PageStamp.of(PageStamp.place(frame.index()), frame.version());
        if (PageStamp.unused(TABLE.stamp(PAGE)) != stamp) {
            result.r1 = 3;
        }
    }
}
