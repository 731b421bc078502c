package dev.cairn.engine;

import dev.cairn.recovery.OpenedStore;
import dev.cairn.recovery.Recovery;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.recovery.RecoveryReport;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler.Background;
import dev.cairn.storage.base.Scheduler.Step;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.txn.LockWait;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTreeContext;
import dev.cairn.txn.heap.HeapContext;
import dev.cairn.txn.heap.HeapFiles;
import dev.cairn.txn.overflow.OverflowContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A database in a directory: opening recovers what a crash left, closing leaves nothing to recover. Thread-safe; one open
 * database per directory, in all processes of the machine.
 *
 * <p>{@link Thread#interrupt} never breaks a database: an interrupted call finishes, or fails with 57014 if it was waiting for
 * another transaction, and the thread's flag stays set.
 */
public final class Database implements AutoCloseable {

    private static final Duration REAPER_REST = Duration.ofSeconds(1);
    private static final Duration FIGURES_REST = Duration.ofSeconds(1);

    private final Disk disk;
    private final OpenedStore store;
    private final DatabaseOptions options;
    private final Environment environment;
    private final HeapContext heaps;
    private final HeapFiles heapFiles;
    private final OverflowContext large;
    private final Catalog catalog;
    private final KeyStripes stripes;
    private final FileReaper reaper;
    private @Nullable Background reaperMachine;
    private final FigureWriter figures;
    private @Nullable Background figureMachine;
    private final LongAdder commits = new LongAdder();
    private final LongAdder rollbacks = new LongAdder();
    private boolean closed;

    private Database(Disk disk, OpenedStore store, DatabaseOptions options, Environment environment) {
        this.disk = disk;
        this.store = store;
        this.options = options;
        this.environment = environment;
        this.heaps = new HeapContext(
                store.cache(),
                store.files(),
                store.wal(),
                store.transactions(),
                environment,
                store.options().pageSize());
        this.heapFiles = new HeapFiles(heaps, store.databaseId());
        BTreeContext trees = new BTreeContext(store.cache(), store.wal(), environment, store.health());
        this.large = new OverflowContext(
                store.cache(), store.files(), heapFiles, store.wal(), store.transactions(), environment);
        this.catalog = new Catalog(store.transactions(), heaps, trees, large, store::isBlank, environment.scheduler());
        this.stripes = new KeyStripes(environment.scheduler());
        this.reaper = new FileReaper(this);
        this.figures = new FigureWriter(disk, store, this);
    }

    /** Opens with {@link DatabaseOptions#DEFAULT}. */
    public static Database open(Path directory) {
        return open(directory, DatabaseOptions.DEFAULT);
    }

    public static Database open(Path directory, DatabaseOptions options) {
        return open(directory, options, RecoveryListener.SILENT);
    }

    /**
     * Opens a directory, recovering it if need be; makes a new database of an empty or missing one if the options say so.
     *
     * @param listener is told how recovery gets on, on the calling thread
     * @throws dev.cairn.storage.base.DirectoryInUseException if it is open, in this process or another
     * @throws dev.cairn.storage.base.FormatVersionException if another version of the format wrote it
     * @throws dev.cairn.storage.base.CorruptionException if what was acknowledged is damaged; nothing on disk is changed then
     */
    public static Database open(Path directory, DatabaseOptions options, RecoveryListener listener) {
        Disk disk = options.createIfAbsent() ? RealDisk.create(directory) : new RealDisk(directory);
        return open(disk, options, Environment.system(), listener);
    }

    /** As {@link #open(Path, DatabaseOptions)}, over any disk, clock and scheduler: for simulation. */
    public static Database open(Disk disk, DatabaseOptions options, Environment environment) {
        return open(disk, options, environment, RecoveryListener.SILENT);
    }

    /** As {@link #open(Path, DatabaseOptions, RecoveryListener)}, over any disk, clock and scheduler: for simulation. */
    public static Database open(
            Disk disk, DatabaseOptions options, Environment environment, RecoveryListener listener) {
        OpenedStore store = Recovery.open(disk, options.storeOptions(), environment, listener);
        try {
            Database database = new Database(disk, store, options, environment);
            database.start();
            return database;
        } catch (RuntimeException | Error e) {
            store.health().fail(e);
            store.close();
            throw e;
        }
    }

    private void start() {
        store.fileIds().use(catalog.greatestFileId());
        store.removeOrphans(catalog.referees());
        store.startBackground();
        Step reaping = () -> !health().isFailed() && reaper.step();
        reaperMachine = environment.scheduler().start("cairn-file-reaper", reaping, REAPER_REST.toNanos());
        if (options.statisticsFile()) {
            figureMachine = environment.scheduler().start("cairn-statistics", figures::step, FIGURES_REST.toNanos());
        }
    }

    /** Begins a READ COMMITTED transaction. */
    public Transaction begin() {
        return begin(TransactionOptions.DEFAULT);
    }

    public Transaction begin(TransactionOptions transactionOptions) {
        requireOpen();
        health().check();
        Xact xact = store.transactions().begin(transactionOptions.isolation(), transactionOptions.label());
        return new Transaction(this, xact, transactionOptions);
    }

    /** As {@link #transact(TransactionOptions, RetryPolicy, Function)}, with {@link RetryPolicy#DEFAULT}. */
    public <T> T transact(TransactionOptions transactionOptions, Function<Transaction, T> body) {
        return transact(transactionOptions, RetryPolicy.DEFAULT, body);
    }

    /**
     * Runs the body in a transaction and commits it. If it fails because of others that ran beside it (40001, 40P01), nothing of
     * it is left, and it is tried again from the start after a pause. Nothing else is tried again: not a commit whose outcome is
     * unknown, since it may have happened.
     *
     * <p>The body runs as often as it takes: it must begin anew from what the transaction shows, and do nothing that a rollback
     * does not undo (send, print, count in a field). It must let the exceptions of the transaction through, or go back to a
     * savepoint after them.
     *
     * @return what the body returned
     * @throws TransactionException the last 40001 or 40P01 when all attempts have failed; any other at once; 25P02 if the body
     *     returns though the transaction has failed; 57014 if the thread is interrupted during a pause, the flag stays set
     */
    public <T> T transact(TransactionOptions transactionOptions, RetryPolicy retries, Function<Transaction, T> body) {
        int failures = 0;
        while (true) {
            try (Transaction transaction = begin(transactionOptions)) {
                T result = body.apply(transaction);
                if (transaction.isOpen() && !transaction.commit()) {
                    throw new TransactionException(
                            SqlState.IN_FAILED_SQL_TRANSACTION, "the transaction had failed, and is rolled back");
                }
                return result;
            } catch (TransactionException e) {
                boolean passing = e.sqlState().equals(SqlState.SERIALIZATION_FAILURE)
                        || e.sqlState().equals(SqlState.DEADLOCK_DETECTED);
                if (!passing || ++failures >= retries.attempts()) {
                    throw e;
                }
            }
            pause(retries.mostNanos(failures));
        }
    }

    private void pause(long mostNanos) {
        long nanos = (long) (mostNanos * ((environment.random().getAsLong() >>> 11) * 0x1p-53));
        try {
            environment.scheduler().newSignal().await(() -> false, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransactionException(SqlState.QUERY_CANCELED, "interrupted before the next attempt");
        }
    }

    /** Writes back all changed pages and moves the redo point, so that recovery has less to do. Returns when it is done. */
    public void checkpoint() {
        requireOpen();
        health().check();
        store.checkpointer().checkpoint();
    }

    public DatabaseStatistics statistics() {
        TransactionSystem transactions = store.transactions();
        return new DatabaseStatistics(
                transactions.open().size(),
                commits.sum(),
                rollbacks.sum(),
                large.valuesRead(),
                transactions.rowLocks().lockedPages(),
                transactions.serialMemory());
    }

    /** Who waits for whom at this moment, in the order in which the waits began; a copy. */
    public List<LockWait> lockWaits() {
        return store.transactions().lockWaits();
    }

    /** The committed tables by name, with the files that hold their rows: for inspection past the engine. */
    public List<StoredTable> storedTables() {
        return catalog.committed();
    }

    /** The pages under the tables, for inspection past the engine. */
    public StoredPages storedPages() {
        return new StoredPages(store, catalog);
    }

    /** What opening found and did. */
    public RecoveryReport recoveryReport() {
        return store.report();
    }

    public DatabaseOptions options() {
        return options;
    }

    Disk disk() {
        return disk;
    }

    /**
     * Rolls back what is open, checkpoints and gives the directory back. A transaction whose thread is still inside a call
     * after {@link DatabaseOptions#closeTimeout} is given up: it is rolled back by the next opening, which then recovers.
     * Idempotent. An engine that has failed before writes nothing any more and closes without a word: commits that were not durable by then,
     * LAZY ones, are lost.
     *
     * @throws EngineFailedException if the engine fails while it is being closed. The directory is given back all the same, and the next opening
     *     recovers
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        boolean sound = !health().isFailed();
        try {
            store.transactions().close(options.closeTimeout().toNanos());
        } finally {
            if (reaperMachine != null) {
                reaperMachine.stop();
            }
            if (figureMachine != null) {
                figureMachine.stop();
                figures.remove();
            }
            store.close();
        }
        if (sound) {
            health().check();
        }
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the database has been closed");
        }
    }

    void ended(boolean committed) {
        (committed ? commits : rollbacks).increment();
    }

    int allocateFileId() {
        return store.fileIds().allocate();
    }

    Health health() {
        return store.health();
    }

    Catalog catalog() {
        return catalog;
    }

    HeapFiles heapFiles() {
        return heapFiles;
    }

    KeyStripes stripes() {
        return stripes;
    }

    FileReaper reaper() {
        return reaper;
    }

    TransactionSystem transactions() {
        return store.transactions();
    }

    void logCatalogChange(Xact xact, TableInfo table, String statement) {
        logCatalogChange(xact, table.tableId(), table.fileId(), statement);
    }

    void logCatalogChange(Xact xact, int tableId, int fileId, String statement) {
        store.wal()
                .append(
                        xact.currentXid(),
                        new dev.cairn.wal.record.WalRecord.CatalogChange(tableId, fileId, statement));
    }
}
