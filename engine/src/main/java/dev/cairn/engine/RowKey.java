package dev.cairn.engine;

import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.btree.BTree;
import java.util.Arrays;

/**
 * The key that a stored row has in one index, and the entry that leads to the row. For one row after another, in arrays that are used
 * again by their length: a key seldom has a length that none had before. One thread at a time.
 */
final class RowKey {

    private static final int KEPT = 16;

    private final IndexInfo info;
    private final BTree tree;
    private final int[] columns;
    private final KeyCodec codec = new KeyCodec();
    /** Keys and entries: those of one row differ in length by less than there are places. */
    private final byte[][] kept = new byte[KEPT][];

    private byte[] key = KeyBytes.LEAST;
    private boolean hasNull;

    RowKey(IndexInfo info, BTree tree) {
        this.info = info;
        this.tree = tree;
        this.columns = new int[info.columns().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = info.columns().get(i);
        }
        Arrays.fill(kept, KeyBytes.LEAST);
    }

    IndexInfo info() {
        return info;
    }

    BTree tree() {
        return tree;
    }

    /**
     * Takes the key of a row for which an entry is to be made.
     *
     * @param at where the values stand in its bytes
     * @throws dev.cairn.storage.base.TransactionException 54000 if it is too long
     */
    void readFitting(byte[] row, RowOffsets at) {
        if (!read(row, at)) {
            throw info.tooLong(info.largeBytes(row, at));
        }
        info.requireFits(key, tree.maxKeyBytes());
    }

    /**
     * Takes the key of a row; false if there is none, because a value stands on pages of its own. Whether an entry of it would be too
     * long is not asked.
     */
    boolean read(byte[] row, RowOffsets at) {
        if (info.largeBytes(row, at) >= 0) {
            return false;
        }
        info.putKey(codec.clear(), row, at);
        key = codec.toBytes(kept[codec.length() % KEPT]);
        kept[codec.length() % KEPT] = key;
        hasNull = false;
        for (int column : columns) {
            hasNull |= at.isNull(column);
        }
        return true;
    }

    /** The key without a row id, until the next one is taken. */
    byte[] bytes() {
        return key;
    }

    /** The entry of the row with this key, until the next one is asked for. */
    byte[] entry(long rowId) {
        int length = key.length + KeyCodec.ROW_ID_BYTES;
        byte[] entry = kept[length % KEPT];
        if (entry.length != length) {
            entry = new byte[length];
            kept[length % KEPT] = entry;
        }
        System.arraycopy(key, 0, entry, 0, key.length);
        KeyCodec.putRowId(rowId, entry, key.length);
        return entry;
    }

    /** Whether no other row may have this key. */
    boolean isUnique() {
        return info.index().unique() && !hasNull;
    }

    /** Whether two rows have the same values, to the byte, in all columns of the index. */
    boolean isSame(byte[] one, RowOffsets inOne, byte[] other, RowOffsets inOther) {
        for (int column : columns) {
            boolean isNull = inOne.isNull(column);
            if (isNull != inOther.isNull(column)) {
                return false;
            }
            if (!isNull
                    && !Arrays.equals(
                            one,
                            inOne.start(column),
                            inOne.end(column),
                            other,
                            inOther.start(column),
                            inOther.end(column))) {
                return false;
            }
        }
        return true;
    }
}
