package dev.cairn.txn;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything about transactions of one open database: ids, status, publication, horizon, locks, and the table of open
 * transactions. Thread-safe.
 *
 * <p>Life: construct, feed with redo, {@link #restoreAfterRecovery}, then transactions and checkpoints, {@link #close}.
 */
public final class TransactionSystem {

    private final TransactionLog log;
    private final TransactionStatus status;
    private final TransactionSettings settings;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Health health;

    private final XidAllocator xids = new XidAllocator();
    private final StatusWindow window;
    private final Subtrans subtrans;
    private final CommitPublisher publisher;
    private final HorizonTable horizons;
    private final WaitGraph graph;
    private final TableLocks tableLocks;
    private final RowLocks rowLocks;
    private final Serializability serializability = new Serializability();

    private final Set<Xact> open = ConcurrentHashMap.newKeySet();
    /** Those that have written, by their top-level id. */
    private final ConcurrentHashMap<Long, Xact> table = new ConcurrentHashMap<>();

    private final AtomicLong begun = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean trimDue;

    public TransactionSystem(
            WalWriter log,
            TransactionStatus status,
            Environment environment,
            Health health,
            TransactionSettings settings) {
        this(new WalLog(log), status, environment, health, settings);
    }

    TransactionSystem(
            TransactionLog log,
            TransactionStatus status,
            Environment environment,
            Health health,
            TransactionSettings settings) {
        this.log = log;
        this.status = status;
        this.settings = settings;
        this.clock = environment.clock();
        this.scheduler = environment.scheduler();
        this.health = health;
        XidDirectory directory = new XidDirectory(new XidMemory(status::scratch, XidMemory.HEAP_CAP_BYTES));
        this.window = new StatusWindow(directory, status);
        this.subtrans = new Subtrans(directory, window);
        this.publisher = new CommitPublisher(log, window, scheduler, health);
        this.horizons = new HorizonTable(publisher, scheduler);
        this.graph = new WaitGraph(health);
        this.tableLocks = new TableLocks(graph);
        this.rowLocks = new RowLocks(graph);
    }

    /**
     * Begins a transaction; nothing is logged and no id given out until it writes.
     *
     * @param label what the application calls its session, empty for nothing; the first 255 bytes are logged
     * @throws TransactionException 57P01 once closing has begun
     */
    public Xact begin(IsolationLevel isolation, String label) {
        health.check();
        Xact xact = new Xact(this, begun.incrementAndGet(), isolation, label);
        open.add(xact);
        // Looked at after entering the table, as close() marks before it reads the table.
        if (closing) {
            open.remove(xact);
            throw new TransactionException(SqlState.ADMIN_SHUTDOWN, "the database is being closed");
        }
        return xact;
    }

    public StatusWindow window() {
        return window;
    }

    public Subtrans subtrans() {
        return subtrans;
    }

    public XidAllocator xids() {
        return xids;
    }

    public TransactionStatus status() {
        return status;
    }

    public TransactionSettings settings() {
        return settings;
    }

    /** Every commit at or before it is visible to new snapshots. */
    public long publishLsn() {
        return publisher.publishLsn();
    }

    /** Every open and every future snapshot sees all commits at or before this LSN (I13). O(open transactions). */
    public long horizon() {
        return horizons.horizon();
    }

    /** Open transactions, oldest first; a copy. */
    public List<Xact> open() {
        return open.stream().sorted(Comparator.comparingLong(Xact::number)).toList();
    }

    /** The open transaction with that top-level id, or null. */
    public @Nullable Xact byTop(long top) {
        return table.get(top);
    }

    Serializability serializability() {
        return serializability;
    }

    public RowLocks rowLocks() {
        return rowLocks;
    }

    /** How many transactions and reads are remembered for the sake of SERIALIZABLE. */
    public int serialMemory() {
        return serializability.size();
    }

    /** Who waits for whom at this moment, in the order in which the waits began; a copy. */
    public List<LockWait> lockWaits() {
        return graph.waits();
    }

    // --- for transactions

    TransactionLog log() {
        return log;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Clock clock() {
        return clock;
    }

    Health health() {
        return health;
    }

    CommitPublisher publisher() {
        return publisher;
    }

    HorizonTable horizons() {
        return horizons;
    }

    WaitGraph graph() {
        return graph;
    }

    TableLocks tableLocks() {
        return tableLocks;
    }

    void enterTable(long top, Xact xact) {
        if (table.put(top, xact) != null) {
            throw new IllegalStateException("transaction id " + top + " is given out twice");
        }
    }

    void leaveTable(long top) {
        table.remove(top);
    }

    void closed(Xact xact) {
        open.remove(xact);
    }

    /** Whom {@code waiter} has to wait for until {@code xid} is decided, or null if it is. */
    @Nullable Xact ownerOf(long xid, Xact waiter) {
        long top = window.openTop(xid, publisher.publishLsn());
        Xact owner = top == 0 ? null : table.get(top);
        if (owner == waiter) {
            throw new IllegalStateException("a transaction cannot wait for its own id " + xid);
        }
        return owner;
    }

    void settle(long first, long length, long commitLsn) {
        if (window.settle(first, length, commitLsn)) {
            trimDue = true;
        }
    }

    /** After a chunk of ids has become complete: gives up what can be, so that memory follows the load. */
    void trimIfDue() {
        if (trimDue) {
            trimDue = false;
            trimStep();
        }
    }

    // --- redo: idempotent, unconditional

    /** {@code runs} as in the record: [first, length, first, length, ...]. */
    public void redoCommit(long xid, long[] runs) {
        status.commit(xid, 1);
        for (int i = 0; i < runs.length; i += 2) {
            status.commit(runs[i], runs[i + 1]);
        }
    }

    public void redoAbort(long xid) {
        status.abort(xid, 1);
    }

    /** {@code xid} is the root of the branch; those below it are aborted because no COMMIT names them. */
    public void redoSubabort(long xid) {
        status.abort(xid, 1);
    }

    /**
     * After redo, and in a new database with {@link XidAllocator#FIRST}: ids below {@code nextXid} without a COMMIT are
     * aborted from now on. Once.
     *
     * @param publishLsn the end of the log; at or after every COMMIT that was redone
     */
    public void restoreAfterRecovery(long nextXid, long publishLsn) {
        xids.restore(nextXid);
        window.restore(xids.nextXid());
        publisher.restore(publishLsn);
    }

    // --- checkpoints

    /**
     * For {@code WalWriter.beginCheckpoint}, which calls it under the append lock: takes no lock. Every transaction that is
     * open at the redo point is listed; one that is just ending, or whose first record is about to follow, may be listed as
     * well. So recovery takes nothing from the list that the status does not confirm.
     */
    public WalRecord.CheckpointBegin checkpointBegin(int nextFileId) {
        TreeMap<Long, Long> active = new TreeMap<>();
        table.forEach((top, xact) -> active.put(top, xact.firstLsn()));
        long[] tops = active.keySet().stream().mapToLong(Long::longValue).toArray();
        long[] firstLsns = active.values().stream().mapToLong(Long::longValue).toArray();
        return new WalRecord.CheckpointBegin(xids.nextXid(), nextFileId, clock.epochMicros(), tops, firstLsns);
    }

    /**
     * Returns when every commit below the redo point is published and all its status bits are in memory. Those of aborts
     * are there before their records are. Call without any latch or lock held.
     *
     * @throws dev.cairn.storage.base.EngineFailedException if the engine fails meanwhile
     */
    public void waitUntilStored(long redoPoint) {
        publisher.waitUntilStored(redoPoint);
    }

    /**
     * Writes and syncs the status pages of a checkpoint, once every commit below the redo point is stored and the log is
     * durable past every commit in them. One thread at a time; call without any latch or lock held.
     *
     * @param redoPoint above that of every checkpoint before, finished or not
     * @param formerRedoPoint of the last checkpoint that the control file knows; 0 if there is none
     * @return the digest for the control file, to be given to {@link TransactionStatus#open}
     * @throws dev.cairn.storage.base.DiskFullException if there is no room; may be tried again
     */
    public long writeStatus(long redoPoint, long formerRedoPoint) {
        waitUntilStored(redoPoint);
        return status.writeForCheckpoint(redoPoint, formerRedoPoint, log);
    }

    // --- background and end

    /** Gives memory of old ids back; false if there was nothing to do. Any thread. */
    public boolean trimStep() {
        return window.trim(horizon());
    }

    /**
     * Refuses new transactions, wakes everybody who waits (57P01), and rolls back all open transactions as soon as their
     * threads are outside the engine, also if the engine has failed or fails thereby. Idempotent. Uninterruptible; the interrupt flag is kept.
     *
     * @return false if some thread was still inside after the time; its transaction has no COMMIT and is aborted by recovery
     */
    public boolean close(long timeoutNanos) {
        closing = true;
        List<Xact> left = open();
        left.forEach(xact -> xact.gate().kill());
        long start = clock.nanoTime();
        boolean all = true;
        boolean interrupted = false;
        for (Xact xact : left) {
            boolean waiting = true;
            while (waiting) {
                try {
                    long remaining = Math.max(0, timeoutNanos - (clock.nanoTime() - start));
                    if (xact.gate().signal().await(() -> !xact.gate().isBusy(), remaining)) {
                        rollBackKilled(xact);
                    } else {
                        all = false;
                    }
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return all;
    }

    private static void rollBackKilled(Xact xact) {
        try {
            xact.rollbackKilled();
        } catch (EngineFailedException e) {
            // The health keeps the cause, and the transaction has ended all the same: without a COMMIT in the log it is
            // aborted.
            return;
        }
    }
}
