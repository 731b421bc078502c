package dev.cairn.tools.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.api.Acknowledged;
import dev.cairn.fuzz.api.CrashWorkload;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.tools.CommandRun;
import dev.cairn.tools.console.UsageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
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
    void isolationRunsEachSeedAtEveryLevel() {
        CommandRun run = CommandRun.of("fuzz", "isolation", "--seed=5", "--seeds=2");
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertTrue(
                run.lastLine()
                        .matches("fuzz: mode=isolation seed=5 seeds=2 states=12 distinct=12 kills=0 failures=0 reruns=1"
                                + " mismatches=0 per_second_core=\\d+"),
                run.lastLine());
    }

    @Test
    void anInterleavingIsRunByItsName() {
        CommandRun run = CommandRun.of("fuzz", "isolation", "--only=lost updates/SERIALIZABLE/012012012012012");
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertEquals(
                2,
                CommandRun.of("fuzz", "isolation", "--only=lost updates/SERIALIZABLE/01")
                        .exitCode());
        assertEquals(
                2,
                CommandRun.of("fuzz", "isolation", "--only=nothing/SERIALIZABLE/01")
                        .exitCode());
    }

    /** Believes that whatever was committed lazily is on disk. */
    public static final class Gullible implements CrashWorkload<Long> {
        @Override
        public void setUp(Transaction tx) {
            tx.createTable("t", Schema.builder().column("n", ColumnType.BIGINT).build());
        }

        @Override
        public Long step(Transaction tx, RandomGenerator random) {
            long n = random.nextLong();
            tx.table("t").insert(Row.of(n));
            return n;
        }

        @Override
        public void check(Database db, Acknowledged<Long> acknowledged) {
            try (Transaction tx = db.begin();
                    Scan rows = tx.table("t").scan()) {
                Set<Long> found = new HashSet<>();
                rows.forEachRemaining(row -> found.add((Long) row.get(0)));
                for (Acknowledged.Commit<Long> commit : acknowledged.possible()) {
                    assertTrue(found.containsAll(commit.notes()), "not there: " + commit);
                }
            }
        }
    }

    @Test
    void aReproduceLineAloneFailsAgain() {
        CommandRun run = CommandRun.of("fuzz", "exhaustive", "--workload=" + Gullible.class.getName(), "--seeds=1");
        assertEquals(1, run.exitCode(), () -> run.out() + run.err());
        String reproduce = run.out().lines().findFirst().orElse("");
        assertTrue(
                reproduce.matches("reproduce: \\./cairn fuzz exhaustive --workload=.* --seed=1 --crash-at=\\d+"),
                reproduce);
        assertTrue(run.lastLine().matches("fuzz: mode=exhaustive seed=1 seeds=1 .* failures=1 .*"), run.lastLine());
        assertTrue(run.err().contains("shrunk to 1 of "), run.err());
        assertTrue(run.err().contains("\u2514\u2500 insert t ["), run.err());
        String[] words = reproduce.substring("reproduce: ./cairn ".length()).split(" ");
        CommandRun again = CommandRun.of(words);
        assertEquals(1, again.exitCode(), () -> again.out() + again.err());
        assertEquals(reproduce, again.out().lines().findFirst().orElse(""));
    }

    @Test
    void aWorkloadOfOnesOwnMustBeThereAndBeOne() {
        for (String name : List.of("no.such.Workload", "java.lang.Object", "java.lang.Runtime")) {
            CommandRun run = CommandRun.of("fuzz", "exhaustive", "--workload=" + name, "--seeds=1");
            assertEquals(2, run.exitCode(), run::err);
        }
        String own = "--workload=" + Gullible.class.getName();
        assertEquals(2, CommandRun.of("fuzz", "kill", own, "--seeds=1").exitCode());
        assertEquals(
                2,
                CommandRun.of("fuzz", "exhaustive", own, "--class-path=/no/such/place")
                        .exitCode());
        assertEquals(
                2,
                CommandRun.of("fuzz", "exhaustive", "--class-path=/tmp", "--seeds=1")
                        .exitCode());
    }

    @Test
    void pointsAreCountedOnRequest() {
        CommandRun run = CommandRun.of("fuzz", "exhaustive", "--seed=3", "--points");
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertTrue(run.out().matches("(?s).*point exhaustive log\\.leading [1-9]\\d*\n.*"), run.out());
        assertTrue(run.lastLine().matches(LAST_LINE), run.lastLine());
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
    void theHelpNamesAllWorkloads() {
        String help = CommandRun.of("fuzz", "--help").out();
        for (Workload workload : Workload.all()) {
            assertTrue(
                    help.matches("(?s).*\\b" + workload.name() + "\\b.*"), workload.name() + " is missing in " + help);
        }
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
