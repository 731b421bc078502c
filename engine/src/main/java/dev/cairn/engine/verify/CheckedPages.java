package dev.cairn.engine.verify;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.txn.btree.BTreeVerifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;

/** The pages of a data file that is not changing, each judged when it comes from the disk; a few are kept. One thread. */
final class CheckedPages implements BTreeVerifier.Pages, AutoCloseable {

    private static final int MOST_KEPT = 64;

    private final FileCheck.Context context;
    private final int fileId;
    private final DiskFile file;
    private final PageChecks checks;
    private final ByteBuffer bytes;
    private final int usedPages;
    private final Deque<PageBuffer> buffers = new ArrayDeque<>();
    private final PageBuffer[] kept = new PageBuffer[MOST_KEPT];
    private final int[] keptNo = new int[MOST_KEPT];

    /** @throws dev.cairn.storage.base.CorruptionException if the header page is damaged */
    CheckedPages(FileCheck.Context context, int fileId) {
        this.context = context;
        this.fileId = fileId;
        this.checks = new PageChecks(context.databaseId().seed());
        this.bytes = ByteBuffer.allocate(context.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        this.file = context.disk().open(FileTable.fileName(fileId), OpenMode.READ);
        this.usedPages = FileHeaderPage.usedPages(read(0));
    }

    @Override
    public int fileId() {
        return fileId;
    }

    @Override
    public int usedPages() {
        return usedPages;
    }

    @Override
    public PageBuffer take() {
        PageBuffer free = buffers.poll();
        return free == null ? PageBuffer.allocate(context.pageSize()) : free;
    }

    @Override
    public void give(PageBuffer buffer) {
        buffers.push(buffer);
    }

    @Override
    public void copy(int pageNo, PageBuffer into) {
        read(pageNo, into);
    }

    /** A page that is in use; good until some other pages were read. */
    PageBuffer page(int pageNo) {
        return read(pageNo);
    }

    private PageBuffer read(int pageNo) {
        int place = pageNo % MOST_KEPT;
        PageBuffer page = kept[place];
        if (page == null || keptNo[place] != pageNo) {
            page = page == null ? PageBuffer.allocate(context.pageSize()) : page;
            kept[place] = null;
            read(pageNo, page);
            kept[place] = page;
            keptNo[place] = pageNo;
        }
        return page;
    }

    private void read(int pageNo, PageBuffer into) {
        if (pageNo != 0 && (pageNo < 1 || pageNo >= usedPages)) {
            throw new CorruptPageException(fileId, pageNo, "the file has " + usedPages + " pages in use");
        }
        bytes.clear();
        file.readFully((long) pageNo * context.pageSize(), bytes);
        while (bytes.hasRemaining()) {
            bytes.put((byte) 0);
        }
        bytes.clear();
        String fault = PageChecks.isZero(bytes) ? "it is all zeros" : checks.fault(bytes, fileId, pageNo);
        if (fault != null) {
            throw new CorruptPageException(fileId, pageNo, fault);
        }
        into.readFrom(bytes.clear());
    }

    @Override
    public void close() {
        file.close();
    }
}
