package dev.cairn.fuzz.api;

/**
 * A workload's check, a step or the engine failed. The message has the line that reproduces it first, then what happened, then
 * the shortest run found that fails, as trees of savepoints. The cause is the failure itself.
 */
public final class CrashTestFailure extends AssertionError {

    private static final long serialVersionUID = 1;

    private final long seed;
    private final long operation;
    private final String reproduce;
    private final String story;

    CrashTestFailure(long seed, long operation, String reproduce, String story, Throwable cause) {
        super("reproduce: " + reproduce + "\n" + story, cause);
        this.seed = seed;
        this.operation = operation;
        this.reproduce = reproduce;
        this.story = story;
    }

    public long seed() {
        return seed;
    }

    /** The operation on the disk at which it crashed; 0 if the failure needs no crash. */
    public long operation() {
        return operation;
    }

    /** What reproduces it, without the word. */
    public String reproduce() {
        return reproduce;
    }

    /** What happened, and the shortest run that fails. */
    public String story() {
        return story;
    }
}
