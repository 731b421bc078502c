package dev.cairn.engine;

import java.time.Duration;

/**
 * How often {@link Database#transact} tries, and how long it rests in between: at random up to {@code firstPause}, then up to
 * twice as long after each further failure, but no longer than {@code longestPause}.
 *
 * @param attempts 1 or more
 * @param firstPause 0 or more
 * @param longestPause {@code firstPause} or more
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {

    /** 20 attempts, with pauses of up to 1 ms at first and 250 ms at last. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(20, Duration.ofMillis(1), Duration.ofMillis(250));

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, not " + attempts);
        }
        if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses must be 0 or more, the longest no shorter than the first, not "
                    + firstPause + " and " + longestPause);
        }
    }

    /** The longest pause after that many failures, 1 or more, in nanoseconds. */
    long mostNanos(int failures) {
        long nanos = firstPause.toNanos();
        for (int i = 1; i < failures && nanos < longestPause.toNanos(); i++) {
            nanos *= 2;
        }
        return Math.min(nanos, longestPause.toNanos());
    }
}
