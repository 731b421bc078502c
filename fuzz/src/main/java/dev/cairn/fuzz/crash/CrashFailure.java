package dev.cairn.fuzz.crash;

/** A crash state from which the database did not come back as it must. The cause says how. */
public final class CrashFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long seed;
    private final long operation;

    public CrashFailure(long seed, long operation, String where, Throwable cause) {
        super(where + ": " + cause, cause);
        this.seed = seed;
        this.operation = operation;
    }

    public long seed() {
        return seed;
    }

    /** The disk operation at which the power was cut; 0 if it was not. */
    public long operation() {
        return operation;
    }
}
