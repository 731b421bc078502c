package dev.cairn.wal;

/** Scrambles 64 bits so that each bit of the input moves about half of the output: SplitMix64's finaliser. */
final class Mix {

    private static final long FIRST = 0xBF58476D1CE4E5B9L;
    private static final long SECOND = 0x94D049BB133111EBL;

    private Mix() {}

    static long mix(long value) {
        long z = (value ^ value >>> 30) * FIRST;
        z = (z ^ z >>> 27) * SECOND;
        return z ^ z >>> 31;
    }
}
