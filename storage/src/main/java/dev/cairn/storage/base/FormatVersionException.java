package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** The directory was written by another format version: too old and too new are told apart in the message. */
public final class FormatVersionException extends EngineFailedException {

    public FormatVersionException(String message) {
        this(message, null);
    }

    public FormatVersionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
