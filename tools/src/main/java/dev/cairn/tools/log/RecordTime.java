package dev.cairn.tools.log;

import dev.cairn.wal.record.WalRecord;

/** The times that some records tell. */
final class RecordTime {

    private RecordTime() {}

    /** Microseconds since 1970; 0 if the record tells none. */
    static long of(WalRecord record) {
        return switch (record.type()) {
            case COMMIT -> ((WalRecord.Commit) record).timeMicros();
            case XACT_BEGIN -> ((WalRecord.XactBegin) record).timeMicros();
            case SUBXACT_ASSIGN -> ((WalRecord.SubxactAssign) record).timeMicros();
            case SUBABORT -> ((WalRecord.Subabort) record).timeMicros();
            case ABORT -> ((WalRecord.Abort) record).timeMicros();
            case INCARNATION -> ((WalRecord.Incarnation) record).timeMicros();
            case CHECKPOINT_BEGIN -> ((WalRecord.CheckpointBegin) record).timeMicros();
            case CHECKPOINT_END -> ((WalRecord.CheckpointEnd) record).timeMicros();
            case SEGMENT_END,
                    DURABLE_MARK,
                    FILE_CREATE,
                    FILE_EXTEND,
                    FILE_DROP,
                    PAGE_IMAGE,
                    HEAP_INSERT,
                    HEAP_UPDATE,
                    HEAP_HOT_UPDATE,
                    HEAP_DELETE,
                    HEAP_PRUNE,
                    HEAP_FREEZE,
                    INDEX_EXTEND,
                    INDEX_INSERT,
                    INDEX_DELETE,
                    INDEX_SPLIT,
                    INDEX_DOWNLINK,
                    INDEX_ROOT,
                    INDEX_UNLINK,
                    INDEX_ABSORB,
                    OVERFLOW_EXTEND,
                    OVERFLOW_WRITE,
                    OVERFLOW_DELETE,
                    OVERFLOW_FREE,
                    SUBCOMMIT,
                    COMMIT_CHILDREN,
                    CATALOG_CHANGE -> 0;
        };
    }
}
