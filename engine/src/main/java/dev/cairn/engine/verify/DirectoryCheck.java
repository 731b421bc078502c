package dev.cairn.engine.verify;

import dev.cairn.engine.StoredTable;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.recovery.OpenedStore;
import dev.cairn.recovery.Recovery;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.recovery.StoreOptions;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.OverlayDisk;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.sort.SortFile;
import dev.cairn.txn.TransactionStatus;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges a database directory, and changes no byte of it: control file, all log that is there, transaction status, then,
 * after the log was redone into private memory ({@link OverlayDisk}), the catalog and every page of every data file. Goes on
 * after the first fault as far as it can. If the log cannot be redone, pages are judged as they lie; those that the log would
 * have replaced are then passed over, since a crash may have torn them.
 *
 * <p>The directory's lock is not taken. If the database is in use, faults may be found that are none.
 */
public final class DirectoryCheck {

    private static final long MOST_CACHE_BYTES = 32L << 20;
    private static final long CHECKPOINT_BYTES = 1L << 40;
    private static final long LONG_NANOS = 1L << 60;

    /** What the directory is worth. */
    public enum Verdict {
        CLEAN,
        DAMAGED,
        /** There is no database, or none of this version. */
        UNREADABLE
    }

    /**
     * The outcome.
     *
     * @param pages pages of data and status files that were looked at
     * @param errors findings that are errors
     * @param redone whether the log could be redone, so that pages were judged as opening would see them
     */
    public record Result(Verdict verdict, long pages, long errors, boolean redone) {}

    private final Disk disk;
    private final Environment environment;
    private final VerifyListener listener;
    /** Files each page of which is sound by itself. */
    private final Set<Integer> sound = new HashSet<>();

    private long pages;
    private long errors;

    private DirectoryCheck(Disk disk, Environment environment, VerifyListener listener) {
        this.disk = disk;
        this.environment = environment;
        this.listener = new VerifyListener() {
            @Override
            public void found(Finding finding) {
                errors += finding.error() ? 1 : 0;
                listener.found(finding);
            }

            @Override
            public void progress(String part, long done, long total) {
                listener.progress(part, done, total);
            }
        };
    }

    /**
     * Judges.
     *
     * @param disk only read
     * @throws dev.cairn.storage.base.DiskException if the disk cannot be read
     */
    public static Result run(Disk disk, Environment environment, VerifyListener listener) {
        return new DirectoryCheck(disk, environment, listener).run();
    }

    /**
     * Judges the files of a database that has just been opened, as recovery left them: nothing was written since. Much
     * cheaper than {@link #run}, which opens the directory itself, and stricter: every data file must be a table's.
     *
     * @param disk the database's, only read
     * @throws CorruptionException if control file or status contradict each other
     */
    public static Result ofRecovered(Disk disk, VerifyListener listener) {
        return new DirectoryCheck(disk, Environment.system(), listener).recovered();
    }

    private Result recovered() {
        ControlState control;
        try (ControlFile file = ControlFile.open(disk)) {
            control = file.current();
        }
        pages += StatusCheck.run(disk, control, finding -> {});
        try (TransactionStatus status = TransactionStatus.open(
                disk, control.pageSize(), control.databaseId().seed(), control.redoPoint(), control.statusDigest())) {
            StatusCheck.idsBeyond(status, control.nextXid(), control.pageSize(), listener::found);
            CatalogContents catalog = files(disk, control, control.nextXid(), status, null);
            for (String name : disk.list()) {
                int fileId = FileTable.fileIdOf(name);
                if (SortFile.isSortFile(name)) {
                    listener.found(Finding.inFile(name, "expected to be removed by the opening"));
                }
                if (fileId > 0
                        && fileId != StoredTable.CATALOG_FILE_ID
                        && !catalog.byFile().containsKey(fileId)) {
                    listener.found(Finding.inFile(name, "expected to be some table's, found that none names it"));
                }
            }
        }
        return new Result(errors == 0 ? Verdict.CLEAN : Verdict.DAMAGED, pages, errors, true);
    }

