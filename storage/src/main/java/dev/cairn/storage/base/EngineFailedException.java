package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/**
 * The engine cannot go on with this directory: close it, mend the cause, reopen, and recovery restores what was
 * acknowledged. After a failure every later call rethrows the first cause.
 */
public non-sealed class EngineFailedException extends CairnException {

    public EngineFailedException(String message) {
        this(message, null);
    }

    public EngineFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
