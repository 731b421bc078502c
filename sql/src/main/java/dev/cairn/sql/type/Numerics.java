package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Arithmetic of numeric with PostgreSQL's result scales. A value's scale is its display scale, never negative.
 *
 * <p>PostgreSQL counts digits in groups of four; the scale of a quotient or a root follows from the first group's weight.
 */
public final class Numerics {

    private static final int GROUP = 4;
    private static final int MIN_SIGNIFICANT = 16;
    private static final int MAX_DISPLAY_SCALE = 1000;
    private static final int MAX_SCALE = 16383;
    private static final int MAX_DIGITS_BEFORE_POINT = 131072;

    private Numerics() {}

    /** The value with a scale of 0 at least. */
    public static BigDecimal normal(BigDecimal value) {
        BigDecimal result = value.scale() < 0 ? value.setScale(0) : value;
        if (result.precision() - result.scale() > MAX_DIGITS_BEFORE_POINT) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
        }
        return result;
    }

    public static BigDecimal multiply(BigDecimal a, BigDecimal b) {
        BigDecimal product = a.multiply(b);
        return product.scale() > MAX_SCALE ? product.setScale(MAX_SCALE, RoundingMode.HALF_UP) : normal(product);
    }

    /** @throws dev.cairn.storage.base.TransactionException 22012 */
    public static BigDecimal divide(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw SqlErrors.divisionByZero();
        }
        return normal(a.divide(b, quotientScale(a, b), RoundingMode.HALF_UP));
    }

    /** The quotient cut off to an integer, as div() gives it. */
    public static BigDecimal divideToInteger(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw SqlErrors.divisionByZero();
        }
        return normal(a.divideToIntegralValue(b).setScale(0, RoundingMode.DOWN));
    }

    /** The remainder with the sign of the dividend. */
    public static BigDecimal remainder(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw SqlErrors.divisionByZero();
        }
        return a.remainder(b).setScale(Math.max(a.scale(), b.scale()));
    }

    private static int quotientScale(BigDecimal a, BigDecimal b) {
        int weight = weight(a) - weight(b);
        if (firstGroup(a) <= firstGroup(b)) {
            weight--;
        }
        int scale = MIN_SIGNIFICANT - weight * GROUP;
        scale = Math.max(scale, Math.max(a.scale(), b.scale()));
        return Math.min(Math.max(scale, 0), MAX_DISPLAY_SCALE);
    }

    /** The exponent of the first nonzero group of four digits. */
    private static int weight(BigDecimal value) {
        return value.signum() == 0 ? 0 : Math.floorDiv(value.precision() - value.scale() - 1, GROUP);
    }

    private static int firstGroup(BigDecimal value) {
        return value.signum() == 0
                ? 0
                : value.abs().movePointLeft(GROUP * weight(value)).intValue();
    }

    /** @param digits may be negative */
    public static BigDecimal round(BigDecimal value, int digits, RoundingMode mode) {
        int scale = Math.max(-MAX_DISPLAY_SCALE, Math.min(digits, MAX_DISPLAY_SCALE));
        BigDecimal rounded = value.setScale(scale, mode);
        return normal(rounded.signum() == 0 ? BigDecimal.ZERO.setScale(Math.max(scale, 0)) : rounded);
    }

    public static BigDecimal sqrt(BigDecimal value) {
        if (value.signum() < 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_POWER, "cannot take square root of a negative number");
        }
        int weight = weight(value) * GROUP / 2;
        int scale = Math.max(Math.max(MIN_SIGNIFICANT - weight - 1, value.scale()), 0);
        if (value.signum() == 0) {
            scale = Math.max(MIN_SIGNIFICANT - 1, value.scale());
            return BigDecimal.ZERO.setScale(scale);
        }
        int precision = Math.max(value.precision() - value.scale(), 1) + scale + 10;
        return value.sqrt(new MathContext(precision, RoundingMode.HALF_UP)).setScale(scale, RoundingMode.HALF_UP);
    }

    /** Powers with an integer exponent are exact before they are rounded; others go through logarithms. */
    public static BigDecimal power(BigDecimal base, BigDecimal exponent) {
        if (base.signum() == 0 && exponent.signum() < 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_POWER, "zero raised to a negative power is undefined");
        }
        BigDecimal whole = exponent.setScale(0, RoundingMode.DOWN);
        boolean integer = whole.compareTo(exponent) == 0;
        if (base.signum() < 0 && !integer) {
            throw SqlErrors.of(
                    SqlState.INVALID_ARGUMENT_FOR_POWER,
                    "a negative number raised to a non-integer power yields a complex result");
        }
        int shown = Math.max(base.scale(), exponent.scale());
        if (base.signum() == 0) {
            BigDecimal result = exponent.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO;
            return result.setScale(Math.max(shown, MIN_SIGNIFICANT));
        }
        double logarithm = exponent.doubleValue() * log10(base.abs());
        if (logarithm > MAX_DIGITS_BEFORE_POINT) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
        }
        int scale = integer
                ? Math.max(MIN_SIGNIFICANT, base.scale())
                : Math.max(Math.max(shown, MIN_SIGNIFICANT - (int) logarithm), 0);
        scale = Math.min(scale, MAX_DISPLAY_SCALE);
        if (logarithm < -MAX_DISPLAY_SCALE - 1.0) {
            return BigDecimal.ZERO.setScale(scale);
        }
        BigDecimal result = integer && whole.abs().compareTo(BigDecimal.valueOf(999_999_999)) <= 0
                ? integerPower(base, whole.intValueExact(), scale, logarithm)
                : exp(exponent.multiply(ln(base, scale + 20)), scale + 20 + Math.max((int) logarithm, 0));
        return result.setScale(scale, RoundingMode.HALF_UP);
    }

    private static BigDecimal integerPower(BigDecimal base, int exponent, int scale, double logarithm) {
        if (exponent >= 0 && (long) base.precision() * exponent < 100_000) {
            return base.pow(exponent);
        }
        int precision = Math.max(scale + (int) Math.max(logarithm, 0) + 20, 40);
        return base.pow(exponent, new MathContext(precision, RoundingMode.HALF_UP));
    }

    private static double log10(BigDecimal value) {
        int exponent = value.precision() - value.scale();
        return Math.log10(value.movePointLeft(exponent).doubleValue()) + exponent;
    }

    /** The natural logarithm to so many digits after the point. */
    static BigDecimal ln(BigDecimal value, int digits) {
        MathContext context = new MathContext(digits + 30, RoundingMode.HALF_EVEN);
        BigDecimal x = value;
        int doublings = 0;
        BigDecimal near = new BigDecimal("0.01");
        while (x.subtract(BigDecimal.ONE).abs().compareTo(near) > 0) {
            x = x.sqrt(context);
            doublings++;
        }
        BigDecimal ratio = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), context);
        BigDecimal square = ratio.multiply(ratio, context);
        BigDecimal term = ratio;
        BigDecimal sum = ratio;
        BigDecimal epsilon = BigDecimal.ONE.movePointLeft(digits + 25);
        for (int n = 3; term.abs().compareTo(epsilon) > 0; n += 2) {
            term = term.multiply(square, context);
            sum = sum.add(term.divide(BigDecimal.valueOf(n), context), context);
        }
        return sum.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(doublings + 1)), context);
    }

    static BigDecimal exp(BigDecimal value, int digits) {
        MathContext context = new MathContext(digits + 40, RoundingMode.HALF_EVEN);
        int halvings = 0;
        BigDecimal x = value;
        while (x.abs().compareTo(new BigDecimal("0.01")) > 0) {
            x = x.divide(BigDecimal.valueOf(2), context);
            halvings++;
        }
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal epsilon = BigDecimal.ONE.movePointLeft(digits + 30);
        for (int n = 1; term.abs().compareTo(epsilon) > 0; n++) {
            term = term.multiply(x, context).divide(BigDecimal.valueOf(n), context);
            sum = sum.add(term, context);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, context);
        }
        return sum;
    }

    /** e to the value, with PostgreSQL's scale. */
    public static BigDecimal exp(BigDecimal value) {
        double logarithm = value.doubleValue() * 0.434294481903252;
        if (logarithm > MAX_DIGITS_BEFORE_POINT) {
            throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
        }
        int scale = Math.max(Math.max(value.scale(), MIN_SIGNIFICANT - (int) logarithm), 0);
        scale = Math.min(scale, MAX_DISPLAY_SCALE);
        if (logarithm < -MAX_DISPLAY_SCALE - 1.0) {
            return BigDecimal.ZERO.setScale(scale);
        }
        return exp(value, scale + (int) Math.max(logarithm, 0) + 10).setScale(scale, RoundingMode.HALF_UP);
    }

    /** The natural logarithm, with PostgreSQL's scale. */
    public static BigDecimal ln(BigDecimal value) {
        requirePositive(value);
        double natural = log10(value) / 0.434294481903252;
        int digits = natural == 0 ? 0 : (int) Math.log10(Math.abs(natural));
        int scale = Math.min(Math.max(Math.max(MIN_SIGNIFICANT - digits, value.scale()), 0), MAX_DISPLAY_SCALE);
        return ln(value, scale + 10).setScale(scale, RoundingMode.HALF_UP);
    }

    /** The logarithm to base 10. */
    public static BigDecimal log(BigDecimal value) {
        requirePositive(value);
        double natural = log10(value) / 0.434294481903252;
        int digits = natural == 0 ? 0 : (int) Math.log10(Math.abs(natural));
        int scale = Math.min(Math.max(Math.max(MIN_SIGNIFICANT - digits, value.scale()), 0), MAX_DISPLAY_SCALE);
        MathContext context = new MathContext(scale + 30, RoundingMode.HALF_EVEN);
        return ln(value, scale + 20)
                .divide(ln(BigDecimal.TEN, scale + 20), context)
                .setScale(scale, RoundingMode.HALF_UP);
    }

    private static void requirePositive(BigDecimal value) {
        if (value.signum() == 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of zero");
        }
        if (value.signum() < 0) {
            throw SqlErrors.of(SqlState.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of a negative number");
        }
    }
}
