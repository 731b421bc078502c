package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static dev.cairn.recovery.StoreFixture.delete;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.open;
import static dev.cairn.recovery.StoreFixture.rows;
import static dev.cairn.recovery.StoreFixture.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Opening after a clean close and after a crash, over a disk that keeps whatever was written. */
class RecoveryTest {

    private final MemoryDisk disk = new MemoryDisk();

    @Test
    void aNewDatabaseHasAnEmptyCatalogFile() {
        try (OpenedStore store = open(disk)) {
            assertTrue(store.report().created());
            assertEquals(List.of(), rows(store, Recovery.CATALOG_FILE_ID));
            assertEquals(Recovery.CATALOG_FILE_ID + 1, store.fileIds().next());
        }
        assertEquals(
                List.of("control", "heap-00000001", "status"),
                disk.list().stream().filter(name -> !name.startsWith("wal-")).toList());
    }

    @Test
    void opensAfterACleanCloseWithoutReplaying() {
        int table;
        try (OpenedStore store = open(disk)) {
            table = fill(store, 40);
        }
        try (OpenedStore store = open(disk)) {
            assertTrue(store.report().clean());
            assertFalse(store.report().created());
            assertEquals(0, store.report().records());
            assertEquals(expected(40), rows(store, table));
        }
    }

    @Test
    void i7_acrashKeepsWhatWasCommittedAndNothingElse() {
        OpenedStore store = open(disk);
        int table = fill(store, 40);
        Xact open = begin(store);
        insert(store, open, table, "in flight");
        Xact partly = begin(store);
        insert(store, partly, table, "kept");
        partly.savepoint("a");
        insert(store, partly, table, "rolled back");
        partly.rollbackTo("a");
        insert(store, partly, table, "kept too");
        partly.savepoint("b");
        insert(store, partly, table, "released");
        partly.release("b");
        partly.commit(Durability.SYNC);
        Xact undone = begin(store);
        insert(store, undone, table, "undone");
        undone.rollback(null);
        store.wal().awaitDurable(store.wal().insertLsn());

        List<String> all = new ArrayList<>(expected(40));
        all.addAll(List.of("kept", "kept too", "released"));
        try (OpenedStore recovered = open(MemoryDisk.of(disk.image()))) {
            RecoveryReport report = recovered.report();
            assertFalse(report.clean());
            assertEquals(all, rows(recovered, table));
            assertEquals(1, report.unfinished());
            assertEquals(1, report.aborted());
            assertTrue(report.committed() >= 2, report.toString());
            assertTrue(report.bytes() > 0 && report.records() > 0, report.toString());
            assertEquals(report.endLsn(), recovered.transactions().publishLsn());
        }
    }

