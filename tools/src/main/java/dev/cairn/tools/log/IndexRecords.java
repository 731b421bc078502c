package dev.cairn.tools.log;

import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.IndexAbsorb;
import dev.cairn.wal.record.WalRecord.IndexDelete;
import dev.cairn.wal.record.WalRecord.IndexDownlink;
import dev.cairn.wal.record.WalRecord.IndexInsert;
import dev.cairn.wal.record.WalRecord.IndexRoot;
import dev.cairn.wal.record.WalRecord.IndexSplit;
import dev.cairn.wal.record.WalRecord.IndexUnlink;
import java.util.HexFormat;

/** What the records of indexes say, in words and as JSON. Stateless. */
final class IndexRecords {

    private IndexRecords() {}

    static String text(WalRecord record) {
        String page = "file " + record.fileId() + " page " + record.pageNo(0);
        if (record instanceof IndexInsert r) {
            return page + " slot " + r.slot() + ", key " + hex(r.key());
        }
        if (record instanceof IndexDelete r) {
            return page + ", " + r.slots().length + (r.slots().length == 1 ? " entry" : " entries") + " gone";
        }
        if (record instanceof IndexSplit r) {
            return page + " takes what page " + r.left() + " has from slot " + r.at() + " on, from key "
                    + hex(r.separator());
        }
        if (record instanceof IndexDownlink r) {
            return page + " slot " + r.slot() + " leads to page " + r.child() + ", from key " + hex(r.separator());
        }
        if (record instanceof IndexRoot r) {
            return page + " takes what the root has, which rises to level " + r.level();
        }
        if (record instanceof IndexUnlink r) {
            return page + " slot " + r.slot() + " leads to page " + r.child() + " no more";
        }
        if (record instanceof IndexAbsorb r) {
            return page + " takes the range of page " + r.freed() + ", next page " + r.next() + ", up to key "
                    + hex(r.high());
        }
        return page;
    }

    static JsonObject json(JsonObject start, WalRecord record) {
        JsonObject json = start.put("file", record.fileId()).put("page", record.pageNo(0));
        if (record instanceof IndexInsert r) {
            return json.put("slot", r.slot()).put("key", hex(r.key()));
        }
        if (record instanceof IndexDelete r) {
            return json.put("slots", r.slots());
        }
        if (record instanceof IndexSplit r) {
            return json.put("left", r.left()).put("at", r.at()).put("separator", hex(r.separator()));
        }
        if (record instanceof IndexDownlink r) {
            return json.put("child", r.child()).put("slot", r.slot()).put("separator", hex(r.separator()));
        }
        if (record instanceof IndexRoot r) {
            return json.put("root", r.root()).put("level", r.level());
        }
        if (record instanceof IndexUnlink r) {
            return json.put("child", r.child()).put("slot", r.slot());
        }
        if (record instanceof IndexAbsorb r) {
            return json.put("freed", r.freed()).put("next", r.next()).put("high", hex(r.high()));
        }
        return json;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }
}
