package dev.cairn.engine;

import dev.cairn.storage.btree.KeyArrays;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.btree.BTree;
import java.util.Arrays;

/**
 * The key that a stored row has in one index, and the entry that leads to the row. For one row after another, in arrays that are used
 * again by their length: a key seldom has a length that none had before. One thread at a time.
 */
final class RowKey {

    private final IndexInfo info;
    private final BTree tree;
    private final int[] columns;
    private final KeyCodec codec = new KeyCodec();
    /** For keys and entries: those of one row differ in length by {@link KeyCodec#ROW_ID_BYTES}. */
    private final KeyArrays arrays = new KeyArrays();

    private byte[] key = KeyBytes.LEAST;
    private boolean hasNull;

    RowKey(IndexInfo info, BTree tree) {
        this.info = info;
        this.tree = tree;
        this.columns = new int[info.columns().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = info.columns().get(i);
        }
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
        key = codec.toBytes(arrays);
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
        byte[] entry = arrays.ofLength(key.length + KeyCodec.ROW_ID_BYTES);
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
