package dev.cairn.recovery;

import dev.cairn.recovery.RecoveryListener.Progress;
import dev.cairn.storage.base.Clock;

/** Turns positions into calls of the listener, about one per mebibyte. One thread. */
final class ProgressMeter {

    private static final long STRIDE_BYTES = 1 << 20;

    private final RecoveryListener listener;
    private final Clock clock;
    private RecoveryPhase phase = RecoveryPhase.SCAN;
    private long total;
    private long done;
    private long told;
    private long begunNanos;

    ProgressMeter(RecoveryListener listener, Clock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** @param totalBytes 0 if unknown */
    void begin(RecoveryPhase next, long totalBytes) {
        phase = next;
        total = totalBytes;
        done = 0;
        begunNanos = clock.nanoTime();
        tell();
    }

    /** {@code doneBytes} of this phase are done. */
    void at(long doneBytes) {
        done = doneBytes;
        if (done - told >= STRIDE_BYTES) {
            tell();
        }
    }

    /** The phase is complete. */
    void end() {
        tell();
    }

    private void tell() {
        told = done;
        listener.progress(new Progress(phase, done, total, clock.nanoTime() - begunNanos));
    }
}
