package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import java.util.Map;

/**
 * An index as its row in the catalog describes it, and the entries that it must have, for whoever reads pages past the
 * engine. Immutable.
 */
public final class StoredIndex {

    private final IndexInfo info;

    StoredIndex(IndexInfo info) {
        this.info = info;
    }

    /**
     * The index.
     *
     * @param data the catalog's row
     * @param table to which it belongs
     * @throws CorruptionException if the bytes are no row of an index of that table
     */
    public static StoredIndex ofCatalogRow(byte[] data, StoredTable table) {
        return new StoredIndex(CatalogRows.decodeIndex(data, Map.of(table.tableId(), table.schema())));
    }

    /** Name and columns. */
    public Index index() {
        return info.index();
    }

    /** The id of its table. */
    public int tableId() {
        return info.tableId();
    }

    /** The file of its entries. */
    public int fileId() {
        return info.fileId();
    }

    /**
     * The entry that leads to a row.
     *
     * @param data the row as the heap stores it, without the tuple header
     * @throws CorruptionException if the bytes are no row of the table
     */
    public byte[] entry(byte[] data, long rowId) {
        return info.entry(info.key(RowCodec.decode(info.schema(), data)), rowId);
    }

    /** Whether the row has an entry: a dead version with a value on pages of its own may have none. */
    public boolean hasEntry(byte[] data) {
        return info.largeBytes(RowCodec.decode(info.schema(), data)) < 0;
    }

    /** Whether an entry may lead to versions none of which has its key. */
    public boolean rechecks() {
        return info.rechecks();
    }

    /** Whether a null keeps the row from being equal to any other; arguments and errors as of {@link #entry}. */
    public boolean hasNull(byte[] data) {
        return info.hasNull(RowCodec.decode(info.schema(), data));
    }
}
