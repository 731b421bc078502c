package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.txn.heap.HeapContext;
import dev.cairn.txn.heap.HeapFiles;
import dev.cairn.txn.overflow.Overflow;
import dev.cairn.txn.overflow.OverflowContext;
import dev.cairn.wal.Durability;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large values over a real log and real recovery: what redo makes, what is given back, and what is not. */
class OverflowTest {

    private static final int PAGE = 512;
    private static final int FILE = 9;
    private static final int CAPACITY = OverflowPage.capacity(PAGE);

    private final MemoryDisk disk = new MemoryDisk();
    private OpenedStore store = StoreFixture.open(disk);
    private Overflow values = values(store);

    private static Overflow values(OpenedStore store) {
        HeapContext heaps = new HeapContext(
                store.cache(), store.files(), store.wal(), store.transactions(), store.environment(), PAGE);
        HeapFiles headers = new HeapFiles(heaps, store.databaseId());
        OverflowContext context = new OverflowContext(
                store.cache(), store.files(), headers, store.wal(), store.transactions(), store.environment());
        return new Overflow(context, FILE, FILE, false);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] noise(int pages) {
        byte[] noise = new byte[pages * CAPACITY];
        new Random(pages).nextBytes(noise);
        return noise;
    }

    private OverflowReference write(int pages) {
        Xact xact = begin(store);
        OverflowReference written = values.write(xact, noise(pages));
        xact.commit(Durability.SYNC);
        return written;
    }

    private void delete(OverflowReference reference) {
        Xact xact = begin(store);
        values.delete(xact, reference);
        xact.commit(Durability.SYNC);
    }

    private int used() {
        return store.cache().usedPages(FILE);
    }

    private static List<byte[]> pages(OpenedStore from) {
        List<byte[]> pages = new ArrayList<>();
        PageBuffer page = PageBuffer.allocate(PAGE);
        for (int pageNo = 0; pageNo < from.cache().usedPages(FILE); pageNo++) {
            from.cache().copy(FILE, pageNo, page);
            byte[] bytes = new byte[PAGE];
            page.get(0, bytes, 0, PAGE);
            Arrays.fill(bytes, 8, 12, (byte) 0); // the checksum is the written page's
            pages.add(bytes);
        }
        return pages;
    }

