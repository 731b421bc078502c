package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each kind of damage has an error of its own, and refusing changes no byte on disk. */
class RefusalTest {

    private static final String TABLE = "heap-00000002";
    private static final String CATALOG = "heap-00000001";

    private static Map<String, byte[]> clean = new TreeMap<>();
    private static Map<String, byte[]> crashed = new TreeMap<>();
    private static Map<String, byte[]> foreign = new TreeMap<>();

    @BeforeAll
    static void databases() {
        MemoryDisk disk = new MemoryDisk();
        OpenedStore store = open(disk);
        int table = RecoveryTest.fill(store, 60);
        store.checkpointer().checkpoint();
        Xact xact = begin(store);
        for (int i = 60; i < 90; i++) {
            insert(store, xact, table, RecoveryTest.row(i));
        }
        xact.commit(Durability.SYNC);
        crashed = disk.image();
        store.close();
        clean = disk.image();

        MemoryDisk other = new MemoryDisk();
        try (OpenedStore store2 = Recovery.open(
                other,
                StoreFixture.OPTIONS,
                StoreFixture.environment(new StoreFixture.ManualClock(), 4711),
                RecoveryListener.SILENT)) {
            RecoveryTest.fill(store2, 60);
        }
        foreign = other.image();
    }

    private static <E extends EngineFailedException> E refuses(Class<E> kind, Map<String, byte[]> image) {
        MemoryDisk disk = MemoryDisk.of(image);
        EngineFailedException e = assertThrows(EngineFailedException.class, () -> open(disk));
        assertInstanceOf(kind, e);
        assertEquals(0, disk.operations(), "changed on disk: " + disk.events() + " before " + e);
        assertTrue(sameBytes(image, disk.image()));
        assertEquals(0, disk.openFiles(), "left open after " + e);
        disk.forgetEvents();
        assertThrows(kind, () -> open(disk), "refused again, so the lock was given back");
        return kind.cast(e);
    }

    private static boolean sameBytes(Map<String, byte[]> a, Map<String, byte[]> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
    }

    private static Map<String, byte[]> copy(Map<String, byte[]> image) {
        Map<String, byte[]> copy = new TreeMap<>();
        image.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        return copy;
    }

    private static String lastSegment(Map<String, byte[]> image) {
        return image.keySet().stream()
                .filter(name -> name.matches("wal-[0-9a-f]{16}"))
                .max(String::compareTo)
                .orElseThrow();
    }

    private static ControlState control(Map<String, byte[]> image) {
        return RecoveryTest.controlOf(MemoryDisk.of(image));
    }

    @Test
    void bothDatabasesOpenAsTheyAre() {
        for (Map<String, byte[]> image : java.util.List.of(clean, crashed)) {
            try (OpenedStore store = open(MemoryDisk.of(image))) {
                assertEquals(RecoveryTest.expected(90), StoreFixture.rows(store, 2));
            }
        }
    }

    @Test
    void bothControlSlotsDamaged() {
        Map<String, byte[]> image = copy(crashed);
        image.get(ControlFile.NAME)[100] ^= 1;
        image.get(ControlFile.NAME)[ControlFile.SLOT_DISTANCE + 3000] ^= 1;
        refuses(ControlFileException.class, image);
    }

    /** Whichever slot it is, the other one leads to the same state. */
    @Test
    void oneControlSlotDamagedIsNoLoss() {
        for (Map<String, byte[]> whole : java.util.List.of(clean, crashed)) {
            for (int at : new int[] {20, ControlFile.SLOT_DISTANCE + 20}) {
                Map<String, byte[]> image = copy(whole);
                image.get(ControlFile.NAME)[at] ^= 1;
                try (OpenedStore store = open(MemoryDisk.of(image))) {
                    assertEquals(RecoveryTest.expected(90), StoreFixture.rows(store, 2));
                }
            }
        }
    }

