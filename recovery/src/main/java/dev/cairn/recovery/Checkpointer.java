package dev.cairn.recovery;

import java.util.function.LongSupplier;

/** Makes checkpoints. */
public final class Checkpointer {

    Checkpointer() {}

    /** Makes a checkpoint now, on this thread; waits for one in progress first. */
    public void checkpoint() {
        throw new UnsupportedOperationException();
    }

    /** A background step: makes a checkpoint if one is due by log volume or by time. */
    public boolean step() {
        throw new UnsupportedOperationException();
    }

    /** Log from the LSN that {@code minLsn} gives on is kept from now on. */
    public void addRetention(LongSupplier minLsn) {
        throw new UnsupportedOperationException();
    }
}