    /** Redo makes of what is on the disk what the engine has in memory, byte for byte. */
    private void redoes() {
        store.wal().awaitDurable(store.wal().insertLsn());
        List<byte[]> expected = pages(store);
        try (OpenedStore recovered = StoreFixture.open(MemoryDisk.of(disk.image()))) {
            List<byte[]> found = pages(recovered);
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(expected.get(i), found.get(i), "page " + i);
            }
        }
    }

    private void crash() {
        MemoryDisk left = MemoryDisk.of(disk.image());
        store.close();
        store = StoreFixture.open(left);
        values = values(store);
    }

    @Test
    void i10_redoMakesThePagesThatTheEngineHad() {
        OverflowReference kept = write(3);
        redoes();
        store.checkpointer().checkpoint();
        delete(kept); // the first change after a redo point brings an image along
        Xact xact = begin(store);
        values.delete(xact, kept); // the second one does not
        xact.rollback(null);
        redoes();
        OverflowReference later = write(4);
        redoes();
        values.discard(later);
        redoes();
        store.checkpointer().checkpoint();
        write(2);
        redoes();
    }

    private static Consumer<PageBuffer> change(long xid, WalRecord record, int i) {
        return OverflowRedo.change(new LoggedRecord(0, 64, xid, record, new IncarnationId(1, 2), null, null), i);
    }

    /** Whatever was there: the file grows by a page that is nobody's, and its header counts one more. */
    @Test
    void i10_aPageThatTheFileGrowsByIsMadeAnew() {
        WalRecord extend = new WalRecord.OverflowExtend(FILE, 3);
        assertTrue(extend.initialises(0));
        assertFalse(extend.initialises(1));
        assertTrue(new WalRecord.OverflowFree(FILE, 3).initialises(0));
        PageBuffer grown = PageBuffer.allocate(PAGE);
        OverflowPage.init(grown, FILE, 3, 5, new Chunk(1, 0, 0, 10, 10, OverflowPage.PLAIN, new byte[10]));
        change(5, extend, 0).accept(grown);
        assertTrue(OverflowPage.isFree(grown));
        OverflowPage.check(grown);
        PageBuffer header = PageBuffer.allocate(PAGE);
        FileHeaderPage.init(header, FILE, 1, 2, 1, 5);
        change(5, extend, 1).accept(header);
        assertEquals(4, FileHeaderPage.usedPages(header));
    }

    private static PageBuffer freePage() {
        PageBuffer page = PageBuffer.allocate(PAGE);
        OverflowPage.initFree(page, FILE, 3);
        return page;
    }

    /** Records lie as easily as pages do: what a checksum vouches for is judged all the same. */
    @Test
    void recordsThatMakeNoSenseAreRefused() {
        List<Chunk> chunks = List.of(
                new Chunk(1, 0, 0, 10, 11, OverflowPage.PLAIN, new byte[10]),
                new Chunk(1, 0, 0, 10, 9, OverflowPage.PLAIN, new byte[10]),
                new Chunk(1, 0, 0, 10, 10, 2, new byte[10]),
                new Chunk(1, 0, 0, OverflowReference.MAX_LENGTH + 1, 10, OverflowPage.BLOCKS, new byte[10]),
                new Chunk(1, 0, -1, 10, 10, OverflowPage.PLAIN, new byte[10]),
                new Chunk(1, -1, 0, 0, 0, 0, new byte[10]));
        for (Chunk chunk : chunks) {
            WalRecord record = new WalRecord.OverflowWrite(FILE, 3, chunk);
            assertThrows(
                    CorruptPageException.class,
                    () -> change(5, record, 0).accept(PageBuffer.allocate(PAGE)),
                    chunk::toString);
        }
        Chunk sound = new Chunk(1, 0, 0, 10, 10, OverflowPage.PLAIN, new byte[10]);
        WalRecord ofNobody = new WalRecord.OverflowWrite(FILE, 3, sound);
        assertThrows(CorruptPageException.class, () -> change(0, ofNobody, 0).accept(PageBuffer.allocate(PAGE)));
        WalRecord delete = new WalRecord.OverflowDelete(FILE, 3);
        assertThrows(CorruptPageException.class, () -> change(5, delete, 0).accept(freePage()));
        WalRecord other = new WalRecord.HeapFreeze(FILE, 3, new int[0], 0);
        assertFalse(OverflowRedo.isOf(other));
        assertThrows(IllegalArgumentException.class, () -> change(5, other, 0));
    }

    /** Bytes that do not fit onto the page: the log cannot be believed, whatever its checksum says. */
    @Test
    void aChunkLargerThanAPageIsRefusedByRecovery() {
        write(1);
        Chunk large = new Chunk(1, 0, 0, CAPACITY + 1, CAPACITY + 1, OverflowPage.PLAIN, new byte[CAPACITY + 1]);
        store.wal().append(5, new WalRecord.OverflowWrite(FILE, 1, large), freePage());
        store.wal().awaitDurable(store.wal().insertLsn());
        MemoryDisk left = MemoryDisk.of(disk.image());
        LogCorruptException refused = assertThrows(LogCorruptException.class, () -> StoreFixture.open(left));
        assertTrue(String.valueOf(refused.getMessage()).contains("OVERFLOW_WRITE"), refused.getMessage());
    }

    @Test
    void everyKindOfRecordIsKnown() {
        for (WalRecord record : List.of(
                new WalRecord.OverflowExtend(FILE, 3),
                new WalRecord.OverflowWrite(FILE, 3, new Chunk(1, 0, 0, 0, 0, 0, new byte[0])),
                new WalRecord.OverflowDelete(FILE, 3),
                new WalRecord.OverflowFree(FILE, 3))) {
            assertTrue(OverflowRedo.isOf(record), record::toString);
        }
    }

    @Test
    void aValueOfARolledBackTransactionGivesItsPagesBack() {
        write(1);
        Xact xact = begin(store);
        OverflowReference undone = values.write(xact, noise(5));
        xact.rollback(null);
        int before = used();
        OverflowReference later = write(5);
        assertEquals(before, used());
        assertNull(values.readIfThere(undone));
        assertArrayEquals(noise(5), values.read(later));
    }

    @Test
    void aDeletedValueGivesItsPagesBackWhenNobodySeesIt() {
        OverflowReference gone = write(5);
        Xact reader = store.transactions().begin(dev.cairn.txn.IsolationLevel.REPEATABLE_READ, "reader");
        reader.statementSnapshot();
        delete(gone);
        int before = used();
        write(5);
        assertEquals(before + 5, used(), "somebody may still read them");
        assertArrayEquals(noise(5), values.read(gone));
        reader.rollback(null);
        write(5);
        assertEquals(before + 5, used());
        assertNull(values.readIfThere(gone));
        assertThrows(CorruptionException.class, () -> values.read(gone));
    }

    @Test
    void aDeletionThatWasRolledBackGivesNothingBack() {
        OverflowReference kept = write(5);
        Xact xact = begin(store);
        values.delete(xact, kept);
        xact.rollback(null);
        int before = used();
        write(5);
        assertEquals(before + 5, used());
        assertArrayEquals(noise(5), values.read(kept));
    }

    /** What was remembered is gone; the pages themselves tell. */
    @Test
    void afterACrashEveryPageIsLookedAtOnce() {
        OverflowReference kept = write(3);
        Xact xact = begin(store);
        values.write(xact, noise(5));
        delete(write(4));
        store.wal().awaitDurable(store.wal().insertLsn());
        crash();
        int before = used();
        OverflowReference later = write(9);
        assertEquals(before, used());
        assertArrayEquals(noise(9), values.read(later));
        assertArrayEquals(noise(3), values.read(kept));
    }

    /** It is freed from its end, so what a crash leaves begins with the page that says that it is dead. */
    @Test
    void aValueFreedInPartIsFreedAsAWhole() {
        OverflowReference gone = write(4);
        delete(gone);
        int last = gone.firstPage() + 3;
        Frame frame = store.cache().latch(FILE, last);
        frame.markDirty();
        OverflowPage.initFree(frame.page(), FILE, last);
        PageHeader.pageLsn(frame.page(), store.wal().append(0, new WalRecord.OverflowFree(FILE, last), frame.page()));
        store.cache().unlatch(frame);
        store.wal().awaitDurable(store.wal().insertLsn());
        crash();
        int before = used();
        write(4);
        assertEquals(before, used());
    }

    @Test
    void whatIsNoValueIsRefused() {
        OverflowReference value = write(2);
        OverflowReference beyond = new OverflowReference(used(), 5, 1, 10);
        assertThrows(CorruptionException.class, () -> values.read(beyond));
        OverflowReference second = new OverflowReference(value.firstPage() + 1, value.creator(), value.value(), 10);
        Xact xact = begin(store);
        assertThrows(CorruptionException.class, () -> values.delete(xact, second));
        assertThrows(CorruptionException.class, () -> values.delete(xact, beyond));
        xact.rollback(null);
        assertNotNull(values.readIfThere(value));
    }
}
