package dev.cairn.txn;

import java.util.Arrays;

/** Ascending ids as runs [first, length]: 16 bytes a run, however long it is. */
final class XidRuns {

    private long[] cells = new long[4];
    private int used;

    /** {@code xid} must be above all that are here. */
    void add(long xid) {
        if (used > 0 && cells[used - 2] + cells[used - 1] == xid) {
            cells[used - 1]++;
            return;
        }
        if (used == cells.length) {
            cells = Arrays.copyOf(cells, used * 2);
        }
        cells[used] = xid;
        cells[used + 1] = 1;
        used += 2;
    }

    int count() {
        return used / 2;
    }

    long first(int run) {
        return cells[2 * run];
    }

    long length(int run) {
        return cells[2 * run + 1];
    }

    /** What is to be done with a run of ids. */
    interface Action {
        void accept(long first, long length);
    }

    /**
     * Takes away the ids from {@code xid} on, in time proportional to their runs.
     *
     * @param removed gets the runs, in order, when they are gone from here; must not change this
     */
    void removeFrom(long xid, Action removed) {
        int run = count();
        while (run > 0 && first(run - 1) >= xid) {
            run--;
        }
        int end = used;
        used = 2 * run;
        if (run > 0 && first(run - 1) + length(run - 1) > xid) {
            long kept = xid - first(run - 1);
            long rest = length(run - 1) - kept;
            cells[used - 1] = kept;
            removed.accept(xid, rest);
        }
        for (int i = used; i < end; i += 2) {
            removed.accept(cells[i], cells[i + 1]);
        }
        if (used < cells.length >> 2 && cells.length > 4) {
            cells = Arrays.copyOf(cells, Math.max(4, used * 2));
        }
    }

    /** Runs {@code from} to {@code to}, exclusive, as log records hold them. */
    long[] toArray(int from, int to) {
        return Arrays.copyOfRange(cells, 2 * from, 2 * to);
    }
}
