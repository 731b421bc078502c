package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/** A span of time as PostgreSQL keeps it: months, days and microseconds apart, each with its own sign. */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {

    static final long DAY_MICROS = 86_400_000_000L;

    public Interval plus(Interval other) {
        return of((long) months + other.months, (long) days + other.days, Math.addExact(micros, other.micros));
    }

    public Interval negated() {
        return of(-(long) months, -(long) days, Math.negateExact(micros));
    }

    /** Fractions of months go to days, of days to microseconds. */
    public Interval times(double factor) {
        double monthResult = months * factor;
        double dayResult = days * factor;
        long wholeMonths = (long) monthResult;
        long wholeDays = (long) dayResult;
        double monthDays = (monthResult - wholeMonths) * 30;
        monthDays = Math.rint(monthDays * 1e6) / 1e6;
        double seconds = ((dayResult - wholeDays) + (monthDays - (long) monthDays)) * 86400;
        seconds = Math.rint(seconds * 1e6) / 1e6;
        if (Math.abs(seconds) >= 86400) {
            wholeDays += (long) (seconds / 86400);
            seconds -= (long) (seconds / 86400) * 86400.0;
        }
        return of(wholeMonths, wholeDays + (long) monthDays, Math.round(micros * factor + seconds * 1e6));
    }

    static Interval of(long months, long days, long micros) {
        if (months != (int) months || days != (int) days) {
            throw SqlErrors.of(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range");
        }
        return new Interval((int) months, (int) days, micros);
    }

    public LocalDateTime addTo(LocalDateTime time) {
        return time.plusMonths(months)
                .plusDays(days)
                .plusNanos(micros % 1_000_000 * 1000)
                .plusSeconds(micros / 1_000_000);
    }

    /** The distance as timestamp subtraction gives it: days and time, no months. */
    public static Interval between(LocalDateTime from, LocalDateTime to) {
        long micros = ChronoUnit.MICROS.between(from, to);
        return of(0, micros / DAY_MICROS, micros % DAY_MICROS);
    }

    /** Microseconds, a month of 30 days, a day of 24 hours. */
    BigInteger length() {
        long days30 = (long) months * 30 + days;
        return BigInteger.valueOf(days30)
                .multiply(BigInteger.valueOf(DAY_MICROS))
                .add(BigInteger.valueOf(micros));
    }

    /** A month counts 30 days, a day 24 hours. */
    @Override
    public int compareTo(Interval other) {
        return length().compareTo(other.length());
    }

    /** As PostgreSQL prints it: {@code 1 year 2 mons -3 days 04:05:06.789}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        boolean negative = false;
        negative = field(out, months / 12, "year", negative);
        negative = field(out, months % 12, "mon", negative);
        negative = field(out, days, "day", negative);
        if (micros != 0 || out.length() == 0) {
            if (out.length() > 0) {
                out.append(' ');
            }
            if (micros < 0) {
                out.append('-');
            } else if (negative) {
                out.append('+');
            }
            long magnitude = Math.abs(micros);
            long seconds = magnitude / 1_000_000;
            out.append(String.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60));
            TextOutput.appendMicros(out, (int) (magnitude % 1_000_000));
        }
        return out.toString();
    }

    private static boolean field(StringBuilder out, int value, String unit, boolean negativeBefore) {
        if (value == 0) {
            return negativeBefore;
        }
        if (out.length() > 0) {
            out.append(' ');
        }
        if (negativeBefore && value > 0) {
            out.append('+');
        }
        out.append(value).append(' ').append(unit).append(value == 1 ? "" : "s");
        return value < 0;
    }
}