    /** Open at the checkpoint, ended before or after the crash: the list of the begin record alone decides nothing. */
    @Test
    void i7_transactionsAcrossACheckpoint() {
        OpenedStore store = open(disk);
        int table = fill(store, 3);
        Xact commits = begin(store);
        insert(store, commits, table, "commits");
        Xact stays = begin(store);
        insert(store, stays, table, "stays open");
        store.checkpointer().checkpoint();
        insert(store, commits, table, "later");
        commits.commit(Durability.SYNC);
        List<String> all = new ArrayList<>(expected(3));
        all.addAll(List.of("commits", "later"));
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            assertEquals(all, rows(recovered, table));
            assertEquals(1, recovered.report().unfinished());
        }
        try (OpenedStore again = open(copy)) {
            assertTrue(again.report().clean());
            assertEquals(all, rows(again, table));
        }
    }

    @Test
    void i6_noIdIsUsedTwiceAfterACrash() {
        OpenedStore store = open(disk);
        int table = fill(store, 3);
        Xact open = begin(store);
        insert(store, open, table, "x");
        open.savepoint("s");
        insert(store, open, table, "y");
        long highest = open.currentXid();
        int secondFile = createFile(store, open);
        store.wal().awaitDurable(store.wal().insertLsn());
        long life = controlOf(disk).incarnation().counter();
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore recovered = open(copy)) {
            assertTrue(begin(recovered).currentXid() > highest);
            assertEquals(secondFile + 1, recovered.fileIds().next());
            assertTrue(controlOf(copy).incarnation().counter() > life);
        }
    }

    @Test
    void createdFilesAreMadeAnewAndGrowthThatWasLostComesBack() {
        OpenedStore store = open(disk);
        int table = fill(store, 60);
        Map<String, byte[]> image = disk.image();
        String name = String.format("heap-%08x", table);
        for (int size : new int[] {-1, 0, 100, 512, 513, 2048}) {
            if (size < 0) {
                image.remove(name);
            } else {
                image.put(name, Arrays.copyOf(disk.image().get(name), size));
            }
            try (OpenedStore recovered = open(MemoryDisk.of(image))) {
                assertEquals(expected(60), rows(recovered, table), "size " + size);
            }
        }
    }

    /** Torn pages after the redo point have images in the log. */
    @Test
    void tornPagesAreRestored() {
        OpenedStore store = open(disk);
        int table = fill(store, 60);
        store.checkpointer().checkpoint();
        Xact xact = begin(store);
        for (int i = 60; i < 80; i++) {
            insert(store, xact, table, row(i));
        }
        xact.commit(Durability.SYNC);
        long redoPoint = controlOf(disk).redoPoint();
        store.cache().writeBackDirty(store.wal().insertLsn());
        Map<String, byte[]> image = disk.image();
        byte[] heap = image.get(String.format("heap-%08x", table));
        int torn = 0;
        for (int at = 0; at < heap.length; at += 512) {
            long pageLsn = java.nio.ByteBuffer.wrap(heap, at, 8)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (pageLsn > redoPoint) {
                Arrays.fill(heap, at + 256, at + 512, (byte) 0x5A);
                torn++;
            }
        }
        assertTrue(torn > 2, "pages torn: " + torn);
        try (OpenedStore recovered = open(MemoryDisk.of(image))) {
            assertEquals(expected(80), rows(recovered, table));
        }
    }

    @Test
    void i10_recoveringTwiceIsRecoveringOnce() {
        OpenedStore store = open(disk);
        int table = fill(store, 50);
        store.checkpointer().checkpoint();
        Xact xact = begin(store);
        for (int i = 50; i < 90; i++) {
            insert(store, xact, table, row(i));
        }
        xact.commit(Durability.SYNC);
        Map<String, byte[]> crashed = disk.image();
        MemoryDisk once = MemoryDisk.of(crashed);
        open(once).close();
        long changes = once.operations();
        String name = String.format("heap-%08x", table);
        byte[] expected = once.image().get(name);
        for (long at = 0; at < changes; at++) {
            MemoryDisk dying = MemoryDisk.of(crashed);
            dying.failFrom(at);
            assertThrows(EngineFailedException.class, () -> open(dying).close());
            MemoryDisk twice = MemoryDisk.of(dying.image());
            try (OpenedStore recovered = open(twice)) {
                assertEquals(expected(90), rows(recovered, table), "died before change " + at);
            }
            byte[] found = twice.image().get(name);
            int length = Math.min(expected.length, found.length);
            assertEquals(
                    -1,
                    Arrays.mismatch(Arrays.copyOf(expected, length), Arrays.copyOf(found, length)),
                    "died before change " + at);
        }
    }

    /**
     * After a failed sync the kernel may show what the disk does not have: the log that is trusted is on disk before any page
     * is, and pages go there again even if they look up to date.
     */
    @Test
    void i1_whatIsTrustedIsWrittenAgain() {
        OpenedStore store = open(disk);
        int table = fill(store, 3);
        store.checkpointer().checkpoint();
        Xact xact = begin(store);
        for (int i = 3; i < 40; i++) {
            insert(store, xact, table, row(i));
        }
        xact.commit(Durability.WRITE);
        store.cache().writeBackDirty(store.wal().insertLsn());
        String heap = String.format("heap-%08x", table);
        int used = store.files().require(table).usedPages();
        assertTrue(used > 3, "pages: " + used);
        MemoryDisk copy = MemoryDisk.of(disk.image());
        OpenedStore recovered = open(copy);
        List<String> done = copy.events();
        recovered.close();
        assertTrue(done.get(0).startsWith("through control "), "the new life first (I6): " + done);
        int log = firstOf(done, "wal-");
        assertEquals(1, log, "then the tail of the log, before anything else is done with the log: " + done);
        int page = firstOf(done, "write " + heap);
        assertTrue(log < page, "the log before any page: " + done);
        assertTrue(firstOf(done, "sync " + heap) > page, done.toString());
        assertTrue(
                done.stream()
                                .filter(event -> event.startsWith("write " + heap + " "))
                                .count()
                        >= used,
                "every page that redo meets, " + used + ": " + done);
    }

    private static int firstOf(List<String> done, String part) {
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError("no " + part + " in " + done);
    }

    /** I2, I7: a crash before each change that a workload makes, from the first on. */
    @Test
    void i7_aCrashBeforeEachChange() {
        long changes = workload(disk, new ArrayList<>());
        for (long at = 0; at < changes; at++) {
            MemoryDisk dying = new MemoryDisk();
            dying.failFrom(at);
            List<String> acknowledged = new ArrayList<>();
            assertThrows(EngineFailedException.class, () -> workload(dying, acknowledged));
            MemoryDisk left = MemoryDisk.of(dying.image());
            try (OpenedStore recovered = open(left)) {
                int table = StoreFixture.firstTable(left, recovered);
                List<String> found = table == 0 ? List.of() : rows(recovered, table);
                assertTrue(
                        isPrefixByTransaction(acknowledged, found),
                        "died before change " + at + ": acknowledged " + acknowledged + ", found " + found);
            }
        }
    }

    /** Transactions of three rows, one of which is deleted and one replaced; a checkpoint between; closed at the end. */
    private static long workload(MemoryDisk target, List<String> acknowledged) {
        try (OpenedStore store = open(target)) {
            Xact first = begin(store);
            int table = createFile(store, first);
            first.commit(Durability.SYNC);
            for (int i = 0; i < 8; i++) {
                Xact xact = begin(store);
                long kept = insert(store, xact, table, "kept " + i);
                long gone = insert(store, xact, table, "gone " + i);
                xact.savepoint("s");
                insert(store, xact, table, "never " + i);
                xact.rollbackTo("s");
                delete(store, xact, table, gone);
                update(store, xact, table, kept, "last " + i);
                xact.commit(Durability.SYNC);
                acknowledged.add("last " + i);
                if (i == 3) {
                    store.checkpointer().checkpoint();
                }
            }
        }
        return target.operations();
    }

    /** All that was acknowledged is there, and at most the one transaction in flight besides. */
    private static boolean isPrefixByTransaction(List<String> acknowledged, List<String> found) {
        List<String> next = new ArrayList<>(acknowledged);
        next.add("last " + acknowledged.size());
        return found.equals(acknowledged) || found.equals(next);
    }

    @Test
    void anInterruptedCreationStartsOver() {
        MemoryDisk whole = new MemoryDisk();
        OpenedStore created = open(whole);
        long changes = whole.operations();
        created.close();
        for (long at = 0; at < changes; at++) {
            MemoryDisk dying = new MemoryDisk();
            dying.failFrom(at);
            assertThrows(EngineFailedException.class, () -> open(dying));
            MemoryDisk left = MemoryDisk.of(dying.image());
            try (OpenedStore store = open(left)) {
                assertEquals(3, fillAndCount(store), "died before change " + at);
            }
            try (OpenedStore store = open(left)) {
                assertTrue(store.report().clean());
            }
        }
    }

    @Test
    void openingTwiceIsRefused() {
        OpenedStore store = open(disk);
        assertThrows(DirectoryInUseException.class, () -> open(disk));
        store.close();
        open(disk).close();
    }

    @Test
    void anEmptyDirectoryIsRefusedIfNothingIsToBeMade() {
        StoreOptions options = StoreFixture.options(32 * 512, 256L << 20, false);
        var e = assertThrows(
                EngineFailedException.class,
                () -> Recovery.open(disk, options, StoreFixture.environment(), RecoveryListener.SILENT));
        assertTrue(e.getMessage().contains("no database"), e.getMessage());
        assertEquals(0, disk.operations());
        open(disk).close();
    }

    @Test
    void anExistingDatabaseKeepsItsSizes() {
        open(disk).close();
        StoreOptions other = StoreFixture.OPTIONS.of(4096, 32 << 10);
        try (OpenedStore store = Recovery.open(disk, other, StoreFixture.environment(), RecoveryListener.SILENT)) {
            assertEquals(512, store.options().pageSize());
            assertEquals(16 << 10, store.options().segmentBytes());
        }
    }

    @Test
    void closingWithAnOpenTransactionIsNotClean() {
        OpenedStore store = open(disk);
        int table = fill(store, 3);
        Xact left = begin(store);
        insert(store, left, table, "left open");
        store.close();
        try (OpenedStore recovered = open(disk)) {
            assertFalse(recovered.report().clean());
            assertEquals(expected(3), rows(recovered, table));
        }
    }

    @Test
    void theListenerHearsEachPhaseInOrder() {
        OpenedStore store = open(disk);
        fill(store, 40);
        List<RecoveryListener.Progress> heard = new ArrayList<>();
        MemoryDisk copy = MemoryDisk.of(disk.image());
        Recovery.open(copy, StoreFixture.OPTIONS, StoreFixture.environment(), heard::add)
                .close();
        List<RecoveryPhase> phases =
                heard.stream().map(RecoveryListener.Progress::phase).distinct().toList();
        assertEquals(
                List.of(
                        RecoveryPhase.SCAN,
                        RecoveryPhase.REWRITE,
                        RecoveryPhase.REDO,
                        RecoveryPhase.CHECKPOINT,
                        RecoveryPhase.OPEN),
                phases);
        RecoveryListener.Progress redone = heard.stream()
                .filter(p -> p.phase() == RecoveryPhase.REDO)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertEquals(100, redone.percent());
        assertTrue(redone.bytesTotal() > 0);
    }

    static String row(int i) {
        return "row number " + i;
    }

    static List<String> expected(int rows) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(row(i));
        }
        return all;
    }

    /** A table with that many committed rows, a third of them in transactions of their own. */
    static int fill(OpenedStore store, int rows) {
        Xact xact = begin(store);
        int table = createFile(store, xact);
        for (int i = 0; i < rows; i++) {
            insert(store, xact, table, row(i));
            if (i % 3 == 2) {
                xact.commit(Durability.SYNC);
                xact = begin(store);
            }
        }
        xact.commit(Durability.SYNC);
        return table;
    }

    private static int fillAndCount(OpenedStore store) {
        return rows(store, fill(store, 3)).size();
    }

    static ControlState controlOf(MemoryDisk disk) {
        try (ControlFile file = ControlFile.open(MemoryDisk.of(disk.image()))) {
            return file.current();
        }
    }
}
