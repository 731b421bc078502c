package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.SerialXact;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.HeapWriter;
import dev.cairn.txn.heap.TupleView;
import dev.cairn.txn.heap.VersionChain;
import dev.cairn.txn.heap.VersionCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows into a table and its indexes, and keeps unique keys unique.
 *
 * <p>The look at a key and the entry under it happen under the key's stripe. Who finds a version there that another transaction
 * is making or deleting gives all stripes back, waits for that transaction, or for the part of it that was rolled back, and
 * looks again. An entry that leads to a version that nobody can see any more is removed on the way, so that a savepoint that is
 * rolled back again and again does not leave more and more to look at.
 */
final class RowWriter {

    /** What keeps a row from being inserted: a version with that key in that index. */
    record Conflict(IndexInfo index, byte[] key, HeapVersion version) {
        /** Whether the row, which may have been changed since, is still in the way. */
        boolean isWith(Row row) {
            return KeyBytes.compare(key, index.key(row.values())) == 0;
        }
    }

    private static final Predicate<IndexInfo> NONE = index -> false;

    private final Xact xact;
    private final TableInfo table;
    private final TableStore store;
    private final KeyStripes stripes;
    private final HeapWriter heap;
    private @Nullable VersionChain versions;
    /** Where a look at a key leaves what it found, of which only the number is wanted. */
    private final long[] any = new long[1];

    /** Keys of the row that is written, and of the version that it replaces. */
    private final RowKey[] keys;

    private RowKey @Nullable [] oldKeys;
    private final int[] stripesOfKeys;
    private final RowOffsets offsets = new RowOffsets();
    private final RowOffsets oldOffsets = new RowOffsets();
    private @Nullable RowBuilder values;

    /** The row that is written, {@link #length} bytes of it, and where it stands. */
    private byte[] data = KeyBytes.LEAST;

    private int length;
    private long rowId;
    /** Large values that were written for it. */
    private List<OverflowReference> written = List.of();

    RowWriter(Xact xact, TableInfo table, TableStore store, KeyStripes stripes) {
        this.xact = xact;
        this.table = table;
        this.store = store;
        this.stripes = stripes;
        this.heap = store.heap().writer(xact);
        this.keys = keys();
        this.stripesOfKeys = new int[keys.length];
    }

    private RowKey[] keys() {
        List<IndexInfo> indexes = table.indexes();
        RowKey[] made = new RowKey[indexes.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = new RowKey(indexes.get(i), store.tree(indexes.get(i)));
        }
        return made;
    }

    private VersionChain versions() {
        VersionChain present = versions;
        if (present == null) {
            present = store.heap().versions();
            versions = present;
        }
        return present;
    }

    private RowKey[] oldKeys() {
        RowKey[] present = oldKeys;
        if (present == null) {
            present = keys();
            oldKeys = present;
        }
        return present;
    }

    /** What it changes rows with. */
    HeapWriter heap() {
        return heap;
    }

    /** Whether it is still good for the table as it is now. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(TableInfo now) {
        return table == now;
    }

    /** A row of coerced values, to be written before the next one is asked for. */
    RowBuilder rowOf(@Nullable Object[] coerced) {
        RowBuilder present = values;
        if (present == null) {
            present = new RowBuilder(table.schema());
            values = present;
        }
        return present.setAll(coerced);
    }

    /** Where the row that was last written stands. */
    long rowId() {
        return rowId;
    }

    /** The row that was last written. */
    HeapVersion stored() {
        return new HeapVersion(rowId, xact.currentXid(), Arrays.copyOf(data, length));
    }

    /**
     * Inserts a row; returns its id.
     *
     * @throws TransactionException 23505 if a unique key of the row is there already
     */
    long insert(RowBuilder row) {
        insert(row, NONE);
        return rowId;
    }

    /**
     * Inserts a row unless it conflicts in an index that is asked for; those are looked at first, and so long the transaction
     * needs no id.
     *
     * @return what is in its way; null if it has been inserted
     * @throws TransactionException 23505 if a unique key of the row is there already in another index
     */
    @Nullable Conflict insert(RowBuilder row, Predicate<IndexInfo> reported) {
        encode(row);
        int unique = 0;
        for (RowKey key : keys) {
            key.readFitting(data, offsets);
            if (key.isUnique()) {
                stripesOfKeys[unique++] = stripes.stripe(key.info().fileId(), key.bytes());
            }
        }
        while (true) {
            stripes.lock(stripesOfKeys, unique);
            long blocker;
            try {
                Obstacle obstacle = obstacle(reported);
                if (obstacle == null) {
                    long xid = xact.currentXid();
                    rowId = heap.insert(data, length);
                    for (RowKey key : keys) {
                        key.tree().insert(xid, key.entry(rowId));
                    }
                    tellKeys(keys, rowId);
                    return null;
                }
                if (obstacle.other.kind() != VersionCheck.Kind.UNDECIDED) {
                    Conflict conflict = conflict(obstacle, reported);
                    discard();
                    return conflict;
                }
                blocker = obstacle.other.blocker();
            } finally {
                stripes.unlock(stripesOfKeys, unique);
            }
            xact.waitFor(blocker);
        }
    }

