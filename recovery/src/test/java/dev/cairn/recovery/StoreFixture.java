package dev.cairn.recovery;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.cache.DataFile;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.record.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A heap as small as it can be, over the same pages, records and mutators as the real one; and what tests set going. */
final class StoreFixture {

    static final StoreOptions OPTIONS = options(32 * 512, 256L << 20, true);

    private static final int PAGE_KIND = PageHeader.LAYOUT.offset("kind");

    private StoreFixture() {}

    /** Everything small, so that little work meets every limit. */
    static StoreOptions options(long cacheBytes, long checkpointBytes, boolean createIfAbsent) {
        return new StoreOptions(
                512,
                16 << 10,
                cacheBytes,
                true,
                false,
                64 << 10,
                200_000_000L,
                checkpointBytes,
                300_000_000_000L,
                2048,
                4096,
                64,
                Long.MAX_VALUE,
                createIfAbsent);
    }

    /** Time that only tests move. */
    static final class ManualClock implements Clock {
        final AtomicLong nanos = new AtomicLong(1_000_000);

        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public long epochMicros() {
            return nanos.get() / 1000;
        }
    }

    static Environment environment() {
        return environment(new ManualClock(), 42);
    }

    static Environment environment(Clock clock, long seed) {
        AtomicLong random = new AtomicLong(seed);
        return new Environment(
                clock, new InlineScheduler(), () -> random.addAndGet(0x9E37_79B9_7F4A_7C15L) * 0xD1B5_4A32_D192_ED03L);
    }

    static OpenedStore open(Disk disk) {
        return Recovery.open(disk, OPTIONS, environment(), RecoveryListener.SILENT);
    }

    static Xact begin(OpenedStore store) {
        return store.transactions().begin(dev.cairn.txn.IsolationLevel.READ_COMMITTED, "test");
    }

    /** Makes a data file as the engine does: the file first, then its header under the log. */
    static int createFile(OpenedStore store, Xact xact) {
        int fileId = store.fileIds().allocate();
        store.files().create(fileId);
        long xid = xact.currentXid();
        Frame frame = store.cache().latchNew(fileId, 0);
        frame.markDirty();
        FileHeaderPage.init(
                frame.page(),
                fileId,
                store.databaseId().high(),
                store.databaseId().low(),
                fileId,
                xid);
        PageHeader.pageLsn(
                frame.page(), store.wal().append(xid, new WalRecord.FileCreate(fileId, fileId), frame.page()));
        store.cache().unlatch(frame);
        return fileId;
    }

    static long insert(OpenedStore store, Xact xact, int fileId, String row) {
        byte[] data = row.getBytes(StandardCharsets.UTF_8);
        long xid = xact.currentXid();
        Frame frame = frameWithRoom(store, fileId, xid, data.length);
        PageBuffer page = frame.page();
        int pageNo = frame.pageNo();
        int slot = HeapPage.slotForInsert(page);
        frame.markDirty();
        HeapPage.insert(page, slot, xid, 0, 0, data, 0, data.length);
        PageHeader.pageLsn(
                page,
                store.wal().append(xid, new WalRecord.HeapInsert(fileId, fileId, pageNo, slot, 0, 0, data), page));
        store.cache().unlatch(frame);
        return RowIds.of(pageNo, slot);
    }

    static void delete(OpenedStore store, Xact xact, int fileId, long row) {
        long xid = xact.currentXid();
        int pageNo = RowIds.page(row);
        int slot = RowIds.slot(row);
        Frame frame = store.cache().latch(fileId, pageNo);
        frame.markDirty();
        HeapPage.markDeleted(frame.page(), slot, xid, 0, 0, row);
        PageHeader.pageLsn(
                frame.page(),
                store.wal().append(xid, new WalRecord.HeapDelete(fileId, fileId, pageNo, slot, 0, 0), frame.page()));
        store.cache().unlatch(frame);
    }

    /** The new version goes to the last page, which may be the old version's. */
    static long update(OpenedStore store, Xact xact, int fileId, long row, String value) {
        byte[] data = value.getBytes(StandardCharsets.UTF_8);
        long xid = xact.currentXid();
        int oldPage = RowIds.page(row);
        Frame target = frameWithRoom(store, fileId, xid, data.length);
        int newPage = target.pageNo();
        Frame source = newPage == oldPage ? target : store.cache().latch(fileId, oldPage);
        target.markDirty();
        source.markDirty();
        int slot = HeapPage.slotForInsert(target.page());
        long next = RowIds.of(newPage, slot);
        HeapPage.insert(target.page(), slot, xid, 0, 0, data, 0, data.length);
        HeapPage.markDeleted(source.page(), RowIds.slot(row), xid, 0, 0, next);
        WalRecord record = new WalRecord.HeapUpdate(
                fileId, fileId, oldPage, RowIds.slot(row), 0, 0, newPage, slot, 0, 0, data, false);
        long end = newPage == oldPage
                ? store.wal().append(xid, record, target.page())
                : store.wal().append(xid, record, target.page(), source.page());
        PageHeader.pageLsn(target.page(), end);
        PageHeader.pageLsn(source.page(), end);
        store.cache().unlatch(target);
        if (newPage != oldPage) {
            store.cache().unlatch(source);
        }
        return next;
    }

    private static Frame frameWithRoom(OpenedStore store, int fileId, long xid, int length) {
        Frame header = store.cache().latch(fileId, 0);
        int used = FileHeaderPage.usedPages(header.page());
        store.cache().unlatch(header);
        if (used > 1) {
            Frame last = store.cache().latch(fileId, used - 1);
            if (HeapPage.fits(last.page(), length) && HeapPage.canHold(last.page(), xid)) {
                return last;
            }
            store.cache().unlatch(last);
        }
        Frame fresh = store.cache().latchNew(fileId, used);
        header = store.cache().latch(fileId, 0);
        fresh.markDirty();
        header.markDirty();
        HeapPage.init(fresh.page(), fileId, used, xid - 1);
        FileHeaderPage.usedPages(header.page(), used + 1);
        long end =
                store.wal().append(xid, new WalRecord.FileExtend(fileId, used, xid - 1), fresh.page(), header.page());
        PageHeader.pageLsn(fresh.page(), end);
        PageHeader.pageLsn(header.page(), end);
        store.cache().unlatch(header);
        return fresh;
    }

    /** The rows that are committed and not deleted by a committed transaction, in their order in the file. */
    static List<String> rows(OpenedStore store, int fileId) {
        List<String> rows = new ArrayList<>();
        var status = store.transactions().status();
        PageBuffer page = PageBuffer.allocate(store.options().pageSize());
        store.cache().copy(fileId, 0, page);
        int used = FileHeaderPage.usedPages(page);
        for (int pageNo = 1; pageNo < used; pageNo++) {
            store.cache().copy(fileId, pageNo, page);
            HeapPage.check(page);
            for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                if (HeapPage.isUsed(page, slot)
                        && status.isCommitted(HeapPage.xmin(page, slot))
                        && !status.isCommitted(HeapPage.xmax(page, slot))) {
                    rows.add(new String(HeapPage.data(page, slot), StandardCharsets.UTF_8));
                }
            }
        }
        return rows;
    }

    /** The first data file besides the catalog's whose creation was logged, 0 if there is none. */
    static int firstTable(MemoryDisk disk, OpenedStore store) {
        for (DataFile file : store.files().all()) {
            byte[] bytes = disk.image().get(file.name());
            if (file.fileId() != Recovery.CATALOG_FILE_ID && bytes.length >= 512 && bytes[PAGE_KIND] != 0) {
                return file.fileId();
            }
        }
        return 0;
    }
}
