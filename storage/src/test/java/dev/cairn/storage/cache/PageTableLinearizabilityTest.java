package dev.cairn.storage.cache;

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

    private final PageTable table = new PageTable();

    @Operation
    public int get(@Param(name = "page") int page) {
        return table.get(page * APART);
    }

    @Operation
    public boolean claim(@Param(name = "page") int page, @Param(name = "frame") int frame) {
        return table.claim(page * APART, frame);
    }

    /** Fails if the page is not in that frame, as it does when called by one thread. */
    @Operation
    public boolean release(@Param(name = "page") int page, @Param(name = "frame") int frame) {
        try {
            table.release(page * APART, frame);
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
