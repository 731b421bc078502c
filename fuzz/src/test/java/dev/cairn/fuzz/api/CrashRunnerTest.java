package dev.cairn.fuzz.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.example.JobQueue;
import dev.cairn.example.JobQueueWorkload;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashRunnerTest {

    /** Expects that a LAZY commit survives, as one who does not know better. */
    private static final class Gullible extends JobQueueWorkload {
        @Override
        public void check(Database db, Acknowledged<Note> acknowledged) {
            try (Transaction tx = db.begin()) {
                Set<Long> jobs = new HashSet<>();
                acknowledged.notes().forEach(note -> jobs.add(note.job()));
                acknowledged.possible().forEach(commit -> commit.notes().forEach(note -> jobs.add(note.job())));
                assertEquals(jobs, new JobQueue(tx).states().keySet());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theSameSeedDoesTheSame(long seed) {
        CrashRunner runner = new CrashRunner(CrashOptions.DEFAULT.withSeed(seed));
        CrashRunner.Summary summary = runner.run(new JobQueueWorkload());
        assertTrue(summary.distinct() > 50 && summary.distinct() <= summary.states(), summary.toString());
        assertEquals(summary, runner.run(new JobQueueWorkload()));
        assertNotEquals(
                summary.traceHash(),
                new CrashRunner(CrashOptions.DEFAULT.withSeed(seed + 100))
                        .run(new JobQueueWorkload())
                        .traceHash());
    }

    @Test
    void aFailureIsReproducedByItsOneOperationAndShownShrunk() {
        CrashTestFailure failure = fails(CrashOptions.DEFAULT);
        assertTrue(failure.operation() > 0, failure.getMessage());
        assertTrue(
                failure.getMessage()
                        .startsWith("reproduce: CrashOptions.DEFAULT.withSeed(1).withCrashAt(" + failure.operation()
                                + ")\ncrash during "),
                failure.getMessage());
        assertTrue(
                failure.getMessage()
                        .matches(
                                "(?s).*shrunk to 1 of \\d+ steps; .*\n  transaction 1: [^\n]*\n  └─ insert jobs \\[1, READY]"),
                failure.getMessage());
        CrashTestFailure again = fails(CrashOptions.DEFAULT.withSeed(1).withCrashAt(failure.operation()));
        assertEquals(failure.operation(), again.operation());
        assertEquals(failure.getMessage(), again.getMessage());
    }

    private static CrashTestFailure fails(CrashOptions options) {
        return assertThrows(CrashTestFailure.class, () -> new CrashRunner(options).run(new Gullible()));
    }

    @Test
    void aStepThatFailsNeedsNoCrash() {
        CrashWorkload<String> broken = new CrashWorkload<>() {
            @Override
            public String step(Transaction tx, RandomGenerator random) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void check(Database db, Acknowledged<String> acknowledged) {
                assertEquals(List.of(), acknowledged.certain());
            }
        };
        CrashTestFailure failure =
                assertThrows(CrashTestFailure.class, () -> new CrashRunner(CrashOptions.DEFAULT).run(broken));
        assertEquals(0, failure.operation());
        assertTrue(failure.story().contains("shrunk to 1 of "), failure.story());
        assertTrue(failure.reproduce().endsWith("withSeed(1)"), failure.reproduce());
    }

    @Test
    void notesFollowTheirSavepoints() {
        CrashWorkload<Integer> workload = new CrashWorkload<>() {
            @Override
            public void setUp(Transaction tx) {
                new JobQueue(tx).create();
            }

            @Override
            public Integer step(Transaction tx, RandomGenerator random) {
                int depth = tx.savepointDepth();
                if (depth > 0 && random.nextBoolean()) {
                    tx.rollbackTo("s");
                    new JobQueue(tx).add();
                    tx.release("s");
                } else {
                    tx.savepoint("s");
                    new JobQueue(tx).add();
                }
                return 1;
            }

            @Override
            public void check(Database db, Acknowledged<Integer> acknowledged) {
                try (Transaction tx = db.begin()) {
                    int jobs = new JobQueue(tx).states().size();
                    assertTrue(
                            acknowledged.outcomes().stream().anyMatch(notes -> notes.size() == jobs),
                            jobs + " jobs, " + acknowledged);
                }
            }
        };
        new CrashRunner(CrashOptions.DEFAULT.withSeeds(3)).run(workload);
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CrashOptions.DEFAULT.withSeeds(-1));
        assertThrows(IllegalArgumentException.class, () -> CrashOptions.DEFAULT.withLength(0, 1));
        assertEquals(500_000_000L, TimeBudget.nanos("500ms"));
        assertEquals(3_600_000_000_000L, TimeBudget.nanos("1h"));
        assertThrows(IllegalArgumentException.class, () -> TimeBudget.nanos("60"));
    }
}
