package dev.cairn.fuzz.api;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: a number with its unit, {@code 500ms}, {@code 60s}, {@code 5m} or {@code 1h}. */
public final class TimeBudget {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final Map<String, TimeUnit> UNITS =
            Map.of("ms", TimeUnit.MILLISECONDS, "s", TimeUnit.SECONDS, "m", TimeUnit.MINUTES, "h", TimeUnit.HOURS);

    private TimeBudget() {}

    /** @throws IllegalArgumentException if it is none */
    public static long nanos(String text) {
        Matcher matcher = TEXT.matcher(text);
        TimeUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("expected a number with ms, s, m or h, found " + text);
        }
        return unit.toNanos(Long.parseLong(matcher.group(1)));
    }
}
