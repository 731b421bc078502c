package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** Another open database holds this directory, in this process or in another one. */
public final class DirectoryInUseException extends EngineFailedException {

    public DirectoryInUseException(String message) {
        this(message, null);
    }

    public DirectoryInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
