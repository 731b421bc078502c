package dev.cairn.recovery;

import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.file.Disk;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalWriter;
import java.util.Set;

/**
 * Opens a database directory: makes a new one, opens one that was closed, or recovers one that was not. The phases and why
 * they come in this order:
 *
 * <ol>
 *   <li><b>Lock, then control file.</b> Nothing that another process is writing is ever read.
 *   <li><b>Scan and {@link Preflight}</b>: everything that can refuse the opening is looked at before the first write, so a
 *       refusal leaves all bytes as they were.
 *   <li><b>The next life goes into the control file, synced.</b> It comes before the first append, so that no two lives ever
 *       share a seed (I6), however often recovery itself is cut short.
 *   <li><b>The tail that will be trusted is written again and synced.</b> The kernel may show log that the disk does not have,
 *       after a sync that failed. Pages may only follow log that is durable (I1), and redo writes pages.
 *   <li><b>Redo</b>, forward, once: {@link Redo}. The new life's first record is appended before, behind the end: redo
 *       writes pages under the same rule as the running engine, and that needs the writer.
 *   <li><b>Transactions without a COMMIT are aborted</b> by default: see {@link TransactionReplay}.
 *   <li><b>Checkpoint.</b> Only its control slot lets go of the old redo point. A crash anywhere before repeats everything
 *       from there, and redo twice is redo once (I10).
 * </ol>
 *
 * <p>A clean opening takes the same way and finds nothing to replay; it spares itself the rewriting and the checkpoint.
 */
public final class Recovery {

    /** The data file that holds the catalog. It exists, with no pages but its header, from the making of the database on. */
    public static final int CATALOG_FILE_ID = 1;

    /** The catalog's own table id, as its file's header and log records have it. */
    public static final int CATALOG_TABLE_ID = 1;

    private final Disk disk;
    private final Environment environment;
    private final ProgressMeter progress;
    private final Releases releases = new Releases();
    private final long begunNanos;

    private Recovery(Disk disk, Environment environment, RecoveryListener listener) {
        this.disk = disk;
        this.environment = environment;
        this.progress = new ProgressMeter(listener, environment.clock());
        this.begunNanos = environment.clock().nanoTime();
    }

    /**
     * Opens, on the calling thread. No background work is started. If it throws, the directory's lock has been given back,
     * and if it refused what it found, no file has been changed.
     *
     * @throws dev.cairn.storage.base.DirectoryInUseException if the directory is open, here or elsewhere
     * @throws ControlFileException if neither control slot is valid, or there is no control file beside other files of ours
     * @throws dev.cairn.storage.base.FormatVersionException if another version of the format wrote what is there
     * @throws dev.cairn.storage.base.ForeignFileException if a log segment or a data file is another database's
     * @throws dev.cairn.storage.base.LogCorruptException if log that was durable is damaged or missing
     * @throws dev.cairn.storage.base.CorruptPageException if a page that opening needs is damaged
     * @throws dev.cairn.storage.base.DiskFullException if there is no room for what has to be written
     * @throws EngineFailedException if there is no database and none is to be made, and for every error of the disk
     */
    public static OpenedStore open(
            Disk disk, StoreOptions options, Environment environment, RecoveryListener listener) {
        Recovery recovery = new Recovery(disk, environment, listener);
        recovery.releases.add(disk.lock());
        try {
            return recovery.locked(options);
        } catch (RuntimeException | Error e) {
            recovery.releases.closeAfter(e);
            throw e;
        }
    }

    private OpenedStore locked(StoreOptions options) {
        StoreFiles names = StoreFiles.of(disk);
        if (names.control()) {
            return existing(options, names);
        }
        if (!names.creating() && names.holdsDatabase()) {
            throw new ControlFileException(
                    disk.describe() + " holds files of a database but no control file: expected " + ControlFile.NAME);
        }
        if (!options.createIfAbsent()) {
            throw new EngineFailedException("there is no database in " + disk.describe());
        }
        progress.begin(RecoveryPhase.CREATE, 0);
        StoreParts parts = Creation.run(disk, options, environment, names, releases);
        long end = parts.transactions().publishLsn();
        return opened(
                parts,
                Set.of(),
                new RecoveryReport(true, true, end, end, 0, 0, 0, 0, 0, "created", names.unknown(), nanos()));
    }

