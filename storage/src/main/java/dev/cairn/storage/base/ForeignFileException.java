package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** An intact file belongs to another database. */
public final class ForeignFileException extends CorruptionException {

    public ForeignFileException(String message) {
        this(message, null);
    }

    public ForeignFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
