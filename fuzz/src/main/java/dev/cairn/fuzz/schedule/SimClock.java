package dev.cairn.fuzz.schedule;

import dev.cairn.storage.base.Clock;

/** Virtual time: moves a little with every step of the schedule and every look at it. Used by whichever thread runs. */
final class SimClock implements Clock {

    private static final long LOOK_NANOS = 1_000;
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

    private long nanos;
    private long jumpMicros;

    void advance(long byNanos) {
        nanos += byNanos;
    }

    void advanceTo(long toNanos) {
        nanos = Math.max(nanos, toNanos);
    }

    long now() {
        return nanos;
    }

    /** The wall clock is set, forward or back. */
    void jump(long byMicros) {
        jumpMicros += byMicros;
    }

    @Override
    public long nanoTime() {
        nanos += LOOK_NANOS;
        return nanos;
    }

    @Override
    public long epochMicros() {
        nanos += LOOK_NANOS;
        return EPOCH_MICROS + jumpMicros + nanos / 1_000;
    }
}
