package dev.cairn.tools.console;

/** A directory that is in use changed faster than it could be read. Exit code 5. */
public final class LiveDirectoryException extends RuntimeException {
    public LiveDirectoryException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
