package dev.cairn.storage.cache;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/** What threads get from a page table they could have got one after the other, while its directory grows. */
@Param(name = "page", gen = IntGen.class, conf = "0:1")
@Param(name = "frame", gen = IntGen.class, conf = "1:2")
public class PageTableLinearizabilityTest {

    /** Far enough apart that each is in a chunk of its own, and the second one beyond the first directory. */
    private static final int APART = 5_000;

    private static final Frame[] FRAMES = {frame(0), frame(1), frame(2)};

    private final PageTable table = new PageTable();

    private static Frame frame(int index) {
        return new Frame(index, PageBuffer.allocate(PageHeader.MIN_PAGE_SIZE));
    }

    @Operation
    public int get(@Param(name = "page") int page) {
        Frame frame = table.get(page * APART);
        return frame == null ? -1 : frame.index();
    }

    @Operation
    public boolean claim(@Param(name = "page") int page, @Param(name = "frame") int frame) {
        return table.claim(page * APART, FRAMES[frame]);
    }

    /** Fails if the page is not in that frame, as it does when called by one thread. */
    @Operation
    public boolean release(@Param(name = "page") int page, @Param(name = "frame") int frame) {
        try {
            table.release(page * APART, FRAMES[frame]);
            return true;
        } catch (IllegalStateException notThere) {
            return false;
        }
    }

    @Test
    void threadsGetWhatOneThreadCouldHaveGot() {
        LinChecker.check(
                PageTableLinearizabilityTest.class,
                new ModelCheckingOptions()
                        .iterations(10)
                        .invocationsPerIteration(500)
                        .threads(2)
                        .actorsPerThread(4));
    }
}
