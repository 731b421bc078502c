package dev.cairn.tools.console;

/** The command line makes no sense, found after it was parsed. Exit code 2. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }
}
