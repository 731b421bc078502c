package dev.cairn.storage.base;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SystemClockTest {

    private final SystemClock clock = new SystemClock();

    @Test
    void microsecondsAreNoFurtherFromTheMillisecondsThanTwo() {
        long end = System.nanoTime() + 1_200_000_000L;
        long last = 0;
        int differing = 0;
        while (System.nanoTime() < end) {
            long before = System.currentTimeMillis();
            long micros = clock.epochMicros();
            long after = System.currentTimeMillis();
            assertTrue(micros >= (before - 2) * 1_000 && micros <= (after + 3) * 1_000, before + " " + micros);
            differing += micros == last ? 0 : 1;
            last = micros;
        }
        assertTrue(differing > 1_200, "finer than milliseconds: " + differing);
    }

    @Test
    void theTimeIsToldWithoutAnObject() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int without = 0;
        for (int i = 0; i < 1_000; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            clock.epochMicros();
            without += threads.getCurrentThreadAllocatedBytes() == before ? 1 : 0;
        }
        assertTrue(without >= 990, "without: " + without);
    }
}
