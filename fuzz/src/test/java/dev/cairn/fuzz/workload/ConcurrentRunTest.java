package dev.cairn.fuzz.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.storage.base.CrashPoint;
import java.time.Duration;
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
        for (long seed = 1; seed <= 8; seed++) {
            SimDisk first = new SimDisk();
            SimDisk second = new SimDisk();
            ConcurrentRun one = run(seed, first);
            ConcurrentRun two = run(seed, second);
            assertEquals(one.trace(), two.trace());
            assertEquals(one.scheduleHash(), two.scheduleHash(), "seed " + seed);
            assertEquals(first.traceHash(), second.traceHash(), "seed " + seed);
            assertTrue(one.scheduler().passed(CrashPoint.COMMIT_APPENDED) > 1, one.trace());
        }
    }
}
