package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.FileReferees.Claim;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that nobody wants, files that nobody knows, and files that the log drops. */
class OrphanTest {

    private final MemoryDisk disk = new MemoryDisk();

    private static String name(int fileId) {
        return String.format("heap-%08x", fileId);
    }

    @Test
    void aFileWhoseCreatorDidNotCommitIsRemoved() {
        OpenedStore store = open(disk);
        int table = RecoveryTest.fill(store, 5);
        Xact open = begin(store);
        int orphan = createFile(store, open);
        insert(store, open, orphan, "x");
        store.wal().awaitDurable(store.wal().insertLsn());
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            copy.forgetEvents();
            assertEquals(List.of(orphan), recovered.removeOrphans(wanting(table)));
            List<String> done = copy.events();
            int logged = indexOf(done, "wal-");
            assertTrue(logged >= 0 && logged < done.indexOf("delete " + name(orphan)), done.toString());
            assertEquals("syncDirectory", done.get(done.size() - 1));
            assertFalse(copy.list().contains(name(orphan)));
            assertTrue(copy.list().contains(name(table)));
            assertEquals(List.of(), recovered.removeOrphans(wanting(table)));
            assertTrue(recovered.fileIds().next() > orphan, "I6: its id is not used again");
        }
    }

    private static FileReferees wanting(int table) {
        return id -> id == table || id == Recovery.CATALOG_FILE_ID ? Claim.WANTED : Claim.UNNAMED;
    }

    private static int indexOf(List<String> done, String part) {
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }

    /** The records of a dropped file are passed over, whether its unlinking was reached or not. */
    @Test
    void redoPassesOverDroppedFiles() {
        OpenedStore store = open(disk);
        int kept = RecoveryTest.fill(store, 5);
        int dropped = RecoveryTest.fill(store, 50);
        byte[] early = disk.image().get(name(dropped));
        store.cache().writeBackDirty(store.wal().insertLsn());
        byte[] late = disk.image().get(name(dropped));
        store.removeOrphans(id -> id == dropped ? Claim.DROPPED : Claim.WANTED);
        Xact later = begin(store);
        insert(store, later, kept, "later");
        later.commit(Durability.SYNC);
        List<String> all = new ArrayList<>(RecoveryTest.expected(5));
        all.add("later");
        assertFalse(disk.list().contains(name(dropped)));
        for (byte[] left : Arrays.asList(null, new byte[0], early, late)) {
            Map<String, byte[]> image = disk.image();
            if (left != null) {
                image.put(name(dropped), left);
            }
            MemoryDisk copy = MemoryDisk.of(image);
            try (OpenedStore recovered = open(copy)) {
                assertEquals(all, StoreFixture.rows(recovered, kept));
                assertFalse(copy.list().contains(name(dropped)));
                assertTrue(recovered.fileIds().next() > dropped);
            }
        }
    }

    /** A file that was made and of which nothing was logged any more: zeros, if anything. */
    @Test
    void aBlankFileIsAnOrphanAndItsIdIsNotUsedAgain() {
        OpenedStore store = open(disk);
        int table = RecoveryTest.fill(store, 5);
        for (int size : new int[] {0, 512, 2048}) {
            Map<String, byte[]> image = disk.image();
            image.put(name(table + 1), new byte[size]);
            MemoryDisk copy = MemoryDisk.of(image);
            try (OpenedStore recovered = open(copy)) {
                assertEquals(table + 2, recovered.fileIds().next());
                assertTrue(recovered.isBlank(table + 1));
                assertFalse(recovered.isBlank(table));
                assertEquals(List.of(table + 1), recovered.removeOrphans(wanting(table)));
                assertFalse(copy.list().contains(name(table + 1)));
            }
        }
    }

    /** Ids that only the directory knows: those below the next one change nothing, the last of all leaves none. */
    @Test
    void anIdThatAFileHasIsGivenOutNoMore() {
        FileIdAllocator ids = new FileIdAllocator(10);
        ids.use(3);
        assertEquals(10, ids.next());
        ids.use(9);
        assertEquals(10, ids.next());
        ids.use(10);
        assertEquals(11, ids.next());
        ids.use(20);
        assertEquals(21, ids.allocate());
        ids.use(Integer.MAX_VALUE - 1);
        assertEquals(Integer.MAX_VALUE, ids.next());
        ids.use(Integer.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, ids.next());
        assertThrows(IllegalStateException.class, ids::allocate);
    }

    /** What a process left that died while it sorted is no stranger's, and of no use. */
    @Test
    void temporaryFilesAreRemoved() {
        open(disk).close();
        Map<String, byte[]> image = disk.image();
        image.put("sort-0000002a-1", new byte[] {1});
        image.put(LiveFigures.FILE_NAME, new byte[] {2});
        MemoryDisk copy = MemoryDisk.of(image);
        try (OpenedStore store = open(copy)) {
            assertEquals(List.of(), store.report().unknownFiles());
        }
        assertFalse(copy.list().contains("sort-0000002a-1"));
    }

    @Test
    void unknownFilesAreReportedAndLeftAlone() {
        open(disk).close();
        Map<String, byte[]> image = disk.image();
        image.put("notes.txt", new byte[] {1, 2, 3});
        image.put("heap-1", new byte[] {4});
        image.put("wal-notes", new byte[] {5});
        image.put(ControlFile.NEW_NAME, new byte[] {7});
        MemoryDisk copy = MemoryDisk.of(image);
        try (OpenedStore store = open(copy)) {
            assertEquals(
                    List.of("heap-1", "notes.txt", "wal-notes"), store.report().unknownFiles());
            assertEquals(List.of(), store.removeOrphans(id -> Claim.UNNAMED));
        }
        for (String unknown : List.of("notes.txt", "heap-1", "wal-notes")) {
            assertEquals(image.get(unknown).length, copy.image().get(unknown).length);
        }
        assertFalse(copy.list().contains(ControlFile.NEW_NAME));
    }

    @Test
    void strangersDoNotKeepADatabaseFromBeingMade() {
        MemoryDisk strange = MemoryDisk.of(Map.of("README", new byte[] {1}));
        try (OpenedStore store = open(strange)) {
            assertEquals(List.of("README"), store.report().unknownFiles());
        }
        assertTrue(strange.list().contains("README"));
    }

    /** Without proof that it is nobody's, a file stays: the catalog may be what is damaged. */
    @Test
    void aCommittedFileThatNoRowNamesStays() {
        int table;
        try (OpenedStore store = open(disk)) {
            table = RecoveryTest.fill(store, 5);
        }
        try (OpenedStore store = open(disk)) {
            assertEquals(List.of(), store.removeOrphans(wanting(0)));
            assertEquals(RecoveryTest.expected(5), StoreFixture.rows(store, table));
        }
    }
}
