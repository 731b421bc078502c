package dev.cairn.storage.base;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One operation or transaction failed; the engine goes on. Carries the SQLSTATE that PostgreSQL gives. */
public non-sealed class TransactionException extends CairnException {

    private final String sqlState;
    private final @Nullable String detail;

    public TransactionException(String sqlState, String message) {
        this(sqlState, message, null);
    }

    public TransactionException(String sqlState, String message, @Nullable Throwable cause) {
        this(sqlState, message, null, cause);
    }

    /** @param detail more about it, a sentence: what PostgreSQL says as DETAIL */
    public TransactionException(String sqlState, String message, @Nullable String detail, @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = Objects.requireNonNull(sqlState);
        this.detail = detail;
    }

    /** Five characters, a constant of {@link SqlState} wherever Cairn itself raises the error. */
    public final String sqlState() {
        return sqlState;
    }

    /** More than the message says, in a sentence; null if there is no more. */
    public final @Nullable String detail() {
        return detail;
    }
}
