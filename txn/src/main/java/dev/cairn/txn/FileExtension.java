package dev.cairn.txn;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.util.function.Consumer;

/** How a data file of any kind gets one more page: the page and the count in the file's header change under one record. */
public final class FileExtension {

    private FileExtension() {}

    /**
     * Brings the page behind the last one into use. The caller lets nobody else extend the file meanwhile, and holds no latch.
     *
     * @param xid for whom the record is logged; 0 for nobody
     * @param record tells redo to do the same
     * @param init makes the page what it is to be
     */
    public static void append(
            PageCache cache,
            WalWriter wal,
            int fileId,
            int pageNo,
            long xid,
            WalRecord record,
            Consumer<PageBuffer> init) {
        Frame fresh = cache.latchNew(fileId, pageNo);
        try {
            Frame header = cache.latch(fileId, 0);
            try {
                fresh.markDirty();
                header.markDirty();
                init.accept(fresh.page());
                FileHeaderPage.usedPages(header.page(), pageNo + 1);
                long end = wal.append(xid, record, fresh.page(), header.page());
                PageHeader.pageLsn(fresh.page(), end);
                PageHeader.pageLsn(header.page(), end);
            } finally {
                cache.unlatch(header);
            }
        } finally {
            cache.unlatch(fresh);
        }
    }
}
