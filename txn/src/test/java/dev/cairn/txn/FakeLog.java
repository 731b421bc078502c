package dev.cairn.txn;

import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory whose durability a test can hold back, and whose appends and syncs it can let fail. */
final class FakeLog implements TransactionLog {

    /** A record as it was appended. */
    record Entry(long xid, WalRecord record, long end) {}

    private static final int RECORD_BYTES = 32;

    private final List<Entry> entries = new ArrayList<>();
    private final Scheduler.Signal moved;
    private final Health health;
    private volatile long insert = 1000;
    private volatile long written = 1000;
    private volatile long durable = 1000;
    private volatile boolean held;
    private volatile int waiting;
    private volatile @Nullable RuntimeException appendFailure;
    private volatile @Nullable RuntimeException syncFailure;

    FakeLog(Scheduler scheduler, Health health) {
        this.moved = scheduler.newSignal();
        this.health = health;
    }

    @Override
    public synchronized long append(long xid, WalRecord record) {
        RuntimeException failure = appendFailure;
        if (failure != null) {
            throw failure;
        }
        insert += RECORD_BYTES;
        entries.add(new Entry(xid, record, insert));
        return insert;
    }

    @Override
    public synchronized long appendFirst(long xid, long timeMicros, String label) {
        return append(xid, new WalRecord.XactBegin(timeMicros, label)) - RECORD_BYTES;
    }

    @Override
    public synchronized long appendCommit(long xid, long timeMicros, long firstLsn, XidRuns children) {
        children.beforeCommit().forEach(record -> append(xid, record));
        long[] runs = Arrays.copyOfRange(children.cells(), children.ofCommit(), children.end());
        return append(xid, new WalRecord.Commit(timeMicros, firstLsn, 0, 0, runs));
    }

    @Override
    public void awaitDurable(long lsn) {
        await(lsn, true);
    }

    @Override
    public void awaitWritten(long lsn) {
        await(lsn, false);
    }

    private void await(long lsn, boolean sync) {
        count(1);
        try {
            moved.awaitUninterruptibly(() -> !held || (sync ? durable : written) >= lsn || syncFailure != null);
        } finally {
            count(-1);
        }
        RuntimeException failure = syncFailure;
        if (failure != null) {
            throw health.fail(failure);
        }
        advance(lsn, sync);
    }

    private synchronized void count(int by) {
        waiting += by;
    }

    private synchronized void advance(long lsn, boolean sync) {
        written = Math.max(written, lsn);
        if (sync) {
            durable = Math.max(durable, lsn);
        }
    }

    @Override
    public long insertLsn() {
        return insert;
    }

    @Override
    public long writtenLsn() {
        return written;
    }

    @Override
    public long durableLsn() {
        return durable;
    }

    /** From now on nothing becomes durable or written. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        moved.signalAll();
    }

    /** Threads that wait for the log just now. */
    int waiting() {
        return waiting;
    }

    void failAppends(@Nullable RuntimeException failure) {
        appendFailure = failure;
    }

    void failSyncs(RuntimeException failure) {
        syncFailure = failure;
        moved.signalAll();
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The records of one kind, in order. */
    synchronized <R extends WalRecord> List<R> records(Class<R> kind) {
        return entries.stream()
                .map(Entry::record)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
