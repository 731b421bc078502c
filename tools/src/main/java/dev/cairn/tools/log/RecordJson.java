package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.wal.record.WalRecord;
import java.util.HexFormat;

/**
 * Log records as JSON objects, one a line. Every one has {@code lsn}, {@code end} (text, as in {@code cairn log}), {@code
 * xid} (0 if none), {@code bytes} and {@code record} (the type's name); the other keys depend on the type and are those of
 * the methods here. Times are microseconds since 1970, rows are hexadecimal. Keys are added, never renamed.
 */
public final class RecordJson {

    private RecordJson() {}

    public static String line(long start, long end, long xid, WalRecord record) {
        return object(start, end, xid, record).toString();
    }

    /** The same, for more keys to be added. */
    static JsonObject object(long start, long end, long xid, WalRecord record) {
        JsonObject json = new JsonObject()
                .put("lsn", Lsn.format(start))
                .put("end", Lsn.format(end))
                .put("xid", xid)
                .put("bytes", end - start)
                .put("record", record.type().name());
        return fields(json, record);
    }

    private static JsonObject fields(JsonObject json, WalRecord record) {
        return switch (record.type()) {
            case SEGMENT_END -> json;
            case INCARNATION -> incarnation(json, (WalRecord.Incarnation) record);
            case DURABLE_MARK -> json.put("durable", Lsn.format(((WalRecord.DurableMark) record).durableLsn()));
            case CHECKPOINT_BEGIN -> checkpointBegin(json, (WalRecord.CheckpointBegin) record);
            case CHECKPOINT_END -> checkpointEnd(json, (WalRecord.CheckpointEnd) record);
            case FILE_CREATE ->
                json.put("file", record.fileId()).put("table", ((WalRecord.FileCreate) record).tableId());
            case FILE_EXTEND -> fileExtend(json, (WalRecord.FileExtend) record);
            case FILE_DROP -> json.put("file", ((WalRecord.FileDrop) record).fileId());
            case PAGE_IMAGE -> json.put("file", record.fileId()).put("page", record.pageNo(0));
            case HEAP_INSERT -> heapInsert(json, (WalRecord.HeapInsert) record);
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> heapUpdate(json, (WalRecord.HeapUpdate) record);
            case HEAP_DELETE -> heapDelete(json, (WalRecord.HeapDelete) record);
            case HEAP_PRUNE -> heapPrune(json, (WalRecord.HeapPrune) record);
            case HEAP_FREEZE -> heapFreeze(json, (WalRecord.HeapFreeze) record);
            case OVERFLOW_EXTEND, OVERFLOW_WRITE, OVERFLOW_DELETE, OVERFLOW_FREE -> OverflowRecords.json(json, record);
            case INDEX_EXTEND,
                    INDEX_INSERT,
                    INDEX_DELETE,
                    INDEX_SPLIT,
                    INDEX_DOWNLINK,
                    INDEX_ROOT,
                    INDEX_UNLINK,
                    INDEX_ABSORB -> IndexRecords.json(json, record);
            case XACT_BEGIN -> xactBegin(json, (WalRecord.XactBegin) record);
            case SUBXACT_ASSIGN -> subxactAssign(json, (WalRecord.SubxactAssign) record);
            case SUBCOMMIT -> subcommit(json, (WalRecord.Subcommit) record);
            case SUBABORT -> subabort(json, (WalRecord.Subabort) record);
            case COMMIT_CHILDREN -> json.put("children", ((WalRecord.CommitChildren) record).runs());
            case COMMIT -> commit(json, (WalRecord.Commit) record);
            case ABORT -> abort(json, (WalRecord.Abort) record);
            case CATALOG_CHANGE -> catalogChange(json, (WalRecord.CatalogChange) record);
        };
    }

    private static JsonObject incarnation(JsonObject json, WalRecord.Incarnation r) {
        return json.put("incarnation", r.counter())
                .put("salt", Long.toHexString(r.salt()))
                .put("time", r.timeMicros());
    }

