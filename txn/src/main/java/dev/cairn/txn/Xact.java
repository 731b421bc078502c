package dev.cairn.txn;

import dev.cairn.storage.base.CommitOutcomeUnknownException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.wal.Durability;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's state: its stack of savepoint levels, ids, commands, snapshot and locks. Used by one thread at a time;
 * methods that other threads may call say so.
 *
 * <p>Errors: {@link TransactionException} with 25P02 for anything but {@link #rollbackTo}, {@link #rollback} and {@link
 * #commit} in the failed state, 57P01 once the database is being closed; {@link IllegalStateException} after the end. An
 * unknown savepoint name (3B001) changes nothing by itself: it is an ordinary error, so the caller, who knows where a
 * statement begins and ends, follows with {@link #failLevel}.
 *
 * <p>Costs: SAVEPOINT is O(1) and needs 24 to 36 bytes; RELEASE is O(levels released); ROLLBACK TO is O(levels, runs of ids
 * and locks since); COMMIT makes any number of sub-transactions visible by one word, and stamps theirs afterwards.
 */
public final class Xact {

    private enum State {
        ACTIVE,
        FAILED,
        COMMITTED,
        ROLLED_BACK,
        /** The log failed under the COMMIT. */
        UNKNOWN
    }

    private final TransactionSystem system;
    private final long number;
    private final String label;
    private final long startMicros;
    private final XactGate gate;
    private final XactWaits waits = new XactWaits();
    private final SavepointStack levels = new SavepointStack();
    private final XactIds ids;
    private final SnapshotSlot snapshots;
    private final HeldLocks held = new HeldLocks();
    private final HeldRows heldRows = new HeldRows();
    private final CommandCounter commands = new CommandCounter();
    private final ComboCommands combos = new ComboCommands();
    private final XactSerial serial;
    private IsolationLevel isolation;
    private volatile State state = State.ACTIVE;

    /** Whether there may be rows in {@link #heldRows}. */
    private volatile boolean holdsRows;

    private long lockTimeoutNanos;
    private @Nullable Snapshot snapshot;
    private boolean tookSnapshot;

    Xact(TransactionSystem system, long number, IsolationLevel isolation, String label) {
        this.system = system;
        this.number = number;
        this.isolation = isolation;
        this.label = label;
        this.lockTimeoutNanos = system.settings().lockTimeoutNanos();
        this.startMicros = system.clock().epochMicros();
        this.gate = new XactGate(system.scheduler());
        this.ids = new XactIds(system);
        this.serial = new XactSerial(system, this);
        this.snapshots = new SnapshotSlot(system.horizons());
    }

    // --- who it is

    /** 1 for the first transaction of this life of the database, read-only ones counted. Any thread. */
    public long number() {
        return number;
    }

    /** Any thread. */
    public String label() {
        return label;
    }

    /** When it began, microseconds since 1970. Any thread. */
    public long startMicros() {
        return startMicros;
    }

    public IsolationLevel isolation() {
        return isolation;
    }

    /** Allowed until the first snapshot has been taken. */
    public void setIsolation(IsolationLevel isolation) {
        requireActive();
        if (tookSnapshot) {
            throw new IllegalStateException("the isolation level is settled with the first snapshot");
        }
        this.isolation = isolation;
    }

    /** 0 if it has none yet. Any thread. */
    public long topXid() {
        return ids.top();
    }

    /** At or before the start of its first log record; 0 if it has none. Any thread. */
    public long firstLsn() {
        return ids.firstLsn();
    }

    /** Counts for a serializable transaction, until its first snapshot. */
    public void setReadOnly(boolean readOnly, boolean deferrable) {
        serial.setReadOnly(readOnly, deferrable);
    }

    /** To be told of reads and writes; null if the transaction is not serializable, or nothing it sees can matter. */
    public @Nullable SerialXact serial() {
        return serial.tracked();
    }

    /** Whether an error has undone the innermost level, so that only ROLLBACK TO, ROLLBACK and COMMIT are accepted. */
    public boolean isFailed() {
        return state == State.FAILED;
    }

    /** Whether it is still open: neither committed nor rolled back. Any thread. */
    public boolean isOpen() {
        return state == State.ACTIVE || state == State.FAILED;
    }

    /** The two counters. Any thread. */
    public SubxactCounters counters() {
        return ids.counters();
    }

    // --- closing the database beside a running transaction

    /**
     * Marks this transaction as busy in the engine, so that closing the database leaves it alone until {@link #leave}.
     * Nests.
     *
     * @throws TransactionException 57P01 if the database is being closed; nothing is to be left then
     */
    public void enter() {
        gate.enter();
    }

    /** The end of what {@link #enter} began. */
    public void leave() {
        gate.leave();
    }

    XactGate gate() {
        return gate;
    }

    /** Rolls back a killed transaction that is not busy, from the thread that closes the database. */
    void rollbackKilled() {
        if (isOpen()) {
            finishRollback(SqlState.ADMIN_SHUTDOWN);
        }
    }

    private void requireOpen() {
        gate.requireNotKilled();
        if (!isOpen()) {
            throw new IllegalStateException("the transaction is over: " + state);
        }
    }

    private void requireActive() {
        requireOpen();
        if (state == State.FAILED) {
            throw new TransactionException(
                    SqlState.IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
        }
    }

    // --- ids

    /** The id of the innermost level, given now, with those of all enclosing levels before it (I3), if it has none. */
    public long currentXid() {
        long xid = levels.writing();
        return xid != 0 && state == State.ACTIVE ? xid : assignXids();
    }

    /** Whether the innermost level has an id. */
    public boolean hasXid() {
        return levels.xid(levels.innermost()) != 0;
    }

    private long assignXids() {
        enter();
        try {
            requireActive();
            system.health().check();
            if (levels.assigned() == 0) {
                levels.assign(ids.assignTop(this, label, startMicros));
                serial.assigned(ids.top());
            }
            for (int level = levels.assigned(); level <= levels.innermost(); level++) {
                levels.assign(ids.assignChild(levels.xid(level - 1), level, levels.name(level)));
            }
            return levels.xid(levels.innermost());
        } finally {
            leave();
        }
    }

    /** Whether an id belongs to this transaction and is not rolled back. One status word, at any depth. */
    public boolean isMine(long xid) {
        long top = ids.top();
        if (top == 0 || xid < top) {
            return false;
        }
        long word = system.window().word(xid);
        int tag = StatusWindow.tag(word);
        return (tag == StatusWindow.IN_PROGRESS || tag == StatusWindow.SUBCOMMITTED) && StatusWindow.value(word) == top;
    }

    /**
     * Whether that id, one of this transaction if it is not older, has been rolled back.
     *
     * @return false for every id that was given out before this transaction had one
     */
    public boolean isUndone(long xid) {
        long top = ids.top();
        return top != 0 && xid >= top && StatusWindow.tag(system.window().word(xid)) == StatusWindow.ABORTED;
    }

    // --- commands and snapshots

    /** 0 or more; what it writes is invisible to snapshots opened at or before it. */
    public int currentCommand() {
        return commands.current();
    }

    /** As {@link #currentCommand}, for a version that it makes or deletes. */
    public int writingCommand() {
        return commands.writing();
    }

    /** Makes what the current command wrote visible to later statements of this transaction; one that wrote nothing goes on. */
    public void nextCommand() {
        requireActive();
        commands.next();
    }

    /** Whether a statement of this transaction has taken a snapshot. */
    public boolean hasSnapshot() {
        return tookSnapshot;
    }

    /** READ COMMITTED: the next {@link #statementSnapshot} is a new one. */
    public void beginStatement() {
        requireActive();
        endStatement();
    }

    /**
     * READ COMMITTED: the statement's snapshot no longer holds back the horizon, unless a scan holds it. Does nothing once
     * the transaction is over.
     */
    public void endStatement() {
        if (isolation.keepsSnapshot() || snapshots.current() == 0 || !gate.tryEnter()) {
            return;
        }
        try {
            snapshot = null;
            snapshots.drop();
        } finally {
            leave();
        }
    }

    /** The snapshot of this statement (READ COMMITTED) or transaction, opened at the current command. */
    public Snapshot statementSnapshot() {
        Snapshot now = snapshot;
        if (now == null || now.command() != commands.current()) {
            now = commands.snapshot(takeSnapshot());
            snapshot = now;
        }
        return now;
    }

    /** The LSN of {@link #statementSnapshot}, for who needs no object. */
    public long snapshotLsn() {
        return isolation == IsolationLevel.SERIALIZABLE ? statementSnapshot().lsn() : takeSnapshot();
    }

    private long takeSnapshot() {
        enter();
        try {
            requireActive();
            serial.requireFit();
            long lsn =
                    snapshots.current() != 0 ? snapshots.current() : serial.takeSnapshot(snapshots, lockTimeoutNanos);
            tookSnapshot = true;
            return lsn;
        } finally {
            leave();
        }
    }

    /** Keeps a snapshot alive beyond its statement, for a scan. */
    public void hold(Snapshot snapshot) {
        enter();
        try {
            requireActive();
            snapshots.hold(snapshot.lsn());
        } finally {
            leave();
        }
    }

    /** The end of what {@link #hold} began. Does nothing once the transaction is over. */
    public void letGo(Snapshot snapshot) {
        if (!isOpen() || !gate.tryEnter()) {
            return;
        }
        try {
            snapshots.letGo(snapshot.lsn());
        } finally {
            leave();
        }
    }

    /** The id that stands for a version created by command {@code cmin} and deleted by {@code cmax} of this transaction. */
    public int comboCommand(int cmin, int cmax) {
        return combos.combine(cmin, cmax);
    }

    public int cminOf(int combo) {
        return combos.cmin(combo);
    }

    public int cmaxOf(int combo) {
        return combos.cmax(combo);
    }

    // --- levels

    /** Opens a level; O(1), no id, no log record, no lock. Returns its serial, which names it for as long as it is open. */
    public long savepoint(String name) {
        enter();
        try {
            requireActive();
            return levels.push(Objects.requireNonNull(name), held.mark());
        } finally {
            leave();
        }
    }

    /** The serial of the latest level of that name. Serials grow with time. 3B001 if there is none. */
    public long levelOf(String name) {
        requireOpen();
        return levels.serial(find(name));
    }

    /** The serial of the innermost level; 0 for the top. A level keeps its serial when it is rolled back to. */
    public long currentLevel() {
        return levels.serial(levels.innermost());
    }

    /** Whether the level is open still; 0 is the top. */
    public boolean isOpen(long serial) {
        return isOpen() && (serial == 0 || levels.find(serial) > 0);
    }

    /** Open savepoints. */
    public int depth() {
        return levels.innermost();
    }

    private int find(String name) {
        int level = levels.find(name);
        if (level == 0) {
            throw new TransactionException(
                    SqlState.INVALID_SAVEPOINT_SPECIFICATION, "savepoint \"" + name + "\" does not exist");
        }
        return level;
    }

    private int find(long serial) {
        int level = levels.find(serial);
        if (level == 0) {
            throw new IllegalStateException("the savepoint is no longer open");
        }
        return level;
    }

    /** Merges the latest level of that name and all above it into the one below. 3B001 if there is none. */
    public void release(String name) {
        requireActive();
        release(levelOf(name));
    }

    /** As {@link #release(String)}. @throws IllegalStateException if that level is not open */
    public void release(long serial) {
        enter();
        try {
            requireActive();
            releaseDownTo(find(serial));
        } finally {
            leave();
        }
    }

    private void releaseDownTo(int outermost) {
        for (int level = levels.innermost(); level >= outermost; level--) {
            long xid = levels.xid(level);
            if (xid != 0) {
                ids.subcommit(xid, levels.xid(level - 1));
                levels.popTo(level - 1);
            }
        }
        levels.popTo(outermost - 1);
    }

    /** Undoes the latest level of that name and all above it, and opens it anew. 3B001 if there is none. */
    public void rollbackTo(String name) {
        rollbackTo(levelOf(name));
    }

    /** As {@link #rollbackTo(String)}. @throws IllegalStateException if that level is not open */
    public void rollbackTo(long serial) {
        enter();
        try {
            requireOpen();
            undo(find(serial), null);
            state = State.ACTIVE;
        } finally {
            leave();
        }
    }

    /** Takes back what was done in {@code level} and above; {@code level} is then the innermost one, as when it began. */
    private void undo(int level, @Nullable String sqlState) {
        long xid = levels.xid(level);
        levels.popTo(level);
        levels.clearXid(level);
        try {
            if (xid != 0) {
                ids.abortFrom(xid, sqlState);
            }
        } finally {
            unlock(levels.lockMark(level), levels.serial(level));
            system.graph().wake(this);
        }
    }

    private void unlock(int mark, long level) {
        if (held.mark() > mark) {
            system.tableLocks().giveBack(this, held, mark);
        }
        if (holdsRows) {
            system.rowLocks().release(this, level);
            holdsRows = level != 0;
        }
    }

    /**
     * A statement's error: undoes the innermost level at once, gives back its locks, and leaves the transaction failed.
     * Does nothing if it has failed already, is over, or is being closed.
     */
    public void failLevel(String sqlState) {
        Objects.requireNonNull(sqlState);
        if (state != State.ACTIVE || gate.isKilled()) {
            return;
        }
        enter();
        try {
            state = State.FAILED;
            if (levels.innermost() > 0) {
                undo(levels.innermost(), sqlState);
            } else {
                undoAll(sqlState);
            }
        } finally {
            leave();
        }
    }

    private void undoAll(@Nullable String sqlState) {
        levels.popTo(0);
        levels.clearXid(0);
        try {
            ids.abortAll(sqlState);
        } finally {
            unlock(0, 0);
            serial.rolledBack();
            snapshot = null;
            snapshots.close();
            system.graph().wake(this);
        }
    }

    // --- end

    /**
     * Commits: log, durability, publication, locks, in this order (I2). Where all that was written is rolled back nothing is to be made durable. A
     * failed transaction is rolled back instead. Uninterruptible; the interrupt flag is kept.
     *
     * @return the commit LSN; 0 if nothing was written or it was rolled back
     * @throws CommitOutcomeUnknownException if the log failed; the engine has failed with it
     * @throws TransactionException 53100 if the log has no room, 40001 if a serializable one has to fail; it is rolled back then
     */
    public long commit(Durability durability) {
        enter();
        try {
            requireOpen();
            if (state == State.FAILED) {
                finishRollback(null);
                return 0;
            }
            if (ids.top() == 0) {
                prepare();
                end(State.COMMITTED);
                return 0;
            }
            system.health().check();
            return commitWritten(durability);
        } finally {
            leave();
        }
    }

    private void prepare() {
        try {
            serial.prepare();
        } catch (TransactionException e) {
            finishRollback(e.sqlState());
            throw e;
        }
    }

    private long commitWritten(Durability durability) {
        PendingCommit commit;
        try {
            boolean writes = levels.wroteOutside() || ids.hasChildren();
            commit = ids.appendCommit(writes ? durability : Durability.LAZY, serial);
        } catch (TransactionException e) {
            finishRollback(e.sqlState());
            throw e;
        } catch (RuntimeException | Error e) {
            throw outcomeUnknown(e);
        }
        try {
            system.publisher().publish(commit);
            system.scheduler().point(CrashPoint.COMMIT_PUBLISHED);
            ids.published();
            end(State.COMMITTED);
            system.scheduler().point(CrashPoint.COMMIT_UNLOCKED);
            ids.stamp(commit);
            system.scheduler().point(CrashPoint.COMMIT_STORED);
        } catch (RuntimeException | Error e) {
            throw outcomeUnknown(e);
        }
        system.trimIfDue();
        return commit.commitLsn;
    }

    private CommitOutcomeUnknownException outcomeUnknown(Throwable cause) {
        system.health().fail(cause);
        state = State.UNKNOWN;
        system.publisher().failed();
        system.closed(this);
        unlock(0, 0);
        system.graph().wake(this);
        return new CommitOutcomeUnknownException(
                "the log failed under the COMMIT of transaction " + ids.top() + ": only reopening tells its outcome",
                cause);
    }

    /** Rolls everything back. Does nothing after the end. {@code sqlState} null for ROLLBACK, else the error behind it. */
    public void rollback(@Nullable String sqlState) {
        if (!isOpen() || gate.isKilled()) {
            return;
        }
        enter();
        try {
            finishRollback(sqlState);
        } finally {
            leave();
        }
    }

    private void finishRollback(@Nullable String sqlState) {
        try {
            undoAll(sqlState);
        } finally {
            end(State.ROLLED_BACK);
        }
        system.trimIfDue();
    }

    /** Gives back what it holds and lets others go on; its fate is published already. */
    private void end(State fate) {
        state = fate;
        unlock(0, 0);
        serial.committed();
        levels.popTo(0);
        snapshot = null;
        snapshots.close();
        ids.clearCounters();
        system.closed(this);
        system.graph().wake(this);
    }

    // --- waiting and locks

    /**
     * Waits until the branch that owns {@code xid} has ended: its top is over, or that part of it is rolled back. Call
     * without any latch held.
     *
     * @throws TransactionException 40P01 deadlock, 55P03 time limit, 57014 interrupt (flag set), 57P01
     */
    public void waitFor(long xid) {
        enter();
        try {
            requireActive();
            Xact owner = system.ownerOf(xid, this);
            if (owner != null) {
                system.graph().await(new XidWait(this, owner, xid), lockTimeoutNanos);
            }
            system.health().check();
        } finally {
            leave();
        }
    }

    /** {@link RowClaim#await}. */
    void waitForRow(RowClaim claim, long rowId, long xid) {
        enter();
        try {
            requireActive();
            Xact owner = xid == 0 ? null : system.ownerOf(xid, this);
            system.rowLocks().await(claim, rowId, owner, xid, lockTimeoutNanos);
            system.health().check();
        } finally {
            leave();
        }
    }

    RowLocks rowLocks() {
        return system.rowLocks();
    }

    /** To be asked for only under the wait graph's monitor. */
    HeldRows heldRows() {
        holdsRows = true;
        return heldRows;
    }

    /** How long waits for others may last from now on, in nanoseconds; {@link Long#MAX_VALUE} for ever. */
    public void setLockTimeoutNanos(long nanos) {
        lockTimeoutNanos = nanos;
    }

    /**
     * Locks a table for the innermost level; waits as {@link #waitFor} does.
     *
     * @return true if the lock is new, so that the caller looks again at what it locks; false if this transaction held it
     *     already, as strongly
     */
    public boolean lockTable(int tableId, LockMode mode) {
        if (state == State.ACTIVE && held.covers(tableId, mode)) {
            return false;
        }
        enter();
        try {
            requireActive();
            system.tableLocks().acquire(this, tableId, mode, lockTimeoutNanos);
            held.taken(tableId, mode);
            return true;
        } finally {
            leave();
        }
    }

    /** Whether this transaction holds the table's lock in any mode. No shared state is touched. */
    public boolean holdsTable(int tableId) {
        return held.covers(tableId, LockMode.USE);
    }

    /** Whether somebody who waits for that id of this transaction has to go on waiting. Any thread. */
    boolean holds(long xid) {
        return isOpen() && StatusWindow.tag(system.window().word(xid)) != StatusWindow.ABORTED;
    }

    XactWaits waits() {
        return waits;
    }

    @Override
    public String toString() {
        return "transaction " + number + " (xid " + ids.top() + ", " + state + ")";
    }
}
