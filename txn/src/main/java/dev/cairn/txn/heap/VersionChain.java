package dev.cairn.txn.heap;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a row to which one entry of an index leads, oldest first, read one by one where they stand.
 *
 * <p>Between two of them the page may be pruned, so a link counts only if the next version was made by who replaced the one
 * before. If it does not, and the version before is still there, the next one was removed because nobody can see anything from
 * there on. If that is gone too, newer ones are enough for everybody: the walk begins anew at the root, which leads to them.
 *
 * <p>Only the headers of versions on the way are read.
 *
 * <p>Good for one row after another; finding one allocates nothing. Not thread-safe.
 */
public final class VersionChain {

    private static final int MOST_BEGINNINGS = 10_000;

    private final HeapContext context;
    private final TupleReader reader;
    private final PassedVersions passed;
    private final int fileId;
    private final boolean isCatalog;
    private TupleView tuple = new TupleView();
    private TupleView other = new TupleView();
    private long root;
    private int beginnings;

    VersionChain(HeapContext context, TupleReader reader, HeapSpace space, int fileId, boolean isCatalog) {
        this.context = context;
        this.reader = reader;
        this.passed = new PassedVersions(context, space);
        this.fileId = fileId;
        this.isCatalog = isCatalog;
    }

    private boolean first(long rowId, @Nullable Frame near) {
        root = rowId;
        beginnings = 1;
        return reader.readRoot(rowId, near, tuple);
    }

    /** @throws CorruptPageException if the way from the root leads nowhere, again and again */
    private boolean again() {
        if (++beginnings > MOST_BEGINNINGS) {
            throw new CorruptPageException(
                    fileId,
                    RowIds.page(root),
                    "the versions of slot " + RowIds.slot(root) + " do not lead to one another");
        }
        return reader.readRoot(root, null, tuple);
    }

    /** Goes to the next version; false if there is none with the same entries. */
    private boolean next() {
        if ((tuple.flags() & TupleFlags.HOT_UPDATED) == 0 || tuple.xmax() == 0) {
            return false;
        }
        boolean follows = reader.readHeader(tuple.forward(), other)
                && other.xmin() == tuple.xmax()
                && (other.flags() & TupleFlags.HEAP_ONLY) != 0;
        if (follows) {
            swap();
            return true;
        }
        boolean stays =
                reader.readHeader(tuple.rowId(), other) && other.xmin() == tuple.xmin() && other.xmax() == tuple.xmax();
        return !stays && again();
    }

    private void swap() {
        TupleView before = tuple;
        tuple = other;
        other = before;
    }

    /** Reads the row of the version whose header has been read; false if it has been removed since. */
    private boolean readRow() {
        if (!tuple.hasRow()) {
            boolean stays = reader.read(tuple.rowId(), other) && other.xmin() == tuple.xmin();
            swap();
            return stays;
        }
        return true;
    }

    /**
     * Goes to the version that the snapshot sees of the row to which an entry of an index leads; false if it sees none. A
     * serializable transaction has told before by which key it reads.
     */
    public boolean find(Xact xact, Snapshot snapshot, long rowId) {
        return find(xact, snapshot, rowId, null);
    }

    /** As {@link #find(Xact, Snapshot, long)}, where the row's page has just been found in that frame. */
    boolean find(Xact xact, Snapshot snapshot, long rowId, @Nullable Frame near) {
        SerialXact serial = isCatalog ? null : xact.serial();
        boolean there = first(rowId, near);
        while (there) {
            boolean visible = Visibility.isVisible(
                    tuple.xmin(), tuple.xmax(), tuple.command(), tuple.flags(), xact, snapshot, context.window);
            noteUnseen(visible, snapshot, serial);
            if (visible && readRow()) {
                passed.end();
                return true;
            }
            passed.pass(RowIds.page(tuple.rowId()), tuple.xmin(), tuple.xmax(), tuple.flags());
            there = visible ? again() : next();
        }
        return false;
    }

    private void noteUnseen(boolean visible, Snapshot snapshot, @Nullable SerialXact serial) {
        if (serial != null) {
            Tuples.noteUnseen(visible, tuple.xmin(), tuple.xmax(), tuple.flags(), serial, snapshot, context.window);
        }
    }

    /** The version found; good until the next one is looked for. */
    public TupleView tuple() {
        return tuple;
    }

    /** Gives the version found away, for another view that is written over. */
    public TupleView exchange(TupleView spare) {
        TupleView found = tuple;
        tuple = spare;
        return found;
    }

    /** What the row means to somebody who wants to make one with the same key: the version that decides it. */
    VersionCheck check(Xact xact, long rowId) {
        VersionCheck answer = VersionCheck.DEAD;
        boolean there = first(rowId, null);
        while (there) {
            if (!readRow()) {
                there = again();
                continue;
            }
            VersionCheck check = VersionCheck.of(xact, context, tuple);
            if (check.kind() == VersionCheck.Kind.LIVE || check.kind() == VersionCheck.Kind.UNDECIDED) {
                return check;
            }
            if (check.kind() == VersionCheck.Kind.DELETED) {
                answer = check;
            }
            there = next();
        }
        return answer;
    }
}
