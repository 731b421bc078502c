package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import org.jspecify.annotations.Nullable;

/**
 * A table as its row in the catalog describes it, for whoever reads pages past the engine: inspection, verification,
 * salvage. Immutable.
 *
 * @param tableId never used twice
 * @param fileId the heap file that holds the table's rows
 */
public record StoredTable(int tableId, String name, int fileId, Schema schema) {

    /** The file that holds the catalog's own rows. */
    public static final int CATALOG_FILE_ID = CatalogRows.FILE_ID;

    /** The catalog itself. */
    public static final StoredTable CATALOG =
            new StoredTable(CatalogRows.TABLE_ID, "catalog", CatalogRows.FILE_ID, CatalogRows.SCHEMA);

    /** @throws CorruptionException if the bytes are no row of the catalog */
    public static StoredTable ofCatalogRow(byte[] data) {
        TableInfo table = CatalogRows.decode(data);
        return new StoredTable(table.tableId(), table.name(), table.fileId(), table.schema());
    }

    /**
     * The values of a row as the heap stores it, without the tuple header.
     *
     * @throws CorruptionException if the bytes are no row of this table
     */
    public Row row(byte[] data) {
        @Nullable Object[] values = RowCodec.decode(schema, data);
        return Row.of(values);
    }
}
