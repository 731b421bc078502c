package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.heap.HeapVersion;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of the catalog, and how its keys are made of rows.
 *
 * @param tableId the table
 * @param fileId its file
 * @param schema of the table
 * @param rechecks whether an entry may lead to a version that has another key, which is then no match
 * @param marked bit i is set if the keys tell nulls from values in column i of the index. Settled when the index is built: whether
 *     the column may be null can change, the keys stay, and so do the nulls that an older snapshot sees
 * @param columns where the key's columns stand in a row
 */
record IndexInfo(
        int tableId, int fileId, Index index, Schema schema, boolean rechecks, int marked, List<Integer> columns) {

    IndexInfo(int tableId, int fileId, Index index, Schema schema, boolean rechecks, int marked) {
        this(
                tableId,
                fileId,
                index,
                schema,
                rechecks,
                marked,
                index.parts().stream()
                        .map(part -> schema.indexOf(part.column()))
                        .toList());
    }

    private static final int MICROS_A_SECOND = 1_000_000;
    private static final int NANOS_A_MICRO = 1000;

    /** What {@code marked} is of an index of a table in which nulls are where the schema allows them. */
    static int markedBy(Index index, Schema schema) {
        int marked = 0;
        for (int i = 0; i < index.parts().size(); i++) {
            int column = schema.indexOf(index.parts().get(i).column());
            marked |= schema.column(column).notNull() ? 0 : 1 << i;
        }
        return marked;
    }

    /** The same with marks where this schema needs them or that row does. */
    IndexInfo withMarks(int needed) {
        return new IndexInfo(tableId, fileId, index, schema, rechecks, marked | needed);
    }

    private boolean isMarked(int part) {
        return (marked >> part & 1) != 0;
    }

    /** The marks that the keys of this row need. */
    int marksFor(@Nullable Object[] row) {
        int needed = 0;
        for (int i = 0; i < columns.size(); i++) {
            needed |= row[columns.get(i)] == null ? 1 << i : 0;
        }
        return needed;
    }

    /** The key of a row of coerced values, without a row id. */
    byte[] key(@Nullable Object[] row) {
        KeyCodec codec = new KeyCodec();
        for (int i = 0; i < columns.size(); i++) {
            put(codec, i, row[columns.get(i)]);
        }
        return codec.toBytes();
    }

    /**
     * How long a value is that stands on pages of its own and would belong to the key; -1 if there is none. Columns that an index is
     * on stay in their rows, so such a version is older than the index, dead, and has no entry.
     */
    int largeBytes(@Nullable Object[] row) {
        for (Index.Part part : index.parts()) {
            if (row[schema.indexOf(part.column())] instanceof LargeValue large) {
                return large.reference().length();
            }
        }
        return -1;
    }

    /** As {@link #largeBytes(Object[])}, of a stored row whose values stand where {@code at} says. */
    int largeBytes(byte[] row, RowOffsets at) {
        for (int i = 0; at.hasLarge() && i < columns.size(); i++) {
            int column = columns.get(i);
            if (!at.isNull(column) && at.isLarge(row, column)) {
                return RowCodec.reference(row, at.start(column)).length();
            }
        }
        return -1;
    }

    /** 54000. */
    TransactionException tooLong(int bytes) {
        return new TransactionException(
                SqlState.PROGRAM_LIMIT_EXCEEDED,
                "a value of " + bytes + " bytes is too long for index \"" + index.name() + "\"");
    }

    /**
     * Judges a key before an entry of it is made.
     *
     * @param maxBytes of an entry, the row's id included
     * @throws TransactionException 54000 if it is too long
     */
    void requireFits(byte[] key, int maxBytes) {
        int bytes = key.length + KeyCodec.ROW_ID_BYTES;
        if (bytes > maxBytes) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "index row size " + bytes + " exceeds the maximum " + maxBytes + " for index \"" + index.name()
                            + "\"");
        }
    }

    IndexInfo withRechecks(boolean value) {
        return new IndexInfo(tableId, fileId, index, schema, value, marked);
    }

    /** The key of a row as the heap stores it. */
    byte[] key(HeapVersion version) {
        return key(RowCodec.decode(schema, version.data()));
    }

    /** Whether the entry is of a row with that version's key. */
    boolean isKeyOf(byte[] entry, HeapVersion version) {
        @Nullable Object[] row = RowCodec.decode(schema, version.data());
        if (largeBytes(row) >= 0) {
            return false;
        }
        byte[] key = key(row);
        return entry.length == key.length + KeyCodec.ROW_ID_BYTES && KeyBytes.startsWith(entry, key);
    }

    /** The entry of a row: its key and its id. */
    byte[] entry(byte[] key, long rowId) {
        byte[] entry = Arrays.copyOf(key, key.length + KeyCodec.ROW_ID_BYTES);
        KeyCodec.putRowId(rowId, entry, key.length);
        return entry;
    }

    /** Whether it is unique, and on just these columns, in whatever order. */
    boolean isUniqueOn(List<String> names) {
        boolean is = index.unique();
        // Without an iterator, as each row asks.
        for (int i = 0; i < index.parts().size(); i++) {
            is &= names.contains(index.parts().get(i).column());
        }
        for (int i = 0; i < names.size(); i++) {
            is &= columns.contains(schema.indexOf(names.get(i)));
        }
        return is;
    }

    /** Whether a null keeps the row from being equal to any other. */
    boolean hasNull(@Nullable Object[] row) {
        for (int column : columns) {
            if (row[column] == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Puts the first key that begins with those values; if {@code beyond}, the first one greater than all that do. False if there is
     * none. Where keys know no nulls, a null's place is before all values or behind them.
     *
     * @throws IllegalArgumentException as {@link #putPrefix}
     */
    boolean putBound(KeyCodec codec, List<@Nullable Object> values, boolean beyond) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null && i < columns.size() && !isMarked(i)) {
                putPrefix(codec, values, i);
                return index.parts().get(i).nullsFirst() || codec.passPrefix();
            }
        }
        putPrefix(codec, values, values.size());
        return !beyond || codec.passPrefix();
    }

    /**
     * Puts what the keys begin with whose first columns have the first {@code count} of those values.
     *
     * @throws IllegalArgumentException if these are more values than columns, or one is of the wrong class
     */
    KeyCodec putPrefix(KeyCodec codec, List<@Nullable Object> values, int count) {
        if (count > index.parts().size()) {
            throw new IllegalArgumentException("index \"" + index.name() + "\" has "
                    + index.parts().size() + " columns, found " + count + " values");
        }
        for (int i = 0; i < count; i++) {
            Object value = values.get(i);
            schema.column(columns.get(i)).type().requireClass(value);
            put(codec, i, value);
        }
        return codec;
    }

    /**
     * Puts the key whose columns have those values.
     *
     * @throws IllegalArgumentException if the values are not as many as the columns, or of other classes
     */
    void putKey(KeyCodec codec, @Nullable Object[] values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException("index \"" + index.name() + "\" has " + columns.size()
                    + " columns, found " + values.length + " values");
        }
        for (int i = 0; i < values.length; i++) {
            schema.column(columns.get(i)).type().requireClass(values[i]);
            put(codec, i, values[i]);
        }
    }

    /** Puts the key of a stored row, whose values stand where {@code at} says; {@link #largeBytes} knows none. */
    void putKey(KeyCodec codec, byte[] row, RowOffsets at) {
        for (int i = 0; i < columns.size(); i++) {
            int column = columns.get(i);
            Index.Part part = index.parts().get(i);
            if (at.isNull(column)) {
                codec.putNull(part.nullsFirst());
            } else {
                codec.beginValue(isMarked(i), part.descending());
                put(codec, row, at, column);
            }
        }
    }

    private static void put(KeyCodec codec, byte[] row, RowOffsets at, int column) {
        int start = at.start(column);
        switch (at.kind(column)) {
            case BIGINT, TIMESTAMP -> codec.putLong(RowCodec.longAt(row, start));
            case INTEGER, DATE -> codec.putInt(RowCodec.intAt(row, start));
            case SMALLINT -> codec.putShort(RowCodec.shortAt(row, start));
            case DOUBLE -> codec.putDouble(Double.longBitsToDouble(RowCodec.longAt(row, start)));
            case BOOLEAN -> codec.putBoolean(row[start] != 0);
            case TEXT -> codec.putText(row, at.content(column), at.end(column));
            case BYTEA -> codec.putBytes(row, at.content(column), at.end(column));
            case NUMERIC -> putNumeric(codec, row, at, column);
        }
    }

    /** Most numerics fit a long, and no object is made of them. */
    private static void putNumeric(KeyCodec codec, byte[] row, RowOffsets at, int column) {
        int content = at.content(column);
        int end = at.end(column);
        if (content == end || end - content > Long.BYTES) {
            codec.putNumeric((BigDecimal) RowCodec.value(ColumnType.Kind.NUMERIC, row, at.start(column), end));
            return;
        }
        long unscaled = row[content];
        for (int i = content + 1; i < end; i++) {
            unscaled = unscaled << Byte.SIZE | (row[i] & 0xFF);
        }
        codec.putNumeric(unscaled, at.scale(row, column));
    }

    private void put(KeyCodec codec, int i, @Nullable Object value) {
        Index.Part part = index.parts().get(i);
        Column column = schema.column(columns.get(i));
        if (value == null) {
            codec.putNull(part.nullsFirst());
            return;
        }
        if (value instanceof LargeValue large) {
            throw tooLong(large.reference().length());
        }
        codec.beginValue(isMarked(i), part.descending());
        switch (column.type().kind()) {
            case BIGINT -> codec.putLong((Long) value);
            case INTEGER -> codec.putInt((Integer) value);
            case SMALLINT -> codec.putShort((Short) value);
            case DOUBLE -> codec.putDouble((Double) value);
            case BOOLEAN -> codec.putBoolean((Boolean) value);
            case TEXT -> codec.putText((String) value);
            case BYTEA -> codec.putBytes((byte[]) value);
            case NUMERIC -> codec.putNumeric((BigDecimal) value);
            case DATE -> codec.putInt((int) ((LocalDate) value).toEpochDay());
            case TIMESTAMP -> codec.putLong(micros((LocalDateTime) value));
        }
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * MICROS_A_SECOND + time.getNano() / NANOS_A_MICRO;
    }
}
