package dev.cairn.sql.type;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times from text: ISO 8601 and its usual relatives, with DateStyle ISO, MDY; time zone UTC. */
final class DateTimeInput {

    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final Pattern ISO_DATE = Pattern.compile("(\\d{3,6})[-/.](\\d{1,2})[-/.](\\d{1,2})");
    private static final Pattern COMPACT_DATE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
    private static final Pattern MDY_DATE = Pattern.compile("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})");
    private static final Pattern MONTH_FIRST = Pattern.compile("([a-z]{3,9})\\.?[ -]?(\\d{1,2}),?[ -]+(\\d{3,6})");
    private static final Pattern MONTH_AMID = Pattern.compile("(\\d{3,6})-([a-z]{3,9})-(\\d{1,2})");
    private static final Pattern DAY_FIRST = Pattern.compile("(\\d{1,2})[ -]([a-z]{3,9})\\.?,?[ -](\\d{3,6})");
    private static final Pattern ZONE_LIKE = Pattern.compile("\\d[-/.]");
    private static final Pattern TIME = Pattern.compile(
            "(\\d{1,2}):(\\d{2})(?::(\\d{2})(\\.\\d*)?)?\\s*(am|pm)?\\s*(z|utc|gmt|[+-]\\d{1,2}(?::?\\d{2})?(?::\\d{2})?)?");
    private static final int MAX_YEAR = 294276;
    private static final int MAX_DATE_YEAR = 5874897;

    private DateTimeInput() {}

    /** A date and time as read, with the zone's offset if there was one. */
    private record Parts(LocalDate date, LocalTime time, int extraDays, ZoneOffset offset) {
        LocalDateTime local() {
            return date.plusDays(extraDays).atTime(time);
        }
    }

    static LocalDate date(String text, Instant now) {
        Parts parts = parse("date", text, now);
        return checkedDate(parts.date(), text);
    }

    static LocalDateTime timestamp(String text, Instant now) {
        return checked(parse("timestamp", text, now).local(), text);
    }

    static Instant instant(String text, Instant now) {
        Parts parts = parse("timestamp with time zone", text, now);
        return checked(parts.local(), text).toInstant(parts.offset());
    }

    private static LocalDate checkedDate(LocalDate date, String text) {
        if (date.getYear() > MAX_DATE_YEAR || date.getYear() < -4712) {
            throw SqlErrors.of(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range: \"" + text + "\"");
        }
        return date;
    }

    private static LocalDateTime checked(LocalDateTime time, String text) {
        if (time.getYear() > MAX_YEAR || time.getYear() < -4712) {
            throw SqlErrors.of(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"" + text + "\"");
        }
        return time;
    }

    private static Parts parse(String type, String text, Instant now) {
        String rest = text.strip().toLowerCase(Locale.ROOT);
        boolean beforeChrist = rest.endsWith(" bc");
        if (beforeChrist || rest.endsWith(" ad")) {
            rest = rest.substring(0, rest.length() - 3).stripTrailing();
        }
        Parts special = special(rest, now);
        if (special != null) {
            return special;
        }
        try {
            Matcher clock = TIME.matcher(rest);
            if (clock.lookingAt()) {
                // A time may stand before the date, and is judged before anybody asks for the date.
                withTime(LocalDate.EPOCH, " " + clock.group().strip(), type, text);
                String day = rest.substring(clock.end()).strip();
                // Behind a time PostgreSQL takes numbers with signs between them for a zone.
                rest = (ZONE_LIKE.matcher(day).find() ? "" : day) + " "
                        + clock.group().strip();
            }
            for (Pattern pattern : List.of(ISO_DATE, COMPACT_DATE, MDY_DATE, MONTH_FIRST, MONTH_AMID, DAY_FIRST)) {
                Matcher matcher = pattern.matcher(rest);
                if (matcher.lookingAt()) {
                    LocalDate date = date(pattern, matcher, beforeChrist, type, text);
                    return withTime(date, rest.substring(matcher.end()), type, text);
                }
            }
        } catch (DateTimeException | NumberFormatException outside) {
            throw overflow(text, outside);
        }
        throw invalid(type, text);
    }

