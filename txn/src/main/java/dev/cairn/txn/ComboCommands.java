package dev.cairn.txn;

import java.util.Arrays;

/**
 * A tuple has one command field; a version that its own transaction has both created and deleted needs two numbers in it.
 * This gives each such pair a number of its own. 8 bytes a pair, and up to 16 in a table by which pairs are found; pairs are shared by
 * all versions that have them.
 */
final class ComboCommands {

    private static final int FIRST_CAPACITY = 4;
    /** So many places of the table for each pair that there is room for. */
    private static final int PLACES = 2;

    private static final int MIX = 0x9E37_79B9;

    private static final int[] NONE = {};
    private static final int[] NO_PLACES = {0};

    private int count;
    private int[] cmins = NONE;
    private int[] cmaxs = NONE;
    /** Numbers plus 1 by their pairs, open addressing; 0 where there is none. A power of two long, at most half full. */
    private int[] places = NO_PLACES;

    int combine(int cmin, int cmax) {
        int place = place(cmin, cmax);
        if (places[place] != 0) {
            return places[place] - 1;
        }
        if (count == cmins.length) {
            grow();
            place = place(cmin, cmax);
        }
        cmins[count] = cmin;
        cmaxs[count] = cmax;
        places[place] = ++count;
        return count - 1;
    }

    /** Where the pair is, or belongs. */
    private int place(int cmin, int cmax) {
        int hash = (cmin * MIX + cmax) * MIX;
        int place = (hash ^ hash >>> 16) & places.length - 1;
        while (places[place] != 0 && (cmins[places[place] - 1] != cmin || cmaxs[places[place] - 1] != cmax)) {
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, count * 2);
        cmins = Arrays.copyOf(cmins, capacity);
        cmaxs = Arrays.copyOf(cmaxs, capacity);
        places = new int[capacity * PLACES];
        for (int number = 0; number < count; number++) {
            places[place(cmins[number], cmaxs[number])] = number + 1;
        }
    }

    int cmin(int number) {
        return cmins[check(number)];
    }

    int cmax(int number) {
        return cmaxs[check(number)];
    }

    private int check(int number) {
        if (number < 0 || number >= count) {
            throw new IllegalStateException("combo command " + number + " of " + count);
        }
        return number;
    }
}
