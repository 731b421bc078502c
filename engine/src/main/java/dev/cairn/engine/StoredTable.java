package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table or an index as its row in the catalog describes it, for whoever reads pages past the engine: inspection, verification,
 * salvage. Immutable.
 *
 * @param tableId of the table, never used twice
 * @param fileId the file that holds the table's rows or the index's entries
 * @param overflowFileId the file of the table's large values, which need not exist; 0 if it cannot have any
 * @param schema of the table; of an index, one without columns
 */
public record StoredTable(int tableId, String name, int fileId, int overflowFileId, Schema schema, boolean isIndex) {

    /** The file that holds the catalog's own rows. */
    public static final int CATALOG_FILE_ID = CatalogRows.FILE_ID;

    /** The catalog itself. */
    public static final StoredTable CATALOG =
            new StoredTable(CatalogRows.TABLE_ID, "catalog", CatalogRows.FILE_ID, 0, CatalogRows.SCHEMA, false);

    /** @throws CorruptionException if the bytes are no row of the catalog */
    public static StoredTable ofCatalogRow(byte[] data) {
        if (CatalogRows.isIndex(data)) {
            CatalogRows.Named index = CatalogRows.named(data);
            return new StoredTable(index.tableId(), index.name(), index.fileId(), 0, new Schema(List.of()), true);
        }
        return of(CatalogRows.decodeTable(data));
    }

    static StoredTable of(TableInfo table) {
        return new StoredTable(
                table.tableId(), table.name(), table.fileId(), table.overflowFileId(), table.schema(), false);
    }

    /**
     * The values of a row as the heap stores it, without the tuple header. Large ones cannot be asked for.
     *
     * @throws CorruptionException if the bytes are no row of this table
     */
    public Row row(byte[] data) {
        return row(data, RowCodec.NO_SOURCE);
    }

    /**
     * The values of a row as the heap stores it, without the tuple header.
     *
     * @param large reads a large value when it is asked for
     * @throws CorruptionException if the bytes are no row of this table
     */
    public Row row(byte[] data, Function<OverflowReference, byte @Nullable []> large) {
        return Row.of(RowCodec.decode(schema, data, large));
    }

    /**
     * What a row says of its values on overflow pages.
     *
     * @throws CorruptionException if the bytes are no row of this table
     */
    public List<OverflowReference> largeValues(byte[] data) {
        List<OverflowReference> references = new ArrayList<>();
        for (Object value : RowCodec.decode(schema, data)) {
            if (value instanceof LargeValue large) {
                references.add(large.reference());
            }
        }
        return references;
    }
}
