package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.cache.PageSource;
import dev.cairn.storage.testing.MemoryDisk;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options and names: what is allowed in each, to the last value. */
class StoreOptionsTest {

    /** The least values that are allowed, in the order of the record's components. */
    private static final long[] LEAST = {512, 16 << 10, 1, 0, 0, 4096, 1, 1, 1, 1, 1, 1, 1, 0};

    private static final String[] NAMES = {
        "pageSize",
        "segmentBytes",
        "cacheBytes",
        "mapPages",
        "hugePages",
        "walBufferBytes",
        "lazyFlushNanos",
        "checkpointBytes",
        "checkpointIntervalNanos",
        "growthMinBytes",
        "growthMaxBytes",
        "subxactCacheCapacity",
        "lockTimeoutNanos"
    };

    private static StoreOptions of(long[] v) {
        return new StoreOptions(
                (int) v[0],
                (int) v[1],
                v[2],
                v[3] != 0,
                v[4] != 0,
                (int) v[5],
                v[6],
                v[7],
                v[8],
                v[9],
                v[10],
                (int) v[11],
                v[12],
                v[13] != 0);
    }

    private static void isRefused(int component, long value) {
        long[] values = LEAST.clone();
        values[component] = value;
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of(values));
        assertEquals(NAMES[component] + " cannot be " + value, e.getMessage());
    }

    @Test
    void theLeastIsAllowedAndLessIsNamed() {
        assertEquals(512, of(LEAST).pageSize());
        for (int component : new int[] {2, 5, 6, 7, 8, 9, 10, 11, 12}) {
            isRefused(component, LEAST[component] - 1);
            isRefused(component, -5);
        }
        for (long pageSize : new long[] {256, 511, 513, 64 << 10, -512}) {
            isRefused(0, pageSize);
        }
        for (long segmentBytes : new long[] {8 << 10, 24 << 10, Integer.MIN_VALUE, (16 << 10) + 1}) {
            isRefused(1, segmentBytes);
        }
        long[] growth = LEAST.clone();
        growth[9] = 2;
        assertThrows(IllegalArgumentException.class, () -> of(growth));
    }

    @Test
    void theMostIsAllowed() {
        long[] values = LEAST.clone();
        values[0] = 32 << 10;
        values[1] = 1 << 30;
        assertEquals(32 << 10, of(values).pageSize());
        values[1] = 128 << 10;
        assertEquals(128 << 10, of(values).segmentBytes());
        values[1] = 64 << 10;
        assertThrows(IllegalArgumentException.class, () -> of(values), "four pages a segment at least");
    }

    @Test
    void optionsOfTheParts() {
        StoreOptions options = StoreFixture.OPTIONS;
        assertEquals(
                new PageCache.Options(512, 1, PageSource.READ, false), of(LEAST).cacheOptions());
        long[] values = LEAST.clone();
        values[3] = 1;
        StoreOptions mapped = of(values);
        assertEquals(new PageCache.Options(512, 1, PageSource.MAP, false), mapped.cacheOptions());
        assertEquals(mapped, mapped.of(mapped.pageSize(), mapped.segmentBytes()));
        values[3] = 0;
        values[4] = 1;
        StoreOptions huge = of(values);
        assertEquals(new PageCache.Options(512, 1, PageSource.READ, true), huge.cacheOptions());
        assertEquals(huge, huge.of(huge.pageSize(), huge.segmentBytes()));
        assertEquals(options.walBufferBytes(), options.walOptions().bufferBytes());
        assertEquals(options.segmentBytes(), options.walOptions().segmentBytes());
        StoreOptions other = options.of(1024, 32 << 10);
        assertEquals(1024, other.pageSize());
        assertEquals(32 << 10, other.segmentBytes());
        assertEquals(options, other.of(options.pageSize(), options.segmentBytes()));
    }

    @Test
    void fileIdsEndBeforeTheyRepeat() {
        FileIdAllocator ids = new FileIdAllocator(Integer.MAX_VALUE - 1);
        assertEquals(Integer.MAX_VALUE - 1, ids.allocate());
        assertEquals(Integer.MAX_VALUE, ids.next());
        assertThrows(IllegalStateException.class, ids::allocate);
        assertThrows(IllegalStateException.class, ids::allocate);
        assertEquals(Integer.MAX_VALUE, ids.next());
    }

    @Test
    void namesAreToldApart() {
        MemoryDisk disk = MemoryDisk.of(Map.of(
                "control", new byte[1],
                "heap-00000001", new byte[1],
                "heap-00000000", new byte[1],
                "status", new byte[1],
                "wal-0000000000000001", new byte[1],
                "wal-new", new byte[1],
                "notes", new byte[1]));
        StoreFiles files = StoreFiles.of(disk);
        assertTrue(files.control());
        assertFalse(files.creating());
        assertEquals(List.of(1), files.dataFileIds());
        assertEquals(List.of("status", "wal-0000000000000001", "wal-new"), files.others());
        assertEquals(List.of("heap-00000000", "notes"), files.unknown());
        assertTrue(files.holdsDatabase());
        assertTrue(StoreFiles.of(MemoryDisk.of(Map.of("status", new byte[1]))).holdsDatabase());
        assertTrue(StoreFiles.of(MemoryDisk.of(Map.of("heap-00000002", new byte[1])))
                .holdsDatabase());
        StoreFiles begun = StoreFiles.of(MemoryDisk.of(Map.of("control.new", new byte[1])));
        assertTrue(begun.creating());
        assertFalse(begun.holdsDatabase());
    }
}
