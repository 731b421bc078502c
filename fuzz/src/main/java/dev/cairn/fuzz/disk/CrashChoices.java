package dev.cairn.fuzz.disk;

import java.util.SplittableRandom;

/** The ways to choose. Each call gives a new choice, to be used for one crash. */
public final class CrashChoices {

    private CrashChoices() {}

    /** Nothing that was not synced has survived. */
    public static CrashChoice allOld() {
        return upTo(0);
    }

    /** Everything has survived. */
    public static CrashChoice allNew() {
        return upTo(Long.MAX_VALUE);
    }

    /** Everything up to and including this operation has survived, and nothing that was not synced of the later ones. */
    public static CrashChoice upTo(long last) {
        return new CrashChoice() {
            @Override
            public boolean directory(long operation) {
                return operation <= last;
            }

            @Override
            public long size(long durable, long[] operations, long[] sizes) {
                int n = count(operations, last);
                return n == 0 ? durable : sizes[n - 1];
            }

            @Override
            public int sector(long[] operations) {
                return count(operations, last);
            }
        };
    }

    /**
     * Any legal state. A first draw decides how: every sector for itself with one bias towards old or new, or as if the disk
     * had taken everything up to a point and any part of the rest.
     */
    public static CrashChoice random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double newer = new double[] {0.02, 0.2, 0.5, 0.8, 0.98}[random.nextInt(5)];
        double split = random.nextBoolean() ? 0 : random.nextDouble();
        return new RandomChoice(random, newer, split);
    }

    private static int count(long[] operations, long last) {
        int n = 0;
        while (n < operations.length && operations[n] <= last) {
            n++;
        }
        return n;
    }

    private static final class RandomChoice implements CrashChoice {
        private final SplittableRandom random;
        /** Probability that something pending has survived. */
        private final double newer;
        /** Share of each list of operations that has survived in any case. */
        private final double split;

        RandomChoice(SplittableRandom random, double newer, double split) {
            this.random = random;
            this.newer = newer;
            this.split = split;
        }

        @Override
        public boolean directory(long operation) {
            return random.nextDouble() < newer;
        }

        @Override
        public long size(long durable, long[] operations, long[] sizes) {
            long least = durable;
            long greatest = durable;
            for (long size : sizes) {
                least = Math.min(least, size);
                greatest = Math.max(greatest, size);
            }
            if (random.nextInt(4) == 0) {
                return random.nextLong(least, greatest + 1);
            }
            int n = version(sizes.length);
            return n == 0 ? durable : sizes[n - 1];
        }

        @Override
        public int sector(long[] operations) {
            return version(operations.length);
        }

        private int version(int newest) {
            int oldest = (int) (split * newest);
            if (random.nextDouble() < newer) {
                return newest;
            }
            return oldest + random.nextInt(newest - oldest + 1);
        }
    }
}