    /** A version in the way of a row, or perhaps in the way. */
    private record Obstacle(RowKey key, VersionCheck other) {}

    /** The first version that has one of the row's unique keys; null if none has. */
    private @Nullable Obstacle obstacle(Predicate<IndexInfo> reported) {
        Obstacle first = obstacle(reported, true);
        return first != null ? first : obstacle(reported, false);
    }

    private @Nullable Obstacle obstacle(Predicate<IndexInfo> reported, boolean wanted) {
        for (RowKey key : keys) {
            if (reported.test(key.info()) == wanted && key.isUnique()) {
                if (!wanted) {
                    xact.currentXid();
                }
                VersionCheck other = other(key, -1);
                if (other != null) {
                    return new Obstacle(key, other);
                }
            }
        }
        return null;
    }

    private Conflict conflict(Obstacle obstacle, Predicate<IndexInfo> reported) {
        HeapVersion version = obstacle.other.version();
        IndexInfo info = obstacle.key.info();
        if (version == null || !reported.test(info)) {
            throw duplicate(obstacle.key);
        }
        byte[] key = obstacle.key.bytes().clone();
        noteRead(info, key);
        return new Conflict(info, key, version);
    }

    /**
     * Replaces a version by a row, with the entries that this needs.
     *
     * @return as {@link HeapWriter#update}; unless it is DONE, nothing has happened
     * @throws TransactionException 23505 if a unique key of the row, which the version had not, is there already
     */
    HeapChange.Kind update(TupleView before, RowBuilder row) {
        encode(row);
        oldOffsets.locate(table.schema(), before.bytes(), before.start(), before.length());
        boolean keepsKeys = true;
        RowLockMode mode = RowLockMode.NO_KEY_UPDATE;
        for (int i = 0; i < keys.length; i++) {
            if (!keys[i].isSame(before.bytes(), oldOffsets, data, offsets)) {
                keepsKeys = false;
                mode = changesUniqueKey(i, before) ? RowLockMode.UPDATE : mode;
            }
        }
        boolean mayBeHot = keepsKeys && keys.length > 0;
        HeapChange.Kind kind = heap.update(before.rowId(), before.xmin(), mode, mayBeHot, data, length);
        if (kind != HeapChange.Kind.DONE) {
            discard();
            return kind;
        }
        rowId = heap.rowId();
        tellKeys(before);
        store.rows().replaced(xact, before.bytes(), oldOffsets, data, offsets);
        if (!heap.isHot()) {
            enter(before);
        }
        return kind;
    }

    /** Deletes a version; as {@link HeapWriter#delete}. */
    HeapChange.Kind delete(TupleView before) {
        HeapChange.Kind kind = heap.delete(before.rowId(), before.xmin());
        if (kind == HeapChange.Kind.DONE) {
            oldOffsets.locate(table.schema(), before.bytes(), before.start(), before.length());
            tellKeys(before);
            store.rows().replaced(xact, before.bytes(), oldOffsets);
        }
        return kind;
    }

    /** As PostgreSQL has it, an update locks the row more strongly then. */
    private boolean changesUniqueKey(int i, TupleView before) {
        if (!keys[i].info().index().unique()) {
            return false;
        }
        keys[i].readFitting(data, offsets);
        RowKey old = oldKeys()[i];
        old.readFitting(before.bytes(), oldOffsets);
        return KeyBytes.compare(old.bytes(), keys[i].bytes()) != 0;
    }

    /** Makes the entries of a row's new version, which is in the heap already and has none. */
    private void enter(TupleView before) {
        for (int i = 0; i < keys.length; i++) {
            keys[i].readFitting(data, offsets);
            boolean checked = keys[i].isUnique() && changesUniqueKey(i, before);
            while (!enter(keys[i], checked)) {
                // Somebody was making or deleting a row with that key, and is not any more.
            }
        }
        tellKeys(keys, rowId);
    }

    private boolean enter(RowKey key, boolean checked) {
        long blocker;
        int locked = key.info().index().unique() ? 1 : 0;
        if (locked == 1) {
            stripesOfKeys[0] = stripes.stripe(key.info().fileId(), key.bytes());
        }
        stripes.lock(stripesOfKeys, locked);
        try {
            VersionCheck other = checked ? other(key, rowId) : null;
            if (other == null) {
                key.tree().insert(xact.currentXid(), key.entry(rowId));
                return true;
            }
            if (other.kind() != VersionCheck.Kind.UNDECIDED) {
                throw duplicate(key);
            }
            blocker = other.blocker();
        } finally {
            stripes.unlock(stripesOfKeys, locked);
        }
        xact.waitFor(blocker);
        return false;
    }

