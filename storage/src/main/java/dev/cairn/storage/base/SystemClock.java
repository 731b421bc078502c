package dev.cairn.storage.base;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The machine's own clocks. Thread-safe.
 *
 * <p>Microseconds come only as an {@link Instant}, an object. So that is asked for once a second, and what has passed since is added; not
 * when that is off by more than the milliseconds that the machine tells without one, as somebody has set its clock then.
 */
public final class SystemClock implements Clock {

    private static final long TRUSTED_NANOS = 1_000_000_000L;
    private static final long MICROS_PER_MILLI = 1_000;

    private volatile Anchor anchor = Anchor.now();

    /** One moment on both clocks. */
    private record Anchor(long nanos, long micros) {
        static Anchor now() {
            Instant now = Instant.now();
            return new Anchor(
                    System.nanoTime(), TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMicros() {
        Anchor last = anchor;
        long passed = System.nanoTime() - last.nanos;
        long micros = last.micros + passed / 1_000;
        if (passed < TRUSTED_NANOS
                && Math.abs(micros - System.currentTimeMillis() * MICROS_PER_MILLI) <= 2 * MICROS_PER_MILLI) {
            return micros;
        }
        Anchor now = Anchor.now();
        anchor = now;
        return now.micros;
    }
}