    /** The slot that announced the present life is lost, and the other one tells of a clean close before it. */
    @Test
    void theSlotOfThePresentLifeDamagedIsNoLoss() {
        MemoryDisk disk = MemoryDisk.of(clean);
        OpenedStore store = open(disk);
        Xact xact = begin(store);
        insert(store, xact, 2, RecoveryTest.row(90));
        xact.commit(Durability.SYNC);
        Map<String, byte[]> image = disk.image();
        int newest = control(image).sequence() == control(damagedSlot(image, 0)).sequence() ? 1 : 0;
        MemoryDisk left = MemoryDisk.of(damagedSlot(image, newest));
        try (OpenedStore recovered = open(left)) {
            assertEquals(RecoveryTest.expected(91), StoreFixture.rows(recovered, 2));
            assertTrue(!recovered.report().clean());
        }
    }

    private static Map<String, byte[]> damagedSlot(Map<String, byte[]> image, int slot) {
        Map<String, byte[]> damaged = copy(image);
        damaged.get(ControlFile.NAME)[slot * ControlFile.SLOT_DISTANCE + 20] ^= 1;
        return damaged;
    }

    @Test
    void controlFileMissing() {
        Map<String, byte[]> image = copy(clean);
        image.remove(ControlFile.NAME);
        refuses(ControlFileException.class, image);
    }

