package dev.cairn.txn.heap;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.heap.TupleReader.TupleCopy;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a row to which one entry of an index leads, oldest first, read one by one where they stand.
 *
 * <p>Between two of them the page may be pruned, so a link counts only if the next version was made by who replaced the one
 * before. If it does not, and the version before is still there, the next one was removed because nobody can see anything from
 * there on. If that is gone too, newer ones are enough for everybody: the walk begins anew at the root, which leads to them. Used
 * by one thread, once.
 */
final class VersionChain {

    private static final int MOST_BEGINNINGS = 10_000;

    private final HeapContext context;
    private final TupleReader reader;
    private final int fileId;
    private final long root;
    private int beginnings;

    VersionChain(HeapContext context, TupleReader reader, int fileId, long root) {
        this.context = context;
        this.reader = reader;
        this.fileId = fileId;
        this.root = root;
    }

    /** @throws CorruptPageException if the way from the root leads nowhere, again and again */
    private @Nullable TupleCopy first() {
        if (++beginnings > MOST_BEGINNINGS) {
            throw new CorruptPageException(
                    fileId,
                    RowIds.page(root),
                    "the versions of slot " + RowIds.slot(root) + " do not lead to one another");
        }
        return reader.readRoot(root);
    }

    /** The version after that one; null if there is none with the same entries. */
    private @Nullable TupleCopy next(TupleCopy from) {
        if ((from.flags() & TupleFlags.HOT_UPDATED) == 0 || from.xmax() == 0) {
            return null;
        }
        TupleCopy next = reader.read(from.forward());
        if (next != null && next.xmin() == from.xmax() && (next.flags() & TupleFlags.HEAP_ONLY) != 0) {
            return next;
        }
        TupleCopy again = reader.read(from.rowId());
        boolean stays = again != null && again.xmin() == from.xmin() && again.xmax() == from.xmax();
        return stays ? null : first();
    }

    /**
     * The version that the snapshot sees; null if it sees none.
     *
     * @param serial who has told by which key the row is read; null if the transaction is not serializable
     */
    @Nullable HeapVersion visible(Xact xact, Snapshot snapshot, @Nullable SerialXact serial) {
        TupleCopy tuple = first();
        while (tuple != null) {
            boolean visible = tuple.isVisible(xact, snapshot, context);
            if (serial != null) {
                Tuples.noteUnseen(visible, tuple.xmin(), tuple.xmax(), tuple.flags(), serial, snapshot, context.window);
            }
            if (visible) {
                return new HeapVersion(tuple.rowId(), tuple.xmin(), tuple.data());
            }
            tuple = next(tuple);
        }
        return null;
    }

    /** What the row means to somebody who wants to make one with the same key: the version that decides it. */
    VersionCheck check(Xact xact) {
        VersionCheck answer = VersionCheck.DEAD;
        TupleCopy tuple = first();
        while (tuple != null) {
            VersionCheck check = VersionCheck.of(xact, context, tuple);
            if (check.kind() == VersionCheck.Kind.LIVE || check.kind() == VersionCheck.Kind.UNDECIDED) {
                return check;
            }
            if (check.kind() == VersionCheck.Kind.DELETED) {
                answer = check;
            }
            tuple = next(tuple);
        }
        return answer;
    }
}
