package dev.cairn.engine.salvage;

import dev.cairn.recovery.OverflowRedo;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The pages of a directory that may be changed at will (a private copy), read and mended one at a time. One thread. */
final class PageStore {

    private final Disk disk;
    private final PageChecks checks;
    private final ByteBuffer bytes;
    private final PageBuffer page;

    PageStore(Disk disk, Identity identity) {
        this.disk = disk;
        this.checks = new PageChecks(identity.databaseId().seed());
        this.bytes = ByteBuffer.allocate(identity.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        this.page = PageBuffer.allocate(identity.pageSize());
    }

    long pages(int fileId) {
        try (DiskFile file = disk.open(FileTable.fileName(fileId), OpenMode.READ)) {
            return (file.size() + page.size() - 1) / page.size();
        }
    }

    /** What a page turned out to be. */
    enum State {
        SOUND,
        ZERO,
        DAMAGED
    }

    /** Reads a page of rows; if it is sound it is in {@link #page} until the next call. */
    State read(int fileId, int pageNo) {
        try (DiskFile file = disk.open(FileTable.fileName(fileId), OpenMode.READ)) {
            bytes.clear();
            int found = file.readFully((long) pageNo * page.size(), bytes);
            for (int i = found; i < bytes.capacity(); i++) {
                bytes.put(i, (byte) 0);
            }
        }
        bytes.clear();
        if (PageChecks.isZero(bytes)) {
            return State.ZERO;
        }
        if (checks.fault(bytes, fileId, pageNo) != null) {
            return State.DAMAGED;
        }
        page.readFrom(bytes);
        try {
            if (PageHeader.kind(page) == PageKind.HEAP) {
                HeapPage.check(page);
            }
            return State.SOUND;
        } catch (CorruptionException e) {
            return State.DAMAGED;
        }
    }

    PageBuffer page() {
        return page;
    }

    /**
     * Applies what a record says of heap pages, where that can be done: images replace pages that are older or damaged,
     * changes are made to sound pages that do not have them. A change that does not fit is left out: its row is then lost.
     */
    void apply(LoggedRecord logged) {
        WalRecord record = logged.record();
        for (int i = 0; i < record.pageCount(); i++) {
            if (disk.list().contains(FileTable.fileName(record.fileId()))) {
                try {
                    apply(logged, i);
                } catch (CorruptionException | IndexOutOfBoundsException e) {
                    continue; // the page stays as it is
                }
            }
        }
    }

    private void apply(LoggedRecord logged, int i) {
        int fileId = logged.record().fileId();
        int pageNo = logged.record().pageNo(i);
        State state = read(fileId, pageNo);
        if (state == State.SOUND && PageHeader.pageLsn(page) >= logged.end()) {
            return;
        }
        byte[] image = logged.image(i);
        if (image != null) {
            page.put(0, image, 0, image.length);
        } else if (logged.record() instanceof WalRecord.FileExtend extend && i == 0) {
            HeapPage.init(page, fileId, pageNo, extend.xidBase());
        } else if (logged.record().initialises(i) && OverflowRedo.isOf(logged.record())) {
            OverflowRedo.change(logged, i).accept(page);
        } else if (state != State.SOUND || !change(logged, i)) {
            return;
        }
        PageHeader.pageLsn(page, logged.end());
        write(fileId, pageNo);
    }

    private boolean change(LoggedRecord logged, int i) {
        WalRecord record = logged.record();
        if (OverflowRedo.isOf(record)) {
            OverflowRedo.change(logged, i).accept(page);
            return true;
        }
        long xid = logged.xid();
        if (record instanceof WalRecord.HeapInsert insert) {
            byte[] data = insert.data();
            HeapPage.insert(page, insert.slot(), xid, insert.command(), insert.flags(), data, 0, data.length);
        } else if (record instanceof WalRecord.HeapUpdate update) {
            if (i == 0) {
                byte[] data = update.data();
                HeapPage.insert(
                        page, update.newSlot(), xid, update.newCommand(), update.newFlags(), data, 0, data.length);
            }
            if (i == 1 || update.pageCount() == 1) {
                long next = RowIds.of(update.newPage(), update.newSlot());
                HeapPage.markDeleted(page, update.oldSlot(), xid, update.oldCommand(), update.oldFlags(), next);
            }
        } else if (record instanceof WalRecord.HeapDelete delete) {
            long itself = RowIds.of(delete.page(), delete.slot());
            HeapPage.markDeleted(page, delete.slot(), xid, delete.command(), delete.flags(), itself);
        } else if (record instanceof WalRecord.HeapPrune prune) {
            HeapPage.prune(page, prune.slots(), prune.redirects());
        } else if (record instanceof WalRecord.HeapFreeze freeze) {
            HeapPage.freeze(page, freeze.slots());
        } else {
            return false;
        }
        return true;
    }

    private void write(int fileId, int pageNo) {
        bytes.clear();
        page.writeTo(bytes);
        bytes.clear();
        checks.seal(bytes);
        try (DiskFile file = disk.open(FileTable.fileName(fileId), OpenMode.WRITE)) {
            file.write((long) pageNo * page.size(), bytes);
        }
    }

    /** The rows' page kind, for callers that meet other pages. */
    @Nullable PageKind kind() {
        return PageHeader.kind(page);
    }
}
