package dev.cairn.sql.expr;

import static dev.cairn.sql.expr.Arguments.integer;
import static dev.cairn.sql.expr.Arguments.real;
import static dev.cairn.sql.expr.Arguments.text;
import static dev.cairn.sql.expr.Arguments.value;
import static dev.cairn.sql.type.SqlType.DATE;
import static dev.cairn.sql.type.SqlType.DOUBLE;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.INTERVAL;
import static dev.cairn.sql.type.SqlType.NUMERIC;
import static dev.cairn.sql.type.SqlType.TEXT;
import static dev.cairn.sql.type.SqlType.TIMESTAMP;
import static dev.cairn.sql.type.SqlType.TIMESTAMPTZ;

import dev.cairn.sql.type.Interval;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;

/** Functions of dates and times; the time zone is UTC. */
final class TimeFunctions {

    static final Registry REGISTRY = new Registry();

    static {
        addClocks();
        addFields();
        addConstruction();
    }

    private TimeFunctions() {}

    private static void addClocks() {
        for (String name : List.of("now", "transaction_timestamp", "current_timestamp")) {
            REGISTRY.addVolatile(
                    name, TIMESTAMPTZ, List.of(), (a, e) -> micros(e.session().transactionTime()));
        }
        REGISTRY.addVolatile(
                "statement_timestamp",
                TIMESTAMPTZ,
                List.of(),
                (a, e) -> micros(e.session().statementTime()));
        REGISTRY.addVolatile(
                "clock_timestamp",
                TIMESTAMPTZ,
                List.of(),
                (a, e) -> micros(e.session().currentTime()));
        REGISTRY.addVolatile(
                "current_date",
                DATE,
                List.of(),
                (a, e) -> local(e.session().transactionTime()).toLocalDate());
        REGISTRY.addVolatile(
                "localtimestamp",
                TIMESTAMP,
                List.of(),
                (a, e) -> local(micros(e.session().transactionTime())));
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDateTime local(Object time) {
        if (time instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        return time instanceof Instant instant
                ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                : (LocalDateTime) time;
    }

    private static void addFields() {
        for (SqlType type : List.of(DATE, TIMESTAMP, TIMESTAMPTZ)) {
            REGISTRY.add("extract", NUMERIC, List.of(TEXT, type), (a, e) -> field(text(a, 0), value(a, 1)));
            REGISTRY.add(
                    "date_part",
                    DOUBLE,
                    List.of(TEXT, type),
                    (a, e) -> field(text(a, 0), value(a, 1)).doubleValue());
        }
        REGISTRY.add("extract", NUMERIC, List.of(TEXT, INTERVAL), (a, e) -> field(text(a, 0), (Interval) value(a, 1)));
        REGISTRY.add(
                "date_part",
                DOUBLE,
                List.of(TEXT, INTERVAL),
                (a, e) -> field(text(a, 0), (Interval) value(a, 1)).doubleValue());
        REGISTRY.add(
                "date_trunc",
                TIMESTAMP,
                List.of(TEXT, TIMESTAMP),
                (a, e) -> truncated(text(a, 0), (LocalDateTime) value(a, 1)));
        REGISTRY.add(
                "date_trunc",
                INTERVAL,
                List.of(TEXT, INTERVAL),
                (a, e) -> truncated(text(a, 0), (Interval) value(a, 1)));
        REGISTRY.add(
                "date_trunc",
                TIMESTAMPTZ,
                List.of(TEXT, TIMESTAMPTZ),
                (a, e) -> truncated(text(a, 0), local(value(a, 1))).toInstant(ZoneOffset.UTC));
    }

    private static BigDecimal field(String name, Object time) {
        LocalDateTime t = local(time);
        String field = name.toLowerCase(Locale.ROOT);
        boolean date = time instanceof LocalDate;
        return switch (field) {
            case "year", "years" -> number(t.getYear() <= 0 ? t.getYear() - 1 : t.getYear());
            case "month", "months", "mon" -> number(t.getMonthValue());
            case "day", "days" -> number(t.getDayOfMonth());
            case "dow" -> number(t.getDayOfWeek().getValue() % 7);
            case "isodow" -> number(t.getDayOfWeek().getValue());
            case "doy" -> number(t.getDayOfYear());
            case "week" -> number(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case "isoyear" -> number(t.get(IsoFields.WEEK_BASED_YEAR));
            case "quarter" -> number((t.getMonthValue() + 2) / 3);
            case "decade" -> number(Math.floorDiv(t.getYear(), 10));
            case "century" -> number(t.getYear() > 0 ? (t.getYear() + 99) / 100 : -((99 - (t.getYear() - 1)) / 100));
            case "millennium" ->
                number(t.getYear() > 0 ? (t.getYear() + 999) / 1000 : -((999 - (t.getYear() - 1)) / 1000));
            case "epoch" -> epoch(t, date);
            case "hour", "minute", "second", "milliseconds", "microseconds" -> {
                if (date) {
                    throw SqlErrors.of(
                            SqlState.FEATURE_NOT_SUPPORTED, "unit \"" + field + "\" not supported for type date");
                }
                yield timeField(field, t);
            }
            case "timezone", "timezone_hour", "timezone_minute", "julian" ->
                throw SqlErrors.notSupported("unit \"" + field + "\"");
            default -> throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "unit \"" + name + "\" not recognized");
        };
    }

    private static BigDecimal number(long value) {
        return BigDecimal.valueOf(value);
    }

    private static BigDecimal epoch(LocalDateTime t, boolean date) {
        long seconds = t.toEpochSecond(ZoneOffset.UTC);
        return date
                ? number(seconds)
                : BigDecimal.valueOf(Math.addExact(Math.multiplyExact(seconds, 1_000_000L), t.getNano() / 1000), 6);
    }

    private static BigDecimal timeField(String field, LocalDateTime t) {
        long micros = t.getSecond() * 1_000_000L + t.getNano() / 1000;
        return switch (field) {
            case "hour" -> number(t.getHour());
            case "minute" -> number(t.getMinute());
            case "second" -> BigDecimal.valueOf(micros, 6);
            case "milliseconds" -> BigDecimal.valueOf(micros, 3);
            default -> number(micros);
        };
    }

    private static BigDecimal field(String name, Interval interval) {
        long micros = interval.micros();
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "year", "years" -> number(interval.months() / 12);
            case "month", "months" -> number(interval.months() % 12);
            case "day", "days" -> number(interval.days());
            case "hour", "hours" -> number(micros / 3_600_000_000L);
            case "minute", "minutes" -> number(micros / 60_000_000L % 60);
            case "second", "seconds" -> BigDecimal.valueOf(micros % 60_000_000L, 6);
            case "epoch" ->
                BigDecimal.valueOf(interval.months() / 12)
                        .multiply(new BigDecimal("31557600"))
                        .add(BigDecimal.valueOf((interval.months() % 12 * 30L + interval.days()) * 86400L))
                        .add(BigDecimal.valueOf(micros, 6));
            default -> throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "unit \"" + name + "\" not recognized");
        };
    }

