package dev.cairn.txn;

import dev.cairn.wal.Durability;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's state: its stack of savepoint levels, ids, commands, snapshot and locks. Used by one thread at a time;
 * methods that other threads may call say so.
 *
 * <p>Errors: {@link dev.cairn.storage.base.TransactionException} with 25P02 for anything but {@link #rollbackTo}, {@link
 * #rollback} and {@link #commit} in the failed state, 57P01 once the database is being closed; {@link
 * IllegalStateException} after the end. An unknown savepoint name (3B001) changes nothing by itself: it is an ordinary
 * error, so the caller, who knows where a statement begins and ends, follows with {@link #failLevel}.
 */
public final class Xact {

    /** Marks this transaction as busy in the engine, so that closing the database leaves it alone. Nests. 57P01 if it is being closed. */
    public void enter() {
        throw new UnsupportedOperationException();
    }

    /** The end of what {@link #enter} began. */
    public void leave() {
        throw new UnsupportedOperationException();
    }

    public IsolationLevel isolation() {
        throw new UnsupportedOperationException();
    }

    /** Allowed until the first snapshot has been taken. */
    public void setIsolation(IsolationLevel isolation) {
        throw new UnsupportedOperationException();
    }

    /** Whether a statement of this transaction has taken a snapshot. */
    public boolean hasSnapshot() {
        throw new UnsupportedOperationException();
    }

    public String label() {
        throw new UnsupportedOperationException();
    }

    /** 0 if it has none yet. Any thread. */
    public long topXid() {
        throw new UnsupportedOperationException();
    }

    /** The id of the innermost level, given now, with those of all enclosing levels before it, if it has none. */
    public long currentXid() {
        throw new UnsupportedOperationException();
    }

    /** Whether an id belongs to this transaction and is not rolled back. One status word. */
    public boolean isMine(long xid) {
        throw new UnsupportedOperationException();
    }

    public boolean isFailed() {
        throw new UnsupportedOperationException();
    }

    /** Whether it is still open: neither committed nor rolled back. Any thread. */
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** The two counters. Any thread. */
    public SubxactCounters counters() {
        throw new UnsupportedOperationException();
    }

    // --- commands and snapshots

    public int currentCommand() {
        throw new UnsupportedOperationException();
    }

    /** Makes what the current command wrote visible to later statements of this transaction. */
    public void nextCommand() {
        throw new UnsupportedOperationException();
    }

    /** READ COMMITTED: the next {@link #statementSnapshot} is a new one. */
    public void beginStatement() {
        throw new UnsupportedOperationException();
    }

    /** READ COMMITTED: the statement's snapshot no longer holds back the horizon, unless a scan holds it. */
    public void endStatement() {
        throw new UnsupportedOperationException();
    }

    /** The snapshot of this statement (READ COMMITTED) or transaction, opened at the current command. */
    public Snapshot statementSnapshot() {
        throw new UnsupportedOperationException();
    }

    /** Keeps a snapshot alive beyond its statement, for a scan. */
    public void hold(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** The end of what {@link #hold} began. */
    public void letGo(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** The id that stands for a version created by command {@code cmin} and deleted by {@code cmax} of this transaction. */
    public int comboCommand(int cmin, int cmax) {
        throw new UnsupportedOperationException();
    }

    public int cminOf(int combo) {
        throw new UnsupportedOperationException();
    }

    public int cmaxOf(int combo) {
        throw new UnsupportedOperationException();
    }

    // --- levels

    /** Opens a level; O(1), no id, no log record, no lock. Returns its serial, which names it for as long as it is open. */
    public long savepoint(String name) {
        throw new UnsupportedOperationException();
    }

    /** The serial of the latest level of that name. Serials grow with time. 3B001 if there is none. */
    public long levelOf(String name) {
        throw new UnsupportedOperationException();
    }

    /** The serial of the innermost level; 0 for the top. A level keeps its serial when it is rolled back to. */
    public long currentLevel() {
        throw new UnsupportedOperationException();
    }

    /** Whether that id of this transaction has been rolled back. */
    public boolean isUndone(long xid) {
        throw new UnsupportedOperationException();
    }

    /** Merges the latest level of that name and all above it into the one below. 3B001 if there is none. */
    public void release(String name) {
        throw new UnsupportedOperationException();
    }

    public void release(long serial) {
        throw new UnsupportedOperationException();
    }

    /** Undoes the latest level of that name and all above it, and opens it anew. 3B001 if there is none. */
    public void rollbackTo(String name) {
        throw new UnsupportedOperationException();
    }

    public void rollbackTo(long serial) {
        throw new UnsupportedOperationException();
    }

    /** Whether the level is open still. */
    public boolean isOpen(long serial) {
        throw new UnsupportedOperationException();
    }

    /** Open savepoints. */
    public int depth() {
        throw new UnsupportedOperationException();
    }

    /** A statement's error: undoes the innermost level at once, gives back its locks, and leaves the transaction failed. */
    public void failLevel(String sqlState) {
        throw new UnsupportedOperationException();
    }

    // --- end

    /**
     * Commits: log, durability, publication, locks, in this order (I2). A failed transaction is rolled back instead.
     *
     * @return the commit LSN; 0 if nothing was written or it was rolled back
     * @throws dev.cairn.storage.base.CommitOutcomeUnknownException if the log failed
     */
    public long commit(Durability durability) {
        throw new UnsupportedOperationException();
    }

    /** Rolls everything back. Does nothing after the end. {@code sqlState} null for ROLLBACK, else the error behind it. */
    public void rollback(@Nullable String sqlState) {
        throw new UnsupportedOperationException();
    }

    // --- waiting and locks

    /**
     * Waits until the branch that owns {@code xid} has ended: its top is over, or that part of it is rolled back. Call
     * without any latch held.
     *
     * @throws dev.cairn.storage.base.TransactionException 40P01 deadlock, 55P03 time limit, 57014 interrupt (flag set), 57P01
     */
    public void waitFor(long xid) {
        throw new UnsupportedOperationException();
    }

    /**
     * Locks a table for the innermost level; waits as {@link #waitFor} does.
     *
     * @return true if the lock is new, so that the caller looks again at what it locks; false if this transaction held it
     *     already, as strongly
     */
    public boolean lockTable(int tableId, LockMode mode) {
        throw new UnsupportedOperationException();
    }

    /** Whether this transaction holds the table's lock in any mode. O(1), no shared state is touched. */
    public boolean holdsTable(int tableId) {
        throw new UnsupportedOperationException();
    }
}
