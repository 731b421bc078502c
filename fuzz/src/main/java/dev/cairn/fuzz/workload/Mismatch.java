package dev.cairn.fuzz.workload;

/** The database did something else than the model says. */
public final class Mismatch extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Mismatch(String message) {
        super(message);
    }

    public Mismatch(String message, Throwable cause) {
        super(message, cause);
    }

    static void unless(boolean holds, String otherwise) {
        if (!holds) {
            throw new Mismatch(otherwise);
        }
    }
}
