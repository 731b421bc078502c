package dev.cairn.recovery;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler.Background;
import dev.cairn.storage.cache.DataFile;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.txn.StatusWindow;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open database below the catalog: everything that {@link Recovery} put together, and the directory lock. Thread-safe.
 *
 * <p>After {@link Recovery#open}: read the catalog, {@link #removeOrphans}, {@link #startBackground}. At the end: close the
 * transactions, then {@link #close}.
 */
public final class OpenedStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenedStore.class);

    private static final long IDLE_NANOS = 50_000_000L;

    private final StoreParts parts;
    /** Data files whose creation never reached the log: nobody can have committed anything in them. */
    private final Set<Integer> blank;

    private final Releases releases;
    private final RecoveryReport report;
    private final List<Background> background = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenedStore(StoreParts parts, Set<Integer> blank, Releases releases, RecoveryReport report) {
        this.parts = parts;
        this.blank = Set.copyOf(blank);
        this.releases = releases;
        this.report = report;
    }

    /** As given, but page and segment size are the database's. */
    public StoreOptions options() {
        return parts.options();
    }

    public DatabaseId databaseId() {
        return parts.control().current().databaseId();
    }

    public Environment environment() {
        return parts.environment();
    }

    public Health health() {
        return parts.health();
    }

    public WalWriter wal() {
        return parts.wal();
    }

    public FileTable files() {
        return parts.files();
    }

    public PageCache cache() {
        return parts.cache();
    }

    public TransactionSystem transactions() {
        return parts.transactions();
    }

    public FileIdAllocator fileIds() {
        return parts.fileIds();
    }

    public Checkpointer checkpointer() {
        return parts.checkpointer();
    }

    public RecoveryReport report() {
        return report;
    }

    /**
     * Unlinks the data files that are proven to be nobody's: their creator did not commit, or their drop did and the
     * unlinking was not reached. A file whose creator did commit but that no row of the catalog names, not even a deleted one,
     * is reported and left alone. To be called once, when the catalog can be read and before anybody creates files.
     *
     * <p>Why the record of the drop is durable before any name goes: redo of older records of the file would otherwise find
     * it missing and take that for damage. Why the directory is synced last and only once: a name that comes back after a
     * crash is an orphan again, and the log may then say so or the catalog.
     *
     * @return ids of the files removed
     */
    public List<Integer> removeOrphans(FileReferees referees) {
        List<Integer> orphans = new ArrayList<>();
        for (DataFile file : List.copyOf(parts.files().all())) {
            if (file.fileId() == Recovery.CATALOG_FILE_ID) {
                continue;
            }
            FileReferees.Claim claim = referees.claim(file.fileId());
            if (claim == FileReferees.Claim.DROPPED
                    || (claim == FileReferees.Claim.UNNAMED && !isCreationCommitted(file.fileId()))) {
                orphans.add(file.fileId());
            } else if (claim == FileReferees.Claim.UNNAMED) {
                LOG.warn("{} belongs to this database but no table names it; it is left alone", file.name());
            }
        }
        if (orphans.isEmpty()) {
            return orphans;
        }
        long end = 0;
        for (int fileId : orphans) {
            end = parts.wal().append(0, new WalRecord.FileDrop(fileId));
        }
        parts.wal().awaitDurable(end);
        for (int fileId : orphans) {
            parts.cache().forget(fileId);
            parts.files().drop(fileId);
        }
        environment().scheduler().point(CrashPoint.RECOVERY_ORPHANS_UNLINKED);
        parts.disk().syncDirectory();
        return orphans;
    }

    /** Whether a crash came between the making of that data file and the log's record of it. */
    public boolean isBlank(int fileId) {
        return blank.contains(fileId);
    }

    private boolean isCreationCommitted(int fileId) {
        if (blank.contains(fileId)) {
            return false;
        }
        Frame header = parts.cache().latch(fileId, 0);
        try {
            long creator = FileHeaderPage.creatorXid(header.page());
            return StatusWindow.tag(parts.transactions().window().word(creator)) == StatusWindow.COMMITTED;
        } finally {
            parts.cache().unlatch(header);
        }
    }

    /** Starts the background work: log flusher, checkpointer, page writer, and the upkeep of transaction ids. Once. */
    public synchronized void startBackground() {
        parts.wal().startFlusher(parts.options().lazyFlushNanos());
        var scheduler = parts.environment().scheduler();
        background.add(scheduler.start("cairn-checkpointer", parts.checkpointer()::step, IDLE_NANOS));
        background.add(scheduler.start("cairn-page-writer", parts.cache()::cleanStep, IDLE_NANOS));
        background.add(scheduler.start("cairn-xid-keeper", parts.transactions()::trimStep, IDLE_NANOS));
    }

    /**
     * Closes. If the engine is sound and no transaction is open, the close is a clean one: the next opening has nothing to
     * replay. Otherwise the next opening recovers. Gives the directory back in any case; idempotent.
     *
     * <p>The order: nothing may be appended behind the end of the log that the control file is going to name, so first all
     * background work ends, then a checkpoint empties the cache, then the log is closed, and only then is its end known. What
     * a clean close leaves of the log are the segments from the last checkpoint's redo point on, one as a rule; no spare ones.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stopBackground();
            boolean clean =
                    !parts.health().isFailed() && parts.transactions().open().isEmpty();
            parts.checkpointer().close(clean);
            if (clean) {
                parts.wal().close();
                environment().scheduler().point(CrashPoint.CLOSE_LOG_CLOSED);
                ControlFile control = parts.control();
                control.write(control.current()
                        .closedAt(
                                parts.wal().insertLsn(),
                                parts.environment().clock().epochMicros()));
                giveBack();
            }
        } catch (RuntimeException | Error e) {
            releases.closeAfter(e);
            throw e;
        }
        releases.close();
    }

    /**
     * Gives the operating system back what a running database holds ready for more. Why after the control file says closed: both
     * slots then have the last checkpoint's redo point, and log before it is needed by neither; and however much of this a crash undoes,
     * the next opening finds a closed database.
     */
    private void giveBack() {
        parts.wal().giveBack(parts.checkpointer().neededLog());
        parts.files().giveBack();
    }

    private synchronized void stopBackground() {
        for (Background machine : background) {
            machine.stop();
        }
        background.clear();
    }
}
