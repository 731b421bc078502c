package dev.cairn.sql.expr;

import static dev.cairn.sql.expr.Arguments.bigint;
import static dev.cairn.sql.expr.Arguments.decimal;
import static dev.cairn.sql.expr.Arguments.integer;
import static dev.cairn.sql.expr.Arguments.real;
import static dev.cairn.sql.type.SqlType.BIGINT;
import static dev.cairn.sql.type.SqlType.DOUBLE;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.NUMERIC;
import static dev.cairn.sql.type.SqlType.SMALLINT;

import dev.cairn.sql.type.Numerics;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The mathematical functions. */
final class MathFunctions {

    static final Registry REGISTRY = new Registry();

    static {
        addRounding();
        addIntegers();
        addPowers();
        addTrigonometry();
    }

    private MathFunctions() {}

    private static void real1(String name, DoubleUnaryOperator operator) {
        REGISTRY.add(name, DOUBLE, List.of(DOUBLE), (a, e) -> operator.applyAsDouble(real(a, 0)));
    }

    private static void addRounding() {
        for (String name : List.of("ceil", "ceiling")) {
            REGISTRY.add(
                    name, NUMERIC, List.of(NUMERIC), (a, e) -> decimal(a, 0).setScale(0, RoundingMode.CEILING));
            real1(name, Math::ceil);
        }
        REGISTRY.add("floor", NUMERIC, List.of(NUMERIC), (a, e) -> decimal(a, 0).setScale(0, RoundingMode.FLOOR));
        real1("floor", Math::floor);
        real1("round", Math::rint);
        real1("trunc", value -> value < 0 ? Math.ceil(value) : Math.floor(value));
        addRounding("round", RoundingMode.HALF_UP);
        addRounding("trunc", RoundingMode.DOWN);
        REGISTRY.add(
                "sign",
                NUMERIC,
                List.of(NUMERIC),
                (a, e) -> BigDecimal.valueOf(decimal(a, 0).signum()));
        real1("sign", value -> value == 0 ? 0 : Math.signum(value));
        REGISTRY.add("abs", NUMERIC, List.of(NUMERIC), (a, e) -> decimal(a, 0).abs());
        real1("abs", Math::abs);
        for (SqlType type : List.of(SMALLINT, INTEGER, BIGINT)) {
            REGISTRY.add("abs", type, List.of(type), (a, e) -> {
                if (bigint(a, 0) == Long.MIN_VALUE) {
                    throw SqlErrors.outOfRange("bigint");
                }
                return Operators.narrow(type, Math.abs(bigint(a, 0)));
            });
        }
        REGISTRY.add("scale", INTEGER, List.of(NUMERIC), (a, e) -> decimal(a, 0).scale());
        REGISTRY.add(
                "min_scale",
                INTEGER,
                List.of(NUMERIC),
                (a, e) -> trimmed(decimal(a, 0)).scale());
        REGISTRY.add("trim_scale", NUMERIC, List.of(NUMERIC), (a, e) -> trimmed(decimal(a, 0)));
    }

    private static BigDecimal trimmed(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : Numerics.normal(value.stripTrailingZeros());
    }

    private static void addRounding(String name, RoundingMode mode) {
        REGISTRY.add(name, NUMERIC, List.of(NUMERIC), (a, e) -> Numerics.round(decimal(a, 0), 0, mode));
        REGISTRY.add(
                name, NUMERIC, List.of(NUMERIC, INTEGER), (a, e) -> Numerics.round(decimal(a, 0), integer(a, 1), mode));
    }

