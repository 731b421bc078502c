package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** The operating system refused a read, a write or a sync. The message names the file, the operation and the offset. */
public final class DiskException extends EngineFailedException {

    public DiskException(String message) {
        this(message, null);
    }

    public DiskException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