    private static @org.jspecify.annotations.Nullable Parts special(String word, Instant now) {
        LocalDateTime time = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        LocalDate today = time.toLocalDate();
        return switch (word) {
            case "now" -> new Parts(today, time.toLocalTime(), 0, ZoneOffset.UTC);
            case "today" -> midnight(today);
            case "tomorrow" -> midnight(today.plusDays(1));
            case "yesterday" -> midnight(today.minusDays(1));
            case "epoch" -> midnight(LocalDate.EPOCH);
            case "infinity", "-infinity", "+infinity" -> throw SqlErrors.notSupported("an infinite date or timestamp");
            default -> null;
        };
    }

    private static Parts midnight(LocalDate date) {
        return new Parts(date, LocalTime.MIDNIGHT, 0, ZoneOffset.UTC);
    }

    private static LocalDate date(Pattern pattern, Matcher m, boolean beforeChrist, String type, String text) {
        int year;
        int month;
        int day;
        if (pattern == MDY_DATE) {
            year = number(m, 3);
            month = number(m, 1);
            day = number(m, 2);
        } else if (pattern == MONTH_FIRST || pattern == DAY_FIRST) {
            year = number(m, 3);
            month = month(m.group(pattern == MONTH_FIRST ? 1 : 2), type, text);
            day = number(m, pattern == MONTH_FIRST ? 2 : 1);
        } else {
            year = number(m, 1);
            month = pattern == MONTH_AMID ? month(m.group(2), type, text) : number(m, 2);
            day = number(m, 3);
        }
        if (year == 0) {
            throw overflow(text, null);
        }
        return LocalDate.of(beforeChrist ? 1 - year : year, month, day);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static int month(String word, String type, String text) {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (word.length() >= 3 && MONTHS.get(i).startsWith(word)) {
                return i + 1;
            }
        }
        throw invalid(type, text);
    }

    private static Parts withTime(LocalDate date, String rest, String type, String text) {
        String time = rest.startsWith("t") ? rest.substring(1) : rest.strip();
        if (time.isEmpty()) {
            return midnight(date);
        }
        Matcher m = TIME.matcher(time);
        if (!m.matches() || (!rest.startsWith("t") && rest.charAt(0) != ' ')) {
            throw invalid(type, text);
        }
        int hour = number(m, 1);
        if (m.group(5) != null) {
            if (hour < 1 || hour > 12) {
                throw overflow(text, null);
            }
            hour = hour % 12 + (m.group(5).equals("pm") ? 12 : 0);
        }
        int minute = number(m, 2);
        int second = m.group(3) == null ? 0 : number(m, 3);
        long micros = m.group(4) == null || m.group(4).length() == 1
                ? 0
                : Math.round(Double.parseDouble("0" + m.group(4)) * 1e6);
        int extraDays = 0;
        if (hour == 24 && minute == 0 && second == 0 && micros == 0) {
            hour = 0;
            extraDays = 1;
        }
        boolean leap = second == 60;
        LocalTime clockTime = LocalTime.of(hour, minute, leap ? 59 : second);
        LocalDateTime exact = date.atTime(clockTime).plusSeconds(leap ? 1 : 0).plusNanos(micros * 1000);
        return new Parts(exact.toLocalDate(), exact.toLocalTime(), extraDays, offset(m.group(6)));
    }

    private static ZoneOffset offset(@org.jspecify.annotations.Nullable String zone) {
        if (zone == null || Character.isLetter(zone.charAt(0))) {
            return ZoneOffset.UTC;
        }
        String digits = zone.substring(1).replace(":", "");
        int hours = Integer.parseInt(digits.substring(0, Math.min(2, digits.length())));
        int minutes = digits.length() >= 4 ? Integer.parseInt(digits.substring(2, 4)) : 0;
        int sign = zone.charAt(0) == '-' ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    private static TransactionException invalid(String type, String text) {
        return SqlErrors.of(
                SqlState.INVALID_DATETIME_FORMAT, "invalid input syntax for type " + type + ": \"" + text + "\"");
    }

    private static TransactionException overflow(
            String text, @org.jspecify.annotations.Nullable RuntimeException cause) {
        return new TransactionException(
                SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"", cause);
    }
}