    private static void addIntegers() {
        for (SqlType type : List.of(SMALLINT, INTEGER, BIGINT)) {
            REGISTRY.add("mod", type, List.of(type, type), (a, e) -> {
                if (bigint(a, 1) == 0) {
                    throw SqlErrors.divisionByZero();
                }
                return Operators.narrow(type, bigint(a, 1) == -1 ? 0 : bigint(a, 0) % bigint(a, 1));
            });
        }
        REGISTRY.add(
                "mod", NUMERIC, List.of(NUMERIC, NUMERIC), (a, e) -> Numerics.remainder(decimal(a, 0), decimal(a, 1)));
        REGISTRY.add(
                "div",
                NUMERIC,
                List.of(NUMERIC, NUMERIC),
                (a, e) -> Numerics.divideToInteger(decimal(a, 0), decimal(a, 1)));
        for (SqlType type : List.of(INTEGER, BIGINT)) {
            REGISTRY.add("gcd", type, List.of(type, type), (a, e) -> {
                BigInteger divisor = BigInteger.valueOf(bigint(a, 0)).gcd(BigInteger.valueOf(bigint(a, 1)));
                return Operators.narrow(type, exact(divisor, type));
            });
            REGISTRY.add("lcm", type, List.of(type, type), (a, e) -> {
                BigInteger x = BigInteger.valueOf(bigint(a, 0));
                BigInteger y = BigInteger.valueOf(bigint(a, 1));
                boolean zero = x.signum() == 0 || y.signum() == 0;
                BigInteger multiple =
                        zero ? BigInteger.ZERO : x.divide(x.gcd(y)).multiply(y).abs();
                return Operators.narrow(type, exact(multiple, type));
            });
        }
        REGISTRY.add("factorial", NUMERIC, List.of(BIGINT), (a, e) -> factorial(bigint(a, 0)));
    }

    private static long exact(BigInteger value, SqlType type) {
        if (value.bitLength() > 63) {
            throw SqlErrors.outOfRange(type.toString());
        }
        return value.longValue();
    }

    private static BigDecimal factorial(long n) {
        if (n < 0) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
        }
        if (n > 32177) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return new BigDecimal(product);
    }

    private static void addPowers() {
        for (String name : List.of("power", "pow")) {
            REGISTRY.add(
                    name, NUMERIC, List.of(NUMERIC, NUMERIC), (a, e) -> Numerics.power(decimal(a, 0), decimal(a, 1)));
            REGISTRY.add(name, DOUBLE, List.of(DOUBLE, DOUBLE), (a, e) -> Operators.power(real(a, 0), real(a, 1)));
        }
        REGISTRY.add("sqrt", NUMERIC, List.of(NUMERIC), (a, e) -> Numerics.sqrt(decimal(a, 0)));
        real1("sqrt", value -> {
            if (value < 0) {
                throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_POWER, "cannot take square root of a negative number");
            }
            return Math.sqrt(value);
        });
        real1("cbrt", Math::cbrt);
        REGISTRY.add("exp", NUMERIC, List.of(NUMERIC), (a, e) -> Numerics.exp(decimal(a, 0)));
        real1("exp", value -> {
            double result = Math.exp(value);
            if (Double.isInfinite(result) && !Double.isInfinite(value)) {
                throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
            }
            return result;
        });
        REGISTRY.add("ln", NUMERIC, List.of(NUMERIC), (a, e) -> Numerics.ln(decimal(a, 0)));
        real1("ln", value -> Math.log(positive(value)));
        for (String name : List.of("log", "log10")) {
            REGISTRY.add(name, NUMERIC, List.of(NUMERIC), (a, e) -> Numerics.log(decimal(a, 0)));
            real1(name, value -> Math.log10(positive(value)));
        }
    }

    private static double positive(double value) {
        if (value == 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of zero");
        }
        if (value < 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of a negative number");
        }
        return value;
    }

    private static void addTrigonometry() {
        REGISTRY.add("pi", DOUBLE, List.of(), (a, e) -> Math.PI);
        real1("degrees", Math::toDegrees);
        real1("radians", Math::toRadians);
        real1("sin", Math::sin);
        real1("cos", Math::cos);
        real1("tan", Math::tan);
        real1("atan", Math::atan);
        REGISTRY.add("atan2", DOUBLE, List.of(DOUBLE, DOUBLE), (a, e) -> Math.atan2(real(a, 0), real(a, 1)));
        REGISTRY.addVolatile("random", DOUBLE, List.of(), (a, e) -> e.session().nextRandom());
    }
}
