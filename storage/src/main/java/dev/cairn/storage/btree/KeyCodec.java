package dev.cairn.storage.btree;

import dev.cairn.storage.memory.DecimalDigits;
import dev.cairn.storage.memory.PageBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds keys whose order as unsigned bytes is the order of the values, column by column. No column's bytes are a prefix of
 * another value's, so the first columns' bytes are a prefix of exactly the keys that begin with those values.
 *
 * <pre>
 *   marked column             marker: 00 null that sorts first, 01 a value follows, 02 null that sorts last
 *   integers, dates, times    big-endian, sign bit flipped
 *   double                    IEEE bits: sign bit flipped if positive, all bits if negative; -0 as 0, NaN above all
 *   boolean                   00 or 01
 *   text                      UTF-8, 00
 *   bytea                     bytes, 00 as 00 FF; then 00 00
 *   numeric                   00 negative, 01 zero, 02 positive; then the decimal exponent of 0.ddd as i32 with the sign bit
 *                             flipped, pairs of digits plus 1, 00; all but the first byte inverted if negative
 *   descending                all bytes of the value inverted, the marker not
 * </pre>
 *
 * Numerics that are equal have equal keys whatever their scale. Keys are for comparing only: they are not read back. Not
 * thread-safe; {@link #clear} makes it ready for another key.
 */
public final class KeyCodec {

    /** Length of a row id at the end of a key. */
    public static final int ROW_ID_BYTES = 6;

    /** Every number of so many digits is a long. */
    public static final int LONG_DIGITS = 18;

    private static final long LONG_LIMIT = 1_000_000_000_000_000_000L;

    private static final int NULL_FIRST = 0;
    private static final int VALUE = 1;
    private static final int NULL_LAST = 2;
    private static final int NEGATIVE = 0;
    private static final int ZERO = 1;
    private static final int POSITIVE = 2;
    /** Two decimal digits. */
    private static final int PAIR = 100;

    private static final int FIRST_CAPACITY = 64;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;
    private boolean inverted;

    /** Forgets what was put. */
    public KeyCodec clear() {
        length = 0;
        inverted = false;
        return this;
    }

    /** The key put so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The key put so far, in one of those arrays. */
    public byte[] toBytes(KeyArrays arrays) {
        byte[] key = arrays.ofLength(length);
        System.arraycopy(bytes, 0, key, 0, length);
        return key;
    }

    /** Makes of the key put so far the least one that is greater than every key it begins; false if there is none. */
    public boolean passPrefix() {
        while (length > 0 && bytes[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return false;
        }
        bytes[length - 1]++;
        return true;
    }

    /** Bytes put so far. */
    public int length() {
        return length;
    }

    /** A null; nothing else is to be put for its column. */
    public KeyCodec putNull(boolean nullsFirst) {
        inverted = false;
        put(nullsFirst ? NULL_FIRST : NULL_LAST);
        return this;
    }

    /**
     * Begins a column that is not null; its value follows.
     *
     * @param marked whether keys tell nulls from values here
     */
    public KeyCodec beginValue(boolean marked, boolean descending) {
        inverted = false;
        if (marked) {
            put(VALUE);
        }
        inverted = descending;
        return this;
    }

    public KeyCodec putLong(long value) {
        long flipped = value ^ Long.MIN_VALUE;
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (flipped >>> shift));
        }
        return this;
    }

    public KeyCodec putInt(int value) {
        int flipped = value ^ Integer.MIN_VALUE;
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put(flipped >>> shift);
        }
        return this;
    }

    public KeyCodec putShort(short value) {
        int flipped = value ^ Short.MIN_VALUE;
        put(flipped >>> Byte.SIZE);
        put(flipped);
        return this;
    }

    public KeyCodec putBoolean(boolean value) {
        put(value ? 1 : 0);
        return this;
    }

    public KeyCodec putDouble(double value) {
        // Adding 0 makes 0 of -0; doubleToLongBits knows one NaN.
        long bits = Double.doubleToLongBits(value + 0.0);
        return putLong(bits < 0 ? ~bits ^ Long.MIN_VALUE : bits);
    }

    /** @throws IllegalArgumentException if the text holds U+0000 */
    public KeyCodec putText(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return putText(utf8, 0, utf8.length);
    }

    /** As {@link #putText(String)}, of a text that stands there in UTF-8. */
    public KeyCodec putText(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                throw new IllegalArgumentException("a text in a key cannot hold U+0000");
            }
            put(bytes[i]);
        }
        put(0);
        return this;
    }

    public KeyCodec putBytes(byte[] value) {
        return putBytes(value, 0, value.length);
    }

    /** As {@link #putBytes(byte[])}, of a part of an array. */
    public KeyCodec putBytes(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            put(bytes[i]);
            if (bytes[i] == 0) {
                put(0xFF);
            }
        }
        put(0);
        put(0);
        return this;
    }

    public KeyCodec putNumeric(BigDecimal value) {
        if (value.precision() <= LONG_DIGITS) {
            return putNumeric(DecimalDigits.unscaled(value), value.scale());
        }
        BigDecimal shortest = value.stripTrailingZeros();
        boolean outer = beginNumeric(value.signum() < 0, shortest.precision() - shortest.scale());
        BigInteger unscaled = shortest.unscaledValue().abs();
        String digits = unscaled.toString();
        for (int i = 0; i < digits.length(); i += 2) {
            int high = digits.charAt(i) - '0';
            int low = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : 0;
            put(high * 10 + low + 1);
        }
        put(0);
        inverted = outer;
        return this;
    }

    /** As {@link #putNumeric(BigDecimal)}, of {@code unscaled} divided by that power of ten: of few digits without an object. */
    public KeyCodec putNumeric(long unscaled, int scale) {
        if (unscaled <= -LONG_LIMIT || unscaled >= LONG_LIMIT) {
            return putNumeric(BigDecimal.valueOf(unscaled, scale));
        }
        if (unscaled == 0) {
            put(ZERO);
            return this;
        }
        long rest = Math.abs(unscaled);
        int digits = 2;
        long unit = 1;
        while (rest / unit >= PAIR) {
            unit *= PAIR;
            digits += 2;
        }
        if (rest / unit < 10) {
            digits--;
            rest *= 10;
        }
        boolean outer = beginNumeric(unscaled < 0, digits - scale);
        // What is left of the last pairs is zeros, which a key has not.
        for (; rest != 0; unit /= PAIR) {
            put((int) (rest / unit) + 1);
            rest %= unit;
        }
        put(0);
        inverted = outer;
        return this;
    }

    private boolean beginNumeric(boolean negative, int exponent) {
        put(negative ? NEGATIVE : POSITIVE);
        boolean outer = inverted;
        inverted = outer ^ negative;
        putInt(exponent);
        return outer;
    }

    /** A row id as the end of a key: 6 bytes, big-endian. */
    public KeyCodec putRowId(long rowId) {
        inverted = false;
        for (int shift = 40; shift >= 0; shift -= Byte.SIZE) {
            put((int) (rowId >>> shift));
        }
        return this;
    }

    /** As {@link #putRowId(long)}, at a place in an array. */
    public static void putRowId(long rowId, byte[] into, int at) {
        for (int i = 0; i < ROW_ID_BYTES; i++) {
            into[at + i] = (byte) (rowId >>> (Byte.SIZE * (ROW_ID_BYTES - 1 - i)));
        }
    }

    /** The row id that {@link #putRowId(long)} put at the end of a key. */
    public static long rowIdOf(byte[] key) {
        long rowId = 0;
        for (int i = key.length - ROW_ID_BYTES; i < key.length; i++) {
            rowId = rowId << Byte.SIZE | (key[i] & 0xFF);
        }
        return rowId;
    }

    /** The row id that {@link #putRowId(long)} put at the end of a key, which is there on the page. */
    static long rowId(PageBuffer page, int at) {
        long high = Integer.reverseBytes(page.getInt(at)) & 0xFFFF_FFFFL;
        return high << Short.SIZE | (Short.reverseBytes(page.getShort(at + Integer.BYTES)) & 0xFFFFL);
    }

    private void put(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) (inverted ? ~value : value);
    }
}