    private Result run() {
        if (!disk.list().contains(ControlFile.NAME)) {
            boolean remains = disk.list().stream().anyMatch(name -> FileTable.fileIdOf(name) > 0);
            listener.found(Finding.of("expected a control file, found none in " + disk.describe()
                    + (remains ? ", though there are data files" : ": there is no database")));
            return new Result(remains ? Verdict.DAMAGED : Verdict.UNREADABLE, pages, errors, false);
        }
        ControlState control;
        try (ControlFile file = ControlFile.open(disk)) {
            control = file.current();
        } catch (EngineFailedException e) {
            listener.found(Finding.inFile(ControlFile.NAME, String.valueOf(e.getMessage())));
            Verdict verdict = e instanceof CorruptionException ? Verdict.DAMAGED : Verdict.UNREADABLE;
            return new Result(verdict, pages, errors, false);
        }
        ControlCheck.run(disk, listener::found);
        for (String name : disk.list()) {
            if (SortFile.isSortFile(name)) {
                listener.found(Finding.inFile(name, "temporary file of an index's building: opening removes it")
                        .note());
            }
        }
        boolean redone;
        try (OverlayDisk overlay = new OverlayDisk(disk)) {
            LogCheck log = new LogCheck(disk, control, listener);
            log.run();
            pages += StatusCheck.run(disk, control, listener::found);
            redone = redo(overlay, control);
            if (!redone) {
                files(disk, control, Long.MAX_VALUE, null, log);
            }
        } catch (EngineFailedException e) {
            // Another version's file, or one that cannot be read at all.
            listener.found(Finding.of(String.valueOf(e.getMessage())));
            Verdict verdict = e instanceof CorruptionException ? Verdict.DAMAGED : Verdict.UNREADABLE;
            return new Result(verdict, pages, errors, false);
        }
        return new Result(errors == 0 ? Verdict.CLEAN : Verdict.DAMAGED, pages, errors, redone);
    }

    /** Redoes the log into private memory and judges the outcome; false if that is refused. */
    private boolean redo(OverlayDisk overlay, ControlState control) {
        OpenedStore store;
        try {
            store = Recovery.open(overlay, options(control), environment, RecoveryListener.SILENT);
        } catch (CorruptPageException e) {
            listener.found(Finding.onPage(
                    FileTable.fileName(e.fileId()), e.pageNo(), "opening is refused: " + e.getMessage()));
            return false;
        } catch (CorruptionException e) {
            listener.found(Finding.of("opening is refused: " + e.getMessage()));
            return false;
        }
        try (store) {
            // Everything redone is in the overlay's files from here on.
            store.checkpointer().checkpoint();
            long nextXid = store.transactions().xids().nextXid();
            TransactionStatus status = store.transactions().status();
            StatusCheck.idsBeyond(status, nextXid, control.pageSize(), listener::found);
            files(overlay, control, nextXid, status, null);
        }
        return true;
    }

