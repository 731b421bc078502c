package dev.cairn.bench.keyvalue;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keys of 16 random bytes and values of 100, each computed from its number. Stateless. */
final class Data {

    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 100;

    private static final long SEED = 0x5CA1AB1E;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Data() {}

    static byte[] key(long number) {
        long base = SEED + 2 * number * STEP;
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(mixed(base))
                .putLong(mixed(base + STEP))
                .array();
    }

    static byte[] value(long number) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        for (long at = 1; value.remaining() >= Long.BYTES; at++) {
            value.putLong(mixed(SEED + number * STEP + at));
        }
        return value.putInt((int) number).array();
    }

    /** Whether it is that number's value; judged by its end, to cost little. */
    static boolean isValue(byte[] value, long number) {
        return value.length == VALUE_BYTES
                && Arrays.equals(value, VALUE_BYTES - Integer.BYTES, VALUE_BYTES, ints(number), 0, Integer.BYTES);
    }

    private static byte[] ints(long number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) number).array();
    }

    /** The finalizer of SplittableRandom (Steele, Lea, Flood 2014). */
    static long mixed(long seed) {
        long z = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
