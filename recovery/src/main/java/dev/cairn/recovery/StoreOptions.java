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
        int walBufferBytes,
        long lazyFlushNanos,
        long checkpointBytes,
        long checkpointIntervalNanos,
        long growthMinBytes,
        long growthMaxBytes,
        int subxactCacheCapacity,
        long lockTimeoutNanos,
        boolean createIfAbsent) {

    public static final int DEFAULT_PAGE_SIZE = 8192;
    public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;
    public static final int MIN_SEGMENT_BYTES = 16 << 10;
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    public StoreOptions {
        requirePowerOfTwo("pageSize", pageSize, 512, 32768);
        requirePowerOfTwo("segmentBytes", segmentBytes, Math.max(MIN_SEGMENT_BYTES, 4 * pageSize), MAX_SEGMENT_BYTES);
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
        return WalOptions.of(segmentBytes, walBufferBytes, pageSize);
    }

    PageCache.Options cacheOptions() {
        return new PageCache.Options(pageSize, cacheBytes, mapPages ? PageSource.MAP : PageSource.READ);
    }

    GrowthOptions growth() {
        return new GrowthOptions(growthMinBytes, growthMaxBytes);
    }

    public static Builder builder() {
        return new Builder();
    }

    private static void requirePowerOfTwo(String name, int value, int min, int max) {
        require(value >= min && value <= max && Integer.bitCount(value) == 1, name, value);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }

    /** Collects options; not thread-safe. Values are checked by {@link #build}. */
    public static final class Builder {
        private int pageSize = DEFAULT_PAGE_SIZE;
        private int segmentBytes = DEFAULT_SEGMENT_BYTES;
        private long cacheBytes = 64L << 20;
        private boolean mapPages = true;
        private int walBufferBytes = 4 << 20;
        private long lazyFlushNanos = 200_000_000L;
        private long checkpointBytes = 256L << 20;
        private long checkpointIntervalNanos = 300_000_000_000L;
        private long growthMinBytes = 1L << 20;
        private long growthMaxBytes = 64L << 20;
        private int subxactCacheCapacity = 64;
        private long lockTimeoutNanos = Long.MAX_VALUE;
        private boolean createIfAbsent = true;

        private Builder() {}

        public Builder pageSize(int bytes) {
            pageSize = bytes;
            return this;
        }

        public Builder segmentBytes(int bytes) {
            segmentBytes = bytes;
            return this;
        }

        public Builder cacheBytes(long bytes) {
            cacheBytes = bytes;
            return this;
        }

        public Builder mapPages(boolean map) {
            mapPages = map;
            return this;
        }

        public Builder walBufferBytes(int bytes) {
            walBufferBytes = bytes;
            return this;
        }

        public Builder lazyFlushNanos(long nanos) {
            lazyFlushNanos = nanos;
            return this;
        }

        public Builder checkpointBytes(long bytes) {
            checkpointBytes = bytes;
            return this;
        }

        public Builder checkpointIntervalNanos(long nanos) {
            checkpointIntervalNanos = nanos;
            return this;
        }

        public Builder growthBytes(long min, long max) {
            growthMinBytes = min;
            growthMaxBytes = max;
            return this;
        }

        public Builder subxactCacheCapacity(int ids) {
            subxactCacheCapacity = ids;
            return this;
        }

        public Builder lockTimeoutNanos(long nanos) {
            lockTimeoutNanos = nanos;
            return this;
        }

        public Builder createIfAbsent(boolean create) {
            createIfAbsent = create;
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of its range; the message names it */
        public StoreOptions build() {
            return new StoreOptions(
                    pageSize,
                    segmentBytes,
                    cacheBytes,
                    mapPages,
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
    }
}
