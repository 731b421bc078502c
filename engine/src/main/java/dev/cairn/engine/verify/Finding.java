package dev.cairn.engine.verify;

import dev.cairn.storage.base.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it must be, and where.
 *
 * @param error false for what is worth knowing but no damage
 * @param file the file's name; null if it is of no single file
 * @param page the page's number in its file; negative if it is of no page
 * @param slot the row version's slot on the page; negative if it is of no version
 * @param lsn the log record's start; {@link Lsn#NONE} if it is of no record
 * @param text what was expected and found
 */
public record Finding(boolean error, @Nullable String file, long page, int slot, long lsn, String text) {

    private static final int NONE = -1;

    static Finding of(String text) {
        return new Finding(true, null, NONE, NONE, Lsn.NONE, text);
    }

    static Finding inFile(String file, String text) {
        return new Finding(true, file, NONE, NONE, Lsn.NONE, text);
    }

    static Finding onPage(String file, long page, String text) {
        return new Finding(true, file, page, NONE, Lsn.NONE, text);
    }

    static Finding ofVersion(String file, long page, int slot, String text) {
        return new Finding(true, file, page, slot, Lsn.NONE, text);
    }

    static Finding inLog(@Nullable String file, long lsn, String text) {
        return new Finding(true, file, NONE, NONE, lsn, text);
    }

    /** The same, but no damage. */
    Finding note() {
        return new Finding(false, file, page, slot, lsn, text);
    }

    /** One line for people. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(error ? "error" : "note");
        if (file != null) {
            line.append(' ').append(file);
        }
        if (page >= 0) {
            line.append(" page ").append(page);
        }
        if (slot >= 0) {
            line.append(" slot ").append(slot);
        }
        if (lsn != Lsn.NONE) {
            line.append(" at ").append(Lsn.format(lsn));
        }
        return line.append(": ").append(text).toString();
    }
}
