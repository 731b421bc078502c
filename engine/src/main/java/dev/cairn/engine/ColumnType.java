package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The type of a column: a kind, with precision and scale where the kind has them. Immutable, compared by value. */
public final class ColumnType {

    /** The kinds, each with the one Java class that represents its values. The ordinal is never stored; the code is. */
    public enum Kind {
        BIGINT(1, Long.class, "bigint"),
        INTEGER(2, Integer.class, "integer"),
        SMALLINT(3, Short.class, "smallint"),
        DOUBLE(4, Double.class, "double precision"),
        BOOLEAN(5, Boolean.class, "boolean"),
        TEXT(6, String.class, "text"),
        BYTEA(7, byte[].class, "bytea"),
        NUMERIC(8, BigDecimal.class, "numeric"),
        DATE(9, LocalDate.class, "date"),
        TIMESTAMP(10, LocalDateTime.class, "timestamp without time zone");

        final int code;
        private final Class<?> javaClass;
        private final String sqlName;

        Kind(int code, Class<?> javaClass, String sqlName) {
            this.code = code;
            this.javaClass = javaClass;
            this.sqlName = sqlName;
        }

        /** The class of this kind's values. */
        public Class<?> javaClass() {
            return javaClass;
        }

        static @Nullable Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    public static final ColumnType BIGINT = new ColumnType(Kind.BIGINT, 0, 0);
    public static final ColumnType INTEGER = new ColumnType(Kind.INTEGER, 0, 0);
    public static final ColumnType SMALLINT = new ColumnType(Kind.SMALLINT, 0, 0);
    public static final ColumnType DOUBLE = new ColumnType(Kind.DOUBLE, 0, 0);
    public static final ColumnType BOOLEAN = new ColumnType(Kind.BOOLEAN, 0, 0);
    public static final ColumnType TEXT = new ColumnType(Kind.TEXT, 0, 0);
    public static final ColumnType BYTEA = new ColumnType(Kind.BYTEA, 0, 0);
    public static final ColumnType NUMERIC = new ColumnType(Kind.NUMERIC, 0, 0);
    public static final ColumnType DATE = new ColumnType(Kind.DATE, 0, 0);
    public static final ColumnType TIMESTAMP = new ColumnType(Kind.TIMESTAMP, 0, 0);

    /** The most digits that a numeric may be declared with, as in PostgreSQL. */
    public static final int MAX_PRECISION = 1000;

    private static final Pattern SIZED = Pattern.compile("(numeric|character varying)\\((\\d{1,9})(?:,(\\d{1,9}))?\\)");

    private final Kind kind;
    private final int precision;
    private final int scale;

    private ColumnType(Kind kind, int precision, int scale) {
        this.kind = kind;
        this.precision = precision;
        this.scale = scale;
    }

    /**
     * @param precision digits in all, 1 to {@link #MAX_PRECISION}
     * @param scale digits after the point, 0 to {@code precision}
     */
    public static ColumnType numeric(int precision, int scale) {
        if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
            throw new IllegalArgumentException("expected 1 <= precision <= " + MAX_PRECISION
                    + " and 0 <= scale <= precision, found numeric(" + precision + "," + scale + ")");
        }
        return new ColumnType(Kind.NUMERIC, precision, scale);
    }

    /** Text of at most {@code length} characters (code points). */
    public static ColumnType varchar(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("expected a length of at least 1, found " + length);
        }
        return new ColumnType(Kind.TEXT, length, 0);
    }

    /**
     * The type of which {@link #toString} gives that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ColumnType ofName(String name) {
        Matcher sized = SIZED.matcher(name);
        if (sized.matches()) {
            int first = Integer.parseInt(sized.group(2));
            String second = sized.group(3);
            if (sized.group(1).equals("numeric") == (second != null)) {
                return second == null ? varchar(first) : numeric(first, Integer.parseInt(second));
            }
        }
        for (Kind kind : Kind.values()) {
            if (kind.sqlName.equals(name)) {
                return new ColumnType(kind, 0, 0);
            }
        }
        throw new IllegalArgumentException("expected the name of a type, found \"" + name + "\"");
    }

    static ColumnType of(Kind kind, int precision, int scale) {
        return new ColumnType(kind, precision, scale);
    }

    public Kind kind() {
        return kind;
    }

    /** Digits of a numeric, characters of a text; 0 if unlimited or without meaning. */
    public int precision() {
        return precision;
    }

    public int scale() {
        return scale;
    }

    /**
     * The value as a column of this type holds it: rounded to its scale, checked against its limits.
     *
     * @throws IllegalArgumentException if the value's class is not the kind's
     * @throws TransactionException 22003 a numeric too large, 22001 a text too long, 22021 a text that UTF-8 cannot hold, 22008 a date out
     *     of range
     */
    public Object coerce(Object value) {
        requireClass(value);
        return switch (kind) {
            case NUMERIC -> coerceNumeric((BigDecimal) value);
            case TEXT -> coerceText((String) value);
            case DATE -> coerceDate((LocalDate) value);
            case TIMESTAMP -> coerceTimestamp((LocalDateTime) value);
            case BIGINT, INTEGER, SMALLINT, DOUBLE, BOOLEAN, BYTEA -> value;
        };
    }

    /** @throws IllegalArgumentException if the value is neither null nor of the kind's class */
    void requireClass(@Nullable Object value) {
        if (value != null && !kind.javaClass.isInstance(value)) {
            throw new IllegalArgumentException("a column of type " + this + " takes a " + kind.javaClass.getSimpleName()
                    + ", found a " + value.getClass().getName());
        }
    }

    private BigDecimal coerceNumeric(BigDecimal value) {
        if (precision == 0) {
            return value.scale() < 0 ? value.setScale(0) : value;
        }
        BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
        if (rounded.precision() - rounded.scale() > precision - scale && rounded.signum() != 0) {
            throw new TransactionException(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                    "numeric field overflow: " + this + " cannot hold " + value.toPlainString());
        }
        return rounded;
    }

    private String coerceText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean paired = !Character.isSurrogate(c)
                    || (Character.isHighSurrogate(c)
                            && i + 1 < value.length()
                            && Character.isLowSurrogate(value.charAt(++i)));
            if (c == 0 || !paired) {
                throw new TransactionException(
                        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                        "text cannot hold the character U+" + Integer.toHexString(c) + " at index " + i);
            }
        }
        if (precision > 0 && value.codePointCount(0, value.length()) > precision) {
            throw new TransactionException(SqlState.STRING_DATA_RIGHT_TRUNCATION, "value too long for type " + this);
        }
        return value;
    }

    private static LocalDate coerceDate(LocalDate value) {
        if (value.toEpochDay() != (int) value.toEpochDay()) {
            throw new TransactionException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range: " + value);
        }
        return value;
    }

    private static LocalDateTime coerceTimestamp(LocalDateTime value) {
        if (Math.abs((long) value.getYear()) > RowCodec.MAX_TIMESTAMP_YEAR) {
            throw new TransactionException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range: " + value);
        }
        return value.getNano() % 1000 == 0 ? value : value.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ColumnType that
                && kind == that.kind
                && precision == that.precision
                && scale == that.scale;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, precision, scale);
    }

    /** The type's name in SQL, as PostgreSQL's format_type gives it. */
    @Override
    public String toString() {
        if (precision == 0) {
            return kind.sqlName;
        }
        return kind == Kind.TEXT
                ? "character varying(" + precision + ")"
                : kind.sqlName + "(" + precision + "," + scale + ")";
    }
}
