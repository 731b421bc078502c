package dev.cairn.wal.record;

import dev.cairn.storage.format.Layout;

/**
 * What stands in the body of each type of record, for {@code FORMAT.md}. {@link WalCodec} writes the fields in this order;
 * a test compares the sizes.
 */
public final class WalLayouts {

    private static final String RUNS = "u32 count, then i64 each";

    private static final String KEY = "u16 length, bytes";

    private WalLayouts() {}

    /** The layout of a type's body; a body without fields has null. */
    public static @org.jspecify.annotations.Nullable Layout of(WalRecordType type) {
        return switch (type) {
            case SEGMENT_END -> null;
            case INCARNATION ->
                body(type)
                        .i64("counter", "number of the life that begins")
                        .i64("salt", "its random salt")
                        .i64("timeMicros", "microseconds since 1970")
                        .size(24);
            case DURABLE_MARK ->
                body(type)
                        .i64("durableLsn", "the log was durable up to here when this was appended")
                        .size(8);
            case CHECKPOINT_BEGIN ->
                body(type)
                        .i64("nextXid", "first transaction id not yet used")
                        .u32("nextFileId", "first file id not yet used")
                        .i64("timeMicros", "microseconds since 1970")
                        .varying("activeXids", RUNS, "open top-level transactions")
                        .varying("activeFirstLsns", RUNS, "start of the first record of each")
                        .size(20);
            case CHECKPOINT_END ->
                body(type)
                        .i64("redoPoint", "start of the checkpoint's begin record")
                        .i64("timeMicros", "microseconds since 1970")
                        .size(16);
            case FILE_CREATE ->
                body(type)
                        .u32("fileId", "the new file")
                        .u32("tableId", "the table it belongs to")
                        .size(8);
            case FILE_EXTEND ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("newPage", "page that becomes an empty heap page; the used mark becomes one more")
                        .i64("xidBase", "of the new page")
                        .size(16);
            case FILE_DROP -> body(type).u32("fileId", "the file").size(4);
            case PAGE_IMAGE ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("page", "the page whose image travels with the record")
                        .size(8);
            case HEAP_INSERT -> heapInsert(type);
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> heapUpdate(type);
            case HEAP_DELETE -> heapRow(type).size(20);
            case HEAP_PRUNE -> heapPrune(type);
            case HEAP_FREEZE -> heapSlots(type, "newestFrozenCommit", "newest commit among the versions frozen");
            case OVERFLOW_EXTEND ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("newPage", "page that comes into use; the used mark becomes one more")
                        .size(8);
            case OVERFLOW_WRITE -> overflowWrite(type);
            case OVERFLOW_DELETE ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("page", "first page of the value")
                        .size(8);
            case OVERFLOW_FREE ->
                body(type).u32("fileId", "the file").u32("page", "the page").size(8);
            case INDEX_EXTEND ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("newPage", "page that comes into use; the used mark becomes one more")
                        .size(8);
            case INDEX_INSERT ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("page", "the page")
                        .u16("slot", "place of the new entry")
                        .varying("key", KEY, "the entry: key and row id")
                        .size(10);
            case INDEX_DELETE ->
                body(type)
                        .u32("fileId", "the file")
                        .u32("page", "the page")
                        .varying("slots", "u16 count, then u16 each", "the entries, ascending")
                        .size(8);
            case INDEX_SPLIT ->
                twoPages(type, "right", "the new page", "left", "the page that is split")
                        .u16("at", "first entry that goes to the new page")
                        .varying("separator", KEY, "where the new page's range begins")
                        .size(14);
            case INDEX_DOWNLINK ->
                twoPages(type, "parent", "page of the level above", "child", "the page that it gets an entry for")
                        .u16("slot", "place of the entry")
                        .varying("separator", KEY, "where the child's range begins")
                        .size(14);
            case INDEX_ROOT ->
                twoPages(type, "moved", "page that takes over the root's entries", "root", "the root")
                        .u16("level", "of the root from now on")
                        .size(14);
            case INDEX_UNLINK ->
                twoPages(type, "parent", "page of the level above", "child", "the empty page")
                        .u16("slot", "of the entry that led to it")
                        .size(14);
            case INDEX_ABSORB ->
                twoPages(type, "page", "page that takes over the range", "freed", "its right neighbour")
                        .u32("next", "right neighbour from now on, 0 for none")
                        .varying("high", KEY, "high fence from now on")
                        .size(16);
            case XACT_BEGIN ->
                body(type)
                        .i64("timeMicros", "microseconds since 1970")
                        .varying("label", "u16 length, UTF-8", "the session's label, may be empty")
                        .size(8);
            case SUBXACT_ASSIGN ->
                body(type)
                        .i64("parent", "id of the enclosing level")
                        .i64("top", "id of the top-level transaction")
                        .u32("level", "1 for the first savepoint")
                        .varying("name", "u8 length, UTF-8", "the savepoint's name")
                        .varying("timeMicros", "i64", "microseconds since 1970")
                        .size(20);
            case SUBCOMMIT ->
                body(type)
                        .i64("parent", "id of the enclosing level")
                        .i64("top", "id of the top-level transaction")
                        .size(16);
            case SUBABORT ->
                body(type)
                        .i64("top", "id of the top-level transaction")
                        .varying(
                                "sqlState",
                                "u8 length (0 or 5), ASCII",
                                "the error that undid the level; none: ROLLBACK TO")
                        .varying("timeMicros", "i64", "microseconds since 1970")
                        .size(8);
            case COMMIT_CHILDREN ->
                body(type)
                        .varying("runs", RUNS, "first id and length of each run of committed sub-transactions")
                        .size(0);
            case COMMIT ->
                body(type)
                        .i64("timeMicros", "microseconds since 1970")
                        .i64("firstLsn", "start of the transaction's first record")
                        .i32("origin", "where the transaction was made; 0 here")
                        .i64("schemaVersion", "of the catalog")
                        .varying("runs", RUNS, "first id and length of each run of committed sub-transactions")
                        .size(28);
            case ABORT ->
                body(type)
                        .i64("timeMicros", "microseconds since 1970")
                        .varying("sqlState", "u8 length (0 or 5), ASCII", "the error that undid it; none: ROLLBACK")
                        .size(8);
            case CATALOG_CHANGE ->
                body(type)
                        .u32("tableId", "the table")
                        .u32("changedFileId", "its file")
                        .varying("statement", "u32 length, UTF-8", "what was done, in words of SQL")
                        .size(8);
        };
    }

