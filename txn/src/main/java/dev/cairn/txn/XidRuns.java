package dev.cairn.txn;

import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ascending ids as runs [first, length]: 16 bytes a run, however long it is. */
final class XidRuns {

    /** Runs that one record holds: 8 KiB. */
    private static final int RUNS_PER_RECORD = 512;

    private static final int SMALLEST = 4;
    private static final long[] NONE = {};

    private long[] cells = NONE;
    private int used;

    /** {@code xid} must be above all that are here. */
    void add(long xid) {
        if (used > 0 && cells[used - 2] + cells[used - 1] == xid) {
            cells[used - 1]++;
            return;
        }
        if (used == cells.length) {
            cells = Arrays.copyOf(cells, Math.max(SMALLEST, used * 2));
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
        if (used < cells.length >> 2 && cells.length > SMALLEST) {
            cells = Arrays.copyOf(cells, Math.max(SMALLEST, used * 2));
        }
    }

    /** The runs as log records hold them, first and length in turns, up to {@link #end}; not to be changed. */
    long[] cells() {
        return cells;
    }

    /** Where the last run ends in {@link #cells}. */
    int end() {
        return used;
    }

    /** Where those runs begin in {@link #cells} that the last of a transaction's records, its COMMIT, has room for. */
    int ofCommit() {
        return Math.max(0, count() - 1) / RUNS_PER_RECORD * RUNS_PER_RECORD * 2;
    }

    /** The runs that stand before those {@link #ofCommit}, as records of their own; seldom any. */
    List<WalRecord.CommitChildren> beforeCommit() {
        List<WalRecord.CommitChildren> records = List.of();
        for (int from = 0; from < ofCommit(); from += RUNS_PER_RECORD * 2) {
            records = records.isEmpty() ? new ArrayList<>() : records;
            records.add(new WalRecord.CommitChildren(Arrays.copyOfRange(cells, from, from + RUNS_PER_RECORD * 2)));
        }
        return records;
    }
}
