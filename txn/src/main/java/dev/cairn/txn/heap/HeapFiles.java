package dev.cairn.txn.heap;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.Xact;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.record.WalRecord;

/** Brings heap files into being and takes them away, through the log. Thread-safe. */
public final class HeapFiles {

    private final HeapContext context;
    private final DatabaseId databaseId;

    public HeapFiles(HeapContext context, DatabaseId databaseId) {
        this.context = context;
        this.databaseId = databaseId;
    }

    /**
     * Makes the file with its header page, or only the page in a file that a crash has left blank. The name becomes durable with
     * the next checkpoint; until then redo makes it again.
     */
    public void create(Xact xact, int fileId, int tableId) {
        long xid = xact.currentXid();
        if (context.files.get(fileId) == null) {
            context.files.create(fileId);
        }
        context.environment.scheduler().point(CrashPoint.FILE_CREATED);
        Frame header = context.cache.latchNew(fileId, 0);
        try {
            WalRecord record = new WalRecord.FileCreate(fileId, tableId);
            header.markDirty();
            FileHeaderPage.init(header.page(), fileId, databaseId.high(), databaseId.low(), tableId, xid);
            PageHeader.pageLsn(header.page(), context.wal.append(xid, record, header.page()));
        } finally {
            context.cache.unlatch(header);
        }
    }

    public boolean exists(int fileId) {
        return context.files.get(fileId) != null;
    }

    /** Unlinks a file that nobody can need any more. The log knows before the directory does. */
    public void drop(int fileId) {
        context.wal.awaitDurable(context.wal.append(0, new WalRecord.FileDrop(fileId)));
        context.environment.scheduler().point(CrashPoint.FILE_DROP_LOGGED);
        context.cache.forget(fileId);
        context.environment.scheduler().point(CrashPoint.FILE_FORGOTTEN);
        context.files.drop(fileId);
    }
}
