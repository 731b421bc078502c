package dev.cairn.storage.base;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The machine's own clocks. Thread-safe. */
public final class SystemClock implements Clock {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMicros() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    }
}
