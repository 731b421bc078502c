package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static dev.cairn.recovery.StoreFixture.delete;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.open;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Records replayed over pages in every state: the page after redo is the page that the running engine had, byte for byte. */
class RedoTest {

    private static final int PAGE = 512;

    private final MemoryDisk disk = new MemoryDisk();
    private final OpenedStore store = open(disk);

    private static String name(int fileId) {
        return String.format("heap-%08x", fileId);
    }

    private static byte[] page(OpenedStore from, int fileId, int pageNo) {
        PageBuffer page = PageBuffer.allocate(PAGE);
        from.cache().copy(fileId, pageNo, page);
        byte[] bytes = new byte[PAGE];
        page.get(0, bytes, 0, PAGE);
        Arrays.fill(bytes, 8, 12, (byte) 0); // the checksum is the written page's
        return bytes;
    }

    /** Changes a page under its record, as the engine does. */
    private void change(int fileId, int pageNo, long xid, WalRecord record, Consumer<PageBuffer> change) {
        Frame frame = store.cache().latch(fileId, pageNo);
        frame.markDirty();
        change.accept(frame.page());
        PageHeader.pageLsn(frame.page(), store.wal().append(xid, record, frame.page()));
        store.cache().unlatch(frame);
        store.wal().awaitDurable(store.wal().insertLsn());
    }

    private int tableWithRows(int rows) {
        int table = RecoveryTest.fill(store, rows);
        store.checkpointer().checkpoint();
        return table;
    }

