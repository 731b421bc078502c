package dev.cairn.tools.log;

import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.OverflowDelete;
import dev.cairn.wal.record.WalRecord.OverflowFree;
import dev.cairn.wal.record.WalRecord.OverflowWrite;

/** What the records of large values say, in words and as JSON. Stateless. */
final class OverflowRecords {

    private OverflowRecords() {}

    static String text(WalRecord record) {
        String page = "file " + record.fileId() + " page " + record.pageNo(0);
        if (record instanceof OverflowWrite r) {
            Chunk chunk = r.chunk();
            String text = page + ", value " + Integer.toUnsignedString(chunk.value()) + " part " + chunk.index() + ", "
                    + RecordText.bytes(chunk.data().length);
            return (chunk.index() == 0 ? text + " of " + chunk.stored() + ", " + chunk.length() + " unpacked" : text)
                    + (chunk.next() == 0 ? ", last" : ", next page " + chunk.next());
        }
        if (record instanceof OverflowDelete) {
            return page + ", its value deleted";
        }
        return record instanceof OverflowFree ? page + " free" : page;
    }

    static JsonObject json(JsonObject start, WalRecord record) {
        JsonObject json = start.put("file", record.fileId()).put("page", record.pageNo(0));
        if (record instanceof OverflowWrite r) {
            Chunk chunk = r.chunk();
            return json.put("value", chunk.value())
                    .put("index", chunk.index())
                    .put("next", chunk.next())
                    .put("length", chunk.length())
                    .put("stored", chunk.stored())
                    .put("form", chunk.form())
                    .put("data_bytes", chunk.data().length);
        }
        return json;
    }
}
