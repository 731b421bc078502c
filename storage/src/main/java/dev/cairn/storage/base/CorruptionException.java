package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** Bytes from disk are not what was written. Subclasses say where; nothing on disk has been changed. */
public class CorruptionException extends EngineFailedException {

    public CorruptionException(String message) {
        this(message, null);
    }

    public CorruptionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
