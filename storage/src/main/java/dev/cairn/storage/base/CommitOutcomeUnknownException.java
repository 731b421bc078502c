package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** The log write or sync of a COMMIT failed: whether the transaction is durable is known only after reopening. */
public final class CommitOutcomeUnknownException extends EngineFailedException {

    public CommitOutcomeUnknownException(String message) {
        this(message, null);
    }

    public CommitOutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
