package dev.cairn.storage.base;

import org.jspecify.annotations.Nullable;

/** Neither slot of the control file is valid, or the control file is missing beside other files of a database. */
public final class ControlFileException extends CorruptionException {

    public ControlFileException(String message) {
        this(message, null);
    }

    public ControlFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
