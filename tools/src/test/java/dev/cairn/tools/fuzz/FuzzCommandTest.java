package dev.cairn.tools.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import dev.cairn.tools.console.UsageException;
import org.junit.jupiter.api.Test;

class FuzzCommandTest {

    private static final String LAST_LINE =
            "fuzz: mode=exhaustive seed=3 seeds=1 states=[1-9]\\d* distinct=[1-9]\\d* kills=0"
                    + " failures=0 reruns=\\d+ mismatches=0 per_second_core=\\d+";

    @Test
    void theLastLineCounts() {
        CommandRun run = CommandRun.of("fuzz", "exhaustive", "--seed=3");
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertTrue(run.lastLine().matches(LAST_LINE), run.lastLine());
    }

    @Test
    void inJsonItIsOneObject() {
        CommandRun run = CommandRun.of("fuzz", "exhaustive", "--seed=3", "--crash-at=5", "--json");
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertTrue(run.lastLine().startsWith("{\"mode\":\"exhaustive\",\"seed\":3,"), run.lastLine());
    }

    @Test
    void nonsenseIsAUsageError() {
        assertEquals(2, CommandRun.of("fuzz").exitCode());
        assertEquals(2, CommandRun.of("fuzz", "no-such-mode").exitCode());
        assertEquals(2, CommandRun.of("fuzz", "exhaustive", "--workload=none").exitCode());
        assertEquals(2, CommandRun.of("fuzz", "exhaustive", "--time=soon").exitCode());
        assertEquals(
                2, CommandRun.of("fuzz", "kill", "--seed=1", "--crash-at=7").exitCode());
    }

    @Test
    void mutantsNeedACheckout() {
        assertEquals(2, CommandRun.of("fuzz", "mutants").exitCode());
        assertEquals(2, CommandRun.of("fuzz", "random", "--only=a").exitCode());
    }

    @Test
    void timesHaveUnits() {
        assertEquals(500_000_000L, FuzzCommand.nanos("500ms"));
        assertEquals(60_000_000_000L, FuzzCommand.nanos("60s"));
        assertEquals(300_000_000_000L, FuzzCommand.nanos("5m"));
        assertEquals(3_600_000_000_000L, FuzzCommand.nanos("1h"));
        assertThrows(UsageException.class, () -> FuzzCommand.nanos("60"));
    }
}
