package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intervals from text: quantities with units, and times: {@code 1 year -2 mons 3 days 04:05:06.7 ago}. */
final class IntervalInput {

    private static final Pattern PART = Pattern.compile(
            "\\s*(?:([+-]?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d*)?))?|([+-]?(?:\\d+\\.?\\d*|\\.\\d+))\\s*([a-z]*))");
    /** One more than a minute's, for the leap second. */
    private static final BigDecimal SECONDS_END = BigDecimal.valueOf(61);

    private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);

    private IntervalInput() {}

    static Interval parse(String text) {
        String rest = text.strip().toLowerCase(Locale.ROOT);
        boolean ago = rest.endsWith(" ago");
        if (ago) {
            rest = rest.substring(0, rest.length() - 4);
        }
        if (rest.startsWith("@")) {
            rest = rest.substring(1);
        }
        if (rest.isBlank() || rest.startsWith("p")) {
            throw invalid(text);
        }
        Interval sum = new Interval(0, 0, 0);
        Matcher matcher = PART.matcher(rest);
        int at = 0;
        while (at < rest.length()) {
            if (!matcher.region(at, rest.length()).lookingAt()) {
                throw invalid(text);
            }
            try {
                sum = sum.plus(matcher.group(2) != null ? time(matcher) : quantity(matcher, text));
            } catch (ArithmeticException overflow) {
                throw new TransactionException(
                        SqlState.INTERVAL_FIELD_OVERFLOW,
                        "interval field value out of range: \"" + text + "\"",
                        overflow);
            }
            at = matcher.end();
        }
        return ago ? sum.negated() : sum;
    }

    private static Interval time(Matcher m) {
        BigDecimal seconds = m.group(4) == null ? BigDecimal.ZERO : new BigDecimal(m.group(4));
        if (Integer.parseInt(m.group(3)) > 59 || seconds.compareTo(SECONDS_END) >= 0) {
            throw new ArithmeticException("a minute or second of a clock");
        }
        long micros = Math.addExact(
                Math.multiplyExact(
                        Math.addExact(Math.multiplyExact(Long.parseLong(m.group(2)), 60L), Long.parseLong(m.group(3))),
                        60_000_000L),
                seconds.multiply(MICROS).setScale(0, RoundingMode.HALF_UP).longValueExact());
        return new Interval(0, 0, m.group(1).equals("-") ? -micros : micros);
    }

    private static Interval quantity(Matcher m, String text) {
        BigDecimal value = new BigDecimal(m.group(5));
        return switch (m.group(6)) {
            case "microsecond", "microseconds", "us", "usec" -> micros(value, 1);
            case "millisecond", "milliseconds", "ms", "msec" -> micros(value, 1_000);
            case "", "second", "seconds", "sec", "secs", "s" -> micros(value, 1_000_000);
            case "minute", "minutes", "min", "mins", "m" -> micros(value, 60_000_000L);
            case "hour", "hours", "hr", "hrs", "h" -> micros(value, 3_600_000_000L);
            case "day", "days", "d" -> days(value);
            case "week", "weeks", "w" -> days(value.multiply(BigDecimal.valueOf(7)));
            case "month", "months", "mon", "mons" -> months(value);
            case "year", "years", "yr", "yrs", "y" -> wholeMonths(value, 12);
            case "decade", "decades" -> wholeMonths(value, 120);
            case "century", "centuries" -> wholeMonths(value, 1200);
            default -> throw invalid(text);
        };
    }

    private static Interval micros(BigDecimal value, long unit) {
        return new Interval(
                0,
                0,
                value.multiply(BigDecimal.valueOf(unit))
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    private static Interval days(BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
        return new Interval(
                0,
                whole.intValueExact(),
                micros(value.subtract(whole), Interval.DAY_MICROS).micros());
    }

    private static Interval months(BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
        Interval rest = days(value.subtract(whole).multiply(BigDecimal.valueOf(30)));
        return new Interval(whole.intValueExact(), rest.days(), rest.micros());
    }

    private static Interval wholeMonths(BigDecimal value, int factor) {
        return new Interval(
                value.multiply(BigDecimal.valueOf(factor))
                        .setScale(0, RoundingMode.HALF_UP)
                        .intValueExact(),
                0,
                0);
    }

    private static TransactionException invalid(String text) {
        return SqlErrors.of(
                SqlState.INVALID_DATETIME_FORMAT, "invalid input syntax for type interval: \"" + text + "\"");
    }
}
