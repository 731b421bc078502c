package dev.cairn.tools.key;

import dev.cairn.storage.heap.RowIds;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record did to a row.
 *
 * @param place where the version stood that it speaks of; of an insertion, stands
 * @param next where the version stands that replaced it; -1 if none did
 * @param data the row as written; null if none was
 */
record RowEvent(long lsn, long xid, String kind, long place, long next, byte @Nullable [] data) {

    static RowEvent of(LoggedRecord logged) {
        WalRecord record = logged.record();
        long place = -1;
        long next = -1;
        byte[] data = null;
        if (record instanceof WalRecord.HeapInsert r) {
            place = RowIds.of(r.page(), r.slot());
            data = r.data();
        } else if (record instanceof WalRecord.HeapUpdate r) {
            place = RowIds.of(r.oldPage(), r.oldSlot());
            next = RowIds.of(r.newPage(), r.newSlot());
            data = r.data();
        } else if (record instanceof WalRecord.HeapDelete r) {
            place = RowIds.of(r.page(), r.slot());
        }
        return new RowEvent(logged.start(), logged.xid(), record.type().name(), place, next, data);
    }

    /** {@code (1,2)}, {@code (1,2) to (1,3)}; nothing for a record of many rows. */
    String where() {
        return place < 0 ? "" : RowIds.format(place) + (next < 0 ? "" : " to " + RowIds.format(next));
    }
}
