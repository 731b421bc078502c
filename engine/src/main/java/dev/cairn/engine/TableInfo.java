package dev.cairn.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalog has it.
 *
 * @param tableId never used twice
 * @param fileId the heap file that holds the table's rows
 * @param overflowFileId the file for values too large for a page, made when the first one comes; 0 if there can be none
 * @param indexes by name
 */
record TableInfo(int tableId, String name, int fileId, int overflowFileId, Schema schema, List<IndexInfo> indexes) {

    @Nullable IndexInfo index(String indexName) {
        // Without an iterator, as each scan of an index asks.
        for (int i = 0; i < indexes.size(); i++) {
            if (indexes.get(i).index().name().equals(indexName)) {
                return indexes.get(i);
            }
        }
        return null;
    }

    @Nullable IndexInfo primaryKey() {
        for (IndexInfo info : indexes) {
            if (info.index().primary()) {
                return info;
            }
        }
        return null;
    }
}
