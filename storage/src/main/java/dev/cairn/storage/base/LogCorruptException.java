package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** Acknowledged log is missing or damaged. Opening is refused; the message names the LSN, what was expected and what was found. */
public final class LogCorruptException extends CorruptionException {

    public LogCorruptException(String message) {
        this(message, null);
    }

    public LogCorruptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
