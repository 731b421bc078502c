package dev.cairn.sql.expr;

import static dev.cairn.sql.type.SqlType.BIGINT;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.INTERVAL;
import static dev.cairn.sql.type.SqlType.NUMERIC;
import static dev.cairn.sql.type.SqlType.TIMESTAMP;

import dev.cairn.sql.type.Interval;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A function that gives a set of values. A null argument gives the empty set. */
public final class SetFunction {

    /** Makes the set. */
    private interface Body {
        Iterator<?> values(@Nullable Object[] arguments, Evaluation evaluation);
    }

    private static final List<SetFunction> ALL = List.of(
            new SetFunction("generate_series", INTEGER, List.of(INTEGER, INTEGER), SetFunction::integers),
            new SetFunction("generate_series", INTEGER, List.of(INTEGER, INTEGER, INTEGER), SetFunction::integers),
            new SetFunction("generate_series", BIGINT, List.of(BIGINT, BIGINT), SetFunction::bigints),
            new SetFunction("generate_series", BIGINT, List.of(BIGINT, BIGINT, BIGINT), SetFunction::bigints),
            new SetFunction("generate_series", NUMERIC, List.of(NUMERIC, NUMERIC), SetFunction::numerics),
            new SetFunction("generate_series", NUMERIC, List.of(NUMERIC, NUMERIC, NUMERIC), SetFunction::numerics),
            new SetFunction("generate_series", TIMESTAMP, List.of(TIMESTAMP, TIMESTAMP, INTERVAL), SetFunction::times),
            new SetFunction(
                    "pg_stat_get_backend_idset",
                    INTEGER,
                    List.of(),
                    (a, e) -> e.session().sessionIds().iterator()));

    private final Routine routine;
    private final Body body;

    private SetFunction(String name, SqlType result, List<SqlType> parameters, Body body) {
        this.routine = new Routine(name, parameters, result, true, false, false, (a, e) -> {
            throw new IllegalStateException("a set has no single value");
        });
        this.body = body;
    }

    public String name() {
        return routine.name();
    }

    /** The routines of this name, for the choice among them. */
    public static List<Routine> routines(String name) {
        return ALL.stream()
                .map(function -> function.routine)
                .filter(routine -> routine.name().equals(name))
                .toList();
    }

    /** The function that a chosen routine stands for. */
    public static SetFunction of(Routine routine) {
        return ALL.stream()
                .filter(function -> function.routine.equals(routine))
                .findFirst()
                .orElseThrow();
    }

    /** The set for these arguments, made as it is asked for. */
    public Iterator<?> values(@Nullable Object[] arguments, Evaluation evaluation) {
        for (Object argument : arguments) {
            if (argument == null) {
                return Collections.emptyIterator();
            }
        }
        return body.values(arguments, evaluation);
    }

    private static Iterator<?> integers(@Nullable Object[] a, Evaluation e) {
        long step = a.length > 2 ? Arguments.integer(a, 2) : 1;
        long last = Arguments.integer(a, 1);
        checkStep(step == 0);
        return series(
                (long) Arguments.integer(a, 0),
                value -> step > 0 ? value <= last : value >= last,
                value -> value + step,
                Long::intValue);
    }

    private static Iterator<?> bigints(@Nullable Object[] a, Evaluation e) {
        long step = a.length > 2 ? Arguments.bigint(a, 2) : 1;
        BigDecimal last = BigDecimal.valueOf(Arguments.bigint(a, 1));
        checkStep(step == 0);
        return series(
                BigDecimal.valueOf(Arguments.bigint(a, 0)),
                value -> step > 0 ? value.compareTo(last) <= 0 : value.compareTo(last) >= 0,
                value -> value.add(BigDecimal.valueOf(step)),
                BigDecimal::longValue);
    }

    private static Iterator<?> numerics(@Nullable Object[] a, Evaluation e) {
        BigDecimal step = a.length > 2 ? Arguments.decimal(a, 2) : BigDecimal.ONE;
        BigDecimal last = Arguments.decimal(a, 1);
        checkStep(step.signum() == 0);
        return series(
                Arguments.decimal(a, 0),
                value -> step.signum() > 0 ? value.compareTo(last) <= 0 : value.compareTo(last) >= 0,
                value -> value.add(step),
                value -> value);
    }

    private static Iterator<?> times(@Nullable Object[] a, Evaluation e) {
        Interval step = (Interval) Arguments.value(a, 2);
        LocalDateTime last = (LocalDateTime) Arguments.value(a, 1);
        int direction = step.compareTo(new Interval(0, 0, 0));
        checkStep(direction == 0);
        return series(
                (LocalDateTime) Arguments.value(a, 0),
                value -> direction > 0 ? !value.isAfter(last) : !value.isBefore(last),
                step::addTo,
                value -> value);
    }

    private static void checkStep(boolean zero) {
        if (zero) {
            throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
        }
    }

    private static <T> Iterator<Object> series(
            T first, Predicate<T> within, UnaryOperator<T> next, java.util.function.Function<T, Object> result) {
        return new Iterator<>() {
            private T current = first;

            @Override
            public boolean hasNext() {
                return within.test(current);
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Object value = result.apply(current);
                current = next.apply(current);
                return value;
            }
        };
    }
}
