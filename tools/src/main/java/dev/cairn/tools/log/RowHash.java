package dev.cairn.tools.log;

import dev.cairn.engine.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose values may not be shown, as rows of the same types: equal values become equal ones, of as many characters, bytes or
 * digits. Nulls stay, booleans become false. Different values may become equal where they are short. Stateless.
 */
public final class RowHash {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz012345";
    private static final int DAYS = 36_525;

    private RowHash() {}

    public static Row of(Row row) {
        @Nullable Object[] values = new @Nullable Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = of(row.get(i));
        }
        return Row.of(values);
    }

    /** A value of a row likewise. */
    public static @Nullable Object of(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        byte[] hash = hash(value, 8);
        long number = ByteBuffer.wrap(hash).getLong();
        if (value instanceof String text) {
            return text(text);
        } else if (value instanceof byte[] bytes) {
            return RowBytes.obfuscated(bytes);
        } else if (value instanceof Boolean) {
            return false;
        } else if (value instanceof Double) {
            return (number >>> 11) * 0x1p-53;
        } else if (value instanceof LocalDate) {
            return LocalDate.ofEpochDay(Math.floorMod(number, DAYS));
        } else if (value instanceof LocalDateTime) {
            return LocalDateTime.ofEpochSecond(Math.floorMod(number, DAYS * 86_400L), 0, ZoneOffset.UTC);
        } else if (value instanceof BigDecimal decimal) {
            return new BigDecimal(digits(decimal.unscaledValue()), decimal.scale());
        } else if (value instanceof Long whole) {
            return digits(BigInteger.valueOf(whole)).longValueExact();
        } else if (value instanceof Integer whole) {
            return digits(BigInteger.valueOf(whole)).intValueExact();
        } else {
            return digits(BigInteger.valueOf((Short) value)).shortValueExact();
        }
    }

    private static String text(String text) {
        byte[] hash = hash(text, text.codePointCount(0, text.length()));
        StringBuilder out = new StringBuilder(hash.length);
        for (byte b : hash) {
            out.append(LETTERS.charAt(b & 31));
        }
        return out.toString();
    }

    /** As many digits, the first of them a 1, so that it fits wherever the number did. */
    private static BigInteger digits(BigInteger number) {
        String digits = number.abs().toString();
        if (digits.equals("0")) {
            return number;
        }
        byte[] hash = hash(number, digits.length());
        StringBuilder out = new StringBuilder(number.signum() < 0 ? "-1" : "1");
        for (int i = 1; i < hash.length; i++) {
            out.append((char) ('0' + (hash[i] & 0xFF) % 10));
        }
        return new BigInteger(out.toString());
    }

    private static byte[] hash(Object value, int length) {
        byte[] seed =
                value instanceof byte[] bytes ? bytes : Objects.toString(value).getBytes(StandardCharsets.UTF_8);
        byte[] padded = java.util.Arrays.copyOf(seed, Math.max(seed.length, length));
        return java.util.Arrays.copyOf(RowBytes.obfuscated(padded), length);
    }
}
