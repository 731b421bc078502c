package dev.cairn.engine.salvage;

import dev.cairn.recovery.ControlState;
import dev.cairn.recovery.OpenedStore;
import dev.cairn.recovery.Recovery;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.recovery.StoreOptions;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.OverlayDisk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.txn.overflow.OverflowReader;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is left to read: pages in a private copy of the directory, and the fates of transactions. One thread. */
final class Sources implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final long CACHE_BYTES = 32L << 20;
    private static final long NEVER = 1L << 60;

    private final OverlayDisk overlay;
    private final Identity identity;
    private final SalvageListener listener;
    private final PageStore pages;
    private final PageStore largePages;
    private final Set<Integer> fileIds = new TreeSet<>();
    private @Nullable OpenedStore store;
    private @Nullable TransactionStatus status;
    private Fates fates = new Fates(null);
    private boolean doubtful;

    private Sources(OverlayDisk overlay, Identity identity, SalvageListener listener) {
        this.overlay = overlay;
        this.identity = identity;
        this.listener = listener;
        this.pages = new PageStore(overlay, identity);
        this.largePages = new PageStore(overlay, identity);
    }

    static Sources open(Disk disk, Environment environment, SalvageListener listener) {
        Identity identity = Identity.of(disk);
        Sources sources = new Sources(new OverlayDisk(disk), identity, listener);
        if (!sources.recover(environment)) {
            // In a new copy: what a refused recovery has done half-way is not to be built upon.
            sources.close();
            sources = new Sources(new OverlayDisk(disk), identity, listener);
            sources.doubtful = true;
            sources.gather();
        }
        for (String name : sources.overlay.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                sources.fileIds.add(FileTable.fileIdOf(name));
            }
        }
        return sources;
    }

    PageStore pages() {
        return pages;
    }

    /**
     * A large value of a row.
     *
     * @throws CorruptionException if not all of it can be read
     */
    byte[] largeValue(int fileId, OverflowReference reference) {
        if (!fileIds.contains(fileId)) {
            throw new CorruptionException("its values were in " + FileTable.fileName(fileId) + ", which is missing");
        }
        int pageCount = (int) Math.min(Integer.MAX_VALUE, largePages.pages(fileId));
        OverflowReader reader =
                new OverflowReader(fileId, pageCount, PageBuffer.allocate(identity.pageSize()), (pageNo, into) -> {
                    if (largePages.read(fileId, pageNo) != PageStore.State.SOUND) {
                        throw new CorruptPageException(fileId, pageNo, "it cannot be read");
                    }
                    into.copyFrom(0, largePages.page(), 0, identity.pageSize());
                });
        return reader.read(reference);
    }

    Fates fates() {
        return fates;
    }

    Set<Integer> fileIds() {
        return fileIds;
    }

    /** Whether the log could not be redone as it should be, so that something may be missing without a trace. */
    boolean isDoubtful() {
        return doubtful;
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
        if (status != null) {
            status.close();
        }
        overlay.close();
    }

    private boolean recover(Environment environment) {
        if (identity.control() == null) {
            listener.note("neither slot of the control file is valid");
            return false;
        }
        try {
            OpenedStore opened = Recovery.open(overlay, options(), environment, RecoveryListener.SILENT);
            store = opened;
            opened.checkpointer().checkpoint();
            fates = new Fates(opened.transactions().status());
            return true;
        } catch (CorruptionException e) {
            listener.note("the log cannot be redone as it should be: " + e.getMessage());
            return false;
        }
    }

    /** Without recovery: the fates that status and log still tell, and the log's changes as far as they fit. */
    private void gather() {
        ControlState control = identity.control();
        if (control != null) {
            try {
                status = TransactionStatus.open(
                        overlay,
                        identity.pageSize(),
                        identity.databaseId().seed(),
                        control.redoPoint(),
                        control.statusDigest());
            } catch (CorruptionException e) {
                listener.note("the transaction status is damaged: " + e.getMessage());
            }
        }
        fates = new Fates(status);
        if (identity.segmentBytes() == 0) {
            fates.incomplete();
            listener.note("the log cannot be read");
            return;
        }
        WalOptions options = WalOptions.of(identity.segmentBytes(), BUFFER_BYTES, identity.pageSize());
        for (long no : WalReader.segments(overlay)) {
            try (WalReader reader = WalReader.fromSegment(overlay, options, identity.databaseId(), no)) {
                read(reader, control == null ? List.of() : List.of(control.incarnation(), control.redoIncarnation()));
                return;
            } catch (CorruptionException e) {
                fates.incomplete();
                listener.note("a log segment is lost: " + e.getMessage());
            }
        }
        fates.incomplete();
        listener.note("no log segment can be read");
    }

    private void read(WalReader reader, List<IncarnationId> lives) {
        boolean more = true;
        while (more) {
            try {
                LoggedRecord logged = reader.next();
                while (logged != null) {
                    fates.note(logged);
                    pages.apply(logged);
                    logged = reader.next();
                }
            } catch (CorruptionException e) {
                fates.incomplete();
                listener.note("a log record is lost: " + e.getMessage());
            }
            long before = reader.position();
            more = reader.resynchronise(lives);
            if (more) {
                fates.incomplete();
                listener.note("log from " + before + " to " + reader.position() + " is lost");
            } else if (identity.control() == null
                    || before < identity.control().checkpointEnd()
                    || before < identity.control().endLsn()) {
                fates.incomplete();
            }
        }
    }

    private StoreOptions options() {
        return new StoreOptions(
                identity.pageSize(),
                identity.segmentBytes(),
                Math.max(CACHE_BYTES, 16L * identity.pageSize()),
                false,
                false,
                Math.max(1 << 16, 8 * identity.pageSize()),
                NEVER,
                1L << 40,
                NEVER,
                64 << 10,
                1 << 20,
                64,
                NEVER,
                false);
    }
}
