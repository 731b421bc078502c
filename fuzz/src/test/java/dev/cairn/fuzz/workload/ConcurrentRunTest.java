package dev.cairn.fuzz.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.schedule.HandingDisk;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.schedule.SimScheduler.Client;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Scheduler.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConcurrentRunTest {

    private static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(512)
            .cacheBytes(32 * 512)
            .segmentBytes(16 << 10)
            .walBufferBytes(8 << 10)
            .checkpointBytes(32 << 10)
            .checkpointInterval(Duration.ofMillis(200))
            .lazyFlushInterval(Duration.ofMillis(20))
            .growthBytes(1024)
            .lockTimeout(Duration.ofSeconds(1))
            .build();

    private static ConcurrentRun run(long seed, SimDisk disk) {
        ConcurrentRun run = new ConcurrentRun(seed, Workload.CONCURRENT, OPTIONS);
        run.run(disk, 300);
        return run;
    }

    @Test
    void theSameSeedIsTheSameRun() {
        long commits = 0;
        for (long seed = 1; seed <= 8; seed++) {
            SimDisk first = new SimDisk();
            SimDisk second = new SimDisk();
            ConcurrentRun one = run(seed, first);
            ConcurrentRun two = run(seed, second);
            assertEquals(one.trace(), two.trace());
            assertEquals(one.scheduleHash(), two.scheduleHash(), "seed " + seed);
            assertEquals(first.traceHash(), second.traceHash(), "seed " + seed);
            commits += one.scheduler().passed(CrashPoint.COMMIT_APPENDED);
        }
        // Some are closed right after their setting up.
        assertTrue(commits > 8 * 4, commits + " commits in all");
    }

    /**
     * A checkpoint that was asked for before the closing began found the log closed, and called that a failed engine. Whoever asks
     * until he is refused is refused exactly once in every schedule: beside the closing, or after it.
     */
    @Test
    void aCheckpointBesideTheClosingIsRefused() {
        int beside = 0;
        for (long seed = 0; seed < 40; seed++) {
            SimScheduler scheduler = new SimScheduler(seed, Disturbances.NONE);
            SplittableRandom values = new SplittableRandom(seed);
            Environment environment = new Environment(scheduler.clock(), scheduler, values::nextLong);
            SimDisk disk = new SimDisk();
            List<RuntimeException> errors = new ArrayList<>();
            boolean[] closed = new boolean[1];
            boolean[] early = new boolean[1];
            long steps = 1 + seed * 10;
            scheduler.run(() -> {
                Database database = Database.open(new HandingDisk(disk, scheduler), OPTIONS, environment);
                Signal over = scheduler.newSignal();
                Client operator = scheduler.fork("operator", () -> {
                    for (int i = 0; i < 20 && errors.isEmpty(); i++) {
                        checkpoint(database, errors);
                    }
                    early[0] = !errors.isEmpty();
                    over.awaitUninterruptibly(() -> closed[0]);
                    if (errors.isEmpty()) {
                        checkpoint(database, errors);
                    }
                });
                for (int i = 0; i < steps; i++) {
                    scheduler.point(CrashPoint.LOG_PLACED);
                }
                database.close();
                closed[0] = true;
                over.signalAll();
                operator.join();
            });
            assertEquals(1, errors.size(), "seed " + seed);
            RuntimeException refusal = errors.get(0);
            assertEquals(IllegalStateException.class, refusal.getClass(), "seed " + seed + ": " + refusal);
            beside += early[0] ? 1 : 0;
        }
        assertTrue(beside > 0, "no schedule has met a checkpoint beside the closing");
    }

    private static void checkpoint(Database database, List<RuntimeException> errors) {
        try {
            database.checkpoint();
        } catch (RuntimeException e) {
            errors.add(e);
        }
    }
}
