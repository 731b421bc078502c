package dev.cairn.wal.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a record in the making, little-endian. It grows, is used again and again, and then allocates nothing. Not
 * thread-safe.
 */
public final class RecordOutput {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_U8 = 0xFF;
    private static final int MAX_U16 = 0xFFFF;
    private static final int ASCII_END = 0x80;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;

    /** The array that holds the bytes, from its beginning; another one after growth. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public RecordOutput clear() {
        length = 0;
        return this;
    }

    /** @throws IllegalArgumentException unless 0 &lt;= value &lt;= 255 */
    public RecordOutput u8(int value) {
        require(value, MAX_U8);
        int at = grow(Byte.BYTES);
        bytes[at] = (byte) value;
        return this;
    }

    /** @throws IllegalArgumentException unless 0 &lt;= value &lt;= 65535 */
    public RecordOutput u16(int value) {
        require(value, MAX_U16);
        int at = grow(Short.BYTES);
        SHORT.set(bytes, at, (short) value);
        return this;
    }

    /** A number or length that is not negative. */
    public RecordOutput u31(int value) {
        require(value, Integer.MAX_VALUE);
        return i32(value);
    }

    public RecordOutput i32(int value) {
        int at = grow(Integer.BYTES);
        INT.set(bytes, at, value);
        return this;
    }

    public RecordOutput i64(long value) {
        int at = grow(Long.BYTES);
        LONG.set(bytes, at, value);
        return this;
    }

    /** As they are, without a length. */
    public RecordOutput raw(byte[] source) {
        return raw(source, source.length);
    }

    private RecordOutput raw(byte[] source, int count) {
        int at = grow(count);
        System.arraycopy(source, 0, bytes, at, count);
        return this;
    }

    /** A u16 length and the bytes. */
    public RecordOutput bytes16(byte[] source) {
        return bytes16(source, source.length);
    }

    /** The first {@code count} bytes, with their number as a u16 before them. */
    public RecordOutput bytes16(byte[] source, int count) {
        return u16(count).raw(source, count);
    }

    /** A u32 count and the values. */
    public RecordOutput longs(long[] values) {
        return longs(values, 0, values.length);
    }

    /** As {@link #longs(long[])}, of the values from {@code from} to {@code to}, exclusive. */
    public RecordOutput longs(long[] values, int from, int to) {
        u31(to - from);
        for (int i = from; i < to; i++) {
            i64(values[i]);
        }
        return this;
    }

    /** A u16 count and the values, each a u16. */
    public RecordOutput shorts(int[] values) {
        u16(values.length);
        for (int value : values) {
            u16(value);
        }
        return this;
    }

    /** UTF-8 with its length in bytes as a u8. */
    public RecordOutput text8(String text) {
        int lengthAt = length;
        u8(0);
        int written = utf8(text);
        require(written, MAX_U8);
        bytes[lengthAt] = (byte) written;
        return this;
    }

    /** UTF-8 with its length in bytes as a u16. */
    public RecordOutput text16(String text) {
        int lengthAt = length;
        u16(0);
        int written = utf8(text);
        require(written, MAX_U16);
        SHORT.set(bytes, lengthAt, (short) written);
        return this;
    }

    /** UTF-8 with its length in bytes as a u32. */
    public RecordOutput text32(String text) {
        int lengthAt = length;
        u31(0);
        int written = utf8(text);
        INT.set(bytes, lengthAt, written);
        return this;
    }

    /** Plain ASCII, the ordinary case, is copied without an array in between. */
    private int utf8(String text) {
        int from = length;
        int chars = text.length();
        for (int i = 0; i < chars; i++) {
            if (text.charAt(i) >= ASCII_END) {
                byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
                raw(encoded);
                return encoded.length;
            }
        }
        int at = grow(chars);
        for (int i = 0; i < chars; i++) {
            bytes[at + i] = (byte) text.charAt(i);
        }
        return length - from;
    }

    private int grow(int by) {
        int at = length;
        int needed = Math.addExact(at, by);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
        length = needed;
        return at;
    }

    private static void require(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " does not fit in 0 to " + max);
        }
    }
}
