package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table or an index as its row in the catalog describes it, for whoever reads pages past the engine: inspection, verification,
 * salvage. Immutable.
 *
 * @param tableId of the table, never used twice
 * @param fileId the file that holds the table's rows or the index's entries
 * @param schema of the table; of an index, one without columns
 */
public record StoredTable(int tableId, String name, int fileId, Schema schema, boolean isIndex) {

    /** The file that holds the catalog's own rows. */
    public static final int CATALOG_FILE_ID = CatalogRows.FILE_ID;

    /** The catalog itself. */
    public static final StoredTable CATALOG =
            new StoredTable(CatalogRows.TABLE_ID, "catalog", CatalogRows.FILE_ID, CatalogRows.SCHEMA, false);

    /** @throws CorruptionException if the bytes are no row of the catalog */
    public static StoredTable ofCatalogRow(byte[] data) {
        if (CatalogRows.isIndex(data)) {
            CatalogRows.Named index = CatalogRows.named(data);
            return new StoredTable(index.tableId(), index.name(), index.fileId(), new Schema(List.of()), true);
        }
        TableInfo table = CatalogRows.decodeTable(data);
        return new StoredTable(table.tableId(), table.name(), table.fileId(), table.schema(), false);
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
