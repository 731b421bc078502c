package dev.cairn.fuzz.disk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A fast 64-bit hash for telling states and traces apart; not cryptographic. */
public final class TraceHash {

    public static final long SEED = 0x51_7C_C1_B7_27_22_0A_95L;

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private TraceHash() {}

    public static long mix(long hash, long value) {
        long x = (hash ^ value) * MULTIPLIER;
        return x ^ x >>> 29;
    }

    static long text(long hash, String text) {
        long result = mix(hash, text.length());
        for (int i = 0; i < text.length(); i++) {
            result = mix(result, text.charAt(i));
        }
        return result;
    }

    static long bytes(byte[] bytes) {
        long hash = SEED;
        int i = 0;
        for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            hash = mix(hash, (long) LONGS.get(bytes, i));
        }
        for (; i < bytes.length; i++) {
            hash = mix(hash, bytes[i]);
        }
        return hash;
    }

    static long ofZeros(int length) {
        return length == 512 ? ZEROS_512 : length == 4096 ? ZEROS_4096 : bytes(new byte[length]);
    }

    private static final long ZEROS_512 = bytes(new byte[512]);
    private static final long ZEROS_4096 = bytes(new byte[4096]);
}
