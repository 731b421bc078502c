package dev.cairn.fuzz.corrupt;

/** Damaged images, numbered from 0, each judged by itself. Used by one thread. */
interface Trials {

    /** How many there are; {@link Long#MAX_VALUE} if as many as one likes. */
    long count();

    /**
     * Makes an image and judges it.
     *
     * @throws UnreportedDamage if nobody reports the damage, a wrong answer was given, or an error of no declared type
     */
    Outcome judge(long number);

    /** The kinds of trials. */
    enum Kind {
        /** Every bit of the reference. */
        BITS,
        /** One bit of every byte. */
        BYTES,
        /** Images that lie under valid checksums. */
        HOSTILE;

        /** The same seed gives the same trials. */
        Trials of(long seed) {
            return switch (this) {
                case BITS -> new FlipTrials(seed, false);
                case BYTES -> new FlipTrials(seed, true);
                case HOSTILE -> new HostileTrials(seed);
            };
        }
    }
}
