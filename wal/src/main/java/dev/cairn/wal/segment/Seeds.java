package dev.cairn.wal.segment;

/**
 * What seeds the checksum of a record: who the database is, where the record stands, and in which life it was written. So
 * zeros, recycled bytes, another database's log and records of an earlier life are never valid where they lie.
 */
public final class Seeds {

    private static final long FIRST = 0xBF58476D1CE4E5B9L;
    private static final long SECOND = 0x94D049BB133111EBL;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** Scrambles 64 bits so that each bit moves about half of the others: SplitMix64's finaliser. One to one. */
    public static long mix(long value) {
        long z = (value ^ value >>> 30) * FIRST;
        z = (z ^ z >>> 27) * SECOND;
        return z ^ z >>> 31;
    }

    /** The part that stays the same for a whole life. */
    public static long ofLife(long databaseSeed, long incarnation, long salt) {
        return mix(mix(mix(databaseSeed) + incarnation * STEP) ^ salt);
    }

    /** The seed of the record at {@code start} in the life whose part is {@code life}. */
    public static long ofRecord(long life, long start) {
        return mix(life + start * STEP);
    }
}
