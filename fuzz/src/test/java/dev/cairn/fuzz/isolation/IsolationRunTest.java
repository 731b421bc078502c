package dev.cairn.fuzz.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.fuzz.crash.SimulatedDatabases;
import dev.cairn.fuzz.isolation.IsolationRun.Judge;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions beside each other at every level, through a crash: no anomaly that the level forbids. */
class IsolationRunTest {

    private static final int SEEDS = 40;

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void noForbiddenAnomalyUnderASimulatedSchedule(IsolationLevel level) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            new IsolationRun(seed, level).simulated(SimulatedDatabases.options(seed));
        }
    }

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void noForbiddenAnomalyByTheVersionsThatTheEngineExports(IsolationLevel level) {
        for (long seed = 1; seed <= SEEDS / 2; seed++) {
            new IsolationRun(seed, level, Judge.BOTH).simulated(SimulatedDatabases.options(seed));
            new IsolationRun(seed, level, Judge.VERSIONS).simulated(SimulatedDatabases.options(seed));
        }
    }

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void noForbiddenAnomalyOnRealThreads(IsolationLevel level, @TempDir Path directory) throws Exception {
        new IsolationRun(1, level, Judge.BOTH).threaded(directory.resolve("lists"), 300);
        new IsolationRun(1, level, Judge.VERSIONS).threaded(directory.resolve("overwritten"), 300);
    }

    @Test
    void oneSeedIsOneHistory() {
        assertEquals(
                new IsolationRun(7, IsolationLevel.SERIALIZABLE).simulated(SimulatedDatabases.options(7)),
                new IsolationRun(7, IsolationLevel.SERIALIZABLE).simulated(SimulatedDatabases.options(7)));
    }
}
