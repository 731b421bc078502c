package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.txn.RowClaim;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.Visibility;

/**
 * Locks rows of one heap. A lock is put on the version that was read and on every newer one: whoever comes later meets it at
 * the version that he sees. Nobody waits under a latch: what was found is looked at again after each wait.
 *
 * <p>Thread-safe; each claim belongs to its transaction's thread.
 */
final class RowLocking {

    private final HeapContext context;
    private final int fileId;

    RowLocking(HeapContext context, int fileId) {
        this.context = context;
        this.fileId = fileId;
    }

    /** One look at a version, under its page's latch. */
    private enum Look {
        /** It is locked now, and the newest. */
        LOCKED,
        /** It is locked now, and there is a newer one. */
        LOCKED_BESIDE_UPDATE,
        /** It is free, but the transaction's innermost level needs an id first. */
        FREE,
        /** Somebody has changed it, is changing it or has locked it. */
        TAKEN
    }

    /** {@link HeapChange.Kind#DONE} if the version could be locked, else where the newest is, or why there is none. */
    HeapChange lock(RowClaim claim, long rowId, long xmin) {
        HeapChange answer = new HeapChange(HeapChange.Kind.DONE, rowId, xmin, false);
        long atRow = rowId;
        long atXmin = xmin;
        WriterCheck.Way way = WriterCheck.Way.READ;
        while (true) {
            Frame frame = context.cache.latch(fileId, RowIds.page(atRow));
            WriterCheck check;
            Look look;
            try {
                check = WriterCheck.of(claim, context, frame.page(), atRow, atXmin, way);
                look = look(claim, check, frame, atRow);
            } finally {
                context.cache.unlatch(frame);
            }
            switch (look) {
                case LOCKED -> {
                    return answer;
                }
                case LOCKED_BESIDE_UPDATE -> {
                    atRow = check.forward();
                    atXmin = check.xmax();
                    way = WriterCheck.Way.BESIDE;
                }
                case FREE -> claim.xact().currentXid();
                case TAKEN -> {
                    HeapChange outcome = check.outcome();
                    if (outcome == null) {
                        if (claim.policy() == RowLockPolicy.SKIP_LOCKED) {
                            return HeapChange.SKIPPED;
                        }
                        claim.await(atRow, check.changer());
                    } else if (outcome.kind() == HeapChange.Kind.MOVED) {
                        answer = outcome;
                        atRow = outcome.rowId();
                        atXmin = outcome.xmin();
                        way = WriterCheck.Way.FOLLOWED;
                    } else {
                        boolean beside = outcome.kind() == HeapChange.Kind.GONE && atRow != answer.rowId();
                        return beside && isRolledBack(atXmin) ? answer : outcome;
                    }
                }
            }
        }
    }

    private Look look(RowClaim claim, WriterCheck check, Frame frame, long rowId) {
        if (check.outcome() != null || check.blocker() != 0 || !context.rowLocks.admits(claim, rowId)) {
            return Look.TAKEN;
        }
        if (!context.rowLocks.covers(claim, rowId)) {
            if (!claim.xact().hasXid()) {
                return Look.FREE;
            }
            context.rowLocks.take(claim, rowId, HeapPage.slotCount(frame.page()));
        }
        return check.forward() == 0 ? Look.LOCKED : Look.LOCKED_BESIDE_UPDATE;
    }

    /** The version beside a lock may have been rolled back, and its slot been cleared, before it was looked at. */
    private boolean isRolledBack(long xid) {
        return Visibility.fate(xid, context.window, context.transactions.publishLsn()) == Visibility.ABORTED;
    }

    /** What an update or delete goes on with: a version that has been replaced is followed to the newest, which is locked. */
    HeapChange followed(RowClaim claim, HeapChange outcome) {
        if (outcome.kind() != HeapChange.Kind.MOVED) {
            return outcome;
        }
        HeapChange end = lock(claim, outcome.rowId(), outcome.xmin());
        return end.kind() == HeapChange.Kind.DONE ? outcome : end;
    }
}
