package dev.cairn.engine;

import dev.cairn.recovery.StoreOptions;
import dev.cairn.storage.cache.PageSource;
import dev.cairn.wal.Durability;
import java.time.Duration;

/**
 * How a database is opened. Immutable; built by {@link #builder} or, from text, by {@link Builder#set}. Page and segment
 * size count only when the database is created: an existing one keeps its own.
 *
 * @param pageSize bytes, a power of two from 512 to 32,768
 * @param cacheBytes memory for pages, at least 16 pages
 * @param segmentBytes a log segment's size, a power of two, at least 16 KiB and 4 pages; 8 MiB if nothing is said. A database that was closed cleanly has
 *     one, as a rule
 * @param walBufferBytes memory for log that is not yet written, a power of two, at least 8 pages
 * @param durability what {@code commit()} waits for
 * @param checkpointBytes log volume after which a checkpoint begins; while the database is open, as much log that is no longer needed is kept to be
 *     written over, but 256 MiB at most
 * @param checkpointInterval time after which a checkpoint begins, if anything was logged
 * @param lazyFlushInterval a LAZY commit is durable after at most about this time
 * @param pageSource MAP reads pages through a memory mapping, READ by plain reads; see docs/adr/0001-page-source.md for when READ is the better choice
 * @param subxactCacheCapacity ids of sub-transactions that a session advertises before it counts as overflowed
 * @param lockTimeout longest wait for a lock before 55P03; zero waits for ever
 * @param closeTimeout longest time that closing waits for calls in progress
 * @param failureScope what an error undoes
 * @param createIfAbsent whether an empty or missing directory becomes a new database
 * @param growthBytes the least and the most by which data files grow ahead of need are derived from this, bytes; a clean close leaves no file longer than its
 *     pages by more
 * @param statisticsFile whether what {@code cairn stat} shows of an open database is written to a file every second
 * @param sortMemoryBytes about how much memory the building of an index takes to sort, bytes; what is more goes to a temporary file
 * @param hugePages whether the memory for pages is to lie in huge pages of the operating system, as PostgreSQL's {@code huge_pages = try}: reads wait less
 *     for memory (docs/PERFORMANCE.md). Takes Linux, and {@code com.github.jnr:jnr-ffi} on the class path; without them the database opens all the
 *     same, and a warning is logged. Linux that has transparent huge pages neither on nor on request takes no notice and does not say so
 */