    private static Layout.Builder body(WalRecordType type) {
        return Layout.named(type.name());
    }

    private static Layout.Builder twoPages(
            WalRecordType type, String first, String firstMeaning, String second, String secondMeaning) {
        return body(type).u32("fileId", "the file").u32(first, firstMeaning).u32(second, secondMeaning);
    }

    private static Layout.Builder heapRow(WalRecordType type) {
        return body(type)
                .u32("fileId", "the file")
                .u32("tableId", "the table")
                .u32("page", "page of the version")
                .u16("slot", "slot of the version")
                .i32("command", "its command field")
                .u16("flags", "its flags");
    }

    private static Layout overflowWrite(WalRecordType type) {
        return body(type)
                .u32("fileId", "the file")
                .u32("page", "the page")
                .u32("value", "number that tells the creator's values apart")
                .u32("index", "the page's place in the value")
                .u32("next", "page with the bytes that follow, 0 for none")
                .u32("length", "first page: bytes of the value")
                .u32("stored", "first page: its bytes as stored")
                .u8("form", "first page: 0 as it is, 1 in blocks")
                .varying("data", "u16 length, bytes", "what the page gets")
                .size(29);
    }

    private static Layout heapInsert(WalRecordType type) {
        return heapRow(type)
                .varying("data", "u16 length, bytes", "the row as the heap stores it")
                .size(20);
    }

    private static Layout heapUpdate(WalRecordType type) {
        return body(type)
                .u32("fileId", "the file")
                .u32("tableId", "the table")
                .u32("oldPage", "page of the version replaced")
                .u16("oldSlot", "its slot")
                .i32("oldCommand", "its new command field")
                .u16("oldFlags", "its new flags")
                .u32("newPage", "page of the new version")
                .u16("newSlot", "its slot")
                .i32("newCommand", "its command field")
                .u16("newFlags", "its flags")
                .varying("data", "u16 length, bytes", "the row as the heap stores it")
                .size(32);
    }

    private static Layout heapPrune(WalRecordType type) {
        return body(type)
                .u32("fileId", "the file")
                .u32("page", "the page")
                .varying("slots", "u16 count, then u16 each", "the versions")
                .varying(
                        "redirects",
                        "u16 count, then u16 each",
                        "pairs: a slot whose version is removed too, and the slot to which it leads from now on")
                .varying("newestRemovedCommit", "i64", "newest commit among the deleters, 0 if none")
                .size(8);
    }

    private static Layout heapSlots(WalRecordType type, String newest, String meaning) {
        return body(type)
                .u32("fileId", "the file")
                .u32("page", "the page")
                .varying("slots", "u16 count, then u16 each", "the versions")
                .varying(newest, "i64", meaning)
                .size(8);
    }
}
