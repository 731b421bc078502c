package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;

/** The errors that several places raise, in PostgreSQL's words. */
public final class SqlErrors {

    private SqlErrors() {}

    public static TransactionException of(String sqlState, String message) {
        return new TransactionException(sqlState, message);
    }

    /** What PostgreSQL has and Cairn has not. */
    public static TransactionException notSupported(String what) {
        return of(SqlState.FEATURE_NOT_SUPPORTED, what + " is not supported");
    }

    public static TransactionException syntax(String message) {
        return of(SqlState.SYNTAX_ERROR, message);
    }

    public static TransactionException outOfRange(String type) {
        return of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, type + " out of range");
    }

    public static TransactionException divisionByZero() {
        return of(SqlState.DIVISION_BY_ZERO, "division by zero");
    }

    public static TransactionException invalidText(String type, String text) {
        return of(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type " + type + ": \"" + text + "\"");
    }
}