public record DatabaseOptions(
        int pageSize,
        long cacheBytes,
        int segmentBytes,
        int walBufferBytes,
        Durability durability,
        long checkpointBytes,
        Duration checkpointInterval,
        Duration lazyFlushInterval,
        PageSource pageSource,
        int subxactCacheCapacity,
        Duration lockTimeout,
        Duration closeTimeout,
        FailureScope failureScope,
        boolean createIfAbsent,
        long growthBytes,
        boolean statisticsFile,
        int sortMemoryBytes,
        boolean hugePages) {

    /** What an error undoes. */
    public enum FailureScope {
        /** As PostgreSQL: the innermost level is undone and the transaction fails until ROLLBACK TO. */
        TRANSACTION,
        /** Just the statement; the transaction goes on. */
        STATEMENT
    }

    public static final DatabaseOptions DEFAULT = builder().build();

    public DatabaseOptions {
        require(
                Integer.bitCount(pageSize) == 1 && pageSize >= 512 && pageSize <= 32_768,
                "pageSize",
                "a power of two from 512 to 32768",
                pageSize);
        require(cacheBytes >= 16L * pageSize, "cacheBytes", "at least 16 pages", cacheBytes);
        require(
                Integer.bitCount(segmentBytes) == 1 && segmentBytes >= 16_384 && segmentBytes >= 4 * pageSize,
                "segmentBytes",
                "a power of two, at least 16384 and 4 pages",
                segmentBytes);
        require(
                Integer.bitCount(walBufferBytes) == 1 && walBufferBytes >= 8 * pageSize,
                "walBufferBytes",
                "a power of two, at least 8 pages",
                walBufferBytes);
        require(checkpointBytes >= segmentBytes, "checkpointBytes", "at least segmentBytes", checkpointBytes);
        require(isPositive(checkpointInterval), "checkpointInterval", "more than 0", checkpointInterval);
        require(isPositive(lazyFlushInterval), "lazyFlushInterval", "more than 0", lazyFlushInterval);
        require(subxactCacheCapacity >= 1, "subxactCacheCapacity", "at least 1", subxactCacheCapacity);
        require(!lockTimeout.isNegative(), "lockTimeout", "0 or more", lockTimeout);
        require(!closeTimeout.isNegative(), "closeTimeout", "0 or more", closeTimeout);
        require(growthBytes >= pageSize, "growthBytes", "at least pageSize", growthBytes);
        require(sortMemoryBytes >= 256, "sortMemoryBytes", "at least 256", sortMemoryBytes);
    }

    StoreOptions storeOptions() {
        return new StoreOptions(
                pageSize,
                segmentBytes,
                cacheBytes,
                pageSource == PageSource.MAP,
                hugePages,
                walBufferBytes,
                lazyFlushInterval.toNanos(),
                checkpointBytes,
                checkpointInterval.toNanos(),
                growthBytes,
                Math.max(growthBytes, 64L << 20),
                subxactCacheCapacity,
                lockTimeout.isZero() ? Long.MAX_VALUE : lockTimeout.toNanos(),
                createIfAbsent);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String option, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("option " + option + ": expected " + expected + ", found " + found);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.pageSize = pageSize;
        builder.cacheBytes = cacheBytes;
        builder.segmentBytes = segmentBytes;
        builder.walBufferBytes = walBufferBytes;
        builder.durability = durability;
        builder.checkpointBytes = checkpointBytes;
        builder.checkpointInterval = checkpointInterval;
        builder.lazyFlushInterval = lazyFlushInterval;
        builder.pageSource = pageSource;
        builder.subxactCacheCapacity = subxactCacheCapacity;
        builder.lockTimeout = lockTimeout;
        builder.closeTimeout = closeTimeout;
        builder.failureScope = failureScope;
        builder.createIfAbsent = createIfAbsent;
        builder.growthBytes = growthBytes;
        builder.statisticsFile = statisticsFile;
        builder.sortMemoryBytes = sortMemoryBytes;
        builder.hugePages = hugePages;
        return builder;
    }

    /** Mutable, not thread-safe. */
    public static final class Builder {
        private int pageSize = 8192;
        private long cacheBytes = 64L << 20;
        private int segmentBytes = 8 << 20;
        private int walBufferBytes = 4 << 20;
        private Durability durability = Durability.SYNC;
        private long checkpointBytes = 256L << 20;
        private Duration checkpointInterval = Duration.ofMinutes(5);
        private Duration lazyFlushInterval = Duration.ofMillis(200);
        private PageSource pageSource = PageSource.MAP;
        private int subxactCacheCapacity = 64;
        private Duration lockTimeout = Duration.ZERO;
        private Duration closeTimeout = Duration.ofSeconds(10);
        private FailureScope failureScope = FailureScope.TRANSACTION;
        private boolean createIfAbsent = true;
        private long growthBytes = 1L << 20;
        private boolean statisticsFile;
        private int sortMemoryBytes = 16 << 20;
        private boolean hugePages;

        private Builder() {}

        public Builder pageSize(int value) {
            pageSize = value;
            return this;
        }

        public Builder cacheBytes(long value) {
            cacheBytes = value;
            return this;
        }

        public Builder segmentBytes(int value) {
            segmentBytes = value;
            return this;
        }

        public Builder walBufferBytes(int value) {
            walBufferBytes = value;
            return this;
        }

        public Builder durability(Durability value) {
            durability = value;
            return this;
        }

        public Builder checkpointBytes(long value) {
            checkpointBytes = value;
            return this;
        }

        public Builder checkpointInterval(Duration value) {
            checkpointInterval = value;
            return this;
        }

        public Builder lazyFlushInterval(Duration value) {
            lazyFlushInterval = value;
            return this;
        }

        public Builder pageSource(PageSource value) {
            pageSource = value;
            return this;
        }

        public Builder subxactCacheCapacity(int value) {
            subxactCacheCapacity = value;
            return this;
        }

        public Builder lockTimeout(Duration value) {
            lockTimeout = value;
            return this;
        }

        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        public Builder failureScope(FailureScope value) {
            failureScope = value;
            return this;
        }

        public Builder createIfAbsent(boolean value) {
            createIfAbsent = value;
            return this;
        }

        public Builder growthBytes(long value) {
            growthBytes = value;
            return this;
        }

        public Builder statisticsFile(boolean value) {
            statisticsFile = value;
            return this;
        }

        public Builder sortMemoryBytes(int value) {
            sortMemoryBytes = value;
            return this;
        }

        public Builder hugePages(boolean value) {
            hugePages = value;
            return this;
        }

        /**
         * Sets an option from text: numbers in decimal, durations in ISO 8601 ({@code PT5S}), enumerations by name.
         *
         * @throws IllegalArgumentException if there is no such option or the text is no value of it
         */
        public Builder set(String option, String value) {
            try {
                return switch (option) {
                    case "pageSize" -> pageSize(Integer.parseInt(value));
                    case "cacheBytes" -> cacheBytes(Long.parseLong(value));
                    case "segmentBytes" -> segmentBytes(Integer.parseInt(value));
                    case "walBufferBytes" -> walBufferBytes(Integer.parseInt(value));
                    case "durability" -> durability(Durability.valueOf(value));
                    case "checkpointBytes" -> checkpointBytes(Long.parseLong(value));
                    case "checkpointInterval" -> checkpointInterval(Duration.parse(value));
                    case "lazyFlushInterval" -> lazyFlushInterval(Duration.parse(value));
                    case "pageSource" -> pageSource(PageSource.valueOf(value));
                    case "subxactCacheCapacity" -> subxactCacheCapacity(Integer.parseInt(value));
                    case "lockTimeout" -> lockTimeout(Duration.parse(value));
                    case "closeTimeout" -> closeTimeout(Duration.parse(value));
                    case "failureScope" -> failureScope(FailureScope.valueOf(value));
                    case "createIfAbsent" -> createIfAbsent(parseBoolean(value));
                    case "growthBytes" -> growthBytes(Long.parseLong(value));
                    case "statisticsFile" -> statisticsFile(parseBoolean(value));
                    case "sortMemoryBytes" -> sortMemoryBytes(Integer.parseInt(value));
                    case "hugePages" -> hugePages(parseBoolean(value));
                    default -> throw new IllegalArgumentException("there is no such option");
                };
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                throw new IllegalArgumentException("option " + option + "=" + value + ": " + e.getMessage(), e);
            }
        }

        private static boolean parseBoolean(String value) {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("expected true or false");
            };
        }

        /** @throws IllegalArgumentException if an option is out of its range or contradicts another */
        public DatabaseOptions build() {
            return new DatabaseOptions(
                    pageSize,
                    cacheBytes,
                    segmentBytes,
                    walBufferBytes,
                    durability,
                    checkpointBytes,
                    checkpointInterval,
                    lazyFlushInterval,
                    pageSource,
                    subxactCacheCapacity,
                    lockTimeout,
                    closeTimeout,
                    failureScope,
                    createIfAbsent,
                    growthBytes,
                    statisticsFile,
                    sortMemoryBytes,
                    hugePages);
        }
    }
}
