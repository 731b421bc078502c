package dev.cairn.fuzz.schedule;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Decides who runs next. Each kind finds other bugs, so a seed draws one of them. Used by whichever thread runs. */
interface Schedule {

    /** A thread begins. */
    default void begin(SimThread thread) {}

    /**
     * @param present who runs and could go on; null if it cannot
     * @param ready the others that could, not empty, those first that have waited longest
     * @param spinning whether the present one waits for another by spinning, so that it is of no use to let it go on
     * @return one of them
     */
    SimThread next(@Nullable SimThread present, List<SimThread> ready, boolean spinning);

    /** The kind, and how busy it is, follow from the random source. */
    static Schedule drawn(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Priorities(random, 1 + random.nextInt(8), 200 << random.nextInt(7));
            case 1 -> new Rounds(random, 1 + random.nextInt(60));
            default -> new Walk(random, 1 << random.nextInt(7));
        };
    }

    /** At each step, once in so many, anybody. */
    final class Walk implements Schedule {
        private final SplittableRandom random;
        private final int oneIn;

        Walk(SplittableRandom random, int oneIn) {
            this.random = random;
            this.oneIn = oneIn;
        }

        @Override
        public SimThread next(@Nullable SimThread present, List<SimThread> ready, boolean spinning) {
            if (present != null && !spinning && random.nextInt(oneIn) != 0) {
                return present;
            }
            return ready.get(random.nextInt(ready.size()));
        }
    }

    /**
     * Who has the highest priority runs as long as it can; at a few random steps the one that runs falls behind all others.
     * After Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding
     * Bugs", 2010.
     */
    final class Priorities implements Schedule {
        private final SplittableRandom random;
        private final int apart;
        private int changes;
        private int untilChange;
        private long lowest;

        Priorities(SplittableRandom random, int changes, int apart) {
            this.random = random;
            this.changes = changes;
            this.apart = apart;
            this.untilChange = 1 + random.nextInt(apart);
        }

        @Override
        public void begin(SimThread thread) {
            thread.priority = 1L + random.nextInt(Integer.MAX_VALUE);
        }

        @Override
        public SimThread next(@Nullable SimThread present, List<SimThread> ready, boolean spinning) {
            if (present != null && changes > 0 && --untilChange <= 0) {
                present.priority = --lowest;
                changes--;
                untilChange = 1 + random.nextInt(apart);
            }
            SimThread best = spinning ? null : present;
            for (SimThread thread : ready) {
                if (best == null || thread.priority > best.priority) {
                    best = thread;
                }
            }
            if (best == null) {
                throw new IllegalArgumentException("nobody is ready");
            }
            if (spinning && present != null) {
                // Two that spin for a third one would else keep it from running for ever.
                present.priority = --lowest;
            }
            return best;
        }
    }

    /** Everybody in turn, each for so many steps, with a random one slipped in now and then. */
    final class Rounds implements Schedule {
        private static final int SLIPPED_IN = 50;

        private final SplittableRandom random;
        private final int steps;
        private int left;

        Rounds(SplittableRandom random, int steps) {
            this.random = random;
            this.steps = steps;
            this.left = steps;
        }

        @Override
        public SimThread next(@Nullable SimThread present, List<SimThread> ready, boolean spinning) {
            if (present != null && random.nextInt(SLIPPED_IN) == 0) {
                return ready.get(random.nextInt(ready.size()));
            }
            if (present != null && !spinning && --left > 0) {
                return present;
            }
            left = steps;
            return ready.get(0);
        }
    }
}
