package dev.cairn.txn.overflow;

import dev.cairn.storage.base.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * A value in blocks of 64 KiB, each compressed by itself where that makes it shorter.
 *
 * <pre>
 *   u32 bytes that follow, highest bit set: as they are | bytes        again and again; every block but the last is of 64 KiB
 * </pre>
 *
 * Stateless, thread-safe.
 */
final class ValueBlocks {

    static final int BLOCK_BYTES = 64 << 10;

    static final int HEADER_BYTES = Integer.BYTES;
    private static final int AS_IT_IS = 1 << 31;
    /** After so many blocks without any gain nothing is hoped for from the rest. */
    private static final int BLOCKS_TRIED = 4;
    /** A byte of LZ4 stands for at most 255, but for a few at the end. */
    private static final int MOST_EXPANSION = 255;

    private static final int EXPANSION_SLACK = 64;

    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();

    private ValueBlocks() {}

    /** The value in blocks; null if that would not be shorter than {@code limit} bytes. */
    static byte @Nullable [] compress(byte[] value, int limit) {
        byte[] block = new byte[COMPRESSOR.maxCompressedLength(Math.min(value.length, BLOCK_BYTES))];
        byte[] out = new byte[Math.min(limit, Math.max(BLOCK_BYTES, value.length / 4))];
        int at = 0;
        for (int from = 0; from < value.length; from += BLOCK_BYTES) {
            int length = Math.min(BLOCK_BYTES, value.length - from);
            int packed = COMPRESSOR.compress(value, from, length, block, 0, block.length);
            boolean helps = packed < length;
            int taken = helps ? packed : length;
            if (at + HEADER_BYTES + taken >= limit || (from == BLOCKS_TRIED * BLOCK_BYTES && at >= from)) {
                return null;
            }
            if (at + HEADER_BYTES + taken > out.length) {
                out = Arrays.copyOf(out, (int) Math.min(limit, 2L * (out.length + taken)));
            }
            ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(at, helps ? taken : taken | AS_IT_IS);
            System.arraycopy(helps ? block : value, helps ? 0 : from, out, at + HEADER_BYTES, taken);
            at += HEADER_BYTES + taken;
        }
        return Arrays.copyOf(out, at);
    }

    /**
     * The value again. What the blocks say of their lengths is judged before memory is taken for the value.
     *
     * @param length that the value is to have
     * @throws CorruptionException if the bytes are no value of that length in blocks
     */
    static byte[] expand(byte[] stored, int length) {
        walk(stored, length, null);
        byte[] value = new byte[length];
        walk(stored, length, value);
        return value;
    }

    private static void walk(byte[] stored, int length, byte @Nullable [] value) {
        ByteBuffer in = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < length; from += BLOCK_BYTES) {
            int wanted = Math.min(BLOCK_BYTES, length - from);
            require(in.remaining() >= HEADER_BYTES, "a block at byte " + from, "the end");
            int header = in.getInt();
            int taken = taken(header, wanted, in.remaining());
            if (value != null) {
                unpack(header, stored, in.position(), value, from, wanted);
            }
            in.position(in.position() + taken);
        }
        require(!in.hasRemaining(), "the end of the value", in.remaining() + " more bytes");
    }

    /**
     * How many bytes follow a block's header.
     *
     * @param wanted bytes of the value that the block is to have
     * @param remaining stored bytes that there are behind the header
     * @throws CorruptionException if that cannot be
     */
    static int taken(int header, int wanted, int remaining) {
        int taken = header & ~AS_IT_IS;
        require(taken <= remaining, "a block of at most " + remaining + " bytes", taken);
        require(
                isPlain(header) ? taken == wanted : wanted <= (long) taken * MOST_EXPANSION + EXPANSION_SLACK,
                "bytes for a block of " + wanted,
                taken);
        return taken;
    }

    private static boolean isPlain(int header) {
        return (header & AS_IT_IS) != 0;
    }

    /** Puts a block's bytes into the value; {@link #taken} has judged its header. */
    static void unpack(int header, byte[] stored, int at, byte[] value, int from, int wanted) {
        if (isPlain(header)) {
            System.arraycopy(stored, at, value, from, wanted);
            return;
        }
        int unpacked = unpack(stored, at, header, value, from, wanted);
        require(unpacked == wanted, "a block of " + wanted + " bytes", "less");
    }

    private static int unpack(byte[] stored, int at, int taken, byte[] value, int from, int wanted) {
        try {
            return DECOMPRESSOR.decompress(stored, at, taken, value, from, wanted);
        } catch (LZ4Exception e) {
            throw new CorruptionException("expected a compressed block, found other bytes", e);
        }
    }

    private static void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw new CorruptionException("expected " + expected + ", found " + found);
        }
    }
}
