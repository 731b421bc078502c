package dev.cairn.fuzz.schedule;

/**
 * The simulated process is gone: thrown in every thread of it wherever it would give way to another. An error, so that
 * nothing in the engine takes it for a failure that it could handle.
 */
public final class ScheduleStopped extends Error {

    private static final long serialVersionUID = 1;

    ScheduleStopped() {
        super("the simulated process has ended", null, false, false);
    }
}
