package dev.cairn.txn.heap;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;

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
    /** Two of its own, to walk with. */
    private final TupleView one = new TupleView();

    private final TupleView two = new TupleView();
    private TupleView tuple = one;
    private TupleView other = two;
    private long root;
    private int beginnings;

    VersionChain(HeapContext context, TupleReader reader, HeapSpace space, int fileId, boolean isCatalog) {
        this.context = context;
        this.reader = reader;
        this.passed = new PassedVersions(context, space);
        this.fileId = fileId;
        this.isCatalog = isCatalog;
    }

    /** From a version on that is read, or to be read, in the first of the views. */
    private void begin(long rowId, TupleView at, TupleView spare) {
        root = rowId;
        beginnings = 1;
        tuple = at;
        other = spare;
    }

    /** @throws CorruptPageException if the way from the root leads nowhere, again and again */
    private boolean again() {
        if (++beginnings > MOST_BEGINNINGS) {
            throw new CorruptPageException(
                    fileId,
                    RowIds.page(root),
                    "the versions of slot " + RowIds.slot(root) + " do not lead to one another");
        }
        return reader.readRoot(root, tuple);
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
     * Finds the version that the snapshot sees of the row to which an entry of an index leads; false if it sees none. A
     * serializable transaction has told before by which key it reads.
     */
    public boolean find(Xact xact, Snapshot snapshot, long rowId, TupleView into) {
        if (!reader.readRoot(rowId, into)) {
            return false;
        }
        if (isSeen(into, xact, snapshot)) {
            passed.end();
            return true;
        }
        return findLater(xact, snapshot, rowId, into);
    }

    private boolean findLater(Xact xact, Snapshot snapshot, long rowId, TupleView into) {
        begin(rowId, into, one);
        boolean visible = false;
        do {
            passed.pass(RowIds.page(tuple.rowId()), tuple.xmin(), tuple.xmax(), tuple.flags());
            if (visible ? !again() : !next()) {
                return false;
            }
            visible = isSeen(tuple, xact, snapshot);
        } while (!visible || !readRow());
        passed.end();
        if (tuple != into) {
            into.copy(tuple);
        }
        return true;
    }

    /** Somebody has read a version that its snapshot sees, and goes on to other rows. */
    void hasSeen() {
        passed.end();
    }

    private boolean isSeen(TupleView version, Xact xact, Snapshot snapshot) {
        boolean visible = Visibility.isVisible(
                version.xmin(), version.xmax(), version.command(), version.flags(), xact, snapshot, context.window);
        SerialXact serial = isCatalog ? null : xact.serial();
        if (serial != null) {
            Tuples.noteUnseen(
                    visible, version.xmin(), version.xmax(), version.flags(), serial, snapshot, context.window);
        }
        return visible;
    }

    /** What the row means to somebody who wants to make one with the same key: the version that decides it. */
    public VersionCheck check(Xact xact, long rowId) {
        VersionCheck answer = VersionCheck.DEAD;
        begin(rowId, one, two);
        boolean there = reader.readRoot(rowId, tuple);
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
