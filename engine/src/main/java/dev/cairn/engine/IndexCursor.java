package dev.cairn.engine;

import static java.util.Objects.requireNonNull;

import dev.cairn.storage.btree.KeyArrays;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionBatch;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a range of an index leads to, in its order; read in batches, that grow as long as they are asked for.
 *
 * <p>Why no row comes twice, and none that has another key: the versions that an entry leads to have its key, each version is
 * led to by one entry, and of a row's versions a snapshot sees one. (An index that was made when versions of one row had different
 * keys has several entries that lead to the same ones: there the key is compared.) An entry is removed before its slot is given
 * to another row, and what that row is, the snapshot of a cursor that still has the entry in hand is too old to see.
 *
 * <p>A new one is closed. One that is closed may begin with a range of any index of the table, and needs no room then that it has had
 * before; who has closed it leaves it alone from then on. The transaction's thread.
 */
final class IndexCursor implements RowCursor {

    private static final int FIRST_BATCH = 4;

    private final TableStore store;
    private final Xact xact;
    private final BTreeCursor keys = new BTreeCursor();
    private final VersionBatch versions;
    private final long[] rowIds = new long[VersionBatch.MOST];
    private final TupleView tuple = new TupleView();
    // Of the range that it has begun with.
    private @Nullable IndexInfo info;
    private @Nullable BTree tree;
    private @Nullable Snapshot snapshot;
    /** 1 if each entry has to be looked at, or a serializable transaction is told of what it reads when it reads it. */
    private int mostRows;

    private int batchRows;
    private int count;
    private int at;
    private boolean open;
    /** Whether it is reading a batch; stays so if that fails. */
    private boolean reading;

    private final KeyCodec codec = new KeyCodec();
    private final KeyArrays firstKeys = new KeyArrays();
    private final KeyArrays endKeys = new KeyArrays();

    IndexCursor(TableStore store, Xact xact) {
        this.store = store;
        this.xact = xact;
        this.versions = store.heap().batch();
    }

    /** Whether it is of that table, closed and none of its calls has failed: then it may begin. */
    @SuppressWarnings("ReferenceEquality")
    boolean isFree(TableStore of) {
        return !open && !reading && store == of;
    }

    /**
     * Begins with the keys of a range; tells a serializable transaction what is going to be read.
     *
     * @param index that the range is of
     * @throws IllegalArgumentException if a bound of the range has more values than the index has columns, or of other classes
     */
    void begin(IndexInfo index, KeyRange range, Snapshot newSnapshot) {
        byte[] from = KeyBytes.LEAST;
        byte @Nullable [] to = KeyBytes.LEAST;
        if (range.putFirst(codec.clear(), index)) {
            from = codec.toBytes(firstKeys);
            to = range.putEnd(codec.clear(), index) ? codec.toBytes(endKeys) : null;
        }
        SerialXact serial = xact.serial();
        if (serial != null) {
            tell(serial, index, range, from, to);
        }
        begin(index, from, to, range.isBackwards(), newSnapshot);
    }

    /** The transaction keeps the keys, so they must be copies. */
    private static void tell(SerialXact serial, IndexInfo index, KeyRange range, byte[] from, byte @Nullable [] to) {
        byte[] single = range.wholeKey(index);
        if (single == null) {
            serial.readKeys(index.fileId(), from.clone(), to == null ? null : to.clone());
        } else {
            serial.readKey(index.fileId(), single);
        }
    }

    /** Begins with the keys that {@link BTree#ascending} has from one on and before another one, or {@link BTree#descending}. */
    @SuppressWarnings("ReferenceEquality")
    void begin(IndexInfo index, byte[] from, byte @Nullable [] to, boolean backwards, Snapshot newSnapshot) {
        BTree known = tree;
        BTree of = known != null && info == index ? known : store.tree(index);
        keys.begin(of, from, to, backwards);
        tree = of;
        info = index;
        snapshot = newSnapshot;
        mostRows = index.rechecks() || xact.serial() != null ? 1 : VersionBatch.MOST;
        batchRows = FIRST_BATCH;
        count = 0;
        at = -1;
        open = true;
    }

    @Override
    public boolean next() {
        return next(tuple);
    }

    @Override
    public boolean next(TupleView into) {
        while (++at >= count) {
            if (!read(into)) {
                return false;
            }
        }
        versions.show(at, into);
        return true;
    }

    /** Reads the next batch, in which there may be nothing to be seen; false if there are no further keys. */
    private boolean read(TupleView into) {
        IndexInfo index = requireNonNull(info);
        at = -1;
        count = 0;
        reading = true;
        int rows = keys.next(rowIds, Math.min(batchRows, mostRows));
        if (rows > 0) {
            batchRows = Math.min(2 * batchRows, VersionBatch.MOST);
            count = versions.find(xact, requireNonNull(snapshot), rowIds, rows, into);
            if (count > 0 && index.rechecks() && !hasKey(index, into)) {
                count = 0;
            }
        }
        reading = false;
        return rows > 0;
    }

    private boolean hasKey(IndexInfo index, TupleView into) {
        versions.show(0, into);
        return index.isKeyOf(keys.key(), into.toVersion());
    }

    @Override
    public boolean isInBatch() {
        return at + 1 < count;
    }

    @Override
    public HeapVersion version() {
        return tuple.toVersion();
    }

    @Override
    public void close() {
        open = false;
        keys.close();
    }
}
