package dev.cairn.fuzz.points;

import dev.cairn.storage.base.CrashPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often a crash has met each point, per profile. In simulation a crash meets a point if nothing has
 * changed the disk since it was passed: what it leaves is what a crash right there would. A child process meets the point at which it is
 * halted. Thread-safe.
 */
public final class PointCoverage {

    /** The ways in which databases are crashed. */
    public enum Profile {
        EXHAUSTIVE,
        RANDOM,
        KILL;

        /** The name for people and command lines. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int POINTS = CrashPoint.values().length;

    /** Profile after profile, each with all points. */
    private final AtomicLongArray counts = new AtomicLongArray(Profile.values().length * POINTS);

    public void met(Profile profile, CrashPoint point, long times) {
        counts.addAndGet(index(profile, point), times);
    }

    public long count(Profile profile, CrashPoint point) {
        return counts.get(index(profile, point));
    }

    /** How many of the points have been met at least once. */
    public int covered(Profile profile) {
        int covered = 0;
        for (CrashPoint point : CrashPoint.values()) {
            covered += count(profile, point) > 0 ? 1 : 0;
        }
        return covered;
    }

    /** The points that no crash has met in any profile. */
    public List<String> unmet() {
        return Arrays.stream(CrashPoint.values())
                .filter(point -> Arrays.stream(Profile.values()).allMatch(profile -> count(profile, point) == 0))
                .map(CrashPoint::text)
                .toList();
    }

    /** For people who watch: {@code 30 of 44 crash points}. */
    public String progress(Profile profile) {
        return covered(profile) + " of " + POINTS + " crash points";
    }

    /** A line {@code point PROFILE NAME COUNT} for each point met, for {@link #add}. */
    public List<String> lines() {
        return Arrays.stream(Profile.values())
                .flatMap(profile -> Arrays.stream(CrashPoint.values())
                        .filter(point -> count(profile, point) > 0)
                        .map(point -> "point " + profile.text() + " " + point.text() + " " + count(profile, point)))
                .toList();
    }

    /**
     * Adds what another process counted.
     *
     * @throws IllegalArgumentException if the line is none of {@link #lines}
     */
    public void add(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !words[0].equals("point")) {
            throw new IllegalArgumentException("expected: point PROFILE NAME COUNT, found: " + line);
        }
        met(Profile.valueOf(words[1].toUpperCase(Locale.ROOT)), CrashPoint.named(words[2]), Long.parseLong(words[3]));
    }

    /** The matrix as a Markdown table, with a line end. */
    public String markdown() {
        StringBuilder text = new StringBuilder("| crash point |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Profile profile : Profile.values()) {
            text.append(' ').append(profile.text()).append(" |");
            rule.append("---:|");
        }
        text.append('\n').append(rule).append('\n');
        for (CrashPoint point : CrashPoint.values()) {
            text.append("| `").append(point.text()).append("` |");
            for (Profile profile : Profile.values()) {
                long count = count(profile, point);
                text.append(' ')
                        .append(count == 0 ? "**none**" : String.format(Locale.ROOT, "%,d", count))
                        .append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int index(Profile profile, CrashPoint point) {
        return profile.ordinal() * POINTS + point.ordinal();
    }
}
