package dev.cairn.storage.btree;

import java.util.Arrays;

/**
 * Arrays for keys that are needed for a short while, used again by their length: keys of one index are of few lengths, as escaped bytes
 * make some longer than others. Not thread-safe.
 */
public final class KeyArrays {

    private static final int KEPT = 16;

    private final byte[][] arrays = new byte[KEPT][];

    public KeyArrays() {
        Arrays.fill(arrays, KeyBytes.LEAST);
    }

    /** An array of that length, with anything in it; another one than was given out for a length that differs by less than 16. */
    public byte[] ofLength(int length) {
        int place = length % KEPT;
        if (arrays[place].length != length) {
            arrays[place] = new byte[length];
        }
        return arrays[place];
    }
}
