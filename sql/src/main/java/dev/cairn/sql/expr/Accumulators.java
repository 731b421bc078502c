package dev.cairn.sql.expr;

import dev.cairn.sql.type.Coercions;
import dev.cairn.sql.type.Comparisons;
import dev.cairn.sql.type.Interval;
import dev.cairn.sql.type.Numerics;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The states of the aggregates. */
final class Accumulators {

    private Accumulators() {}

    /** count. */
    static final class Count implements Aggregate.State {
        private long rows;

        @Override
        public void add(@Nullable Object[] arguments) {
            rows++;
        }

        @Override
        public Object result() {
            return rows;
        }
    }

    /** sum of integers that fit 64 bits in the end. */
    static final class LongSum implements Aggregate.State {
        private long sum;
        private boolean any;

        @Override
        public void add(@Nullable Object[] arguments) {
            try {
                sum = Math.addExact(sum, Arguments.bigint(arguments, 0));
            } catch (ArithmeticException overflow) {
                throw SqlErrors.outOfRange("bigint");
            }
            any = true;
        }

        @Override
        public @Nullable Object result() {
            return any ? sum : null;
        }
    }

    /** sum or avg in numeric. */
    static final class NumericSum implements Aggregate.State {
        private final boolean average;
        private BigDecimal sum = BigDecimal.ZERO;
        private long rows;

        NumericSum(boolean average) {
            this.average = average;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            sum = sum.add(Coercions.toNumeric(Arguments.value(arguments, 0)));
            rows++;
        }

        @Override
        public @Nullable Object result() {
            if (rows == 0) {
                return null;
            }
            return average ? Numerics.divide(sum, BigDecimal.valueOf(rows)) : Numerics.normal(sum);
        }
    }

    /** sum or avg of doubles, the average by the same recurrence as PostgreSQL's. */
    static final class DoubleSum implements Aggregate.State {
        private final boolean average;
        private double sum;
        private long rows;

        DoubleSum(boolean average) {
            this.average = average;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            double value = Arguments.real(arguments, 0);
            boolean finite = !Double.isInfinite(sum) && !Double.isInfinite(value);
            sum += value;
            rows++;
            if (finite && Double.isInfinite(sum)) {
                throw SqlErrors.of(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
            }
        }

        @Override
        public @Nullable Object result() {
            return rows == 0 ? null : average ? (Object) (sum / rows) : (Object) sum;
        }
    }

    /** sum or avg of intervals. */
    static final class IntervalSum implements Aggregate.State {
        private final boolean average;
        private @Nullable Interval sum;
        private long rows;

        IntervalSum(boolean average) {
            this.average = average;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            Interval value = (Interval) Arguments.value(arguments, 0);
            sum = sum == null ? value : sum.plus(value);
            rows++;
        }

        @Override
        public @Nullable Object result() {
            return sum == null || !average ? sum : sum.times(1.0 / rows);
        }
    }

    /** min (-1) or max (1). */
    static final class Extreme implements Aggregate.State {
        private final int sign;
        private @Nullable Object extreme;

        Extreme(int sign) {
            this.sign = sign;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            Object value = Arguments.value(arguments, 0);
            if (extreme == null || Comparisons.compare(value, extreme) * sign > 0) {
                extreme = value;
            }
        }

        @Override
        public @Nullable Object result() {
            return extreme;
        }
    }

    /** bool_and or bool_or. */
    static final class Bool implements Aggregate.State {
        private final boolean and;
        private @Nullable Boolean value;

        Bool(boolean and) {
            this.and = and;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            boolean next = (Boolean) Arguments.value(arguments, 0);
            value = value == null ? next : and ? value && next : value || next;
        }

        @Override
        public @Nullable Object result() {
            return value;
        }
    }

    /** string_agg of text; the first separator is not used. */
    static final class TextJoin implements Aggregate.State {
        private @Nullable StringBuilder joined;

        @Override
        public void add(@Nullable Object[] arguments) {
            if (joined == null) {
                joined = new StringBuilder();
            } else {
                joined.append(Objects.requireNonNullElse(arguments[1], ""));
            }
            joined.append(arguments[0]);
        }

        @Override
        public @Nullable Object result() {
            return joined == null ? null : joined.toString();
        }
    }

    /** string_agg of bytes. */
    static final class BytesJoin implements Aggregate.State {
        private @Nullable ByteArrayOutputStream joined;

        @Override
        public void add(@Nullable Object[] arguments) {
            if (joined == null) {
                joined = new ByteArrayOutputStream();
            } else if (arguments[1] != null) {
                joined.writeBytes(Arguments.bytes(arguments, 1));
            }
            joined.writeBytes(Arguments.bytes(arguments, 0));
        }

        @Override
        public @Nullable Object result() {
            return joined == null ? null : joined.toByteArray();
        }
    }

    /** Variance or standard deviation in numeric. */
    static final class NumericVariance implements Aggregate.State {
        private final boolean root;
        private final boolean population;
        private BigDecimal sum = BigDecimal.ZERO;
        private BigDecimal squares = BigDecimal.ZERO;
        private long rows;

        NumericVariance(boolean root, boolean population) {
            this.root = root;
            this.population = population;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            BigDecimal value = Coercions.toNumeric(Arguments.value(arguments, 0));
            sum = sum.add(value);
            squares = squares.add(value.multiply(value));
            rows++;
        }

        @Override
        public @Nullable Object result() {
            if (rows == 0 || (rows == 1 && !population)) {
                return null;
            }
            BigDecimal n = BigDecimal.valueOf(rows);
            BigDecimal spread = n.multiply(squares).subtract(sum.multiply(sum));
            if (spread.signum() <= 0) {
                return BigDecimal.ZERO;
            }
            BigDecimal divisor = n.multiply(population ? n : n.subtract(BigDecimal.ONE));
            BigDecimal variance = Numerics.divide(spread, divisor);
            return root ? Numerics.sqrt(variance) : variance;
        }
    }

    /** Variance or standard deviation of doubles, by Youngs and Cramer's recurrence as in PostgreSQL. */
    static final class DoubleVariance implements Aggregate.State {
        private final boolean root;
        private final boolean population;
        private double rows;
        private double sum;
        private double spread;

        DoubleVariance(boolean root, boolean population) {
            this.root = root;
            this.population = population;
        }

        @Override
        public void add(@Nullable Object[] arguments) {
            double value = Arguments.real(arguments, 0);
            rows++;
            sum += value;
            if (rows > 1) {
                double distance = value * rows - sum;
                spread += distance * distance / (rows * (rows - 1));
            }
        }

        @Override
        public @Nullable Object result() {
            if (rows == 0 || (rows == 1 && !population)) {
                return null;
            }
            double variance = spread / (population ? rows : rows - 1);
            return root ? Math.sqrt(variance) : variance;
        }
    }
}
