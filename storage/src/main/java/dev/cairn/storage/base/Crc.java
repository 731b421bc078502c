package dev.cairn.storage.base;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli) with a 64-bit seed, so that bytes valid in one place or life are invalid in any other. The seed's
 * eight bytes, little-endian, precede the data. Thread-safe; never to be used on a mapped file, where a media error would
 * kill the JVM.
 */
public final class Crc {

    private Crc() {}

    /** Covers the buffer's remaining bytes and leaves its position and limit alone. */
    public static int of(long seed, ByteBuffer range) {
        CRC32C crc = seeded(seed);
        int position = range.position();
        crc.update(range);
        range.position(position);
        return (int) crc.getValue();
    }

    public static int of(long seed, byte[] bytes, int offset, int length) {
        CRC32C crc = seeded(seed);
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static CRC32C seeded(long seed) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (seed >>> shift));
        }
        return crc;
    }
}
