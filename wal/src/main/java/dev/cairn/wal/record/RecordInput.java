package dev.cairn.wal.record;

import dev.cairn.storage.base.CorruptionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record's bytes, read in order, little-endian. Every length is compared with what is left before anything is allocated
 * by it. Not thread-safe.
 */
public final class RecordInput {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int U8 = 0xFF;
    private static final int U16 = 0xFFFF;

    private final byte[] bytes;
    private final int end;
    private int at;

    /** Reads {@code length} bytes from {@code offset}; the array is not copied. */
    public RecordInput(byte[] bytes, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    public int remaining() {
        return end - at;
    }

    public int u8() {
        return bytes[take(Byte.BYTES)] & U8;
    }

    public int u16() {
        return (short) SHORT.get(bytes, take(Short.BYTES)) & U16;
    }

    /** @throws CorruptionException if it is negative */
    public int u31() {
        int value = i32();
        if (value < 0) {
            throw new CorruptionException(
                    "expected a number from 0 to 2^31-1, found " + Integer.toUnsignedString(value));
        }
        return value;
    }

    public int i32() {
        return (int) INT.get(bytes, take(Integer.BYTES));
    }

    public long i64() {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    public byte[] raw(int count) {
        int from = take(count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    public byte[] bytes16() {
        return raw(u16());
    }

    public long[] longs() {
        int count = u31();
        require((long) count * Long.BYTES);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = i64();
        }
        return values;
    }

    public int[] shorts() {
        int count = u16();
        require((long) count * Short.BYTES);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = u16();
        }
        return values;
    }

    public String text8() {
        return text(u8());
    }

    public String text16() {
        return text(u16());
    }

    public String text32() {
        return text(u31());
    }

    /** @throws CorruptionException if bytes are left over */
    public void requireEnd() {
        if (at != end) {
            throw new CorruptionException("expected the end of the record, found " + remaining() + " more bytes");
        }
    }

    /** Skips bytes that are used where they lie; returns the offset in the array at which they begin. */
    public int skip(int count) {
        return take(count);
    }

    private String text(int count) {
        int from = take(count);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, count))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CorruptionException("expected UTF-8 text, found other bytes", e);
        }
    }

    private int take(int count) {
        require(count);
        int from = at;
        at += count;
        return from;
    }

    private void require(long count) {
        if (count > end - at) {
            throw new CorruptionException("expected " + count + " bytes, found only " + (end - at));
        }
    }
}
