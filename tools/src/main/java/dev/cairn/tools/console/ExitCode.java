package dev.cairn.tools.console;

import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.TransactionException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What the exit codes mean, the same for every command. */
public final class ExitCode {

    public static final int DONE = 0;
    /** The thing tested failed. */
    public static final int FAILED = 1;

    public static final int USAGE = 2;
    public static final int DAMAGED = 3;
    /** Unreadable, or refused: in use, another format version. */
    public static final int REFUSED = 4;
    /** A live directory changed faster than it could be read. */
    public static final int GAVE_UP = 5;

    private ExitCode() {}

    /** The code for what ended a command. The first failure counts: an engine that stopped carries it as its cause. */
    public static int of(Throwable failure) {
        if (failure instanceof LiveDirectoryException) {
            return GAVE_UP;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CorruptionException) {
                return DAMAGED;
            }
        }
        if (failure instanceof EngineFailedException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof UnreadableException) {
            return REFUSED;
        }
        if (failure instanceof UsageException) {
            return USAGE;
        }
        return FAILED;
    }

    /** Whether the failure is one that people are told in a line; anything else is a defect: {@link FailureText}. */
    public static boolean isExpected(Throwable failure) {
        return failure instanceof CairnException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof UnreadableException
                || failure instanceof LiveDirectoryException
                || failure instanceof UsageException;
    }

    /** One line for people. */
    public static String message(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (failure instanceof TransactionException transaction) {
            return message + " (SQLSTATE " + transaction.sqlState() + ")";
        }
        return failure instanceof CairnException
                        || failure instanceof UnreadableException
                        || failure instanceof LiveDirectoryException
                        || failure instanceof UsageException
                ? message
                : failure.getClass().getSimpleName() + ": " + message;
    }
}
