package dev.cairn.recovery;

import dev.cairn.storage.cache.GrowthOptions;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.cache.PageSource;
import dev.cairn.wal.WalOptions;

/**
 * How to open a store. Immutable.
 *
 * <p>{@code pageSize} and {@code segmentBytes} count only when a database is made: an existing one keeps its own, which
 * {@link OpenedStore#options} tells.
 *
 * @param pageSize bytes, a power of two from 512 to 32768
 * @param segmentBytes bytes of a log segment, a power of two from 16 KiB to 1 GiB, at least 4 pages
 * @param cacheBytes bytes of page cache; at least 16 pages are had whatever this says
 * @param mapPages whether pages come in through read-only mappings where the disk has them
 * @param hugePages whether the page cache is to lie in huge pages, if the operating system and the class path have what that takes
 * @param walBufferBytes bytes of log that may wait for their write
 * @param lazyFlushNanos a LAZY commit is durable after about this time at most
 * @param checkpointBytes bytes of log after which a checkpoint starts by itself
 * @param checkpointIntervalNanos time after which a checkpoint starts by itself if anything was logged
 * @param growthMinBytes least bytes by which a data file grows ahead of need
 * @param growthMaxBytes most bytes by which a data file grows ahead of need
 * @param subxactCacheCapacity sub-transaction ids that a transaction advertises before it is called overflowed
 * @param lockTimeoutNanos how long a lock is waited for; {@link Long#MAX_VALUE} for ever
 * @param createIfAbsent whether an empty directory becomes a new database, or is refused
 */
public record StoreOptions(
        int pageSize,
        int segmentBytes,
        long cacheBytes,
        boolean mapPages,
        boolean hugePages,
        int walBufferBytes,
        long lazyFlushNanos,
        long checkpointBytes,
        long checkpointIntervalNanos,
        long growthMinBytes,
        long growthMaxBytes,
        int subxactCacheCapacity,
        long lockTimeoutNanos,
        boolean createIfAbsent) {

    static final int MIN_SEGMENT_BYTES = 16 << 10;
    static final int MAX_SEGMENT_BYTES = 1 << 30;
    static final int MIN_PAGES_PER_SEGMENT = 4;
    /** What a running database keeps of log that it no longer needs, to write over it: no more, however much was logged. */
    static final long MOST_SPARE_BYTES = 256L << 20;

    /** @throws IllegalArgumentException if a value is out of its range; the message names it */
    public StoreOptions {
        requirePowerOfTwo("pageSize", pageSize, 512, 32768);
        requirePowerOfTwo(
                "segmentBytes",
                segmentBytes,
                Math.max(MIN_SEGMENT_BYTES, MIN_PAGES_PER_SEGMENT * pageSize),
                MAX_SEGMENT_BYTES);
        require(cacheBytes > 0, "cacheBytes", cacheBytes);
        require(walBufferBytes >= 4096, "walBufferBytes", walBufferBytes);
        require(lazyFlushNanos > 0, "lazyFlushNanos", lazyFlushNanos);
        require(checkpointBytes > 0, "checkpointBytes", checkpointBytes);
        require(checkpointIntervalNanos > 0, "checkpointIntervalNanos", checkpointIntervalNanos);
        require(growthMinBytes > 0, "growthMinBytes", growthMinBytes);
        require(growthMaxBytes >= growthMinBytes, "growthMaxBytes", growthMaxBytes);
        require(subxactCacheCapacity > 0, "subxactCacheCapacity", subxactCacheCapacity);
        require(lockTimeoutNanos > 0, "lockTimeoutNanos", lockTimeoutNanos);
    }

    /** These, for a database that exists. */
    StoreOptions of(int databasePageSize, int databaseSegmentBytes) {
        return new StoreOptions(
                databasePageSize,
                databaseSegmentBytes,
                cacheBytes,
                mapPages,
                hugePages,
                walBufferBytes,
                lazyFlushNanos,
                checkpointBytes,
                checkpointIntervalNanos,
                growthMinBytes,
                growthMaxBytes,
                subxactCacheCapacity,
                lockTimeoutNanos,
                createIfAbsent);
    }

    WalOptions walOptions() {
        long betweenCheckpoints = Math.min(checkpointBytes, MOST_SPARE_BYTES) / segmentBytes;
        return new WalOptions(segmentBytes, walBufferBytes, pageSize, (int) betweenCheckpoints);
    }

    PageCache.Options cacheOptions() {
        return new PageCache.Options(pageSize, cacheBytes, mapPages ? PageSource.MAP : PageSource.READ, hugePages);
    }

    GrowthOptions growth() {
        return new GrowthOptions(growthMinBytes, growthMaxBytes);
    }

    private static void requirePowerOfTwo(String name, int value, int min, int max) {
        require(value >= min && value <= max && Integer.bitCount(value) == 1, name, value);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }
}
