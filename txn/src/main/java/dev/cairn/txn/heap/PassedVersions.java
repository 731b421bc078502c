package dev.cairn.txn.heap;

import dev.cairn.txn.Visibility;

/**
 * The versions that a reader goes past from one that it sees to the next, of one row or of several. If there are many that nobody
 * can see any more, their page is named to the next writer, who removes them: otherwise a row that is updated over and over, or
 * the first of a queue, would get slower and slower to find. Not thread-safe.
 */
final class PassedVersions {

    /** So many are worth removing: a look at a whole page costs more than passing a few. */
    private static final int MANY = 16;

    private final HeapContext context;
    private final HeapSpace space;
    private int count;

    PassedVersions(HeapContext context, HeapSpace space) {
        this.context = context;
        this.space = space;
    }

    /** The reader has come to one that it sees. */
    void end() {
        count = 0;
    }

    /** The reader goes past one more, whose header says this. */
    void pass(int pageNo, long xmin, long xmax, int flags) {
        if (++count < MANY) {
            return;
        }
        count = 0;
        if (Visibility.isDead(xmin, xmax, flags, context.transactions.horizon(), context.window)) {
            space.noteCrowded(pageNo);
        }
    }
}
