package dev.cairn.engine;

import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionChain;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a range of an index leads to, in its order.
 *
 * <p>Why no row comes twice, and none that has another key: the versions that an entry leads to have its key, each version is
 * led to by one entry, and of a row's versions a snapshot sees one. (An index that was made when versions of one row had different
 * keys has several entries that lead to the same ones: there the key is compared.) An entry is removed before its slot is given
 * to another row, and what that row is, the snapshot of a cursor that still has the entry in hand is too old to see.
 */
final class IndexCursor implements RowCursor {

    private final IndexInfo info;
    private final BTreeCursor keys;
    private final VersionChain versions;
    private final Xact xact;
    private final Snapshot snapshot;
    private @Nullable HeapVersion version;

    IndexCursor(IndexInfo info, BTreeCursor keys, Heap heap, Xact xact, Snapshot snapshot) {
        this.info = info;
        this.keys = keys;
        this.versions = heap.versions();
        this.xact = xact;
        this.snapshot = snapshot;
    }

    @Override
    public boolean next() {
        while (keys.next()) {
            if (versions.find(xact, snapshot, keys.rowId())) {
                HeapVersion found = versions.tuple().toVersion();
                if (!info.rechecks() || info.isKeyOf(keys.key(), found)) {
                    version = found;
                    return true;
                }
            }
        }
        return false;
    }

    /** The current version, good until the next call. */
    TupleView tuple() {
        return versions.tuple();
    }

    @Override
    public HeapVersion version() {
        return Objects.requireNonNull(version);
    }

    @Override
    public void close() {
        keys.close();
    }
}
