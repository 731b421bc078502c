package dev.cairn.fuzz.corrupt;

import dev.cairn.storage.base.MemoryGate;
import java.util.SplittableRandom;

/** Images made by {@link HostileImage}; the number of a trial is the image's seed. */
final class HostileTrials implements Trials {

    /** Of so many images of either reference one is salvaged as well. */
    private static final int TRIALS_PER_SALVAGE = 8;

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
        return judge(number, MemoryGate.OPEN);
    }

    /** @param memory asked before memory is taken for pages */
    Outcome judge(long number, MemoryGate memory) {
        HostileImage image =
                HostileImage.of(number % 2 == 0 ? closed : crashed, new SplittableRandom(seed * 31 + number));
        try {
            Outcome outcome = DamageCheck.survive(image.disk(), memory);
            if (number / 2 % TRIALS_PER_SALVAGE == 0) {
                DamageCheck.salvage(image.disk(), memory);
            }
            return outcome;
        } catch (RuntimeException | Error e) {
            throw new UnreportedDamage(image.lies() + ": " + e, e);
        }
    }
}
