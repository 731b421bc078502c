package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageCacheTest {
    private static final int FILE = CacheFixture.FILE;
    private static final int SIZE = 512;
    private static final int PAGES = 100;
    private static final String NAME = FileTable.fileName(FILE);

    private final MemoryDisk disk = new MemoryDisk();
    private CacheFixture db = new CacheFixture(disk, SIZE, 16, PageSource.READ);

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768})
    void pagesSurviveEvictionAndReopening(int pageSize) {
        db = new CacheFixture(disk, pageSize, 16, PageSource.READ);
        db.createFile(PAGES);
        for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
            db.restamp(pageNo, pageNo * 1000L);
        }
        assertEquals(16, db.cache.statistics().frames());
        assertTrue(db.cache.statistics().evictions() >= PAGES - 16);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.READ);
        for (int pageNo = PAGES; pageNo > 0; pageNo--) {
            assertEquals(pageNo * 1000L, db.stampOf(pageNo));
        }
        assertEquals(PAGES + 1, db.files.require(FILE).usedPages());
        db = db.reopened(16, PageSource.READ);
        assertEquals(DataFile.UNKNOWN, db.files.require(FILE).usedPages());
        assertEquals(PAGES + 1, db.cache.usedPages(FILE));
    }

    @Test
    void whatIsAskedForAfterTheCloseIsNoDamage() {
        db.createFile(1);
        assertThrows(CorruptionException.class, () -> db.files.require(FILE + 1));
        db.files.close();
        assertThrows(IllegalStateException.class, () -> db.files.require(FILE));
    }

    @Test
    void i1_noPageReachesItsFileBeforeItsLog() {
        List<String> early = new ArrayList<>();
        disk.onWrite((name, offset, bytes) -> {
            long pageLsn = PageHeader.pageLsn(bytes);
            if (pageLsn == 0 || pageLsn > db.durableLsn.get()) {
                early.add(name + " at " + offset + ": " + pageLsn);
            }
        });
        db.createFile(PAGES);
        for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
            db.restamp(pageNo, pageNo);
        }
        db.cache.writeBackDirty(0);
        assertEquals(List.of(), early);
        assertTrue(db.cache.statistics().pagesWritten() > PAGES);
    }

    @Test
    void i1_theBarrierIsAskedForThePagesOwnLsn() {
        db.createFile(3);
        db.cache.writeBackDirty(0);
        db.restamp(1, 7);
        long lsn = db.insertLsn.get();
        db.restamp(2, 7);
        db.durableLsn.set(0);
        disk.onWrite((name, offset, bytes) -> {
            if (offset == SIZE) {
                assertEquals(lsn, db.durableLsn.get());
            }
        });
        db.cache.writeBackDirty(0);
        disk.onWrite((name, offset, bytes) -> {});
    }

    @Test
    void i11_readingChangesNoPage() {
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        long written = db.cache.statistics().pagesWritten();
        for (int round = 0; round < 3; round++) {
            for (int pageNo = 0; pageNo <= PAGES; pageNo++) {
                db.cache.copy(FILE, pageNo, PageBuffer.allocate(SIZE));
                db.cache.find(FILE, pageNo);
                db.cache.unlatch(db.cache.latch(FILE, pageNo));
            }
        }
        db.cache.writeBackDirty(0);
        assertFalse(db.cache.cleanStep());
        assertEquals(written, db.cache.statistics().pagesWritten());
    }

    @ParameterizedTest
    @EnumSource(PageSource.class)
    void i9_aDamagedPageIsATypedErrorEveryTimeAndNobodyElses(PageSource source) {
        disk.allowMapping();
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        db.files.syncAll();
        db = db.reopened(16, source);
        disk.damage(NAME, 50L * SIZE + 77);
        for (int i = 0; i < 3; i++) {
            CorruptPageException e = assertThrows(CorruptPageException.class, () -> db.cache.latch(FILE, 50));
            assertEquals(50, e.pageNo());
            assertThrows(CorruptPageException.class, () -> db.stampOf(50));
            assertThrows(CorruptPageException.class, () -> db.cache.find(FILE, 50));
        }
        assertEquals(0, db.stampOf(51));
        assertFalse(db.health.isFailed());
        disk.damage(NAME, 50L * SIZE + 77);
        assertEquals(0, db.stampOf(50), "no frame was left behind");
    }

    @Test
    void i9_aPageInTheWrongPlaceIsRefused() {
        db.createFile(4);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.READ);
        byte[] bytes = disk.bytes(NAME);
        System.arraycopy(bytes, 2 * SIZE, bytes, 3 * SIZE, SIZE);
        disk.put(NAME, bytes);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> db.stampOf(3));
        assertTrue(e.getMessage().contains("page 2 of file 1"), e.getMessage());
    }

    @Test
    void aFileMustBeginWithItsHeader() {
        db.files.create(FILE);
        Frame frame = db.cache.latchNew(FILE, 0);
        frame.markDirty();
        PageHeader.init(frame.page(), PageKind.HEAP, FILE, 0);
        db.logged(frame);
        db.cache.unlatch(frame);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.READ);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> db.cache.usedPages(FILE));
        assertTrue(e.getMessage().contains("HEAP"), e.getMessage());
    }

    @Test
    void zerosAreLegalOnlyFromTheUsedMarkOn() {
        db.createFile(8);
        db.files.require(FILE).ensureAllocated(20);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.READ);
        byte[] bytes = disk.bytes(NAME);
        Arrays.fill(bytes, 8 * SIZE, 9 * SIZE, (byte) 0);
        disk.put(NAME, bytes);
        assertThrows(CorruptPageException.class, () -> db.cache.latch(FILE, 8));
        Frame frame = db.cache.latch(FILE, 9);
        assertTrue(frame.page().isZero());
        db.cache.unlatch(frame);
        Arrays.fill(bytes, 0, SIZE, (byte) 0);
        disk.put(NAME, bytes);
        db = db.reopened(16, PageSource.READ);
        CorruptPageException e = assertThrows(CorruptPageException.class, () -> db.cache.latch(FILE, 9));
        assertEquals(0, e.pageNo());
    }

    @Test
    void aLostWriteStopsTheEngine() {
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        db.files.syncAll();
        db.restamp(5, 1);
        disk.loseWrites(true);
        db.evict(5, PAGES);
        disk.loseWrites(false);
        EngineFailedException e = assertThrows(EngineFailedException.class, () -> db.stampOf(5));
        assertTrue(e.getMessage().contains("lost"), e.getMessage());
        assertTrue(db.health.isFailed());
        assertThrows(EngineFailedException.class, () -> db.cache.latch(FILE, 77));
    }

    @Test
    void afterTheSyncNothingIsRememberedOfAWrite() {
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        DataFile file = db.files.require(FILE);
        assertNotEquals(0, file.writtenPageLsn(5));
        long syncs = disk.count("sync");
        db.files.syncAll();
        assertEquals(syncs + 2, disk.count("sync"), "the file and the directory that names it");
        assertEquals(0, file.writtenPageLsn(5));
        db.files.syncAll();
        assertEquals(syncs + 2, disk.count("sync"), "untouched files are not synced");
    }

    @Test
    void aFileWithMuchUnsyncedIsSyncedEarly() {
        int pages = DataFile.MOST_UNSYNCED_PAGES + 100;
        db = new CacheFixture(disk, SIZE, 16, PageSource.READ, new GrowthOptions(1 << 20, 64 << 20));
        db.createFile(0);
        for (int pageNo = 1; pageNo <= pages; pageNo++) {
            db.extend(pageNo);
        }
        assertEquals(1, disk.count("sync"));
        assertEquals(0, db.files.require(FILE).writtenPageLsn(1));
        assertNotEquals(0, db.files.require(FILE).writtenPageLsn(pages - 50));
        assertEquals(0, db.stampOf(1));
    }

    /** What closing gives back has to be made again: never more than in proportion to what is used of it. */
    @Test
    void aFileGrowsSlowlyAfterItsOpening() {
        GrowthOptions growth = new GrowthOptions(4 * SIZE, 64L * SIZE);
        db = new CacheFixture(disk, SIZE, 16, PageSource.READ, growth);
        db.createFile(980);
        DataFile file = db.files.require(FILE);
        int grown = file.allocatedPages();
        assertTrue(grown > 990 && grown <= 1_044, "by 64 at most: " + grown);
        file.giveBack();
        int kept = file.usedPages() + 4;
        assertEquals(kept, file.allocatedPages());
        assertEquals((long) kept * SIZE, disk.bytes(file.name()).length);
        file.giveBack();
        assertEquals(kept, file.allocatedPages());
        db.files.close();
        file = new CacheFixture(disk, SIZE, 16, PageSource.READ, growth).files.open(FILE);
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            int before = file.allocatedPages();
            file.ensureAllocated(before + 1);
            steps.add(file.allocatedPages() - before);
        }
        assertEquals(List.of(4, 4, 8, 16, 32, 64, 64), steps);
        file.giveBack();
        assertEquals(kept + 192, file.allocatedPages(), "whose used mark nobody has looked at is left alone");
    }

    @Test
    void aFailedWriteOrSyncStopsTheEngine() {
        db.createFile(PAGES);
        disk.failSyncs();
        db.cache.writeBackDirty(0);
        assertThrows(EngineFailedException.class, () -> db.files.syncAll());
        assertTrue(db.health.isFailed());
        disk.heal();
        assertThrows(EngineFailedException.class, () -> db.files.syncAll(), "a sync is not tried again");

        MemoryDisk other = new MemoryDisk();
        CacheFixture second = new CacheFixture(other, SIZE, 16, PageSource.READ);
        second.createFile(4);
        other.failFrom(other.operations());
        assertThrows(EngineFailedException.class, () -> second.cache.writeBackDirty(0));
        assertTrue(second.health.isFailed());
        assertFalse(second.cache.cleanStep());
    }

    @Test
    void aFullDiskChangesNothing() {
        db.createFile(3);
        DataFile file = db.files.require(FILE);
        int allocated = file.allocatedPages();
        disk.limitSpace(SIZE);
        file.ensureAllocated(allocated + 1);
        assertEquals(allocated + 1, file.allocatedPages(), "what was asked for, if there is no space for more");
        assertThrows(DiskFullException.class, () -> file.ensureAllocated(allocated + 2));
        assertThrows(DiskFullException.class, () -> db.cache.latchNew(FILE, allocated + 1));
        assertEquals(allocated + 1, file.allocatedPages());
        assertFalse(db.health.isFailed());
        db.restamp(3, 9);
        assertEquals(9, db.stampOf(3));
    }

    @Test
    void growthIsAnEighthWithinItsBounds() {
        GrowthOptions growth = new GrowthOptions(4L * SIZE, 10L * SIZE);
        db = new CacheFixture(disk, SIZE, 16, PageSource.READ, growth);
        db.createFile(0);
        DataFile file = db.files.require(FILE);
        assertEquals(4, file.allocatedPages());
        file.ensureAllocated(40);
        assertEquals(40, file.allocatedPages(), "never less than was asked for");
        file.ensureAllocated(41);
        assertEquals(45, file.allocatedPages());
        file.ensureAllocated(800);
        file.ensureAllocated(801);
        assertEquals(810, file.allocatedPages());
        assertEquals(810L * SIZE, disk.bytes(NAME).length);
    }

    @Test
    void redoGetsWhatIsThereOrZeros() {
        db.createFile(8);
        db.restamp(4, 44);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.READ);
        disk.damage(NAME, 5L * SIZE + 100);

        Frame good = db.cache.latchForRedo(FILE, 4);
        assertTrue(good.intact());
        assertEquals(44, CacheFixture.stampOf(good.page()));
        db.cache.unlatch(good);

        Frame torn = db.cache.latchForRedo(FILE, 5);
        assertFalse(torn.intact());
        assertTrue(torn.page().isZero());
        db.cache.unlatch(torn);
        assertThrows(CorruptPageException.class, () -> db.stampOf(5), "what redo left alone is as it was");

        int beyond = 10_000;
        Frame missing = db.cache.latchForRedo(FILE, beyond);
        assertFalse(missing.intact());
        assertTrue(db.files.require(FILE).allocatedPages() > beyond);
        missing.markDirty();
        assertTrue(missing.intact());
        PageHeader.init(missing.page(), PageKind.HEAP, FILE, beyond);
        db.cache.unlatch(missing);
        Frame again = db.cache.latchForRedo(FILE, beyond);
        assertTrue(again.intact());
        db.cache.unlatch(again);
    }

    /** Redo may restore an older image over a newer page that a former life had written. */
    @Test
    void redoMayTakeAPageBackWithoutItBeingTakenForALostWrite() {
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        db.evict(5, PAGES);
        Frame frame = db.cache.latchNew(FILE, 5);
        frame.markDirty();
        PageHeader.init(frame.page(), PageKind.HEAP, FILE, 5);
        PageHeader.pageLsn(frame.page(), 1);
        db.cache.unlatch(frame);
        db.evict(5, PAGES);
        assertEquals(0, db.stampOf(5));
    }

    @Test
    void redoToo_doesNotTakeALostWriteForATornPage() {
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        db.evict(5, PAGES);
        disk.damage(NAME, 5L * SIZE + 100);
        assertThrows(CorruptPageException.class, () -> db.cache.latchForRedo(FILE, 5));
    }

    @Test
    void aNewPageThatIsNotMarkedDirtyIsForgotten() {
        db.createFile(4);
        db.restamp(2, 22);
        db.cache.writeBackDirty(0);
        Frame frame = db.cache.latchNew(FILE, 2);
        assertTrue(frame.page().isZero());
        db.cache.unlatch(frame);
        assertEquals(22, db.stampOf(2));
        assertFalse(db.health.isFailed());

        db.restamp(2, 23);
        Frame changed = db.cache.latchNew(FILE, 2);
        assertThrows(EngineFailedException.class, () -> db.cache.unlatch(changed), "changes would have been lost");
        assertTrue(db.health.isFailed());
    }

    @Test
    void anOptimisticReadFailsAfterAnyChange() {
        db.createFile(PAGES);
        Frame frame = db.cache.find(FILE, 3);
        long begun = frame.beginRead();
        assertTrue(frame.validate(begun, FILE, 3));
        assertFalse(frame.validate(begun, FILE, 4));
        db.restamp(3, 1);
        assertFalse(frame.validate(begun, FILE, 3));
        begun = frame.beginRead();
        db.evict(3, PAGES);
        assertFalse(frame.validate(begun, FILE, 3));
        Frame latched = db.cache.latch(FILE, 3);
        assertEquals(Frame.LATCHED, latched.beginRead());
        db.cache.unlatch(latched);
        assertThrows(IllegalStateException.class, () -> db.cache.unlatch(latched));
        assertThrows(IllegalStateException.class, latched::markDirty);
    }

    @Test
    void forgettingDiscardsChangesAndDroppingUnlinks() {
        db.createFile(4);
        db.cache.writeBackDirty(0);
        db.restamp(2, 1);
        long written = db.cache.statistics().pagesWritten();
        db.cache.forget(FILE);
        db.cache.writeBackDirty(0);
        assertEquals(written, db.cache.statistics().pagesWritten());
        assertTrue(db.files.exists(FILE));
        DataFile file = db.files.require(FILE);
        db.files.drop(FILE);
        assertFalse(db.files.exists(FILE));
        assertEquals(List.of(), disk.list());
        assertDoesNotThrow(file::sync, "a checkpoint may still hold it");
        assertThrows(CorruptionException.class, () -> db.cache.latch(FILE, 2));
    }

    @Test
    void aCheckedPageFromAMappingCostsNoRead() {
        disk.allowMapping();
        db.createFile(PAGES);
        db.cache.writeBackDirty(0);
        db = db.reopened(16, PageSource.MAP);
        for (int pageNo = 1; pageNo <= PAGES; pageNo++) {
            db.stampOf(pageNo);
        }
        assertEquals(0, disk.reads());
        assertEquals(1, disk.maps());
        for (int pageNo = PAGES + 1; pageNo <= 3 * PAGES; pageNo++) {
            db.extend(pageNo);
        }
        db.evict(2 * PAGES, PAGES);
        db.stampOf(2 * PAGES);
        assertEquals(2, disk.maps(), "mapped anew, longer");
        disk.failMappedCopies();
        db.evict(7, PAGES);
        db.stampOf(7);
        assertTrue(disk.reads() > 0);
        assertTrue(db.cache.statistics().pagesReadAgain() > 0);
        assertFalse(db.health.isFailed());
    }

    @Test
    void theBackgroundWriterCleansAheadOfTheHand() {
        db.createFile(PAGES);
        while (db.cache.cleanStep()) {
            assertFalse(db.health.isFailed());
        }
        long written = db.cache.statistics().pagesWritten();
        db.stampOf(1);
        db.stampOf(2);
        assertEquals(written, db.cache.statistics().pagesWritten(), "the evicted pages were clean");
    }

    @Test
    void fileNamesAndIdsAgree() {
        assertEquals("heap-00000001", FileTable.fileName(1));
        assertEquals(0x7fffffff, FileTable.fileIdOf("heap-7fffffff"));
        for (String name : List.of("heap-80000000", "heap-1", "heap-0000000G", "wal-00000001", "heap-00000001.tmp")) {
            assertEquals(-1, FileTable.fileIdOf(name), name);
        }
        db.files.create(0x7fffffff);
        db.files.create(5000);
        assertEquals(2, db.files.all().size());
        assertThrows(IllegalStateException.class, () -> db.files.create(5000));
        assertThrows(IllegalArgumentException.class, () -> db.files.create(0));
        assertThrows(CorruptPageException.class, () -> db.cache.copy(5000, -1, PageBuffer.allocate(SIZE)));
    }

    @Test
    void whatIsOnDiskIsSealedWithTheDatabasesSeed() {
        db.createFile(2);
        db.restamp(1, 3);
        db.cache.writeBackDirty(0);
        ByteBuffer page = ByteBuffer.wrap(disk.bytes(NAME), SIZE, SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
        new PageChecks(CacheFixture.SEED).verify(page, FILE, 1);
        ByteBuffer header = ByteBuffer.wrap(disk.bytes(NAME), 0, SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
        new PageChecks(CacheFixture.SEED).verify(header, FILE, 0);
        PageBuffer copy = PageBuffer.allocate(SIZE);
        copy.readFrom(header);
        assertEquals(3, FileHeaderPage.usedPages(copy));
    }
}
