package dev.cairn.engine;

import org.jspecify.annotations.Nullable;

/**
 * The scans that a transaction has open, oldest first, each with the level that it was opened in. Level serials grow: a level's
 * descendants, released ones included, have greater serials than it has. The scans are linked to one another, so that opening one takes
 * no more than itself.
 */
final class OpenScans {

    private @Nullable Scan oldest;
    private @Nullable Scan newest;

    /** Takes in a scan that has just been made, and whose snapshot is held. */
    void add(Scan scan, long level) {
        Scan last = newest;
        scan.level = level;
        scan.before = last;
        newest = scan;
        if (last == null) {
            oldest = scan;
        } else {
            last.after = scan;
        }
    }

    void forget(Scan scan) {
        Scan before = scan.before;
        Scan after = scan.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        scan.before = null;
        scan.after = null;
    }

    /** Scans opened since that level began belong to the one below now, whatever its serial: it is smaller. */
    void released(long level) {
        for (Scan scan = oldest; scan != null; scan = scan.after) {
            scan.level = Math.min(scan.level, level - 1);
        }
    }

    /** Closes the scans opened since that level began. */
    void undone(long level) {
        Scan next = oldest;
        while (next != null) {
            Scan scan = next;
            next = scan.after;
            if (scan.level >= level) {
                forget(scan);
                scan.end();
            }
        }
    }
}
