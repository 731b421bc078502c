package dev.cairn.storage.base;

/** The only source of time. Thread-safe. */
public interface Clock {

    /** Monotonic nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Wall clock, microseconds since 1970-01-01T00:00Z. May jump either way. */
    long epochMicros();
}