    private OpenedStore existing(StoreOptions given, StoreFiles names) {
        ControlFile control = releases.add(ControlFile.open(disk));
        ControlState found = control.current();
        if (found.phase() == Phase.CREATING) {
            throw new ControlFileException("the only valid slot of " + disk.describe() + "/" + ControlFile.NAME
                    + " is from before the database was complete");
        }
        StoreOptions options = given.of(found.pageSize(), found.segmentBytes());
        WalOptions walOptions = options.walOptions();
        progress.begin(RecoveryPhase.SCAN, 0);
        LogScan scan = LogScan.run(disk, walOptions, control, progress);
        Set<Integer> blank = Preflight.run(disk, walOptions, found, scan, names.dataFileIds());
        TransactionStatus status = releases.add(TransactionStatus.open(
                disk, found.pageSize(), found.databaseId().seed(), found.redoPoint(), found.statusDigest()));
        progress.end();

        point(CrashPoint.RECOVERY_SCANNED);
        // From here on the directory changes.
        IncarnationId next =
                new IncarnationId(scan.newestLife() + 1, environment.random().getAsLong());
        control.write(found.inLife(next, environment.clock().epochMicros()));
        point(CrashPoint.RECOVERY_LIFE_BEGUN);
        boolean clean = scan.isClean();
        if (!clean) {
            rewriteTail(walOptions, scan);
            point(CrashPoint.RECOVERY_TAIL_REWRITTEN);
        }
        Health health = new Health();
        WalWriter wal = releases.add(WalWriter.open(
                disk, walOptions, found.databaseId(), scan.end(), next, found.redoPoint(), environment, health));
        int nextFileId = scan.nextFileId();
        for (int fileId : names.dataFileIds()) {
            nextFileId = Math.max(nextFileId, fileId + 1);
        }
        StoreParts parts =
                StoreParts.assemble(disk, control, options, environment, health, wal, status, nextFileId, releases);
        for (int fileId : names.dataFileIds()) {
            parts.files().open(fileId);
        }
        TransactionReplay replay = redo(parts, found, walOptions, scan);
        parts.transactions().restoreAfterRecovery(scan.nextXid(), scan.end().lsn());
        point(CrashPoint.RECOVERY_REDONE);
        deleteLeftovers(names);
        if (!clean) {
            progress.begin(RecoveryPhase.CHECKPOINT, 0);
            parts.checkpointer().checkpoint();
            progress.end();
        }
        return opened(
                parts,
                blank,
                new RecoveryReport(
                        false,
                        clean,
                        found.redoPoint(),
                        scan.end().lsn(),
                        clean ? 0 : scan.records(),
                        clean ? 0 : scan.end().lsn() - found.redoPoint(),
                        replay.committed(),
                        replay.aborted(),
                        replay.unfinished(),
                        scan.end().toString(),
                        names.unknown(),
                        nanos()));
    }

    private void rewriteTail(WalOptions walOptions, LogScan scan) {
        long from = scan.durable();
        long to = scan.end().lsn();
        progress.begin(RecoveryPhase.REWRITE, to - from);
        WalReader.rewrite(disk, walOptions, from, to);
        progress.at(to - from);
        progress.end();
    }

    private TransactionReplay redo(StoreParts parts, ControlState found, WalOptions walOptions, LogScan scan) {
        TransactionReplay replay = new TransactionReplay(parts.transactions());
        Redo redo = new Redo(found.databaseId(), scan, parts.files(), parts.cache(), replay);
        long end = scan.end().lsn();
        progress.begin(RecoveryPhase.REDO, end - found.redoPoint());
        try (WalReader reader =
                WalReader.from(disk, walOptions, found.databaseId(), found.redoPoint(), found.redoIncarnation())) {
            // The new life has begun to write behind the end already.
            LoggedRecord logged = reader.next();
            while (logged != null && logged.end() <= end) {
                replay(redo, logged);
                progress.at(logged.end() - found.redoPoint());
                logged = reader.next();
            }
        }
        progress.end();
        return replay;
    }

    /** What a record says may be contradicted by pages and by other records: then it is the log that cannot be believed. */
    private static void replay(Redo redo, LoggedRecord logged) {
        try {
            redo.apply(logged);
        } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException | IllegalStateException e) {
            throw new LogCorruptException(
                    "the log record at " + Lsn.format(logged.start())
                            + " is intact but cannot be applied to what there is: "
                            + logged.record().type() + " of transaction " + logged.xid() + ": " + e,
                    e);
        }
    }

    /**
     * The preliminary control file, if its database has got a real one all the same, and temporary files of sorts. The log clears
     * away its own. A name that comes back after a crash goes the next time.
     */
    private void deleteLeftovers(StoreFiles names) {
        names.temporary().forEach(disk::delete);
        if (names.creating()) {
            disk.delete(ControlFile.NEW_NAME);
        }
    }

    private OpenedStore opened(StoreParts parts, Set<Integer> blank, RecoveryReport report) {
        progress.begin(RecoveryPhase.OPEN, 0);
        return new OpenedStore(parts, blank, releases, report);
    }

    private void point(CrashPoint point) {
        environment.scheduler().point(point);
    }

    private long nanos() {
        return environment.clock().nanoTime() - begunNanos;
    }
}
