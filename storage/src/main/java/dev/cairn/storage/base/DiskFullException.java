package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/**
 * No space left on the device. Thrown only where space is taken ahead of need, so nothing has been lost: the statement
 * fails with 53100 and the engine goes on.
 */
public final class DiskFullException extends TransactionException {

    public DiskFullException(String message, @Nullable Throwable cause) {
        super(SqlState.DISK_FULL, message, cause);
    }
}
