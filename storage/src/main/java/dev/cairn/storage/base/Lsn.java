package dev.cairn.storage.base;

/**
 * A log sequence number: a byte position in the endless log, 64 bits, positive, unique within an incarnation. 0 means
 * none and precedes every record.
 */
public final class Lsn {

    public static final long NONE = 0;

    private Lsn() {}

    /** The two halves in upper-case hexadecimal, as PostgreSQL prints them: {@code 0/1A2B3C}. */
    public static String format(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }

    /**
     * Reads what {@link #format} writes.
     *
     * @throws IllegalArgumentException if the text is not two hexadecimal numbers with a slash between
     */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                long high = Long.parseUnsignedLong(text, 0, slash, 16);
                long low = Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
                if (high <= 0x7FFF_FFFFL && low <= 0xFFFF_FFFFL) {
                    return high << 32 | low;
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an LSN looks like 0/1A2B3C, found \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("an LSN looks like 0/1A2B3C, found \"" + text + "\"");
    }
}
