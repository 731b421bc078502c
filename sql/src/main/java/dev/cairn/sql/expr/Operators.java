package dev.cairn.sql.expr;

import static dev.cairn.sql.type.SqlType.BIGINT;
import static dev.cairn.sql.type.SqlType.BOOLEAN;
import static dev.cairn.sql.type.SqlType.BYTEA;
import static dev.cairn.sql.type.SqlType.DATE;
import static dev.cairn.sql.type.SqlType.DOUBLE;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.INTERVAL;
import static dev.cairn.sql.type.SqlType.NUMERIC;
import static dev.cairn.sql.type.SqlType.RECORD;
import static dev.cairn.sql.type.SqlType.SMALLINT;
import static dev.cairn.sql.type.SqlType.TEXT;
import static dev.cairn.sql.type.SqlType.TIMESTAMP;
import static dev.cairn.sql.type.SqlType.TIMESTAMPTZ;

import dev.cairn.sql.type.Comparisons;
import dev.cairn.sql.type.Interval;
import dev.cairn.sql.type.Numerics;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The operators. Prefix ones have one parameter. */
public final class Operators {

    private static final List<SqlType> INTEGERS = List.of(SMALLINT, INTEGER, BIGINT);
    private static final int MAX_YEAR = 294276;
    private static final Registry REGISTRY = new Registry();

    static {
        addComparisons();
        addIntegers();
        addNumerics();
        addDoubles();
        addText();
        addTimes();
    }

    private Operators() {}

    /** The operators of this name between two operands. */
    public static List<Routine> binary(String name) {
        return REGISTRY.named(name).stream()
                .filter(routine -> routine.parameters().size() == 2)
                .toList();
    }

    /** The operators of this name before one operand. */
    public static List<Routine> prefix(String name) {
        return REGISTRY.named(name).stream()
                .filter(routine -> routine.parameters().size() == 1)
                .toList();
    }

    private static void addComparisons() {
        for (SqlType type : List.of(
                SMALLINT,
                INTEGER,
                BIGINT,
                NUMERIC,
                DOUBLE,
                TEXT,
                BYTEA,
                BOOLEAN,
                DATE,
                TIMESTAMP,
                TIMESTAMPTZ,
                INTERVAL,
                RECORD)) {
            addComparison(type, type, type);
        }
        for (SqlType left : INTEGERS) {
            for (SqlType right : INTEGERS) {
                if (!left.equals(right)) {
                    addComparison(left, right, BIGINT);
                }
            }
        }
        addComparison(DATE, TIMESTAMP, TIMESTAMP);
        addComparison(TIMESTAMP, DATE, TIMESTAMP);
        addComparison(DATE, TIMESTAMPTZ, TIMESTAMPTZ);
        addComparison(TIMESTAMPTZ, DATE, TIMESTAMPTZ);
        addComparison(TIMESTAMP, TIMESTAMPTZ, TIMESTAMPTZ);
        addComparison(TIMESTAMPTZ, TIMESTAMP, TIMESTAMPTZ);
    }

    private static void addComparison(SqlType left, SqlType right, SqlType common) {
        addComparison("=", left, right, common, order -> order == 0);
        addComparison("<>", left, right, common, order -> order != 0);
        addComparison("<", left, right, common, order -> order < 0);
        addComparison("<=", left, right, common, order -> order <= 0);
        addComparison(">", left, right, common, order -> order > 0);
        addComparison(">=", left, right, common, order -> order >= 0);
    }

    private static void addComparison(String name, SqlType left, SqlType right, SqlType common, IntPredicate holds) {
        boolean mixed = !left.equals(right);
        REGISTRY.add(name, BOOLEAN, List.of(left, right), (a, e) -> {
            Object x = argument(a, 0);
            Object y = argument(a, 1);
            return holds.test(
                    mixed ? Comparisons.compare(widen(x, common), widen(y, common)) : Comparisons.compare(x, y));
        });
    }