    private static JsonObject checkpointBegin(JsonObject json, WalRecord.CheckpointBegin r) {
        return json.put("next_xid", r.nextXid())
                .put("next_file", r.nextFileId())
                .put("active", r.activeXids())
                .put("active_first", r.activeFirstLsns())
                .put("time", r.timeMicros());
    }

    private static JsonObject checkpointEnd(JsonObject json, WalRecord.CheckpointEnd r) {
        return json.put("redo_point", Lsn.format(r.redoPoint())).put("time", r.timeMicros());
    }

    private static JsonObject fileExtend(JsonObject json, WalRecord.FileExtend r) {
        return json.put("file", r.fileId()).put("page", r.newPage()).put("xid_base", r.xidBase());
    }

    private static JsonObject heapInsert(JsonObject json, WalRecord.HeapInsert r) {
        return json.put("file", r.fileId())
                .put("table", r.tableId())
                .put("page", r.page())
                .put("slot", r.slot())
                .put("command", r.command())
                .put("flags", r.flags())
                .put("row", HexFormat.of().formatHex(r.data()));
    }

    private static JsonObject heapUpdate(JsonObject json, WalRecord.HeapUpdate r) {
        return json.put("file", r.fileId())
                .put("table", r.tableId())
                .put("old_page", r.oldPage())
                .put("old_slot", r.oldSlot())
                .put("old_command", r.oldCommand())
                .put("old_flags", r.oldFlags())
                .put("page", r.newPage())
                .put("slot", r.newSlot())
                .put("command", r.newCommand())
                .put("flags", r.newFlags())
                .put("row", HexFormat.of().formatHex(r.data()));
    }

    private static JsonObject heapDelete(JsonObject json, WalRecord.HeapDelete r) {
        return json.put("file", r.fileId())
                .put("table", r.tableId())
                .put("page", r.page())
                .put("slot", r.slot())
                .put("command", r.command())
                .put("flags", r.flags());
    }

    private static JsonObject heapPrune(JsonObject json, WalRecord.HeapPrune r) {
        return json.put("file", r.fileId())
                .put("page", r.page())
                .put("slots", r.slots())
                .put("redirects", r.redirects())
                .put("newest_removed_commit", Lsn.format(r.newestRemovedCommit()));
    }

    private static JsonObject heapFreeze(JsonObject json, WalRecord.HeapFreeze r) {
        return json.put("file", r.fileId())
                .put("page", r.page())
                .put("slots", r.slots())
                .put("newest_frozen_commit", Lsn.format(r.newestFrozenCommit()));
    }

    private static JsonObject xactBegin(JsonObject json, WalRecord.XactBegin r) {
        return json.put("label", r.label()).put("time", r.timeMicros());
    }

    private static JsonObject subxactAssign(JsonObject json, WalRecord.SubxactAssign r) {
        return json.put("parent", r.parent())
                .put("top", r.top())
                .put("level", r.level())
                .put("savepoint", r.name())
                .put("time", r.timeMicros());
    }

    private static JsonObject subcommit(JsonObject json, WalRecord.Subcommit r) {
        return json.put("parent", r.parent()).put("top", r.top());
    }

    private static JsonObject subabort(JsonObject json, WalRecord.Subabort r) {
        return json.put("top", r.top()).put("sqlstate", r.sqlState()).put("time", r.timeMicros());
    }

    private static JsonObject commit(JsonObject json, WalRecord.Commit r) {
        return json.put("children", r.runs())
                .put("first", Lsn.format(r.firstLsn()))
                .put("origin", r.origin())
                .put("schema_version", r.schemaVersion())
                .put("time", r.timeMicros());
    }

    private static JsonObject abort(JsonObject json, WalRecord.Abort r) {
        return json.put("sqlstate", r.sqlState()).put("time", r.timeMicros());
    }

    private static JsonObject catalogChange(JsonObject json, WalRecord.CatalogChange r) {
        return json.put("table", r.tableId()).put("file", r.changedFileId()).put("statement", r.statement());
    }
}
