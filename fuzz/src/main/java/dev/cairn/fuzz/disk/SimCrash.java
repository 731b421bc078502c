package dev.cairn.fuzz.disk;

/**
 * The simulated machine has lost power: thrown by the operation at which that happened and by every later one. An error, so
 * that nothing in the engine takes it for a failure that it could handle.
 */
public final class SimCrash extends Error {

    private static final long serialVersionUID = 1;

    SimCrash(String message) {
        super(message, null, false, false);
    }
}
