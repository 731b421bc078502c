package dev.cairn.fuzz.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.workload.Workload;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Crashes at every disk operation of short workloads; every seed that ever failed is here for good. */
class CrashExplorerTest {

    @ParameterizedTest
    @CsvSource({
        "savepoints, 1",
        "savepoints, 4",
        "savepoints, 8",
        "savepoints, 9",
        "checkpoints, 200",
        "checkpoints, 201",
        "checkpoints, 202",
        "ddl, 100",
        "ddl, 101",
        "ddl, 104",
        "eviction, 1",
        "eviction, 4",
        "churn, 1",
        "churn, 2"
    })
    void i7_everyCrashLeavesACommittedStateWithAllThatWasAcknowledged(String workload, long seed) {
        CrashExplorer explorer = new CrashExplorer(
                seed, CrashExplorer.Settings.of(seed, Workload.named(workload), CrashExplorer.Shape.WIDE));
        CrashExplorer.Result result = explorer.explore();
        assertTrue(result.operations() > 20, "disk operations: " + result.operations());
        assertTrue(
                result.counts().distinct() > result.operations(),
                "crash states: " + result.counts().distinct());
        assertEquals(result.traceHash(), explorer.plainTrace(), "looking on changes nothing");
    }

    /** A seed of millions of states once kept a campaign of a minute for six more. */
    @Test
    void aSeedThatHasNoTimeLeftIsLeftInTheMiddle() {
        CrashExplorer.Settings settings = CrashExplorer.Settings.of(1, Workload.DDL, CrashExplorer.Shape.SHORT);
        CrashExplorer explorer = new CrashExplorer(1, settings);
        AtomicInteger asked = new AtomicInteger();
        CrashExplorer.Result part = explorer.explore(() -> asked.incrementAndGet() < 100);
        CrashExplorer.Result all = new CrashExplorer(1, settings).explore();
        assertFalse(part.whole());
        assertTrue(all.whole());
        assertEquals(100, asked.get(), "nothing is asked once there was no time");
        assertTrue(
                part.counts().states() <= 100 && all.counts().states() > 200,
                part.counts().states() + " of " + all.counts().states());
        assertEquals(all.traceHash(), part.traceHash(), "the run itself goes on");
    }

    /** A page of an index that was freed was handed out twice; the split of that page asked for another one and got itself, for ever. */
    @Test
    void aFreePageThatIsKnownTwiceHoldsNobodyUp() {
        assertTrue(new ManyLives(44_000_176, Workload.QUEUE).run().counts().states() > 0);
    }

    /** Once taken for a loss: an opening that a failed sync had ended, and then the power lost in the next. */
    @Test
    void whatAnOpeningHasNotFinishedMayBeLostWithThePower() {
        assertTrue(new ManyLives(4_000_032, Workload.CHURN).run().counts().states() > 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 1133})
    void i7_aDatabaseLivesThroughManyCrashes(long seed) {
        long traceHash = new ManyLives(seed, Workload.SAVEPOINTS).run().traceHash();
        assertEquals(
                traceHash, new ManyLives(seed, Workload.SAVEPOINTS).run().traceHash(), "the same seed does the same");
    }
}
