package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes come back by their LSN also where they go round the end of the ring, as they do when segments are longer than it. */
class LogRingTest {

    private static final int CAPACITY = 1024;

    private final LogRing ring = new LogRing(CAPACITY);

    private byte[] get(long at, int length) {
        byte[] found = new byte[length];
        ring.get(at, found, length);
        return found;
    }

    @Test
    void bytesGoRoundTheEnd() {
        Random random = new Random(1);
        byte[] model = new byte[CAPACITY];
        long at = 5 * CAPACITY;
        for (int i = 0; i < 2_000; i++) {
            byte[] source = new byte[300];
            random.nextBytes(source);
            int offset = random.nextInt(100);
            int length = random.nextInt(200);
            assertEquals(at + length, ring.put(at, source, offset, length));
            for (int j = 0; j < length; j++) {
                model[(int) ((at + j) % CAPACITY)] = source[offset + j];
            }
            assertArrayEquals(Arrays.copyOfRange(source, offset, offset + length), get(at, length));
            at += length;
            int zeros = random.nextInt(8);
            ring.putZeros(at, zeros);
            for (int j = 0; j < zeros; j++) {
                model[(int) ((at + j) % CAPACITY)] = 0;
            }
            at += zeros;
            assertArrayEquals(model, get(7 * CAPACITY, CAPACITY), "nothing else has changed");
        }
    }
}
