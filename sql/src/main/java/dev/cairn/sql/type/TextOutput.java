package dev.cairn.sql.type;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Values as PostgreSQL prints them, with DateStyle ISO, bytea_output hex and extra_float_digits 1; time zone UTC. */
public final class TextOutput {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private TextOutput() {}

    /** The value as a client sees it: booleans as t and f. */
    public static String of(SqlType type, Object value) {
        if (value instanceof Boolean b) {
            return b ? "t" : "f";
        }
        return ofCast(type, value);
    }

    /** The value as a cast to text gives it: booleans as true and false. */
    public static String ofCast(SqlType type, Object value) {
        return switch (type.kind()) {
            case BOOLEAN, SMALLINT, INTEGER, BIGINT, TEXT, VARCHAR, UNKNOWN, INTERVAL, RECORD -> value.toString();
            case NUMERIC -> ((BigDecimal) value).toPlainString();
            case DOUBLE -> ofDouble((Double) value);
            case BYTEA -> hex((byte[]) value);
            case DATE -> ofDate((LocalDate) value);
            case TIMESTAMP -> ofTimestamp((LocalDateTime) value);
            case TIMESTAMPTZ -> ofInstant((Instant) value);
        };
    }

    private static String hex(byte[] bytes) {
        StringBuilder out = new StringBuilder(2 + bytes.length * 2).append("\\x");
        for (byte b : bytes) {
            out.append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
        }
        return out.toString();
    }

    /** The shortest decimal that reads back as the same double; exponents from 1e+15 on and below 1e-04. */
    static String ofDouble(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            return sign + "0";
        }
        BigDecimal shortest = shortest(magnitude);
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= 15) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return sign
                    + digits.charAt(0)
                    + fraction
                    + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        return sign + shortest.toPlainString();
    }

    private static BigDecimal shortest(double magnitude) {
        BigDecimal exact = new BigDecimal(magnitude);
        for (int digits = magnitude < Double.MIN_NORMAL ? 1 : 15; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == magnitude) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    static String ofDate(LocalDate date) {
        StringBuilder out = new StringBuilder();
        appendDate(out, date);
        return date.getYear() <= 0 ? out.append(" BC").toString() : out.toString();
    }

    private static void appendDate(StringBuilder out, LocalDate date) {
        int year = date.getYear() <= 0 ? 1 - date.getYear() : date.getYear();
        out.append(String.format("%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth()));
    }

    static String ofTimestamp(LocalDateTime time) {
        StringBuilder out = new StringBuilder();
        appendTimestamp(out, time);
        return time.getYear() <= 0 ? out.append(" BC").toString() : out.toString();
    }

    private static String ofInstant(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder();
        appendTimestamp(out, time);
        out.append("+00");
        return time.getYear() <= 0 ? out.append(" BC").toString() : out.toString();
    }

    private static void appendTimestamp(StringBuilder out, LocalDateTime time) {
        appendDate(out, time.toLocalDate());
        out.append(String.format(" %02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond()));
        appendMicros(out, time.getNano() / 1000);
    }

    /** A fraction of a second without trailing zeros; nothing for 0. */
    static void appendMicros(StringBuilder out, int micros) {
        if (micros == 0) {
            return;
        }
        String digits = String.format("%06d", micros);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        out.append('.').append(digits, 0, end);
    }
}
