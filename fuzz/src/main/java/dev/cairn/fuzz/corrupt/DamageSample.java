package dev.cairn.fuzz.corrupt;

/** Bits of a reference flipped in this process, without a watch over it. Used by one thread. */
public final class DamageSample {

    private final Trials trials;

    /** Makes the reference of that seed. */
    public DamageSample(long seed) {
        trials = Trials.Kind.BYTES.of(seed);
    }

    /**
     * Flips a bit of one byte in {@code step}, the first being number {@code first}; returns how many were judged.
     *
     * @throws UnreportedDamage as soon as nobody reports the damage, a wrong answer is given, or an error of no declared type
     */
    public long judge(long first, long step) {
        long judged = 0;
        for (long number = first; number < trials.count(); number += step) {
            trials.judge(number);
            judged++;
        }
        return judged;
    }
}