    private void recoversThePage(int table, int pageNo) {
        byte[] expected = page(store, table, pageNo);
        store.wal().awaitDurable(store.wal().insertLsn());
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            assertArrayEquals(expected, page(recovered, table, pageNo));
        }
    }

    @Test
    void pruneAndFreeze() {
        int table = tableWithRows(6);
        Xact deleter = begin(store);
        delete(store, deleter, table, RowIds.of(1, 2));
        deleter.commit(Durability.SYNC);
        int[] pruned = {2};
        change(
                table,
                1,
                0,
                new WalRecord.HeapPrune(table, 1, pruned, new int[0], 5),
                page -> HeapPage.remove(page, pruned));
        recoversThePage(table, 1);
        int[] frozen = {0, 1};
        change(table, 1, 0, new WalRecord.HeapFreeze(table, 1, frozen, 5), page -> HeapPage.freeze(page, frozen));
        recoversThePage(table, 1);
        byte[] after = page(store, table, 1);
        PageBuffer buffer = PageBuffer.allocate(PAGE);
        buffer.put(0, after, 0, PAGE);
        assertFalse(HeapPage.isUsed(buffer, 2));
        assertEquals(TupleFlags.FROZEN, HeapPage.flags(buffer, 0) & TupleFlags.FROZEN);
    }

    @Test
    void aPageAsAWhole() {
        int table = tableWithRows(6);
        change(table, 1, 0, new WalRecord.PageImage(table, 1), page -> HeapPage.remove(page, new int[] {3}));
        recoversThePage(table, 1);
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            assertEquals(5, StoreFixture.rows(recovered, table).size());
        }
    }

    /** The children of a large commit go before it in records of their own; only the COMMIT makes them count. */
    @Test
    void i4_moreChildrenThanACommitHolds() {
        Xact xact = begin(store);
        int table = createFile(store, xact);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            xact.savepoint("s");
            insert(store, xact, table, "row " + i);
            if (i % 2 == 0) {
                xact.release("s");
                expected.add("row " + i);
            } else {
                xact.rollbackTo("s");
                xact.release("s");
            }
        }
        store.wal().awaitDurable(store.wal().insertLsn());
        MemoryDisk before = MemoryDisk.of(disk.image());
        xact.commit(Durability.SYNC);
        long children = logged(WalRecord.CommitChildren.class);
        assertTrue(children > 0, "the commit must not fit in one record");
        try (OpenedStore recovered = open(MemoryDisk.of(disk.image()))) {
            assertEquals(expected, StoreFixture.rows(recovered, table));
        }
        try (OpenedStore recovered = open(before)) {
            assertEquals(List.of(), StoreFixture.rows(recovered, table));
            assertEquals(1, recovered.report().unfinished());
        }
    }

    private long logged(Class<? extends WalRecord> kind) {
        ControlState control = RecoveryTest.controlOf(disk);
        long found = 0;
        try (var reader = dev.cairn.wal.WalReader.from(
                disk,
                StoreFixture.OPTIONS.walOptions(),
                control.databaseId(),
                control.redoPoint(),
                control.redoIncarnation())) {
            for (var logged = reader.next(); logged != null; logged = reader.next()) {
                found += kind.isInstance(logged.record()) ? 1 : 0;
            }
        }
        return found;
    }

    /** The last page of the table, changed by a record that brings no image along, though it is the first after the redo point. */
    private int tableWithANeededPage() {
        int table = tableWithRows(6);
        Xact xact = begin(store);
        long xid = xact.currentXid();
        Frame frame = store.cache().latch(table, 1);
        frame.markDirty();
        HeapPage.markDeleted(frame.page(), 0, xid, 0, 0, RowIds.of(1, 0));
        PageBuffer pretended = PageBuffer.allocate(PAGE);
        pretended.putLong(0, Long.MAX_VALUE);
        PageHeader.pageLsn(
                frame.page(), store.wal().append(xid, new WalRecord.HeapDelete(table, table, 1, 0, 0, 0), pretended));
        store.cache().unlatch(frame);
        xact.commit(Durability.SYNC);
        return table;
    }

    @Test
    void withoutAnImageThePageOnDiskIsChanged() {
        int table = tableWithANeededPage();
        recoversThePage(table, 1);
        try (OpenedStore recovered = open(MemoryDisk.of(disk.image()))) {
            assertEquals(RecoveryTest.expected(6).subList(1, 6), StoreFixture.rows(recovered, table));
        }
    }

    /** I10: a page that has the change already is left as it is, and is written again all the same. */
    @Test
    void i10_withoutAnImageAPageThatHasTheChangeIsKept() {
        int table = tableWithANeededPage();
        store.cache().writeBackDirty(store.wal().insertLsn());
        byte[] expected = page(store, table, 1);
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            assertArrayEquals(expected, page(recovered, table, 1));
            assertEquals(1, copy.count("write " + name(table) + " 512 "), "the disk may not have had it");
        }
    }

    private Map<String, byte[]> refused(int table, Consumer<Map<String, byte[]>> damage, Class<?> kind, String why) {
        Map<String, byte[]> image = new TreeMap<>(disk.image());
        damage.accept(image);
        MemoryDisk copy = MemoryDisk.of(image);
        CorruptionException e = assertThrows(CorruptionException.class, () -> open(copy));
        assertInstanceOf(kind, e);
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertEquals(List.of(), copy.events(), "refused before anything was changed, table " + table);
        assertEquals(0, copy.openFiles());
        return image;
    }

    @Test
    void withoutAnImageTheNeededPageIsJudgedBeforeAnythingIsWritten() {
        int table = tableWithANeededPage();
        refused(table, image -> image.get(name(table))[PAGE + 100] ^= 1, CorruptPageException.class, "page 1 of file");
        refused(table, image -> image.remove(name(table)), CorruptionException.class, "is missing");
        refused(
                table,
                image -> {
                    ByteBuffer page = ByteBuffer.wrap(image.get(name(table)), PAGE, PAGE)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN);
                    page.putLong(0, store.wal().insertLsn() + 8);
                    new PageChecks(store.databaseId().seed()).seal(page);
                },
                LogCorruptException.class,
                "log that was durable is gone");
    }

    /** A page that is needed by records of a file that the same log drops is not needed. */
    @Test
    void aDroppedFilesPagesAreNotNeeded() {
        int table = tableWithANeededPage();
        store.wal().awaitDurable(store.wal().append(0, new WalRecord.FileDrop(table)));
        for (boolean there : new boolean[] {true, false}) {
            Map<String, byte[]> image = new TreeMap<>(disk.image());
            image.get(name(table))[PAGE + 100] ^= 1;
            if (!there) {
                image.remove(name(table));
            }
            MemoryDisk copy = MemoryDisk.of(image);
            try (OpenedStore recovered = open(copy)) {
                assertFalse(copy.list().contains(name(table)));
                assertFalse(recovered.files().exists(table));
            }
        }
    }

    /** An image wins over whatever stands on disk, and carries the end of its record. */
    @Test
    void anImageReplacesThePage() {
        int table = tableWithRows(6);
        Xact xact = begin(store);
        delete(store, xact, table, RowIds.of(1, 0));
        xact.commit(Durability.SYNC);
        byte[] expected = page(store, table, 1);
        for (int fill : new int[] {0, 0x5A, 0xFF}) {
            Map<String, byte[]> image = new TreeMap<>(disk.image());
            Arrays.fill(image.get(name(table)), PAGE, 2 * PAGE, (byte) fill);
            try (OpenedStore recovered = open(MemoryDisk.of(image))) {
                assertArrayEquals(expected, page(recovered, table, 1));
            }
        }
    }

    /** Pages that a record makes anew carry its end too. */
    @Test
    void initialisedPagesAreAsTheyWere() {
        store.checkpointer().checkpoint();
        int table = RecoveryTest.fill(store, 30);
        recoversThePage(table, 0);
        recoversThePage(table, 1);
        recoversThePage(table, 2);
    }

    /** The fates of transactions: what the log says, what it leaves open, and what had ended before. */
    @Test
    void i4_i12_fatesAreTakenFromTheLogAlone() {
        Xact ended = begin(store);
        long endedXid = ended.currentXid();
        ended.commit(Durability.SYNC);
        long base = begin(store).currentXid();
        TransactionReplay replay = new TransactionReplay(store.transactions());
        var status = store.transactions().status();
        replay.open(new WalRecord.CheckpointBegin(
                base + 100, 3, 1, new long[] {endedXid, base + 1, base + 2}, new long[3]));
        assertEquals(2, replay.unfinished(), "one of the three had ended");
        replay.begin(base + 3);
        replay.begin(base + 4);
        assertEquals(4, replay.unfinished());
        replay.subabort(base + 10);
        assertTrue(status.isFinal(base + 10) && !status.isCommitted(base + 10));
        replay.children(base + 1, new WalRecord.CommitChildren(new long[] {base + 20, 2}));
        replay.children(base + 1, new WalRecord.CommitChildren(new long[] {base + 30, 1}));
        assertFalse(status.isFinal(base + 20), "only COMMIT decides");
        replay.commit(base + 1, new WalRecord.Commit(1, 1, 0, 0, new long[] {base + 40, 3}));
        for (long committed : new long[] {1, 20, 21, 30, 40, 41, 42}) {
            assertTrue(status.isCommitted(base + committed), "base + " + committed);
        }
        for (long open : new long[] {2, 3, 4, 19, 22, 31, 39, 43}) {
            assertFalse(status.isFinal(base + open), "base + " + open);
        }
        replay.children(base + 2, new WalRecord.CommitChildren(new long[] {base + 50, 1}));
        replay.abort(base + 2);
        assertTrue(status.isFinal(base + 2) && !status.isCommitted(base + 2));
        replay.commit(base + 2, new WalRecord.Commit(1, 1, 0, 0, new long[0]));
        assertFalse(status.isFinal(base + 50), "what an ended transaction had named is forgotten");
        assertEquals(2, replay.committed());
        assertEquals(1, replay.aborted());
        assertEquals(2, replay.unfinished());
    }
}
