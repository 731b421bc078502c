package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.CrashChoice;
import java.util.Arrays;

/**
 * A choice that is given as a list of digits, one for each question in the order in which they are asked; what lies behind the
 * list is answered with 0. Remembers what was asked, so that the next list can be made. May be used for one crash after
 * another.
 *
 * <p>0 is the old state: an operation on the directory has not happened, a size or a sector is what was last synced. n is the
 * state after the n-th operation. The digits of a size that lie behind the last operation's mean points half-way between
 * its sizes.
 */
final class Answers implements CrashChoice {

    private static final long[] NONE = {};

    /**
     * What was asked. The directory's questions come first; the others depend on the answers to these, and on nothing else.
     *
     * @param directory how many are the directory's
     * @param radices how many answers each has
     * @param operations after which each takes the digits from 1 on; of the directory's, nothing
     * @param sectors whether each is about a sector
     */
    record Questions(int directory, int[] radices, long[][] operations, boolean[] sectors) {

        int count() {
            return radices.length;
        }

        /** The digit that means the state after this operation and all before it. Not for the directory's. */
        int after(int question, long operation) {
            long[] those = operations[question];
            int n = 0;
            while (n < those.length && those[n] <= operation) {
                n++;
            }
            return n;
        }

        boolean isWritten(int question, long operation) {
            return sectors[question] && Arrays.binarySearch(operations[question], operation) >= 0;
        }

        /** How many lists begin with the same answers about the directory; what is more than an int is not counted. */
        int combinations() {
            long product = 1;
            for (int i = directory; i < radices.length && product <= Integer.MAX_VALUE; i++) {
                product *= radices[i];
            }
            return (int) Math.min(product, Integer.MAX_VALUE);
        }
    }

    private int[] digits;
    private int[] radices = new int[16];
    private long[][] operations = new long[16][];
    private boolean[] sectors = new boolean[16];
    private int directory;
    private int asked;

    Answers(int... digits) {
        this.digits = digits;
    }

    /** To be called before each crash but the first. */
    void give(int... newDigits) {
        digits = newDigits;
        asked = 0;
        directory = 0;
    }

    /**
     * Gives the next list in ascending order.
     *
     * @param questions only so many of the first are answered anew, the others with 0
     * @return false after the last one
     */
    boolean giveNext(int questions) {
        for (int i = Math.min(asked, questions) - 1; i >= 0; i--) {
            if (digit(i) + 1 < radices[i]) {
                int[] next = Arrays.copyOf(digits, i + 1);
                next[i]++;
                give(next);
                return true;
            }
        }
        return false;
    }

    Questions questions() {
        return new Questions(
                directory,
                Arrays.copyOf(radices, asked),
                Arrays.copyOf(operations, asked),
                Arrays.copyOf(sectors, asked));
    }

    /** What the directory's questions were answered with. */
    int[] directoryAnswers() {
        return Arrays.copyOf(digits, directory);
    }

    @Override
    public boolean directory(long operation) {
        directory++;
        return ask(2, NONE, false) == 1;
    }

    @Override
    public long size(long durable, long[] changes, long[] sizes) {
        int digit = ask(1 + 2 * sizes.length, changes, false);
        if (digit == 0) {
            return durable;
        }
        if (digit <= sizes.length) {
            return sizes[digit - 1];
        }
        int step = digit - sizes.length;
        long before = step == 1 ? durable : sizes[step - 2];
        return before + (sizes[step - 1] - before) / 2;
    }

    @Override
    public int sector(long[] writes) {
        return ask(1 + writes.length, writes, true);
    }

    private int digit(int question) {
        return question < digits.length ? digits[question] : 0;
    }

    private int ask(int radix, long[] by, boolean ofSector) {
        if (asked == radices.length) {
            radices = Arrays.copyOf(radices, 2 * asked);
            operations = Arrays.copyOf(operations, 2 * asked);
            sectors = Arrays.copyOf(sectors, 2 * asked);
        }
        radices[asked] = radix;
        operations[asked] = by;
        sectors[asked] = ofSector;
        return digit(asked++);
    }

    @Override
    public String toString() {
        return "answers " + Arrays.toString(Arrays.copyOf(digits, Math.max(digits.length, asked)));
    }
}
