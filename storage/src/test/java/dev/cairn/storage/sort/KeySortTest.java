package dev.cairn.storage.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.testing.MemoryDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeySortTest {

    private static final int MAX_KEY_BYTES = 100;

    private final MemoryDisk disk = new MemoryDisk();

    private static List<String> drain(KeySort sort) {
        List<String> keys = new ArrayList<>();
        while (sort.next()) {
            keys.add(HexFormat.of().formatHex(sort.key()));
        }
        return keys;
    }

    @Property(tries = 200)
    void sortsLikeASortedSet(@ForAll long seed) {
        Random random = new Random(seed);
        int memory = 300 + random.nextInt(random.nextBoolean() ? 2_000 : 100_000);
        NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
        try (KeySort sort = new KeySort(disk, 7, memory, MAX_KEY_BYTES)) {
            int count = random.nextInt(2_000);
            for (int i = 0; i < count; i++) {
                byte[] key = new byte[random.nextInt(random.nextInt(4) == 0 ? MAX_KEY_BYTES + 1 : 3)];
                random.nextBytes(key);
                model.add(key);
                sort.add(key);
            }
            assertEquals(model.stream().map(HexFormat.of()::formatHex).toList(), drain(sort));
            assertFalse(sort.next());
        }
        assertEquals(List.of(), disk.list());
    }

    @Test
    void whatFitsInMemoryNeedsNoFile() {
        try (KeySort sort = new KeySort(disk, 7, 1000, MAX_KEY_BYTES)) {
            sort.add(new byte[] {2});
            sort.add(new byte[] {1});
            assertEquals(List.of("01", "02"), drain(sort));
            assertEquals(0, sort.runs());
            assertEquals(0, sort.passes());
            assertEquals(List.of(), disk.list());
        }
    }

    @Test
    void runsAreMergedAFewAtATime() {
        try (KeySort sort = new KeySort(disk, 7, 1024, MAX_KEY_BYTES)) {
            for (int i = 0; i < 5000; i++) {
                sort.add(new byte[] {(byte) (i * 7), (byte) (i >> 8)});
            }
            assertEquals(List.of("sort-00000007-0"), disk.list());
            assertTrue(SortFile.isSortFile("sort-00000007-0"));
            int before = sort.runs();
            assertTrue(before > 30, "runs: " + before);
            assertTrue(sort.next());
            assertTrue(sort.passes() >= 3, "passes: " + sort.passes());
            assertEquals(1, disk.list().size());
        }
        assertEquals(List.of(), disk.list());
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        for (int at : new int[] {0, 5, 20}) {
            try (KeySort sort = new KeySort(disk, 7, 1024, MAX_KEY_BYTES)) {
                for (int i = 0; i < 50; i++) {
                    sort.add(new byte[] {(byte) i});
                }
                byte[] bytes = disk.bytes("sort-00000007-0");
                bytes[at] ^= 4;
                disk.put("sort-00000007-0", bytes);
                TransactionException refused = assertThrows(TransactionException.class, sort::next);
                assertEquals("58030", refused.sqlState());
            }
            assertEquals(List.of(), disk.list());
        }
    }

    @Test
    void otherFilesAreNoTemporaryOnes() {
        for (String name :
                List.of("sort-7-0", "sort-00000007", "sort-0000000G-1", "heap-00000007", "sort-00000007-1x")) {
            assertFalse(SortFile.isSortFile(name), name);
        }
    }
}
