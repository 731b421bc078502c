package dev.cairn.tools.console;

/** There is nothing here that the command can read: no such directory, no database in it. Exit code 4. */
public final class UnreadableException extends RuntimeException {
    public UnreadableException(String message) {
        super(message);
    }
}
