package dev.cairn.sql.type;

import dev.cairn.sql.type.SqlType.Category;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Which types become which, in which context, and how the values do. */
public final class Coercions {

    /** Where a coercion stands; each allows what the one before allows. */
    public enum Context {
        /** Within an expression, to make an operator or function fit. */
        IMPLICIT,
        /** To the type of a column that is assigned to. */
        ASSIGNMENT,
        /** A cast that was written. */
        EXPLICIT
    }

    private Coercions() {}

    /** Whether a coercion exists in this context. Unknown literals become anything. */
    public static boolean allowed(Kind from, Kind to, Context context) {
        if (from == to || from == Kind.UNKNOWN) {
            return true;
        }
        return context.compareTo(required(from, to)) >= 0;
    }

    /** Whether a coercion exists at all. */
    public static boolean exists(Kind from, Kind to) {
        return from == to
                || from == Kind.UNKNOWN
                || ((from != Kind.RECORD || to.isString()) && to != Kind.RECORD && possible(from, to));
    }

    private static boolean possible(Kind from, Kind to) {
        if (from.isString() || to.isString() || from.category() == to.category()) {
            return true;
        }
        return (from == Kind.BOOLEAN && to == Kind.INTEGER) || (from == Kind.INTEGER && to == Kind.BOOLEAN);
    }

    private static Context required(Kind from, Kind to) {
        if (!exists(from, to)) {
            return Context.EXPLICIT;
        }
        if (from.isString() && to.isString()) {
            return Context.IMPLICIT;
        }
        if (to.isString()) {
            return Context.ASSIGNMENT;
        }
        if (from.category() == Category.NUMERIC && to.category() == Category.NUMERIC) {
            return rank(from) < rank(to) ? Context.IMPLICIT : Context.ASSIGNMENT;
        }
        if (from.category() == Category.DATETIME && to.category() == Category.DATETIME) {
            return rank(from) < rank(to) ? Context.IMPLICIT : Context.ASSIGNMENT;
        }
        return Context.EXPLICIT;
    }

    private static int rank(Kind kind) {
        return switch (kind) {
            case SMALLINT, DATE -> 0;
            case INTEGER, TIMESTAMP -> 1;
            case BIGINT, TIMESTAMPTZ -> 2;
            case NUMERIC -> 3;
            case DOUBLE -> 4;
            case BOOLEAN, TEXT, VARCHAR, BYTEA, INTERVAL, RECORD, UNKNOWN -> -1;
        };
    }

    /** Whether there is a coercion other than through text. */
    static boolean throughText(Kind from, Kind to) {
        return from.isString() != to.isString();
    }

    /**
     * The value as one of the other type, rounded and checked against its limits.
     *
     * @param explicit whether a cast was written: it cuts a text that is too long instead of refusing it
     * @throws dev.cairn.storage.base.TransactionException 22003, 22001, 22P02, 22007, 22008
     */
    public static Object convert(Object value, SqlType from, SqlType to, boolean explicit, Instant now) {
        Object converted = from.kind() == to.kind() ? value : convertKind(value, from, to, now);
        return limit(converted, to, explicit);
    }

    private static Object convertKind(Object value, SqlType from, SqlType to, Instant now) {
        if (to.kind().isString()) {
            return from.kind().isString() ? value : TextOutput.ofCast(from, value);
        }
        if (from.kind().isString() || from.is(Kind.UNKNOWN)) {
            return TextInput.parse(to, (String) value, now);
        }
        return switch (to.kind()) {
            case BOOLEAN -> ((Integer) value) != 0;
            case SMALLINT -> (short) toLong(value, "smallint", Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) toLong(value, "integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> toLong(value, "bigint", Long.MIN_VALUE, Long.MAX_VALUE);
            case NUMERIC -> toNumeric(value);
            case DOUBLE -> toDouble(value);
            case DATE -> toTimestamp(value).toLocalDate();
            case TIMESTAMP -> toTimestamp(value);
            case TIMESTAMPTZ -> toTimestamp(value).toInstant(ZoneOffset.UTC);
            case TEXT, VARCHAR, BYTEA, INTERVAL, RECORD, UNKNOWN ->
                throw new IllegalArgumentException("no coercion from " + from + " to " + to);
        };
    }

    private static long toLong(Object value, String type, long min, long max) {
        if (value instanceof Boolean b) {
            return b ? 1 : 0;
        }
        if (value instanceof Double d) {
            double rounded = Math.rint(d);
            if (Double.isNaN(rounded)
                    || rounded < min
                    || rounded > max
                    || (max == Long.MAX_VALUE && rounded >= 0x1p63)) {
                throw SqlErrors.outOfRange(type);
            }
            return (long) rounded;
        }
        if (value instanceof BigDecimal number) {
            BigInteger rounded = number.setScale(0, RoundingMode.HALF_UP).unscaledValue();
            if (rounded.bitLength() > 63 || rounded.longValue() < min || rounded.longValue() > max) {
                throw SqlErrors.outOfRange(type);
            }
            return rounded.longValue();
        }
        long number = ((Number) value).longValue();
        if (number < min || number > max) {
            throw SqlErrors.outOfRange(type);
        }
        return number;
    }

    /** A number of any type as a numeric; a double keeps 15 digits. */
    public static BigDecimal toNumeric(Object value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof Double d) {
            if (Double.isNaN(d) || Double.isInfinite(d)) {
                throw SqlErrors.notSupported("numeric " + TextOutput.ofDouble(d));
            }
            BigDecimal rounded = new BigDecimal(d).round(new MathContext(15, RoundingMode.HALF_EVEN));
            return Numerics.normal(rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros());
        }
        return BigDecimal.valueOf(((Number) value).longValue());
    }

    private static double toDouble(Object value) {
        double result = ((Number) value).doubleValue();
        if (Double.isInfinite(result) && !(value instanceof Double)) {
            throw SqlErrors.of(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + value + "\" is out of range for type double precision");
        }
        return result;
    }

    private static LocalDateTime toTimestamp(Object value) {
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        if (value instanceof Instant instant) {
            return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        }
        return (LocalDateTime) value;
    }

    /** The value within the type's length, or precision and scale. */
    private static Object limit(Object value, SqlType type, boolean explicit) {
        if (type.precision() == 0) {
            return value;
        }
        if (type.is(Kind.NUMERIC)) {
            BigDecimal rounded = ((BigDecimal) value).setScale(type.scale(), RoundingMode.HALF_UP);
            if (rounded.signum() != 0 && rounded.precision() - rounded.scale() > type.precision() - type.scale()) {
                throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
            }
            return rounded;
        }
        if (type.is(Kind.VARCHAR)) {
            return limitText((String) value, type, explicit);
        }
        return value;
    }

    private static String limitText(String text, SqlType type, boolean explicit) {
        if (text.codePointCount(0, text.length()) <= type.precision()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, type.precision());
        boolean onlyBlanks = text.substring(end).chars().allMatch(c -> c == ' ');
        if (!explicit && !onlyBlanks) {
            throw SqlErrors.of(SqlState.STRING_DATA_RIGHT_TRUNCATION, "value too long for type " + type);
        }
        return text.substring(0, end);
    }
}
