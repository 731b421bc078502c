package dev.cairn.recovery;

import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.txn.XidAllocator;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;

/**
 * Makes a new database. The control file comes first, under its preliminary name, and is durable before there is any other
 * file; it gets its name last, when all is durable. So a directory holds either no database, or a preliminary control file
 * that says that the rest is worthless, or a whole database. Whatever a crash leaves, the next creation starts over.
 */
final class Creation {

    private Creation() {}

    /** @param names what is in the directory: no control file */
    static StoreParts run(
            Disk disk, StoreOptions options, Environment environment, StoreFiles names, Releases releases) {
        if (names.creating()) {
            clear(disk, names);
        }
        DatabaseId id = new DatabaseId(
                environment.random().getAsLong(), environment.random().getAsLong());
        IncarnationId life = new IncarnationId(1, environment.random().getAsLong());
        long now = environment.clock().epochMicros();
        ControlFile control = releases.add(ControlFile.create(disk, first(options, id, life, now)));
        TransactionStatus status = releases.add(TransactionStatus.create(disk, options.pageSize(), id.seed()));
        Health health = new Health();
        WalWriter wal = releases.add(WalWriter.create(disk, options.walOptions(), id, life, environment, health));
        StoreParts parts = StoreParts.assemble(
                disk, control, options, environment, health, wal, status, Recovery.CATALOG_FILE_ID + 1, releases);
        parts.transactions().restoreAfterRecovery(XidAllocator.FIRST, wal.insertLsn());
        makeCatalogFile(parts, id);
        parts.checkpointer().checkpoint();
        // Both slots must know the checkpoint before the name makes either of them count.
        control.write(control.current().again(environment.clock().epochMicros()));
        disk.syncDirectory();
        control.publish();
        return parts;
    }

    /** Clears away what an interrupted creation left; the preliminary control file, which tells that it was one, goes last. */
    private static void clear(Disk disk, StoreFiles names) {
        names.dataFileIds().forEach(fileId -> disk.delete(FileTable.fileName(fileId)));
        names.others().forEach(disk::delete);
        disk.syncDirectory();
        disk.delete(ControlFile.NEW_NAME);
        disk.syncDirectory();
    }

    private static ControlState first(StoreOptions options, DatabaseId id, IncarnationId life, long now) {
        return new ControlState(
                id,
                1,
                Phase.CREATING,
                options.pageSize(),
                options.segmentBytes(),
                life,
                life,
                0,
                0,
                0,
                XidAllocator.FIRST,
                Recovery.CATALOG_FILE_ID + 1,
                TransactionStatus.emptyDigest(),
                now,
                now);
    }

    private static void makeCatalogFile(StoreParts parts, DatabaseId id) {
        int fileId = Recovery.CATALOG_FILE_ID;
        int tableId = Recovery.CATALOG_TABLE_ID;
        parts.files().create(fileId);
        Frame frame = parts.cache().latchNew(fileId, 0);
        try {
            frame.markDirty();
            FileHeaderPage.init(frame.page(), fileId, id.high(), id.low(), tableId, 0);
            long end = parts.wal().append(0, new WalRecord.FileCreate(fileId, tableId), frame.page());
            PageHeader.pageLsn(frame.page(), end);
        } finally {
            parts.cache().unlatch(frame);
        }
    }
}
