package dev.cairn.fuzz.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing list as short as it can: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
 * Input", 2002). Deterministic, as long as the attempts suffice.
 */
public final class Shrinker {

    private final int mostAttempts;
    private final long mostNanos;
    private int attempts;
    private long begun;

    /**
     * @param mostAttempts runs at most
     * @param mostNanos no run is begun later than this
     */
    public Shrinker(int mostAttempts, long mostNanos) {
        this.mostAttempts = mostAttempts;
        this.mostNanos = mostNanos;
    }

    /** Runs made. */
    public int attempts() {
        return attempts;
    }

    /**
     * Leaves elements out as long as it still fails.
     *
     * @param failing fails as a whole
     * @param fails whether such a part of the list, in the same order, fails too
     * @return the shortest part found that fails; without any one element it would not, if the attempts sufficed
     */
    public <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        begun = System.nanoTime();
        List<T> shortest = List.copyOf(failing);
        int pieces = Math.min(2, shortest.size());
        while (pieces > 0 && mayGoOn()) {
            List<T> shorter = withoutOnePiece(shortest, pieces, fails);
            if (shorter.size() < shortest.size()) {
                shortest = shorter;
                pieces = Math.min(shortest.size(), Math.max(2, pieces - 1));
            } else if (pieces < shortest.size()) {
                pieces = Math.min(shortest.size(), pieces * 2);
            } else {
                pieces = 0;
            }
        }
        return shortest;
    }

    private <T> List<T> withoutOnePiece(List<T> list, int pieces, Predicate<List<T>> fails) {
        // From the end: what comes last is the likeliest to be superfluous.
        for (int piece = pieces - 1; piece >= 0 && mayGoOn(); piece--) {
            int from = (int) ((long) list.size() * piece / pieces);
            int to = (int) ((long) list.size() * (piece + 1) / pieces);
            List<T> rest = new ArrayList<>(list.subList(0, from));
            rest.addAll(list.subList(to, list.size()));
            attempts++;
            if (fails.test(rest)) {
                return rest;
            }
        }
        return list;
    }

    private boolean mayGoOn() {
        return attempts < mostAttempts && System.nanoTime() - begun < mostNanos;
    }
}