    private static Object argument(@Nullable Object[] arguments, int index) {
        return Objects.requireNonNull(arguments[index]);
    }

    private static Object widen(Object value, SqlType common) {
        return switch (common.kind()) {
            case BIGINT -> ((Number) value).longValue();
            case TIMESTAMP -> timestamp(value);
            case TIMESTAMPTZ ->
                value instanceof Instant ? value : timestamp(value).toInstant(ZoneOffset.UTC);
            default -> value;
        };
    }

    private static LocalDateTime timestamp(Object value) {
        return value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) value;
    }

    /** A whole-number operation in 64 bits, which overflows as ArithmeticException. */
    private interface LongOperation {
        long apply(long a, long b);
    }

    private static void addIntegers() {
        addInteger("+", Math::addExact);
        addInteger("-", Math::subtractExact);
        addInteger("*", Math::multiplyExact);
        addInteger("/", Operators::quotient);
        for (SqlType type : INTEGERS) {
            addInteger("%", type, type, type, (a, b) -> b == 0 ? quotient(a, b) : b == -1 ? 0 : a % b);
            addInteger("&", type, type, type, (a, b) -> a & b);
            addInteger("|", type, type, type, (a, b) -> a | b);
            REGISTRY.add("<<", type, List.of(type, INTEGER), (a, e) -> shift(type, a, true));
            REGISTRY.add(">>", type, List.of(type, INTEGER), (a, e) -> shift(type, a, false));
            REGISTRY.add("-", type, List.of(type), (a, e) -> narrow(type, negated(number(a, 0))));
            REGISTRY.add("+", type, List.of(type), (a, e) -> a[0]);
            REGISTRY.add("@", type, List.of(type), (a, e) -> narrow(type, Math.abs(number(a, 0))));
        }
    }

    private static void addInteger(String name, LongOperation operation) {
        for (SqlType left : INTEGERS) {
            for (SqlType right : INTEGERS) {
                SqlType result = INTEGERS.indexOf(left) > INTEGERS.indexOf(right) ? left : right;
                addInteger(name, left, right, result, operation);
            }
        }
    }

    private static void addInteger(String name, SqlType left, SqlType right, SqlType result, LongOperation operation) {
        REGISTRY.add(name, result, List.of(left, right), (a, e) -> {
            try {
                return narrow(result, operation.apply(number(a, 0), number(a, 1)));
            } catch (ArithmeticException overflow) {
                throw SqlErrors.outOfRange(result.toString());
            }
        });
    }

    private static long number(@Nullable Object[] arguments, int index) {
        return ((Number) argument(arguments, index)).longValue();
    }

    private static long negated(long value) {
        if (value == Long.MIN_VALUE) {
            throw SqlErrors.outOfRange("bigint");
        }
        return -value;
    }

    private static long quotient(long a, long b) {
        if (b == 0) {
            throw SqlErrors.divisionByZero();
        }
        return b == -1 ? Math.negateExact(a) : a / b;
    }

    private static Object shift(SqlType type, @Nullable Object[] arguments, boolean left) {
        int count = (int) number(arguments, 1);
        if (type.equals(BIGINT)) {
            long value = number(arguments, 0);
            return left ? value << count : value >> count;
        }
        int value = (int) number(arguments, 0);
        int shifted = left ? value << count : value >> count;
        return type.equals(INTEGER) ? (Object) shifted : (Object) (short) shifted;
    }

    /** The number as the type's Java class, or 22003. */
    static Object narrow(SqlType type, long value) {
        if (type.equals(BIGINT)) {
            return value;
        }
        if (type.equals(INTEGER)) {
            if (value != (int) value) {
                throw SqlErrors.outOfRange("integer");
            }
            return (int) value;
        }
        if (value != (short) value) {
            throw SqlErrors.outOfRange("smallint");
        }
        return (short) value;
    }

    private static BigDecimal decimal(@Nullable Object[] arguments, int index) {
        return (BigDecimal) argument(arguments, index);
    }

    private static void addNumerics() {
        List<SqlType> two = List.of(NUMERIC, NUMERIC);
        REGISTRY.add("+", NUMERIC, two, (a, e) -> Numerics.normal(decimal(a, 0).add(decimal(a, 1))));
        REGISTRY.add("-", NUMERIC, two, (a, e) -> Numerics.normal(decimal(a, 0).subtract(decimal(a, 1))));
        REGISTRY.add("*", NUMERIC, two, (a, e) -> Numerics.multiply(decimal(a, 0), decimal(a, 1)));
        REGISTRY.add("/", NUMERIC, two, (a, e) -> Numerics.divide(decimal(a, 0), decimal(a, 1)));
        REGISTRY.add("%", NUMERIC, two, (a, e) -> Numerics.remainder(decimal(a, 0), decimal(a, 1)));
        REGISTRY.add("^", NUMERIC, two, (a, e) -> Numerics.power(decimal(a, 0), decimal(a, 1)));
        REGISTRY.add("-", NUMERIC, List.of(NUMERIC), (a, e) -> decimal(a, 0).negate());
        REGISTRY.add("+", NUMERIC, List.of(NUMERIC), (a, e) -> a[0]);
    }

    private static double real(@Nullable Object[] arguments, int index) {
        return (Double) argument(arguments, index);
    }

    private static void addDoubles() {
        List<SqlType> two = List.of(DOUBLE, DOUBLE);
        REGISTRY.add("+", DOUBLE, two, (a, e) -> finite(real(a, 0) + real(a, 1), a));
        REGISTRY.add("-", DOUBLE, two, (a, e) -> finite(real(a, 0) - real(a, 1), a));
        REGISTRY.add("*", DOUBLE, two, (a, e) -> {
            double product = finite(real(a, 0) * real(a, 1), a);
            return notLost(product, real(a, 0) == 0 || real(a, 1) == 0);
        });
        REGISTRY.add("/", DOUBLE, two, (a, e) -> {
            if (real(a, 1) == 0 && !Double.isNaN(real(a, 0))) {
                throw SqlErrors.divisionByZero();
            }
            double quotient = finite(real(a, 0) / real(a, 1), a);
            return notLost(quotient, real(a, 0) == 0 || Double.isInfinite(real(a, 1)));
        });
        REGISTRY.add("^", DOUBLE, two, (a, e) -> power(real(a, 0), real(a, 1)));
        REGISTRY.add("-", DOUBLE, List.of(DOUBLE), (a, e) -> -real(a, 0));
        REGISTRY.add("+", DOUBLE, List.of(DOUBLE), (a, e) -> a[0]);
    }

    /** An infinite result of finite arguments is an overflow. */
    private static double finite(double result, @Nullable Object[] arguments) {
        if (Double.isInfinite(result)
                && Arrays.stream(arguments)
                        .noneMatch(value -> Double.isInfinite((Double) Objects.requireNonNull(value)))) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
        }
        return result;
    }

    private static double notLost(double result, boolean zeroExpected) {
        if (result == 0 && !zeroExpected) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
        }
        return result;
    }

    /** A power of doubles with PostgreSQL's errors. */
    static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_POWER, "zero raised to a negative power is undefined");
        }
        if (base < 0 && Math.floor(exponent) != exponent) {
            throw SqlErrors.of(
                    SqlState.INVALID_ARGUMENT_FOR_POWER,
                    "a negative number raised to a non-integer power yields a complex result");
        }
        double result = Math.pow(base, exponent);
        return notLost(finite(result, new Object[] {base, exponent}), base == 0 || Double.isInfinite(exponent));
    }

    private static void addText() {
        REGISTRY.add("||", TEXT, List.of(TEXT, TEXT), (a, e) -> (String) argument(a, 0) + argument(a, 1));
        REGISTRY.add("||", BYTEA, List.of(BYTEA, BYTEA), (a, e) -> {
            byte[] left = (byte[]) argument(a, 0);
            byte[] right = (byte[]) argument(a, 1);
            byte[] joined = Arrays.copyOf(left, left.length + right.length);
            System.arraycopy(right, 0, joined, left.length, right.length);
            return joined;
        });
    }

    private static void addTimes() {
        REGISTRY.add("+", DATE, List.of(DATE, INTEGER), (a, e) -> date(a, 0).plusDays(number(a, 1)));
        REGISTRY.add("+", DATE, List.of(INTEGER, DATE), (a, e) -> date(a, 1).plusDays(number(a, 0)));
        REGISTRY.add("-", DATE, List.of(DATE, INTEGER), (a, e) -> date(a, 0).minusDays(number(a, 1)));
        REGISTRY.add(
                "-",
                INTEGER,
                List.of(DATE, DATE),
                (a, e) -> Operators.narrow(INTEGER, ChronoUnit.DAYS.between(date(a, 1), date(a, 0))));
        REGISTRY.add(
                "-",
                INTERVAL,
                List.of(TIMESTAMP, TIMESTAMP),
                (a, e) -> Interval.between((LocalDateTime) argument(a, 1), (LocalDateTime) argument(a, 0)));
        REGISTRY.add(
                "-",
                INTERVAL,
                List.of(TIMESTAMPTZ, TIMESTAMPTZ),
                (a, e) -> Interval.between(local((Instant) argument(a, 1)), local((Instant) argument(a, 0))));
        REGISTRY.add(
                "+",
                INTERVAL,
                List.of(INTERVAL, INTERVAL),
                (a, e) -> interval(a, 0).plus(interval(a, 1)));
        REGISTRY.add(
                "-",
                INTERVAL,
                List.of(INTERVAL, INTERVAL),
                (a, e) -> interval(a, 0).plus(interval(a, 1).negated()));
        REGISTRY.add("-", INTERVAL, List.of(INTERVAL), (a, e) -> interval(a, 0).negated());
        REGISTRY.add(
                "*",
                INTERVAL,
                List.of(INTERVAL, DOUBLE),
                (a, e) -> interval(a, 0).times(real(a, 1)));
        REGISTRY.add(
                "*",
                INTERVAL,
                List.of(DOUBLE, INTERVAL),
                (a, e) -> interval(a, 1).times(real(a, 0)));
        REGISTRY.add("/", INTERVAL, List.of(INTERVAL, DOUBLE), (a, e) -> {
            if (real(a, 1) == 0) {
                throw SqlErrors.divisionByZero();
            }
            return interval(a, 0).times(1 / real(a, 1));
        });
        addShift(DATE, TIMESTAMP);
        addShift(TIMESTAMP, TIMESTAMP);
        addShift(TIMESTAMPTZ, TIMESTAMPTZ);
    }

    private static void addShift(SqlType time, SqlType result) {
        REGISTRY.add("+", result, List.of(time, INTERVAL), (a, e) -> shifted(argument(a, 0), interval(a, 1)));
        REGISTRY.add("+", result, List.of(INTERVAL, time), (a, e) -> shifted(argument(a, 1), interval(a, 0)));
        REGISTRY.add(
                "-",
                result,
                List.of(time, INTERVAL),
                (a, e) -> shifted(argument(a, 0), interval(a, 1).negated()));
    }

    private static Object shifted(Object time, Interval interval) {
        LocalDateTime moved =
                time instanceof Instant instant ? interval.addTo(local(instant)) : interval.addTo(timestamp(time));
        if (Math.abs(moved.getYear()) > MAX_YEAR) {
            throw SqlErrors.of(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
        }
        return time instanceof Instant ? moved.toInstant(ZoneOffset.UTC) : moved;
    }

    private static LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static LocalDate date(@Nullable Object[] arguments, int index) {
        return (LocalDate) argument(arguments, index);
    }

    private static Interval interval(@Nullable Object[] arguments, int index) {
        return (Interval) argument(arguments, index);
    }
}
