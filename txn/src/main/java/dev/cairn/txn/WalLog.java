package dev.cairn.txn;

import dev.cairn.wal.PendingRecord;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import org.jspecify.annotations.Nullable;

/** The write-ahead log as transactions see it. */
record WalLog(WalWriter wal) implements TransactionLog {

    @Override
    public long append(long xid, WalRecord record) {
        return wal.append(xid, record);
    }

    @Override
    public long appendFirst(long xid, long timeMicros, String label) {
        try (PendingRecord record = wal.begin(xid, WalRecordType.XACT_BEGIN)) {
            WalCodec.xactBegin(record.body(), timeMicros, label);
            return wal.appendFirst(record);
        }
    }

    @Override
    public long appendCommit(long xid, long timeMicros, long firstLsn, XidRuns children) {
        try (PendingRecord record = wal.begin(xid, WalRecordType.COMMIT)) {
            WalCodec.commit(
                    record.body(), timeMicros, firstLsn, 0, 0, children.cells(), children.ofCommit(), children.end());
            return wal.appendCommit(record, children.beforeCommit());
        }
    }

    @Override
    public long appendAssign(long xid, long parent, long top, int level, String name, long timeMicros) {
        try (PendingRecord record = wal.begin(xid, WalRecordType.SUBXACT_ASSIGN)) {
            WalCodec.subxactAssign(record.body(), parent, top, level, name, timeMicros);
            return wal.append(record);
        }
    }

    @Override
    public long appendSubcommit(long xid, long parent, long top) {
        try (PendingRecord record = wal.begin(xid, WalRecordType.SUBCOMMIT)) {
            WalCodec.subcommit(record.body(), parent, top);
            return wal.append(record);
        }
    }

    @Override
    public long appendSubabort(long xid, long top, @Nullable String sqlState, long timeMicros) {
        try (PendingRecord record = wal.begin(xid, WalRecordType.SUBABORT)) {
            WalCodec.subabort(record.body(), top, sqlState, timeMicros);
            return wal.append(record);
        }
    }

    @Override
    public void awaitDurable(long lsn) {
        wal.awaitDurable(lsn);
    }

    @Override
    public void awaitWritten(long lsn) {
        wal.awaitWritten(lsn);
    }

    @Override
    public long insertLsn() {
        return wal.insertLsn();
    }

    @Override
    public long writtenLsn() {
        return wal.writtenLsn();
    }

    @Override
    public long durableLsn() {
        return wal.durableLsn();
    }
}
