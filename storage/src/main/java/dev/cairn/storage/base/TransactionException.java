package dev.cairn.storage.base;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One operation or transaction failed; the engine goes on. Carries the SQLSTATE that PostgreSQL gives. */
public non-sealed class TransactionException extends CairnException {

    private final String sqlState;

    public TransactionException(String sqlState, String message) {
        this(sqlState, message, null);
    }

    public TransactionException(String sqlState, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = Objects.requireNonNull(sqlState);
    }

    /** Five characters, a constant of {@link SqlState} wherever Cairn itself raises the error. */
    public final String sqlState() {
        return sqlState;
    }
}
