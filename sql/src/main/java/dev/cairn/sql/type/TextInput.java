package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/** Values from text, as PostgreSQL's input functions read them. */
public final class TextInput {

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");
    private static final int MAX_EXPONENT = 200_000;

    private TextInput() {}

    /**
     * The value that the text stands for, before length and precision apply.
     *
     * @param now what 'now' and 'today' mean
     * @throws dev.cairn.storage.base.TransactionException 22P02, 22003, 22007 or 22008
     */
    public static Object parse(SqlType type, String text, Instant now) {
        return switch (type.kind()) {
            case BOOLEAN -> bool(text);
            case SMALLINT -> (short) integer("smallint", text, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) integer("integer", text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> integer("bigint", text, Long.MIN_VALUE, Long.MAX_VALUE);
            case NUMERIC -> numeric(text);
            case DOUBLE -> floating(text);
            case TEXT, VARCHAR, UNKNOWN -> text;
            case BYTEA -> bytes(text);
            case DATE -> DateTimeInput.date(text, now);
            case TIMESTAMP -> DateTimeInput.timestamp(text, now);
            case TIMESTAMPTZ -> DateTimeInput.instant(text, now);
            case INTERVAL -> IntervalInput.parse(text);
            case RECORD -> throw SqlErrors.notSupported("input of a value of type record");
        };
    }

    private static boolean bool(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word) || "yes".startsWith(word) || word.equals("on") || word.equals("1")) {
                return true;
            }
            if ("false".startsWith(word)
                    || "no".startsWith(word)
                    || word.equals("off")
                    || word.equals("of")
                    || word.equals("0")) {
                return false;
            }
        }
        throw SqlErrors.invalidText("boolean", text);
    }

    private static long integer(String type, String text, long min, long max) {
        String digits = strip(text);
        if (!INTEGER.matcher(digits).matches()) {
            throw SqlErrors.invalidText(type, text);
        }
        BigInteger value = new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw SqlErrors.of(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value \"" + text + "\" is out of range for type " + type);
        }
        return value.longValue();
    }

    private static BigDecimal numeric(String text) {
        String digits = strip(text);
        if (!DECIMAL.matcher(digits).matches()) {
            String word = digits.toLowerCase(Locale.ROOT);
            if (word.equals("nan") || word.matches("[+-]?inf(inity)?")) {
                throw SqlErrors.notSupported("numeric " + digits);
            }
            throw SqlErrors.invalidText("numeric", text);
        }
        BigDecimal value = new BigDecimal(digits);
        if (Math.abs((long) value.scale()) > MAX_EXPONENT) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
        }
        return Numerics.normal(value);
    }

    /** A numeric literal in a statement that is no integer, or too large for one. */
    public static BigDecimal numericLiteral(String digits) {
        return numeric(digits);
    }

    private static double floating(String text) {
        String digits = strip(text);
        if (!DECIMAL.matcher(digits).matches()) {
            switch (digits.toLowerCase(Locale.ROOT)) {
                case "nan" -> {
                    return Double.NaN;
                }
                case "infinity", "inf", "+infinity", "+inf" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-infinity", "-inf" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> throw SqlErrors.invalidText("double precision", text);
            }
        }
        double value = Double.parseDouble(digits);
        boolean zero = new BigDecimal(digits).signum() == 0;
        if (Double.isInfinite(value) || (value == 0 && !zero)) {
            throw SqlErrors.of(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + text + "\" is out of range for type double precision");
        }
        return value;
    }

    private static byte[] bytes(String text) {
        return text.startsWith("\\x") ? hexBytes(text) : escapedBytes(text);
    }

    private static byte[] hexBytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 2;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (" \t\n\r".indexOf(c) >= 0) {
                at++;
                continue;
            }
            int high = hexDigit(c);
            if (at + 1 >= text.length()) {
                throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
            }
            out.write(high << 4 | hexDigit(text.charAt(at + 1)));
            at += 2;
        }
        return out.toByteArray();
    }

    private static int hexDigit(char c) {
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"" + c + "\"");
        }
        return digit;
    }

    private static byte[] escapedBytes(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < in.length) {
            if (in[at] != '\\') {
                out.write(in[at++]);
            } else if (at + 1 < in.length && in[at + 1] == '\\') {
                out.write('\\');
                at += 2;
            } else if (at + 3 < in.length
                    && in[at + 1] <= '3'
                    && octal(in[at + 1])
                    && octal(in[at + 2])
                    && octal(in[at + 3])) {
                out.write((in[at + 1] - '0') << 6 | (in[at + 2] - '0') << 3 | (in[at + 3] - '0'));
                at += 4;
            } else {
                throw SqlErrors.of(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
            }
        }
        return out.toByteArray();
    }

    private static boolean octal(byte c) {
        return c >= '0' && c <= '7';
    }

    private static String strip(String text) {
        return text.strip();
    }
}
