package dev.cairn.recovery;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.OverflowDelete;
import dev.cairn.wal.record.WalRecord.OverflowExtend;
import dev.cairn.wal.record.WalRecord.OverflowFree;
import dev.cairn.wal.record.WalRecord.OverflowWrite;
import java.util.function.Consumer;

/** What each record of an overflow file does to each of its pages, in terms of {@link OverflowPage}. Stateless. */
public final class OverflowRedo {

    private OverflowRedo() {}

    /** Whether {@link #change} knows the record. */
    public static boolean isOf(WalRecord record) {
        return record instanceof OverflowExtend
                || record instanceof OverflowWrite
                || record instanceof OverflowDelete
                || record instanceof OverflowFree;
    }

    /** The change that the record makes to its i-th page. */
    public static Consumer<PageBuffer> change(LoggedRecord logged, int i) {
        WalRecord record = logged.record();
        if (record instanceof OverflowExtend extend) {
            return i == 0
                    ? page -> OverflowPage.initFree(page, extend.fileId(), extend.newPage())
                    : page -> FileHeaderPage.usedPages(page, extend.newPage() + 1);
        }
        if (record instanceof OverflowWrite write) {
            return page -> {
                OverflowPage.init(page, write.fileId(), write.page(), logged.xid(), write.chunk());
                OverflowPage.check(page);
            };
        }
        if (record instanceof OverflowDelete) {
            return page -> OverflowPage.delete(page, logged.xid());
        }
        if (record instanceof OverflowFree free) {
            return page -> OverflowPage.initFree(page, free.fileId(), free.page());
        }
        throw new IllegalArgumentException("no record of an overflow file: " + record.type());
    }
}
