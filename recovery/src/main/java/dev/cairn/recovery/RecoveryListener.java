package dev.cairn.recovery;

/**
 * Hears how opening gets on, on the thread that opens. An exception thrown here ends the opening (which may be repeated:
 * recovery is safe to stop at any point).
 */
@FunctionalInterface
public interface RecoveryListener {

    RecoveryListener SILENT = progress -> {};

    /** Called at the begin and the end of each phase, and within scan and redo about once per mebibyte of log. */
    void progress(Progress progress);

    /**
     * How far a phase has come.
     *
     * @param bytesDone bytes of log handled in this phase
     * @param bytesTotal bytes to handle; 0 while unknown (a scan does not know the end that it looks for)
     * @param elapsedNanos since the phase began
     */
    record Progress(RecoveryPhase phase, long bytesDone, long bytesTotal, long elapsedNanos) {

        /** 0 to 100; 0 while the total is unknown. */
        public int percent() {
            return bytesTotal <= 0 ? 0 : (int) Math.min(100, bytesDone * 100 / bytesTotal);
        }

        /** Bytes of log per second since the phase began; 0 before a millisecond has passed. */
        public long bytesPerSecond() {
            long millis = elapsedNanos / 1_000_000;
            return millis == 0 ? 0 : bytesDone / millis * 1000 + bytesDone % millis * 1000 / millis;
        }
    }
}
