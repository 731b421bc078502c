package dev.cairn.storage.btree;

import java.util.Arrays;

/** Keys as byte strings, compared as unsigned bytes, a prefix before what it is a prefix of. Stateless. */
public final class KeyBytes {

    /** The smallest key. */
    public static final byte[] LEAST = {};

    private KeyBytes() {}

    public static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }

    /** How many leading bytes both have in common. */
    public static int commonPrefix(byte[] a, byte[] b) {
        int differs = Arrays.mismatch(a, b);
        return differs < 0 ? a.length : differs;
    }

    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.mismatch(key, 0, prefix.length, prefix, 0, prefix.length) < 0;
    }

    /**
     * The shortest key that parts two: greater than {@code left}, not greater than {@code right}.
     *
     * @throws IllegalArgumentException unless left is less than right
     */
    public static byte[] separator(byte[] left, byte[] right) {
        if (compare(left, right) >= 0) {
            throw new IllegalArgumentException("expected two keys in ascending order");
        }
        return Arrays.copyOf(right, commonPrefix(left, right) + 1);
    }

    /**
     * The least key that is greater than every key with this prefix; null if there is none, as all its bytes are 0xFF.
     */
    public static byte @org.jspecify.annotations.Nullable [] afterPrefix(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xFF) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
    }
}
