package dev.cairn.tools.log;

import dev.cairn.wal.record.WalRecord;

/** The times that some records tell. */
final class RecordTime {

    private RecordTime() {}

    /** Microseconds since 1970; 0 if the record tells none. */
    static long of(WalRecord record) {
        if (record instanceof WalRecord.Commit r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.XactBegin r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.SubxactAssign r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.Subabort r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.Abort r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.Incarnation r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.CheckpointBegin r) {
            return r.timeMicros();
        } else if (record instanceof WalRecord.CheckpointEnd r) {
            return r.timeMicros();
        }
        return 0;
    }
}
