package dev.cairn.engine;

import dev.cairn.engine.TransactionListener.Event;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.SubxactCounters;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transaction with savepoints, as PostgreSQL has them.
 *
 * <p>Used by one thread at a time: a second thread that comes while a call is in progress gets an IllegalStateException, as
 * does every call after the end. An error of a statement undoes the innermost level at once and leaves the transaction {@link
 * State#FAILED}: then only {@link #rollbackTo}, {@link #rollback} and {@link #commit} (which rolls back) are accepted, everything
 * else gives 25P02. (With the option STATEMENT only the statement itself is undone and the transaction goes on.)
 */
public final class Transaction implements AutoCloseable {

    /** Where a transaction stands. */
    public enum State {
        ACTIVE,
        FAILED,
        COMMITTED,
        ROLLED_BACK
    }

    private final Database database;
    private final Xact xact;
    private final Durability durability;
    private final OpenScans scans = new OpenScans();
    private final DataDefinition definition;
    private final LargeReads largeReads;
    private final @Nullable TransactionListener listener;
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
    private int calls;
    private State state = State.ACTIVE;
    private final AccessMode access;
    private boolean deferrable;
    private boolean inStatement;
    private boolean failedInside;
    private boolean hasQueried;

    Transaction(Database database, Xact xact, TransactionOptions options) {
        this.database = database;
        this.xact = xact;
        this.access = new AccessMode(options.readOnly());
        this.deferrable = options.deferrable();
        xact.setReadOnly(options.readOnly(), deferrable);
        this.listener = options.listener();
        Durability asked = options.durability();
        this.durability = asked == null ? database.options().durability() : asked;
        this.definition = new DataDefinition(database, xact);
        this.largeReads = new LargeReads(this, xact);
    }

    /**
     * Opens a level: everything done from here on can be taken back by itself. Costs no id, no log and no lock until the first
     * write inside; its handle takes 32 bytes, and the first write and the end of the level none beside.
     *
     * @param name 1 to 63 bytes of UTF-8; need not be unique, the latest of a name counts
     */
    public Savepoint savepoint(String name) {
        Column.requireName("savepoint", name);
        enter();
        try {
            requireActive();
            long level = xact.savepoint(name);
            tell(Event.SAVEPOINT, name, null);
            return new Savepoint(this, name, level);
        } finally {
            leave();
        }
    }

    /**
     * Merges the latest savepoint of that name, and all after it, into the level below. Nothing is undone.
     *
     * @throws TransactionException 3B001 if there is none (which fails the transaction, as any error does)
     */
    public void release(String name) {
        enter();
        try {
            requireActive();
            failing(() -> releaseNow(xact.levelOf(name)));
        } finally {
            leave();
        }
    }

    private void releaseNow(long level) {
        xact.release(level);
        access.levelEnded(level);
        scans.released(level);
        tell(Event.RELEASE, "", null);
    }

    /**
     * Undoes everything since the latest savepoint of that name, keeps the savepoint and destroys those after it. Leads out of
     * the failed state. Snapshot and locks from before the savepoint stay.
     *
     * @throws TransactionException 3B001 if there is none: fails an active transaction, changes nothing in a failed one
     */
    public void rollbackTo(String name) {
        enter();
        try {
            requireOpen();
            if (state == State.FAILED) {
                rollbackNow(xact.levelOf(name));
            } else {
                failing(() -> rollbackNow(xact.levelOf(name)));
            }
        } finally {
            leave();
        }
    }

    private void rollbackNow(long level) {
        scans.undone(level);
        xact.rollbackTo(level);
        access.levelEnded(level);
        definition.levelsEnded();
        state = State.ACTIVE;
        tell(Event.ROLLBACK_TO, "", null);
    }

    /** Runs the body inside a savepoint: released when it returns, rolled back to and released when it throws. */
    public <T> T nested(Function<Transaction, T> body) {
        Savepoint savepoint = savepoint("nested");
        try {
            T result = body.apply(this);
            savepoint.release();
            return result;
        } catch (RuntimeException | Error e) {
            if (savepoint.isOpen()) {
                savepoint.close();
            }
            throw e;
        }
    }

    /** {@link #nested} for a body without a result. */
    public void nestedRun(Consumer<Transaction> body) {
        nested(tx -> {
            body.accept(tx);
            return Boolean.TRUE;
        });
    }

    /** @throws TransactionException 42P01 if there is no such table */
    public Table table(String name) {
        return lookUp(() -> new Table(this, definition.use(name)));
    }

    /** Whether there is a table of that name, as this transaction sees it now. */
    public boolean hasTable(String name) {
        return lookUp(() -> definition.find(name) != null);
    }

    /**
     * Creates a table. It is gone if this level is rolled back, and nobody else sees it before the commit.
     *
     * @param name 1 to 63 bytes of UTF-8
     * @throws TransactionException 42P07 if there is one of that name, 53100 if the disk is full
     */
    public Table createTable(String name, Schema schema) {
        Column.requireName("table", name);
        return statement(() -> {
            requireWritable("CREATE TABLE");
            TableInfo made = definition.create(name, schema);
            tell(Event.CREATE_TABLE, name, null);
            return new Table(this, made);
        });
    }

    /**
     * Drops a table, once nobody else uses it. It is back if this level is rolled back.
     *
     * @throws TransactionException 42P01 if there is no such table
     */
    public void dropTable(String name) {
        statement(() -> {
            requireWritable("DROP TABLE");
            definition.drop(name);
            tell(Event.DROP_TABLE, name, null);
            return Boolean.TRUE;
        });
    }

    /**
     * Makes an index of a table, with entries for the rows that there are, once nobody else uses the table. It is gone if this
     * level is rolled back.
     *
     * @throws TransactionException 42P01 if there is no such table, 42703 no such column, 42P07 if the name is taken, 23505 if
     *     the index is unique and two rows have the same key, 54000 if a key is longer than a third of a page, 53100 if the
     *     disk is full, 58030 if a temporary file cannot be written or read
     */
    public void createIndex(String table, Index index) {
        createIndex(table, index, IndexBuildListener.SILENT);
    }

    /** As {@link #createIndex(String, Index)}, telling how far it is. The memory it takes is an option: {@code sortMemoryBytes}. */
    public void createIndex(String table, Index index, IndexBuildListener listener) {
        statement(() -> {
            requireWritable("CREATE INDEX");
            definition.createIndex(table, index, listener);
            return Boolean.TRUE;
        });
    }

    /** What can be changed of a table, which need not be there yet. */
    public TableAlteration alterTable(String name) {
        return new TableAlteration(this, definition, name);
    }

    /**
     * Drops an index, once nobody else uses its table. It is back if this level is rolled back.
     *
     * @throws TransactionException 42704 if there is no such index, 2BP01 if it is a key of its table
     */
    public void dropIndex(String name) {
        statement(() -> {
            requireWritable("DROP INDEX");
            definition.dropIndex(name);
            return Boolean.TRUE;
        });
    }

    /** Whether there is an index of that name, as this transaction sees it now. */
    public boolean hasIndex(String name) {
        return statement(() -> definition.findIndex(name) != null);
    }

    /** All tables, by name. */
    public List<Table> tables() {
        return lookUp(() -> definition.all().stream()
                .sorted(java.util.Comparator.comparing(TableInfo::name))
                .map(info -> new Table(this, info))
                .toList());
    }

    /**
     * Makes everything that the body does one statement: one snapshot under READ COMMITTED, one command id (what it writes
     * it does not see), and an exception undoes the innermost level. Calls inside a body's statement are part of it: if one of
     * them fails, so does the statement, even if the body catches the exception (25P02 then). The first statement of a
     * transaction that keeps one snapshot takes it, even if it fails or only writes; looking up tables does not.
     */
    public <T> T statement(Supplier<T> body) {
        return statement(body, true);
    }

    /** The LSN of the last commit that the statement under way sees, or the transaction if it keeps its snapshot: for judges of histories. */
    public long snapshotLsn() {
        return statement(() -> snapshot().lsn());
    }

    /** A statement that asks the catalog alone: it needs no snapshot, so a transaction that keeps one does not take it here. */
    private <T> T lookUp(Supplier<T> body) {
        return statement(body, false);
    }

    private <T> T statement(Supplier<T> body, boolean takesSnapshot) {
        enter();
        try {
            if (inStatement) {
                return runInside(body);
            }
            requireActive();
            return runStatement(body, takesSnapshot);
        } finally {
            leave();
        }
    }

    /** What fails inside a statement may have written half of what it should: the statement fails even if it is caught. */
    private <T> T runInside(Supplier<T> body) {
        try {
            return body.get();
        } catch (RuntimeException | Error e) {
            failedInside = true;
            throw e;
        }
    }

    private <T> T runStatement(Supplier<T> body, boolean takesSnapshot) {
        boolean shielded = database.options().failureScope() == DatabaseOptions.FailureScope.STATEMENT;
        long shield = shielded ? xact.savepoint(DataDefinition.STATEMENT_LEVEL) : 0;
        if (shielded) {
            tell(Event.SAVEPOINT, DataDefinition.STATEMENT_LEVEL, null);
        }
        inStatement = true;
        hasQueried = true;
        try {
            xact.beginStatement();
            if (takesSnapshot && xact.isolation().keepsSnapshot()) {
                // As PostgreSQL, also if the statement fails before it has read anything, or does not read at all.
                xact.snapshotLsn();
            }
            T result = body.get();
            if (failedInside) {
                throw new TransactionException(
                        SqlState.IN_FAILED_SQL_TRANSACTION, "a call inside the statement has failed");
            }
            xact.nextCommand();
            if (shielded) {
                releaseNow(shield);
            }
            return result;
        } catch (RuntimeException | Error e) {
            if (shielded) {
                undoStatement(shield, e);
            } else {
                failed(e);
            }
            throw e;
        } finally {
            inStatement = false;
            failedInside = false;
            xact.endStatement();
        }
    }

    private void undoStatement(long shield, Throwable cause) {
        if (cause instanceof EngineFailedException) {
            state = State.FAILED;
            return;
        }
        rollbackNow(shield);
        releaseNow(shield);
    }

    /**
     * Fails the transaction as an error of a statement does, for callers that find the error themselves (a syntax error, say).
     * Does nothing in the failed state.
     */
    public void fail(TransactionException cause) {
        enter();
        try {
            requireOpen();
            if (state == State.ACTIVE
                    && database.options().failureScope() == DatabaseOptions.FailureScope.TRANSACTION) {
                failed(cause);
            }
        } finally {
            leave();
        }
    }

    private void failing(Runnable action) {
        try {
            action.run();
        } catch (TransactionException e) {
            if (database.options().failureScope() == DatabaseOptions.FailureScope.TRANSACTION) {
                failed(e);
            }
            throw e;
        }
    }

    /** Undoes the innermost level. The first error is the one to report: one that follows from undoing joins it. */
    private void failed(Throwable cause) {
        state = State.FAILED;
        if (cause instanceof EngineFailedException) {
            return;
        }
        try {
            scans.undone(xact.currentLevel());
            String sqlState = cause instanceof TransactionException e ? e.sqlState() : SqlState.INTERNAL_ERROR;
            xact.failLevel(sqlState);
            definition.levelsEnded();
            tell(Event.FAILURE, sqlState, null);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** {@link #commit(Durability)} with the durability that the transaction or the database was given. */
    public boolean commit() {
        return commit(durability);
    }

    /**
     * Ends the transaction: as durable as asked, then visible, then acknowledged by returning. One that wrote nothing, or has rolled back
     * all it wrote, has nothing to make durable and waits for no disk.
     *
     * @return false if the transaction had failed, so that it was rolled back
     * @throws TransactionException 40001 if a serializable transaction has to fail; it is rolled back then
     * @throws dev.cairn.storage.base.CommitOutcomeUnknownException if the log could not be written: only reopening tells
     */
    public boolean commit(Durability asked) {
        Objects.requireNonNull(asked);
        enter();
        try {
            requireOpen();
            requireNoStatement("commit");
            if (state == State.FAILED) {
                end(null);
                return false;
            }
            tell(Event.COMMITTING, "", null);
            end(asked);
            return true;
        } finally {
            leave();
        }
    }

    /** Ends the transaction and undoes it. Touches no page. */
    public void rollback() {
        enter();
        try {
            requireOpen();
            requireNoStatement("roll back");
            end(null);
        } finally {
            leave();
        }
    }

    private void end(@Nullable Durability commit) {
        try {
            scans.undone(0);
            definition.end(commit);
            state = commit == null ? State.ROLLED_BACK : State.COMMITTED;
            tell(commit == null ? Event.ROLLED_BACK : Event.COMMITTED, "", null);
        } catch (RuntimeException | Error e) {
            state = State.ROLLED_BACK;
            throw e;
        } finally {
            database.ended(commit != null);
        }
    }

    /** Rolls back if the transaction is still open. */
    @Override
    public void close() {
        if (isOpen()) {
            rollback();
        }
    }

    public State state() {
        return state;
    }

    /** Whether neither commit nor rollback has been called. */
    public boolean isOpen() {
        return state == State.ACTIVE || state == State.FAILED;
    }

    /** The two counters of PostgreSQL's pg_stat_get_backend_subxact. May be asked from any thread. */
    public SubxactCounters subxacts() {
        return isOpen() ? xact.counters() : SubxactCounters.NONE;
    }

    public IsolationLevel isolation() {
        return xact.isolation();
    }

    public boolean isReadOnly() {
        return access.isReadOnly();
    }

    public boolean isDeferrable() {
        return deferrable;
    }

    /** Isolation, access mode and deferrability for a transaction that is to go on like this one; without what savepoints said. */
    public TransactionOptions characteristics() {
        return TransactionOptions.DEFAULT
                .withIsolation(isolation())
                .withReadOnly(access.isReadOnlyForGood())
                .withDeferrable(deferrable);
    }

    /** Names it in {@link Database#lockWaits}. */
    public long number() {
        return xact.number();
    }

    /** How long waits for locks may last from now on before 55P03; zero for ever. */
    public void setLockTimeout(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("the lock timeout must be 0 or more, not " + limit);
        }
        xact.setLockTimeoutNanos(limit.isZero() ? Long.MAX_VALUE : limit.toNanos());
    }

    /** How many savepoints are open. */
    public int savepointDepth() {
        return xact.depth();
    }

    /** @throws TransactionException 25001 once a query has run or a savepoint is open */
    public void setIsolation(IsolationLevel level) {
        enter();
        try {
            requireActive();
            if (level != xact.isolation()) {
                failing(() -> requireNoQuery("SET TRANSACTION ISOLATION LEVEL"));
                xact.setIsolation(level);
            }
        } finally {
            leave();
        }
    }

    /**
     * READ ONLY that is said after a savepoint ends with it, be it released or rolled back to.
     *
     * @throws TransactionException 25001 if a read-only transaction that has queried is to be made writable
     */
    public void setReadOnly(boolean value) {
        enter();
        try {
            requireActive();
            if (access.isReadOnly() && !value) {
                failing(() -> requireNoQuery("transaction read-write mode"));
            }
            access.set(value, xact.currentLevel());
            xact.setReadOnly(access.isReadOnlyForGood(), deferrable);
        } finally {
            leave();
        }
    }

    /** As {@link TransactionOptions#deferrable}. @throws TransactionException 25001 once a query has run */
    public void setDeferrable(boolean value) {
        enter();
        try {
            requireActive();
            failing(() -> requireNoQuery("SET TRANSACTION [NOT] DEFERRABLE"));
            deferrable = value;
            xact.setReadOnly(access.isReadOnlyForGood(), value);
        } finally {
            leave();
        }
    }

    private void requireNoQuery(String what) {
        if (hasQueried || xact.depth() > 0) {
            throw new TransactionException(
                    SqlState.ACTIVE_SQL_TRANSACTION, what + " must be set before any query and outside savepoints");
        }
    }

    /**
     * For callers that do more than one thing for a command and want to know first.
     *
     * @param command as the error names it: {@code INSERT}
     * @throws TransactionException 25006 if the transaction is read-only
     */
    public void requireWritable(String command) {
        if (access.isReadOnly()) {
            throw new TransactionException(
                    SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + command + " in a read-only transaction");
        }
    }

    /** Every public call begins with this and ends with {@link #leave}; calls of one thread nest. */
    void enter() {
        database.health().check();
        Thread caller = Thread.currentThread();
        Thread present = user.compareAndExchange(null, caller);
        if (present != null && present != caller) {
            throw new IllegalStateException("a transaction is used by one thread at a time: " + present.getName()
                    + " is inside a call, " + caller.getName() + " came as well");
        }
        calls++;
        try {
            xact.enter();
        } catch (RuntimeException e) {
            uncount();
            throw e;
        }
    }

    void leave() {
        xact.leave();
        uncount();
    }

    private void uncount() {
        if (--calls == 0) {
            user.set(null);
        }
    }

    void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("the transaction has ended: " + state);
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

    private void requireNoStatement(String what) {
        if (inStatement) {
            throw new IllegalStateException("cannot " + what + " inside a statement");
        }
    }

    /** Whether there is a listener. */
    boolean isHeard() {
        return listener != null;
    }

    /** Tells the listener, if there is one. */
    void tell(Event event, String name, @Nullable Row row) {
        if (listener != null) {
            listener.told(event, name, row, xact.depth());
        }
    }

    Xact xact() {
        return xact;
    }

    Database database() {
        return database;
    }

    OpenScans scans() {
        return scans;
    }

    /** The table as it is now: it may have been dropped since the handle was given. */
    TableInfo current(TableInfo table) {
        return definition.useAgain(table);
    }

    LargeReads largeReads() {
        return largeReads;
    }

    Snapshot snapshot() {
        return xact.statementSnapshot();
    }

    /** For savepoint handles. */
    boolean isLive(long level) {
        return isOpen() && xact.isOpen(level);
    }

    void releaseLevel(long level) {
        enter();
        try {
            requireActive();
            requireLive(level);
            releaseNow(level);
        } finally {
            leave();
        }
    }

    void rollbackToLevel(long level) {
        enter();
        try {
            requireOpen();
            requireLive(level);
            rollbackNow(level);
        } finally {
            leave();
        }
    }

    private void requireLive(long level) {
        if (!xact.isOpen(level)) {
            throw new IllegalStateException("the savepoint has been released or rolled back");
        }
    }

    @Override
    public String toString() {
        return "Transaction[" + state + ", xid=" + Objects.toString(topXidOrNull(), "none") + "]";
    }

    private @Nullable Long topXidOrNull() {
        return xact.topXid() == 0 ? null : xact.topXid();
    }
}