    /** Another version with that key that is there, or may be there yet; null if there is none. */
    private @Nullable VersionCheck other(RowKey wanted, long ownRowId) {
        BTree tree = wanted.tree();
        byte[] key = wanted.bytes();
        if (tree.rowIds(key, any) == 0) {
            return null;
        }
        List<byte[]> dead = List.of();
        VersionCheck found = null;
        try (BTreeCursor cursor = tree.ascending(key, KeyBytes.afterPrefix(key))) {
            while (found == null && cursor.next() && KeyBytes.startsWith(cursor.key(), key)) {
                if (cursor.rowId() == ownRowId) {
                    continue;
                }
                VersionCheck check = versions().check(xact, cursor.rowId());
                if (check.kind() == VersionCheck.Kind.DEAD) {
                    dead = dead.isEmpty() ? new ArrayList<>() : dead;
                    dead.add(cursor.key());
                } else if (check.kind() != VersionCheck.Kind.DELETED && hasKey(wanted.info(), check.version(), key)) {
                    found = check;
                }
            }
        }
        dead.forEach(tree::delete);
        return found;
    }

    /** The slot may have been given to another row since the entry was read. */
    private static boolean hasKey(IndexInfo info, @Nullable HeapVersion version, byte[] key) {
        if (version == null) {
            return false;
        }
        @Nullable Object[] row = RowCodec.decode(info.schema(), version.data());
        return info.largeBytes(row) < 0 && KeyBytes.compare(info.key(row), key) == 0;
    }

    /**
     * The row as bytes; what does not fit is written to pages of its own. To be stored or discarded.
     *
     * @throws TransactionException 54000 if the row is too big, or a column too long for its index
     */
    private void encode(RowBuilder row) {
        RowBuilder fitting = row;
        written = List.of();
        if (store.rows().isLong(row)) {
            requireKeysFit(row);
            written = new ArrayList<>();
            fitting = store.rows().fitting(xact, row, this::isIndexed, written);
        }
        length = fitting.encode();
        data = fitting.bytes();
        offsets.locate(table.schema(), data, 0, length);
    }

    /** Before anything is written for the row. */
    private void requireKeysFit(RowBuilder row) {
        RowBuilder indexed = row.copy();
        for (int i = 0; i < row.size(); i++) {
            if (!isIndexed(i)) {
                indexed.setNull(i);
            }
        }
        int indexedLength = indexed.encode();
        offsets.locate(table.schema(), indexed.bytes(), 0, indexedLength);
        for (RowKey key : keys) {
            key.readFitting(indexed.bytes(), offsets);
        }
    }

    private boolean isIndexed(int column) {
        return table.indexes().stream().anyMatch(info -> info.columns().contains(column));
    }

    /** The row was not stored. */
    private void discard() {
        if (!written.isEmpty()) {
            store.rows().discard(written);
        }
    }

    /** That there is such a key is known to a serializable transaction now. */
    private void noteRead(IndexInfo info, byte[] key) {
        SerialXact serial = xact.serial();
        if (serial != null) {
            serial.readKey(info.fileId(), key);
        }
    }

    private void tellKeys(TupleView before) {
        if (xact.serial() != null) {
            RowKey[] old = oldKeys();
            for (RowKey key : old) {
                key.readFitting(before.bytes(), oldOffsets);
            }
            tellKeys(old, before.rowId());
        }
    }

    /** Those who have read where a row is now, or was, come before a serializable transaction that has put it there. */
    private void tellKeys(RowKey[] ofRow, long standsAt) {
        SerialXact serial = xact.serial();
        if (serial != null) {
            for (RowKey key : ofRow) {
                // They are kept, so they must be copies.
                serial.wroteKey(
                        key.info().fileId(),
                        key.bytes().clone(),
                        key.entry(standsAt).clone());
            }
        }
    }

    /** 23505; in a serializable transaction 40001 if its reads and the other row already forbid that it comes after that. */
    private TransactionException duplicate(RowKey of) {
        IndexInfo info = of.info();
        for (RowKey key : keys) {
            key.readFitting(data, offsets);
        }
        noteRead(info, of.bytes().clone());
        tellKeys(keys, 0);
        return IndexBuild.duplicate(
                "duplicate key value violates unique constraint \""
                        + info.index().name() + "\"",
                info,
                RowCodec.decode(info.schema(), Arrays.copyOf(data, length)),
                "already exists");
    }

    static TransactionException undefinedIndex(String name) {
        return new TransactionException(SqlState.UNDEFINED_OBJECT, "index \"" + name + "\" does not exist");
    }
}
