package dev.cairn.fuzz.corrupt;

import java.util.SplittableRandom;

/** Images made by {@link HostileImage}; the number of a trial is the image's seed. */
final class HostileTrials implements Trials {

    private final Reference closed;
    private final Reference crashed;
    private final long seed;

    HostileTrials(long seed) {
        this.seed = seed;
        this.closed = Reference.of(seed);
        this.crashed = Reference.crashed(seed);
    }

    @Override
    public long count() {
        return Long.MAX_VALUE;
    }

    /** Lies may be good enough for a different answer; a typed error or any answer will do, but in good time and memory. */
    @Override
    public Outcome judge(long number) {
        HostileImage image =
                HostileImage.of(number % 2 == 0 ? closed : crashed, new SplittableRandom(seed * 31 + number));
        try {
            return DamageCheck.survive(image.disk());
        } catch (RuntimeException | Error e) {
            throw new UnreportedDamage(image.lies() + ": " + e, e);
        }
    }
}
