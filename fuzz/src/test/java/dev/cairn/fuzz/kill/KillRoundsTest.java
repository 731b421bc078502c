package dev.cairn.fuzz.kill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.Workload;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KillRoundsTest {

    private static final int ROUNDS = 20;

    /** A new seed every day, so that runs differ; the message of a failure names it. */
    @Test
    @Timeout(600)
    void i7_killedProcessesLoseNothingThatWasAcknowledged(@TempDir Path directory) throws Exception {
        long seed = new SplittableRandom(System.currentTimeMillis() / 86_400_000).nextInt(1_000_000);
        PointCoverage coverage = new PointCoverage();
        KillRounds rounds = new KillRounds(directory.resolve("db"), seed, Workload.SAVEPOINTS, coverage);
        try {
            rounds.run(ROUNDS);
        } catch (RuntimeException e) {
            throw new AssertionError("reproduce: ./cairn fuzz kill --seed=" + seed, e);
        }
        assertTrue(coverage.covered(PointCoverage.Profile.KILL) > 0, "no child was halted at its point");
        assertTrue(rounds.acknowledged() >= ROUNDS, "acknowledged commits: " + rounds.acknowledged());
    }
}