    @Test
    void newerVersion() {
        Map<String, byte[]> image = copy(clean);
        ByteBuffer slot = ByteBuffer.wrap(image.get(ControlFile.NAME), 0, ControlSlot.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        slot.putShort(ControlSlot.LAYOUT.offset("version"), (short) 2);
        slot.putInt(ControlSlot.LAYOUT.offset("crc"), 0);
        slot.putInt(ControlSlot.LAYOUT.offset("crc"), Crc.of(0, slot.duplicate()));
        refuses(FormatVersionException.class, image);
    }

    @Test
    void foreignLogSegment() {
        for (Map<String, byte[]> whole : java.util.List.of(clean, crashed)) {
            Map<String, byte[]> image = copy(whole);
            image.put(lastSegment(whole), foreign.get(lastSegment(foreign)));
            refuses(ForeignFileException.class, image);
            Map<String, byte[]> beyond = copy(whole);
            beyond.put("wal-00000000000000ff", foreign.get(lastSegment(foreign)));
            refuses(ForeignFileException.class, beyond);
        }
    }

    @Test
    void foreignDataFile() {
        Map<String, byte[]> image = copy(clean);
        image.put(TABLE, foreign.get(TABLE));
        refuses(ForeignFileException.class, image);
    }

    @Test
    void logSegmentMissing() {
        for (Map<String, byte[]> whole : java.util.List.of(clean, crashed)) {
            Map<String, byte[]> image = copy(whole);
            image.remove(String.format("wal-%016x", control(whole).redoPoint() / (16 << 10)));
            refuses(LogCorruptException.class, image);
        }
    }

    /** The log must reach the last checkpoint's end, or exactly the end of a clean close. */
    @Test
    void logDamagedBeforeWhatWasDurable() {
        for (Map<String, byte[]> whole : java.util.List.of(clean, crashed)) {
            long redoPoint = control(whole).redoPoint();
            Map<String, byte[]> image = copy(whole);
            byte[] segment = image.get(String.format("wal-%016x", redoPoint / (16 << 10)));
            segment[(int) (redoPoint % (16 << 10)) + 30] ^= 4;
            refuses(LogCorruptException.class, image);
        }
    }

    /** I7: acknowledged commits behind a damaged record are not given up silently. */
    @Test
    void logDamagedBetweenTheCheckpointAndALaterMark() {
        MemoryDisk disk = MemoryDisk.of(crashed);
        OpenedStore store = open(disk);
        Xact xact = begin(store);
        insert(store, xact, 2, "a");
        long before = store.wal().insertLsn();
        xact.commit(Durability.SYNC);
        // The next group begins with the mark that tells how far the log was durable.
        Xact next = begin(store);
        insert(store, next, 2, "b");
        next.commit(Durability.SYNC);
        Map<String, byte[]> later = disk.image();
        byte[] damaged = later.get(String.format("wal-%016x", before / (16 << 10)));
        damaged[(int) (before % (16 << 10)) + 10] ^= 4;
        refuses(LogCorruptException.class, later);
    }

    @Test
    void moreLogThanACleanCloseLeft() {
        Map<String, byte[]> image = copy(crashed);
        image.put(ControlFile.NAME, clean.get(ControlFile.NAME));
        refuses(LogCorruptException.class, image);
    }

    @Test
    void catalogPageDamaged() {
        Map<String, byte[]> image = copy(clean);
        image.get(CATALOG)[200] ^= 1;
        var e = refuses(CorruptPageException.class, image);
        assertEquals(1, e.fileId());
        assertEquals(0, e.pageNo());
    }

    @Test
    void headerPageOfATableDamaged() {
        Map<String, byte[]> image = copy(clean);
        image.get(TABLE)[60] ^= 1;
        var e = refuses(CorruptPageException.class, image);
        assertEquals(2, e.fileId());
    }

    @Test
    void headerPageOfATableZero() {
        Map<String, byte[]> image = copy(clean);
        Arrays.fill(image.get(TABLE), 0, 512, (byte) 0);
        refuses(CorruptPageException.class, image);
    }

    @Test
    void dataFileThatTheLogNeedsMissing() {
        Map<String, byte[]> image = copy(crashed);
        image.remove(TABLE);
        refuses(CorruptionException.class, image);
    }

    @Test
    void statusFileMissingOrDamaged() {
        for (Map<String, byte[]> whole : java.util.List.of(clean, crashed)) {
            Map<String, byte[]> image = copy(whole);
            image.remove("status");
            refuses(EngineFailedException.class, image);
            Map<String, byte[]> damaged = copy(whole);
            for (int at = 100; at < damaged.get("status").length; at += 512) {
                damaged.get("status")[at] ^= 1;
            }
            refuses(CorruptionException.class, damaged);
        }
    }

    /** A page that is newer than the log proves that log is gone. */
    @Test
    void pageFromBeyondTheEndOfTheLog() {
        Map<String, byte[]> image = copy(clean);
        ByteBuffer page = ByteBuffer.wrap(image.get(CATALOG), 0, 512).slice().order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(0, control(clean).endLsn() + 8);
        new PageChecks(control(clean).databaseId().seed()).seal(page);
        refuses(LogCorruptException.class, image);
    }

    /** The catalog's pages are all looked at, in use or not yet known to be. */
    @Test
    void pagesOfTheCatalog() {
        MemoryDisk disk = MemoryDisk.of(clean);
        OpenedStore store = open(disk);
        Xact xact = begin(store);
        for (int i = 0; i < 60; i++) {
            insert(store, xact, Recovery.CATALOG_FILE_ID, RecoveryTest.row(i));
        }
        xact.commit(Durability.SYNC);
        int used = store.files().require(Recovery.CATALOG_FILE_ID).usedPages();
        assertTrue(used > 4);
        store.close();
        Map<String, byte[]> closed = disk.image();
        for (int pageNo = 1; pageNo < used; pageNo++) {
            Map<String, byte[]> image = copy(closed);
            image.get(CATALOG)[pageNo * 512 + 200] ^= 1;
            assertEquals(pageNo, refuses(CorruptPageException.class, image).pageNo());
            Map<String, byte[]> zero = copy(closed);
            Arrays.fill(zero.get(CATALOG), pageNo * 512, (pageNo + 1) * 512, (byte) 0);
            assertEquals(pageNo, refuses(CorruptPageException.class, zero).pageNo());
        }
        // Behind the used mark nobody has been.
        Map<String, byte[]> behind = copy(closed);
        byte[] longer = Arrays.copyOf(behind.get(CATALOG), (used + 2) * 512);
        Arrays.fill(longer, used * 512, longer.length, (byte) 0x77);
        behind.put(CATALOG, longer);
        open(MemoryDisk.of(behind)).close();
    }

    /** With the used mark in the log's hands, every page of the catalog's file counts that is not zeros. */
    @Test
    void pagesOfACatalogWhoseHeaderTheLogChanges() {
        MemoryDisk disk = MemoryDisk.of(clean);
        OpenedStore store = open(disk);
        Xact xact = begin(store);
        for (int i = 0; i < 60; i++) {
            insert(store, xact, Recovery.CATALOG_FILE_ID, RecoveryTest.row(i));
        }
        xact.commit(Durability.SYNC);
        store.checkpointer().checkpoint();
        int before = store.files().require(Recovery.CATALOG_FILE_ID).usedPages();
        Xact more = begin(store);
        for (int i = 60; i < 90; i++) {
            insert(store, more, Recovery.CATALOG_FILE_ID, RecoveryTest.row(i));
        }
        more.commit(Durability.SYNC);
        assertTrue(store.files().require(Recovery.CATALOG_FILE_ID).usedPages() > before);
        Map<String, byte[]> left = disk.image();
        open(MemoryDisk.of(left)).close();
        Map<String, byte[]> image = copy(left);
        image.get(CATALOG)[2 * 512 + 200] ^= 1;
        assertEquals(2, refuses(CorruptPageException.class, image).pageNo());
        Map<String, byte[]> beyond = copy(left);
        byte[] longer = Arrays.copyOf(beyond.get(CATALOG), 40 * 512);
        beyond.put(CATALOG, longer);
        open(MemoryDisk.of(beyond)).close();
        longer[39 * 512 + 7] = 1;
        assertEquals(39, refuses(CorruptPageException.class, beyond).pageNo());
    }

    /** Of a table that the log drops nothing is looked at: it may be torn in any way. */
    @Test
    void aTableThatTheLogDropsMayBeDamaged() {
        MemoryDisk disk = MemoryDisk.of(clean);
        OpenedStore store = open(disk);
        store.wal().awaitDurable(store.wal().append(0, new dev.cairn.wal.record.WalRecord.FileDrop(2)));
        Map<String, byte[]> image = disk.image();
        image.get(TABLE)[60] ^= 1;
        MemoryDisk left = MemoryDisk.of(image);
        open(left).close();
        assertTrue(!left.list().contains(TABLE));
    }

    /** A header page that the log brings along is not looked at either. */
    @Test
    void aHeaderThatTheLogReplacesMayBeDamaged() {
        MemoryDisk disk = MemoryDisk.of(clean);
        OpenedStore store = open(disk);
        int table = RecoveryTest.fill(store, 10);
        Map<String, byte[]> image = disk.image();
        image.get(String.format("heap-%08x", table))[60] ^= 1;
        try (OpenedStore recovered = open(MemoryDisk.of(image))) {
            assertEquals(RecoveryTest.expected(10), StoreFixture.rows(recovered, table));
        }
    }

    /** A file whose first page is zeros is blank only if all of it is. */
    @Test
    void zerosBeforeSomethingElseAreDamage() {
        for (int at : new int[] {512, 1023, 5 * 512 + 3}) {
            Map<String, byte[]> image = copy(clean);
            byte[] file = new byte[6 * 512];
            file[at] = 1;
            image.put("heap-00000009", file);
            assertEquals(9, refuses(CorruptPageException.class, image).fileId());
        }
        Map<String, byte[]> blank = copy(clean);
        blank.put("heap-00000009", new byte[6 * 512]);
        open(MemoryDisk.of(blank)).close();
    }

    /** The only slot that is left is the creation's: the database was never complete. */
    @Test
    void aControlFileFromBeforeTheEndOfTheCreation() {
        Map<String, byte[]> image = copy(clean);
        ControlState now = control(clean);
        ControlState creating = new ControlState(
                now.databaseId(),
                1,
                ControlState.Phase.CREATING,
                now.pageSize(),
                now.segmentBytes(),
                now.incarnation(),
                now.redoIncarnation(),
                now.redoPoint(),
                now.checkpointEnd(),
                now.endLsn(),
                now.nextXid(),
                now.nextFileId(),
                now.statusDigest(),
                1,
                1);
        byte[] file = image.get(ControlFile.NAME);
        for (int slot = 0; slot < 2; slot++) {
            System.arraycopy(
                    ControlSlot.encode(creating, slot).array(),
                    0,
                    file,
                    slot * ControlFile.SLOT_DISTANCE,
                    ControlSlot.BYTES);
        }
        var e = refuses(ControlFileException.class, image);
        assertTrue(e.getMessage().contains("from before the database was complete"), e.getMessage());
    }
}
