package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.LoggedRecord;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log, given as an LSN or as a time.
 *
 * @param lsn or 0
 * @param micros since 1970, or 0
 */
record LogPosition(long lsn, long micros) {

    /** @throws UsageException if the text is neither {@code 0/1A2B} nor {@code 2026-01-31T12:00:00Z} */
    static LogPosition parse(String option, String text) {
        try {
            return text.indexOf('/') > 0
                    ? new LogPosition(Lsn.parse(text), 0)
                    : new LogPosition(0, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text)));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new UsageException(
                    option + ": expected an LSN such as 0/1A2B or a time such as 2026-01-31T12:00:00Z, found " + text);
        }
    }

    static @Nullable LogPosition parseOrNull(String option, @Nullable String text) {
        return text == null ? null : parse(option, text);
    }

    /**
     * Whether a record stands before this place.
     *
     * @param time the newest time that the log has told by then, microseconds since 1970
     */
    boolean isAfter(LoggedRecord record, long time) {
        return lsn > 0 ? record.start() < lsn : time < micros;
    }
}
