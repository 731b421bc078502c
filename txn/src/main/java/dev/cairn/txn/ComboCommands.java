package dev.cairn.txn;

import java.util.Arrays;
import java.util.HashMap;

/**
 * A tuple has one command field; a version that its own transaction has both created and deleted needs two numbers in it.
 * This gives each such pair a number of its own. 8 bytes a pair, and an entry of a map; pairs are shared by all versions
 * that have them.
 */
final class ComboCommands {

    private final HashMap<Long, Integer> numbers = new HashMap<>();
    private int[] cmins = new int[4];
    private int[] cmaxs = new int[4];

    int combine(int cmin, int cmax) {
        Long pair = (long) cmin << 32 | (cmax & 0xFFFF_FFFFL);
        Integer known = numbers.get(pair);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        if (number == cmins.length) {
            cmins = Arrays.copyOf(cmins, number * 2);
            cmaxs = Arrays.copyOf(cmaxs, number * 2);
        }
        cmins[number] = cmin;
        cmaxs[number] = cmax;
        numbers.put(pair, number);
        return number;
    }

    int cmin(int number) {
        return cmins[check(number)];
    }

    int cmax(int number) {
        return cmaxs[check(number)];
    }

    private int check(int number) {
        if (number < 0 || number >= numbers.size()) {
            throw new IllegalStateException("combo command " + number + " of " + numbers.size());
        }
        return number;
    }
}
