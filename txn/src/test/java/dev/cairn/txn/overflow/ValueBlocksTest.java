package dev.cairn.txn.overflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is packed can be unpacked, and what lies about its length takes no memory. */
class ValueBlocksTest {

    private static final int BLOCK = ValueBlocks.BLOCK_BYTES;

    /** Runs of a byte between random bytes: some blocks are worth packing, some are not. */
    private static byte[] value(long seed, int length, int runs) {
        Random random = new Random(seed);
        byte[] value = new byte[length];
        random.nextBytes(value);
        for (int i = 0; i < runs && length > 0; i++) {
            int from = random.nextInt(length);
            Arrays.fill(value, from, Math.min(length, from + random.nextInt(BLOCK)), (byte) i);
        }
        return value;
    }

    @Property(tries = 100)
    void whatIsPackedIsUnpacked(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5 * BLOCK) int length,
            @ForAll @IntRange(max = 20) int runs) {
        byte[] value = value(seed, length, runs);
        byte[] stored = ValueBlocks.compress(value, length);
        if (stored != null) {
            assertTrue(stored.length < length);
            assertArrayEquals(value, ValueBlocks.expand(stored, length));
        }
    }

    @Test
    void sizesAroundTheBlocksBorders() {
        for (int length : new int[] {1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7}) {
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) 7);
            byte[] stored = ValueBlocks.compress(value, length + 100);
            assertNotNull(stored);
            assertArrayEquals(value, ValueBlocks.expand(stored, length));
        }
    }

    @Test
    void whatDoesNotGetShorterIsLeftAsItIs() {
        byte[] noise = value(3, 10 * BLOCK, 0);
        assertNull(ValueBlocks.compress(noise, noise.length));
        assertNull(ValueBlocks.compress(new byte[BLOCK], 10));
    }

    /** A few bytes cannot stand for 64 MiB, whatever their headers say. */
    @Test
    void aLieAboutTheLengthIsRefusedBeforeMemoryIsTaken() {
        byte[] stored = ValueBlocks.compress(new byte[BLOCK], BLOCK);
        assertNotNull(stored);
        for (int length : new int[] {0, 1, BLOCK - 1, BLOCK + 1, 2 * BLOCK, OverflowReference.MAX_LENGTH}) {
            assertThrows(CorruptionException.class, () -> ValueBlocks.expand(stored, length), "as " + length);
        }
        byte[] header = {4, 0, 0, 0, 1, 2, 3, 4};
        CorruptionException bomb = assertThrows(CorruptionException.class, () -> ValueBlocks.expand(header, BLOCK));
        assertEquals("expected bytes for a block of 65536, found 4", bomb.getMessage());
    }

    @Property(tries = 300)
    void flippedBitsGiveOtherBytesOrATypedError(@ForAll long seed, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] value = value(seed, 2 * BLOCK + 10, 6);
        byte[] stored = ValueBlocks.compress(value, 3 * BLOCK);
        assertNotNull(stored);
        stored[at % stored.length] ^= (byte) (1 << (at % 8));
        try {
            assertEquals(value.length, ValueBlocks.expand(stored, value.length).length);
        } catch (CorruptionException e) {
            assertNotNull(e.getMessage());
        }
    }
}
