package dev.cairn.fuzz.kill;

import dev.cairn.storage.base.CrashPoint;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a child's life ends.
 *
 * @param kind what the child does until then
 * @param enough SIGKILL after so many acknowledged commits, if it lives so long
 * @param spinNanos and then so much later
 * @param point where it halts before; null for nowhere
 * @param pass at which passing of the point, from 1 on
 */
record Death(
        Kind kind, int enough, long spinNanos, @Nullable CrashPoint point, int pass) {

    /** What a child does. */
    enum Kind {
        /** Sessions commit, for ever. */
        WORK,
        /** The database is opened, which recovers it, and closed. */
        REOPEN
    }

    private static final int MOST_ACKNOWLEDGED = 150;
    private static final int MOST_PASSES = 24;
    private static final long MOST_SPIN_NANOS = 3_000_000;

    private static final List<CrashPoint> OF_REOPENING = Arrays.stream(CrashPoint.values())
            .filter(point -> point.text().startsWith("recovery.") || point == CrashPoint.CLOSE_LOG_CLOSED)
            .toList();
    private static final List<CrashPoint> OF_WORK = Arrays.stream(CrashPoint.values())
            .filter(point -> !OF_REOPENING.contains(point))
            .toList();

    /** Every second life is to be halted, at one point after the other; where that does not happen it is killed. */
    static Death ofWork(long seed, int life, SplittableRandom random) {
        int enough = 1 + random.nextInt(MOST_ACKNOWLEDGED);
        long spin = random.nextLong(MOST_SPIN_NANOS);
        int pass = 1 + random.nextInt(1 + random.nextInt(MOST_PASSES));
        return life % 2 == 0
                ? new Death(Kind.WORK, enough, spin, null, 0)
                : new Death(Kind.WORK, MOST_ACKNOWLEDGED, spin, nth(OF_WORK, seed * 10 + life / 2), pass);
    }

    /** Recovery, or the closing that follows it, is halted at one point after the other. */
    static Death ofReopening(long seed, int life) {
        return new Death(Kind.REOPEN, 0, 0, nth(OF_REOPENING, seed * 10 + life / 2), 1);
    }

    private static CrashPoint nth(List<CrashPoint> points, long n) {
        return points.get((int) Math.floorMod(n, (long) points.size()));
    }

    @Override
    public String toString() {
        return point == null
                ? "killed after " + enough + " commits"
                : "halted at " + point.text() + ", passed " + pass + " times";
    }
}
