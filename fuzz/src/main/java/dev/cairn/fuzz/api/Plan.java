package dev.cairn.fuzz.api;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A whole run, drawn from a seed before it begins.
 *
 * @param everyOperation whether it crashes at every operation on the disk, or at some
 */
record Plan(long seed, List<Move> moves, boolean everyOperation) {

    /** How a transaction ends. */
    enum Ending {
        SYNC,
        WRITE,
        LAZY,
        ROLLBACK
    }

    private static final int LONG_EVERY = 4;
    private static final int LONGER = 4;

    static Plan draw(long seed, CrashOptions options) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean isLong = Math.floorMod(seed, LONG_EVERY) == 0;
        int transactions = options.transactions() * (isLong ? LONGER : 1);
        List<Move> moves = new ArrayList<>();
        for (int transaction = 1; transaction <= transactions; transaction++) {
            Ending ending = ending(random.nextInt(16));
            int steps = 1 + random.nextInt(options.mostSteps());
            for (int step = 0; step < steps; step++) {
                moves.add(new Move.Step(transaction, ending, random.nextLong()));
            }
            maintain(random.nextInt(24), moves);
        }
        return new Plan(seed, List.copyOf(moves), !isLong);
    }

    /** The same with some moves left out, crashed at every operation. */
    Plan with(List<Move> fewer) {
        return new Plan(seed, fewer, true);
    }

    private static Ending ending(int dice) {
        return switch (dice) {
            case 0, 1 -> Ending.ROLLBACK;
            case 2 -> Ending.LAZY;
            case 3 -> Ending.WRITE;
            default -> Ending.SYNC;
        };
    }

    private static void maintain(int dice, List<Move> moves) {
        if (dice < 3) {
            moves.add(Move.Maintenance.values()[dice]);
        }
    }
}