    private static Interval truncated(String unit, Interval interval) {
        int months = interval.months();
        int days = interval.days();
        long micros = interval.micros();
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "microseconds" -> interval;
            case "milliseconds" -> new Interval(months, days, micros - micros % 1000);
            case "second" -> new Interval(months, days, micros - micros % 1_000_000);
            case "minute" -> new Interval(months, days, micros - micros % 60_000_000L);
            case "hour" -> new Interval(months, days, micros - micros % 3_600_000_000L);
            case "day" -> new Interval(months, days, 0);
            case "month" -> new Interval(months, 0, 0);
            case "quarter" -> new Interval(months / 3 * 3, 0, 0);
            case "year" -> new Interval(months / 12 * 12, 0, 0);
            default ->
                throw SqlErrors.of(
                        SqlState.INVALID_PARAMETER_VALUE, "unit \"" + unit + "\" not recognized for type interval");
        };
    }

    private static LocalDateTime truncated(String unit, LocalDateTime t) {
        LocalDateTime day = t.truncatedTo(ChronoUnit.DAYS);
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "microseconds" -> t;
            case "milliseconds" -> t.truncatedTo(ChronoUnit.MILLIS);
            case "second" -> t.truncatedTo(ChronoUnit.SECONDS);
            case "minute" -> t.truncatedTo(ChronoUnit.MINUTES);
            case "hour" -> t.truncatedTo(ChronoUnit.HOURS);
            case "day" -> day;
            case "week" -> day.minusDays(t.getDayOfWeek().getValue() - 1L);
            case "month" -> day.withDayOfMonth(1);
            case "quarter" -> day.withDayOfMonth(1).withMonth((t.getMonthValue() - 1) / 3 * 3 + 1);
            case "year" -> day.withDayOfYear(1);
            case "decade" -> day.withDayOfYear(1).withYear(Math.floorDiv(t.getYear(), 10) * 10);
            case "century" -> day.withDayOfYear(1).withYear((t.getYear() - 1) / 100 * 100 + 1);
            default -> throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "unit \"" + unit + "\" not recognized");
        };
    }

    private static void addConstruction() {
        REGISTRY.add("make_date", DATE, List.of(INTEGER, INTEGER, INTEGER), (a, e) -> {
            try {
                if (integer(a, 0) == 0) {
                    throw new DateTimeException("there is no year 0");
                }
                int year = integer(a, 0) < 0 ? integer(a, 0) + 1 : integer(a, 0);
                return LocalDate.of(year, integer(a, 1), integer(a, 2));
            } catch (DateTimeException outside) {
                throw outOfRange("date field value out of range", outside);
            }
        });
        REGISTRY.add(
                "make_timestamp", TIMESTAMP, List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE), (a, e) -> {
                    try {
                        long micros = Math.round(real(a, 5) * 1e6);
                        return LocalDateTime.of(
                                        integer(a, 0), integer(a, 1), integer(a, 2), integer(a, 3), integer(a, 4))
                                .plusNanos(micros * 1000);
                    } catch (DateTimeException outside) {
                        throw outOfRange("timestamp field value out of range", outside);
                    }
                });
        REGISTRY.add(
                "age",
                INTERVAL,
                List.of(TIMESTAMP, TIMESTAMP),
                (a, e) -> age((LocalDateTime) value(a, 1), (LocalDateTime) value(a, 0)));
    }

    private static TransactionException outOfRange(String message, DateTimeException cause) {
        return new TransactionException(SqlState.DATETIME_FIELD_OVERFLOW, message, cause);
    }

    /** Field by field, what is missing borrowed from the next: a month is as long as the earlier time's. */
    private static Interval age(LocalDateTime from, LocalDateTime to) {
        if (from.isAfter(to)) {
            return age(to, from).negated();
        }
        int months = (to.getYear() - from.getYear()) * 12 + to.getMonthValue() - from.getMonthValue();
        int days = to.getDayOfMonth() - from.getDayOfMonth();
        long micros = ChronoUnit.MICROS.between(from.toLocalTime(), to.toLocalTime());
        if (micros < 0) {
            micros += 86_400_000_000L;
            days--;
        }
        if (days < 0) {
            days += from.toLocalDate().lengthOfMonth();
            months--;
        }
        return new Interval(months, days, micros);
    }
}
