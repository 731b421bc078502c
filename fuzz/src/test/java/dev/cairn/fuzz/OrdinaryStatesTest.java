package dev.cairn.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.FuzzCampaign.Failure;
import dev.cairn.fuzz.FuzzCampaign.Mode;
import dev.cairn.fuzz.FuzzCampaign.Options;
import dev.cairn.fuzz.crash.CrashCounts;
import dev.cairn.fuzz.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The states that every ordinary run of the tests goes through: the same ones each time, of all workloads in turn. */
class OrdinaryStatesTest {

    private static final long STATES = 200_000;
    /** A shape of exploration each. */
    private static final int SEEDS_AT_ONCE = 3;

    @Test
    void i7_everyStateOfManyComesBackAsItMust() throws Exception {
        List<Failure> failures = new ArrayList<>();
        CrashCounts counts = new CrashCounts();
        for (long seed = 1; counts.distinct() < STATES; seed += SEEDS_AT_ONCE) {
            for (Workload workload : Workload.all()) {
                counts.add(new FuzzCampaign(
                                new Options(Mode.EXHAUSTIVE, seed, SEEDS_AT_ONCE, 0, workload, 0), failures::add)
                        .run()
                        .counts());
                assertEquals(List.of(), failures);
            }
        }
        assertTrue(counts.nested() > 0, "states of crashed recoveries");
        assertTrue(counts.twice() * 16 >= counts.distinct(), "recovered twice: " + counts.twice());
        assertTrue(counts.unsynced() * 16 >= counts.distinct(), "robbed of what was unsynced: " + counts.unsynced());
        assertTrue(counts.worked() * 16 >= counts.distinct(), "worked on with: " + counts.worked());
        assertTrue(counts.redone() > counts.distinct(), "redone pages compared: " + counts.redone());
    }
}
