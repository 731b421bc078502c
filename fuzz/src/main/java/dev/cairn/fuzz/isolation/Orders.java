package dev.cairn.fuzz.isolation;

import java.util.Arrays;
import java.util.List;

/**
 * Every order of the steps of several transactions, ascending; of those that are the same but for which transaction is which,
 * or for the order of neighbours that do not mind, at least the first, and not many. Not thread-safe.
 */
final class Orders {

    /** Whether two steps of different transactions, one after the other, do the same the other way round. */
    @FunctionalInterface
    interface Swap {
        boolean isFree(int transaction, int step, int nextTransaction, int nextStep);
    }

    private final List<int[]> symmetries;
    private final Swap swap;
    private final int[] lengths;
    private final int[] order;
    private boolean begun;
    private boolean over;
    private long passed;

    /**
     * @param lengths how many steps each transaction has
     * @param symmetries the permutations of the transactions that change nothing
     * @param swap which neighbours do not mind their order
     */
    Orders(int[] lengths, List<int[]> symmetries, Swap swap) {
        this.symmetries = List.copyOf(symmetries);
        this.swap = swap;
        this.lengths = lengths.clone();
        this.order = new int[Arrays.stream(lengths).sum()];
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            Arrays.fill(order, at, at + lengths[i], i);
            at += lengths[i];
        }
    }

    /** Whether there is another; then {@link #order} is that. */
    boolean next() {
        while (!over) {
            if (begun && !advance()) {
                over = true;
                return false;
            }
            begun = true;
            passed++;
            if (isFirst() && !hasFreeSwap()) {
                return true;
            }
        }
        return false;
    }

    /** Whose step comes when. */
    int[] order() {
        return order.clone();
    }

    /** How many orders have been passed: each of them is the same as one that was given, or will be. */
    long passed() {
        return passed;
    }

    private boolean isFirst() {
        for (int[] symmetry : symmetries) {
            int i = 0;
            while (i < order.length && symmetry[order[i]] == order[i]) {
                i++;
            }
            if (i < order.length && symmetry[order[i]] < order[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether two neighbours the other way round would be an earlier order that does the same. */
    private boolean hasFreeSwap() {
        int[] done = new int[lengths.length];
        for (int i = 0; i + 1 < order.length; i++) {
            int one = order[i];
            int next = order[i + 1];
            if (next < one && swap.isFree(one, done[one], next, done[next])) {
                return true;
            }
            done[one]++;
        }
        return false;
    }

    /** To the next one in the order of the numbers. */
    private boolean advance() {
        int i = order.length - 2;
        while (i >= 0 && order[i] >= order[i + 1]) {
            i--;
        }
        if (i < 0) {
            return false;
        }
        int j = order.length - 1;
        while (order[j] <= order[i]) {
            j--;
        }
        exchange(i, j);
        int low = i + 1;
        int high = order.length - 1;
        while (low < high) {
            exchange(low++, high--);
        }
        return true;
    }

    private void exchange(int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}
