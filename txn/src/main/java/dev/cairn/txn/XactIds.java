package dev.cairn.txn;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.base.Utf8;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of one transaction: giving them out, logging what becomes of them, and moving their status words. Used by the
 * transaction's thread; {@link #top} and {@link #firstLsn} may be read by any.
 */
final class XactIds {

    private static final Logger LOG = LoggerFactory.getLogger(XactIds.class);

    /** The longest name of a savepoint in the log, bytes of UTF-8: as PostgreSQL's identifiers. */
    private static final int NAME_BYTES = 63;

    private static final int LABEL_BYTES = 255;

    private final TransactionSystem system;
    private final SubxactIds source;
    private final SubxactCache cache;
    private final XidRuns children = new XidRuns();
    /** Made once, since a rollback to a savepoint allocates nothing. */
    private final XidRuns.Action abort = this::abort;

    private volatile long top;
    /** At or before the start of the first record; exact once that is in the log. */
    private volatile long firstLsn;

    /** The top and everything below it is rolled back. */
    private boolean aborted;

    XactIds(TransactionSystem system) {
        this.system = system;
        this.source = new SubxactIds(system.xids());
        this.cache = new SubxactCache(system.settings().subxactCacheCapacity());
    }

    long top() {
        return top;
    }

    long firstLsn() {
        return firstLsn;
    }

    /** Whether a sub-transaction has an id and is not rolled back. */
    boolean hasChildren() {
        return children.count() > 0;
    }

    SubxactCounters counters() {
        return cache.counters();
    }

    /** The top's id, with the transaction's first record. {@code startMicros} is when it began. */
    long assignTop(Xact xact, String label, long startMicros) {
        long xid = system.xids().allocate();
        firstLsn = system.log().insertLsn();
        system.window().begin(xid, xid);
        top = xid;
        system.scheduler().point(CrashPoint.XID_ALLOCATED);
        // Known to checkpoints before its first record can lie before a redo point.
        system.enterTable(xid, xact);
        try {
            firstLsn = system.log().appendFirst(xid, startMicros, Utf8.cut(label, LABEL_BYTES));
        } catch (TransactionException e) {
            system.leaveTable(xid);
            top = 0;
            abort(xid, 1);
            throw e;
        }
        return xid;
    }

    /** A sub-transaction's id. {@code level} counts from 1. */
    long assignChild(long parent, int level, String name) {
        long xid = source.draw();
        String logged = Utf8.cut(name, NAME_BYTES);
        try {
            system.log()
                    .appendAssign(
                            xid, parent, top, level, logged, system.clock().epochMicros());
        } catch (TransactionException e) {
            abort(xid, 1);
            throw e;
        }
        system.window().begin(xid, top);
        system.subtrans().assign(xid, parent);
        children.add(xid);
        cache.add(xid);
        return xid;
    }

    void subcommit(long xid, long parent) {
        system.log().appendSubcommit(xid, parent, top);
        system.window().subcommit(xid, top);
    }

    /** Rolls back the branch whose root is {@code xid}: it and all ids given to this transaction since. */
    void abortFrom(long xid, @Nullable String sqlState) {
        children.removeFrom(xid, abort);
        cache.removeFrom(xid);
        system.scheduler().point(CrashPoint.ROLLBACK_MARKED);
        try {
            system.log().appendSubabort(xid, top, sqlState, system.clock().epochMicros());
            system.scheduler().point(CrashPoint.ROLLBACK_LOGGED);
        } catch (TransactionException e) {
            notLogged(WalRecordType.SUBABORT, xid, e);
        }
    }

    /**
     * Rolls back all there is. Memory knows of a rollback before the log does. Nothing is lost by that: what others do in between, knowing of it,
     * stays right if a crash takes the record away, because a transaction without a COMMIT is aborted. Does nothing if there is nothing, or it has been done.
     */
    void abortAll(@Nullable String sqlState) {
        if (top == 0 || aborted) {
            return;
        }
        aborted = true;
        children.removeFrom(0, abort);
        cache.removeFrom(0);
        abort(top, 1);
        settleSpares();
        try {
            system.scheduler().point(CrashPoint.ROLLBACK_MARKED);
            system.log().append(top, new WalRecord.Abort(system.clock().epochMicros(), sqlState));
            system.scheduler().point(CrashPoint.ROLLBACK_LOGGED);
        } catch (TransactionException e) {
            notLogged(WalRecordType.ABORT, top, e);
        } finally {
            system.leaveTable(top);
        }
    }

    private void abort(long first, long length) {
        system.status().abort(first, length);
        system.window().abort(first, length);
        system.settle(first, length, 0);
    }

    /** Ids of a block that were never used become final, so that their chunk can be given up. */
    private void settleSpares() {
        if (source.spareCount() > 0) {
            abort(source.spareFirst(), source.spareCount());
        }
    }

    /** The record tells people and replicas; no COMMIT already means aborted, so a full disk does not hinder a rollback. */
    private static void notLogged(WalRecordType type, long xid, TransactionException e) {
        LOG.warn("no room in the log for {} of transaction {}", type, xid, e);
    }

    /** Appends COMMIT with all children that are not rolled back, and queues it for publication; as {@link CommitPublisher#append}. */
    PendingCommit appendCommit(Durability durability, XactSerial serial) {
        long now = system.clock().epochMicros();
        return system.publisher().append(top, now, firstLsn, children, durability, serial);
    }

    /** The COMMIT is published: nobody needs to wait for this transaction. */
    void published() {
        system.leaveTable(top);
    }

    /** Stores the status of all ids and gives each its commit LSN, off the path on which others wait. */
    void stamp(PendingCommit commit) {
        long lsn = commit.commitLsn;
        system.status().commit(top, 1);
        for (int i = 0; i < children.count(); i++) {
            system.status().commit(children.first(i), children.length(i));
        }
        system.publisher().stored(commit);
        for (int i = 0; i < children.count(); i++) {
            system.window().stamp(children.first(i), children.length(i), lsn);
        }
        // Last, so that a reader who has come from a child's old word still finds the top's, or its status.
        for (int i = 0; i < children.count(); i++) {
            system.settle(children.first(i), children.length(i), lsn);
        }
        system.settle(top, 1, lsn);
        settleSpares();
    }

    /** The transaction is over: its counters go. */
    void clearCounters() {
        cache.clear();
    }
}
