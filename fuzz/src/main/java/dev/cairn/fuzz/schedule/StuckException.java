package dev.cairn.fuzz.schedule;

/** All threads wait for each other, or spin, and nothing will ever end that. Says where each of them stands. */
public final class StuckException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StuckException(String message) {
        super(message);
    }
}
