package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything Cairn throws on purpose. There are two branches: {@link TransactionException} (roll back, the
 * engine is fine) and {@link EngineFailedException} (close, reopen, recover).
 */
public abstract sealed class CairnException extends RuntimeException
        permits TransactionException, EngineFailedException {

    CairnException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
