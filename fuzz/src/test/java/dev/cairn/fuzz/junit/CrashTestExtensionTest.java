package dev.cairn.fuzz.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.example.JobQueueWorkload;
import dev.cairn.fuzz.api.CrashRunner;
import org.junit.jupiter.api.Test;

class CrashTestExtensionTest {

    @CrashTest(budget = "1ms", seed = 7, crashAt = 50)
    void theAnnotationDecides(CrashRunner crashes) {
        assertEquals(7, crashes.options().seed());
        assertEquals(1, crashes.options().seeds());
        assertEquals(50, crashes.options().crashAt());
        assertEquals(1_000_000, crashes.options().budgetNanos());
        CrashRunner.Summary summary = crashes.run(new JobQueueWorkload());
        assertTrue(summary.states() > 0 && summary.states() < 20, summary.toString());
    }

    @CrashTest(budget = "1ms")
    void atLeastOneSeedIsRun(CrashRunner crashes) {
        assertEquals(1, crashes.run(new JobQueueWorkload()).seeds());
        assertEquals(1, crashes.runs());
    }

    @Test
    void aMethodThatRunsNothingOrHasNoSuchBudgetFails() {
        assertEquals(
                "a @CrashTest takes a CrashRunner and runs a workload with it; this one has not",
                JUnitRun.failureOf(Idle.class));
        String soon = JUnitRun.failureOf(Soon.class);
        assertTrue(soon.endsWith("@CrashTest: expected a number with ms, s, m or h, found soon"), soon);
    }

    static final class Idle {
        @CrashTest
        void idle(CrashRunner crashes) {
            assertEquals(0, crashes.runs());
        }
    }

    static final class Soon {
        @CrashTest(budget = "soon")
        void soon(CrashRunner crashes) {
            crashes.run(new JobQueueWorkload());
        }
    }
}