    private CatalogContents files(
            Disk from,
            ControlState control,
            long nextXid,
            @Nullable TransactionStatus status,
            @Nullable LogCheck excuses) {
        FileCheck.Context context =
                new FileCheck.Context(from, control.databaseId(), control.pageSize(), nextXid, listener);
        Map<Integer, Boolean> present = new TreeMap<>();
        for (String name : from.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                present.put(FileTable.fileIdOf(name), false);
            }
        }
        CatalogContents catalog = new CatalogContents(status);
        if (present.containsKey(StoredTable.CATALOG_FILE_ID)) {
            file(context, StoredTable.CATALOG_FILE_ID, StoredTable.CATALOG, excuses, catalog);
        } else {
            listener.found(Finding.inFile(FileTable.fileName(StoredTable.CATALOG_FILE_ID), "the catalog is missing"));
        }
        for (String name : catalog.twice()) {
            listener.found(Finding.of("expected one table of each name, found two named \"" + name + "\""));
        }
        for (StoredTable table : Set.copyOf(catalog.byFile().values())) {
            if (!present.containsKey(table.fileId())) {
                listener.found(Finding.inFile(
                        FileTable.fileName(table.fileId()),
                        "the file of " + (table.isIndex() ? "index" : "table") + " \"" + table.name()
                                + "\" is missing"));
            }
        }
        for (int fileId : present.keySet()) {
            StoredTable table = catalog.byFile().get(fileId);
            if (table != null && fileId == table.overflowFileId()) {
                continue; // together with the rows that refer to it
            }
            if (table != null && present.containsKey(table.overflowFileId()) && status != null) {
                withLargeValues(context, table, excuses, status);
            } else if (fileId != StoredTable.CATALOG_FILE_ID) {
                FileCheck checked = file(context, fileId, table, excuses, rows(table, status));
                if (table == null && !catalog.names(fileId)) {
                    unnamed(checked, fileId, status);
                }
                if (table != null && present.containsKey(table.overflowFileId())) {
                    file(context, table.overflowFileId(), table, excuses, rows(table, null));
                }
            }
        }
        if (status != null) {
            indexes(context, catalog, status);
        }
        return catalog;
    }

    /** Index against table, where all pages by themselves are sound. */
    private void indexes(FileCheck.Context context, CatalogContents catalog, TransactionStatus status) {
        for (int fileId : catalog.indexFiles()) {
            try {
                CatalogContents.IndexOf found = catalog.index(fileId);
                int heapFileId = found.table().fileId();
                if (sound.contains(fileId) && sound.contains(heapFileId)) {
                    EntryCheck.run(found.index(), heapFileId, context, status);
                } else {
                    listener.found(Finding.inFile(
                                    FileTable.fileName(fileId),
                                    "not compared with its table, as one of them is damaged")
                            .note());
                }
            } catch (CorruptionException e) {
                listener.found(Finding.inFile(FileTable.fileName(fileId), String.valueOf(e.getMessage())));
            }
        }
    }

    private static FileCheck.RowCheck rows(@Nullable StoredTable table, @Nullable TransactionStatus status) {
        return (page, slot) -> {
            if (table == null) {
                return;
            }
            byte[] data = HeapPage.data(page, slot);
            if (status == null) {
                table.row(data);
            } else if (!table.largeValues(data).isEmpty() && VersionCheck.isLive(status, page, slot)) {
                throw new CorruptionException(
                        "its values are in " + FileTable.fileName(table.overflowFileId()) + ", which is missing");
            }
        };
    }

    private void withLargeValues(
            FileCheck.Context context, StoredTable table, @Nullable LogCheck excuses, TransactionStatus status) {
        try (OverflowCheck check = new OverflowCheck(
                context.disk(), table, context.pageSize(), context.databaseId().seed(), status, listener::found)) {
            file(context, table.fileId(), table, excuses, check);
            file(context, table.overflowFileId(), table, excuses, check);
            check.finish();
        }
    }

    private FileCheck file(
            FileCheck.Context context,
            int fileId,
            @Nullable StoredTable table,
            @Nullable LogCheck excuses,
            FileCheck.RowCheck rows) {
        long before = errors;
        FileCheck check = new FileCheck(context, fileId);
        check.run(table, pageNo -> excuses != null && excuses.changes(fileId, pageNo), rows);
        pages += check.pages();
        if (errors == before) {
            sound.add(fileId);
        }
        return check;
    }

    private void unnamed(FileCheck file, int fileId, @Nullable TransactionStatus status) {
        boolean orphan = file.isBlank() || (status != null && !status.isCommitted(file.creatorXid()));
        listener.found(Finding.inFile(
                        FileTable.fileName(fileId),
                        orphan
                                ? "no table names it and its creation was not committed: opening removes it"
                                : "no table names it")
                .note());
    }

    /** No checkpoint comes by itself, and no background work is started. */
    private StoreOptions options(ControlState control) {
        long dataBytes = 0;
        for (String name : disk.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                try (DiskFile file = disk.open(name, OpenMode.READ)) {
                    dataBytes += file.size();
                }
            }
        }
        return new StoreOptions(
                control.pageSize(),
                control.segmentBytes(),
                Math.max(16L * control.pageSize(), Math.min(MOST_CACHE_BYTES, dataBytes)),
                false,
                false,
                Math.max(1 << 16, 8 * control.pageSize()),
                LONG_NANOS,
                CHECKPOINT_BYTES,
                LONG_NANOS,
                64 << 10,
                1 << 20,
                64,
                LONG_NANOS,
                false);
    }
}
