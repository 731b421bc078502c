package dev.cairn.tools.log;

import dev.cairn.engine.Database;
import dev.cairn.engine.StoredTable;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.LiveDirectoryException;
import dev.cairn.wal.LoggedRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a directory, for naming what its log and pages hold. */
public final class StoredTables {

    private StoredTables() {}

    /**
     * Those that the catalog's pages name as they lie on disk, dropped ones that are still there and uncommitted ones too: a
     * table never changes its name or its columns. The log tells of those that are newer.
     */
    static TableNames onPages(LogDirectory log) {
        return new TableNames(catalogPages(log));
    }

    /** The table to which a file belongs, as far as pages and the log from the redo point on tell; null if none is known to. */
    public static @Nullable StoredTable byFile(LogDirectory log, int fileId) {
        TableNames names = onPages(log);
        ControlState control = log.control();
        if (names.ofFile(fileId) == null && control.phase() == ControlState.Phase.OPEN) {
            log.readFrom(control.redoPoint(), control.redoIncarnation(), new LogVisitor() {
                @Override
                public boolean record(LoggedRecord record) {
                    names.learn(record.record());
                    return true;
                }

                @Override
                public void gap(LogGap gap) {
                    // What stood in it may have been the table; then its rows are shown as bytes.
                }
            });
        }
        return names.ofFile(fileId);
    }

    /** Tables as opening would find them; if the database would not open none, and a warning. */
    static List<StoredTable> all(Path directory, Console console) {
        try {
            return LiveDatabase.read(directory, Database::storedTables);
        } catch (EngineFailedException | LiveDirectoryException e) {
            console.error("cairn: the tables cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private static List<StoredTable> catalogPages(LogDirectory log) {
        List<StoredTable> found = new ArrayList<>();
        String name = FileTable.fileName(StoredTable.CATALOG_FILE_ID);
        if (!log.files().contains(name)) {
            return found;
        }
        int pageSize = log.control().pageSize();
        PageChecks checks = new PageChecks(log.control().databaseId().seed());
        ByteBuffer bytes = ByteBuffer.allocate(pageSize).order(ByteOrder.LITTLE_ENDIAN);
        PageBuffer page = PageBuffer.allocate(pageSize);
        try (DiskFile file = new RealDisk(log.path()).open(name, OpenMode.READ)) {
            for (int pageNo = 1; file.readFully((long) pageNo * pageSize, bytes.clear()) == pageSize; pageNo++) {
                bytes.clear();
                if (!PageChecks.isZero(bytes) && checks.fault(bytes, StoredTable.CATALOG_FILE_ID, pageNo) == null) {
                    page.readFrom(bytes);
                    rows(page, found);
                }
            }
        }
        found.sort(Comparator.comparing(StoredTable::fileId));
        return found;
    }

    private static void rows(PageBuffer page, List<StoredTable> found) {
        try {
            if (PageHeader.kind(page) == PageKind.HEAP) {
                HeapPage.check(page);
                for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                    if (HeapPage.isUsed(page, slot)) {
                        found.add(StoredTable.ofCatalogRow(HeapPage.data(page, slot)));
                    }
                }
            }
        } catch (CorruptionException e) {
            // What this page names is shown by number; "verify" says what is wrong with it.
            return;
        }
    }
}
