package dev.cairn.fuzz.crash;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.storage.cache.PageSource;
import java.time.Duration;
import java.util.SplittableRandom;

/** Options that make everything small, so that a short run passes every boundary. */
public final class SimulatedDatabases {

    private static final int SEGMENT_BYTES = 16 << 10;

    private SimulatedDatabases() {}

    /** The same seed always gives the same options. */
    public static DatabaseOptions options(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int pageSize = random.nextInt(3) == 0 ? 1024 : 512;
        return DatabaseOptions.builder()
                .pageSize(pageSize)
                .cacheBytes((16L + random.nextInt(32)) * pageSize)
                .segmentBytes(SEGMENT_BYTES)
                .walBufferBytes(8 * pageSize)
                .checkpointBytes(SEGMENT_BYTES * (1L + random.nextInt(3)))
                .checkpointInterval(Duration.ofMillis(50L + random.nextInt(1000)))
                .lazyFlushInterval(Duration.ofMillis(20))
                .pageSource(random.nextBoolean() ? PageSource.MAP : PageSource.READ)
                .subxactCacheCapacity(random.nextBoolean() ? 64 : 2)
                .lockTimeout(Duration.ofSeconds(1))
                .growthBytes(pageSize * (1L << random.nextInt(4)))
                .sortMemoryBytes(random.nextInt(3) > 0 ? 256 : 1 << 20)
                .build();
    }
}
