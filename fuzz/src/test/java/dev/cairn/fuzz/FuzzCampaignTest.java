package dev.cairn.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.FuzzCampaign.Mode;
import dev.cairn.fuzz.FuzzCampaign.Options;
import dev.cairn.fuzz.FuzzCampaign.Summary;
import dev.cairn.fuzz.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FuzzCampaignTest {

    private final List<FuzzCampaign.Failure> failures = new ArrayList<>();

    @Test
    void seedsAreCountedAndTheFirstIsRunTwice() throws Exception {
        Summary summary = run(new Options(Mode.EXHAUSTIVE, 20, 2, 0, Workload.SAVEPOINTS, 0));
        assertEquals(List.of(), failures);
        assertTrue(summary.isOk());
        assertTrue(summary.line()
                .matches("fuzz: mode=exhaustive seed=20 seeds=2 states=\\d+ distinct=\\d+ kills=0 failures=0 reruns=1"
                        + " mismatches=0 per_second_core=\\d+"));
        assertTrue(summary.json().startsWith("{\"mode\":\"exhaustive\",\"seed\":20,\"seeds\":2,"));
        assertTrue(summary.counts().distinct() <= summary.counts().states());
        assertTrue(summary.details()
                .matches("checked: distinct=\\d+ of_recovery=\\d+ process_killed=\\d+ pages=\\d+"
                        + " redone=\\d+ twice=\\d+ unsynced_dropped=\\d+ worked_on=\\d+"));
        assertTrue(summary.counts().twice() * 32 >= summary.counts().distinct(), summary.details());
    }

    @Test
    void oneOperationAloneIsCrashedAt() throws Exception {
        Summary all = run(new Options(Mode.EXHAUSTIVE, 22, 1, 0, Workload.SAVEPOINTS, 0));
        Summary one = run(new Options(Mode.EXHAUSTIVE, 22, 1, 0, Workload.SAVEPOINTS, 30));
        assertTrue(
                one.counts().states() > 2
                        && one.counts().states() < all.counts().states() / 3,
                one.line() + "\n" + all.line());
        assertEquals(List.of(), failures);
    }

    @Test
    void timeEndsACampaign() throws Exception {
        Summary summary = run(new Options(Mode.RANDOM, 1, 0, TimeUnit.SECONDS.toNanos(1), Workload.DDL, 0));
        assertTrue(summary.seeds() >= 1);
        assertEquals(List.of(), failures);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Options(Mode.RANDOM, 1, 0, 0, Workload.SAVEPOINTS, 0));
        assertThrows(IllegalArgumentException.class, () -> new Options(Mode.KILL, 1, 1, 0, Workload.SAVEPOINTS, 7));
        assertThrows(IllegalArgumentException.class, () -> new Options(Mode.RANDOM, 1, -1, 5, Workload.SAVEPOINTS, 0));
        assertThrows(IllegalArgumentException.class, () -> Workload.named("nothing"));
    }

    private Summary run(Options options) throws InterruptedException {
        return new FuzzCampaign(options, failures::add).run();
    }
}
