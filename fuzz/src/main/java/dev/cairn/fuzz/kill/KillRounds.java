package dev.cairn.fuzz.kill;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.KillSessions;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.wal.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Kills a writing child process (SIGKILL) again and again at random moments, or has it halt at a named point, on the same
 * directory, and judges after each what the database holds: every commit acknowledged as SYNC or WRITE, of the others a prefix of each session's, and nothing of
 * any sub-transaction that was rolled back.
 */
public final class KillRounds {

    /** Small, so that segments are recycled and pages evicted within a life. */
    static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(1024)
            .cacheBytes(64 << 10)
            .segmentBytes(64 << 10)
            .walBufferBytes(64 << 10)
            .checkpointBytes(256 << 10)
            .growthBytes(16 << 10)
            .build();

    private static final int SESSIONS = 3;
    private static final long LONGEST_LIFE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path directory;
    private final long seed;
    private final Workload workload;
    private final KillSessions sessions;
    private final PointCoverage coverage;
    private long acknowledged;
    private long kills;

    /**
     * @param directory absent or empty; left behind as the last round leaves it
     * @param coverage told where children were halted
     */
    public KillRounds(Path directory, long seed, Workload workload, PointCoverage coverage) {
        this.directory = directory;
        this.seed = seed;
        this.workload = workload;
        this.sessions = new KillSessions(seed, workload, SESSIONS);
        this.coverage = coverage;
    }

    /** Commits whose acknowledgement arrived, over all rounds. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Processes killed or halted, over all rounds. */
    public long kills() {
        return kills;
    }

    /**
     * Runs so many rounds.
     *
     * @throws Mismatch if the database does not come back as it must
     */
    public void run(int rounds) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        Found before;
        try (Database database = Database.open(directory, OPTIONS)) {
            sessions.setUp(database);
            before = Found.in(database);
        }
        for (int life = 1; life <= rounds; life++) {
            List<Death> deaths = new ArrayList<>(List.of(Death.ofWork(seed, life, random)));
            if (life % 3 == 0) {
                deaths.add(Death.ofReopening(seed, life));
            }
            try {
                Commits commits = killOne(life, deaths.get(0));
                for (Death death : deaths.subList(1, deaths.size())) {
                    killOne(life, death);
                }
                before = judge(before, life, commits);
            } catch (RuntimeException e) {
                throw new Mismatch("life " + life + ", " + deaths + ", in " + directory + ": " + e, e);
            }
        }
    }

    /** What the child said, per session. */
    private static final class Commits {
        private final long[] begun = new long[SESSIONS];
        private final long[] survive = new long[SESSIONS];
        private long acknowledged;

        void take(String line) {
            String[] words = line.split(" ", -1);
            int session = Integer.parseInt(words[1]);
            long commit = Long.parseLong(words[2]);
            if (words[0].equals("b")) {
                begun[session] = commit;
            } else {
                acknowledged++;
                if (Durability.valueOf(words[3]) != Durability.LAZY) {
                    survive[session] = commit;
                }
            }
        }
    }

    private Commits killOne(int life, Death death) throws InterruptedException {
        Commits commits = new Commits();
        try {
            Process child = new ProcessBuilder(command(life, death))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long deadline = System.nanoTime() + LONGEST_LIFE_NANOS;
            AtomicBoolean hangs = new AtomicBoolean();
            Future<?> watchdog = CompletableFuture.runAsync(
                    () -> hangs.set(child.toHandle().destroyForcibly()),
                    CompletableFuture.delayedExecutor(2 * LONGEST_LIFE_NANOS, TimeUnit.NANOSECONDS));
            try (BufferedReader pipe =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                String line = pipe.readLine();
                while (line != null && commits.acknowledged < death.enough() && System.nanoTime() < deadline) {
                    commits.take(line);
                    line = pipe.readLine();
                }
                spin(death.spinNanos());
                // After the end of what it said it has ended, or is about to.
                boolean alive = line != null && child.isAlive();
                // Not Process.destroyForcibly: that closes the pipe, with what is still in it.
                if (alive) {
                    child.toHandle().destroyForcibly();
                }
                // The last line may have been cut off; what the pipe still holds was said before the kill.
                while (line != null) {
                    String next = pipe.readLine();
                    if (next != null || isWhole(line)) {
                        commits.take(line);
                    }
                    line = next;
                }
                int exit = child.waitFor();
                if (hangs.get()) {
                    throw new Mismatch("the child said nothing for " + 2 * LONGEST_LIFE_NANOS + " ns");
                }
                ended(death, alive, exit);
            } finally {
                watchdog.cancel(false);
                child.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acknowledged += commits.acknowledged;
        return commits;
    }

    private void ended(Death death, boolean killed, int exit) {
        if (exit == KillChild.HALTED && death.point() != null) {
            coverage.met(PointCoverage.Profile.KILL, death.point(), 1);
            kills++;
        } else if (killed) {
            kills++;
        } else if (death.kind() == Death.Kind.WORK || exit != 0) {
            throw new Mismatch("the child ended by itself with exit code " + exit);
        }
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static boolean isWhole(String line) {
        return line.matches("b \\d+ \\d+") || line.matches("a \\d+ \\d+ (SYNC|WRITE|LAZY)");
    }

    private Found judge(Found before, int life, Commits commits) {
        try (Database database = Database.open(directory, OPTIONS)) {
            Found after = Found.in(database);
            sessions.judgeTables(after);
            for (int session = 0; session < SESSIONS; session++) {
                sessions.judge(before, after, session, life, commits.survive[session], commits.begun[session]);
            }
            return after;
        }
    }

    private List<String> command(int life, Death death) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillChild.class.getName(),
                directory.toString(),
                Long.toString(seed),
                workload.name(),
                Integer.toString(SESSIONS),
                Integer.toString(life),
                death.kind().name(),
                death.point() == null ? KillChild.NOWHERE : death.point().text(),
                Integer.toString(death.pass())));
        return command;
    }
}
