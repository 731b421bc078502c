package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static dev.cairn.recovery.StoreFixture.insert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.FileReferees.Claim;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** An open store's own work: background, orphans, closing. */
class OpenedStoreTest {

    private final MemoryDisk disk = new MemoryDisk();
    private final StoreFixture.ManualClock clock = new StoreFixture.ManualClock();
    private final Environment environment = StoreFixture.environment(clock, 7);

    private OpenedStore open() {
        return Recovery.open(disk, StoreFixture.OPTIONS, environment, RecoveryListener.SILENT);
    }

    @Test
    void theEnvironmentIsTheOneGiven() {
        try (OpenedStore store = open()) {
            assertSame(environment, store.environment());
        }
    }

    @Test
    void lazyCommitsAreFlushedInTheBackground() {
        try (OpenedStore store = open()) {
            int table = RecoveryTest.fill(store, 2);
            store.startBackground();
            Xact xact = begin(store);
            insert(store, xact, table, RecoveryTest.row(2));
            xact.commit(Durability.LAZY);
            clock.nanos.addAndGet(StoreFixture.OPTIONS.lazyFlushNanos());
            ((InlineScheduler) environment.scheduler()).runBackground();
            MemoryDisk left = disk.crashLosingAll();
            try (OpenedStore recovered = StoreFixture.open(left)) {
                assertEquals(RecoveryTest.expected(3), StoreFixture.rows(recovered, table));
            }
        }
    }

    /** After the close nothing runs any more, and the control file names the end of the log. */
    @Test
    void closingEndsAllWork() {
        OpenedStore store = open();
        int table = RecoveryTest.fill(store, 5);
        store.startBackground();
        long committed = store.wal().insertLsn();
        store.close();
        assertEquals(0, disk.openFiles());
        ControlState control = RecoveryTest.controlOf(disk);
        assertTrue(control.redoPoint() >= committed, "a checkpoint emptied the cache");
        assertEquals(store.wal().insertLsn(), control.endLsn());
        assertThrows(
                IllegalStateException.class,
                () -> store.wal().append(0, new dev.cairn.wal.record.WalRecord.DurableMark(1)));
        long operations = disk.operations();
        clock.nanos.addAndGet(StoreFixture.OPTIONS.checkpointIntervalNanos() * 3);
        ((InlineScheduler) environment.scheduler()).runBackground();
        store.close();
        assertEquals(operations, disk.operations());
        try (OpenedStore again = open()) {
            assertTrue(again.report().clean());
            assertEquals(RecoveryTest.expected(5), StoreFixture.rows(again, table));
        }
    }

    /** Wherever closing fails: the directory and all files are given back, and the next opening recovers. */
    @Test
    void aCloseThatFailsGivesEverythingBack() {
        int table;
        try (OpenedStore store = open()) {
            table = RecoveryTest.fill(store, 5);
        }
        MemoryDisk whole = MemoryDisk.of(disk.image());
        OpenedStore first = StoreFixture.open(whole);
        long opened = whole.operations();
        first.close();
        for (long at = opened; at < whole.operations(); at++) {
            MemoryDisk failing = MemoryDisk.of(disk.image());
            OpenedStore store = StoreFixture.open(failing);
            failing.failFrom(at);
            assertThrows(EngineFailedException.class, store::close);
            assertEquals(0, failing.openFiles(), "failed at " + at);
            failing.heal();
            try (OpenedStore recovered = StoreFixture.open(failing)) {
                assertEquals(RecoveryTest.expected(5), StoreFixture.rows(recovered, table));
            }
        }
    }

    /** All that a clean close leaves: the log from the redo point on, and files no longer than their pages and the least growth. */
    @Test
    void aCleanCloseGivesBackWhatWasKeptForMore() {
        OpenedStore store = open();
        int table = RecoveryTest.fill(store, 400);
        store.checkpointer().checkpoint();
        RecoveryTest.fill(store, 400);
        store.checkpointer().checkpoint();
        int other = RecoveryTest.fill(store, 400);
        disk.forgetEvents();
        assertTrue(SegmentNames.segments(disk).size() > 2, disk.list().toString());
        store.close();
        assertOnlyNeeded();
        List<String> events = disk.events();
        int marked = -1;
        int deleted = -1;
        for (int i = events.size() - 1; i >= 0; i--) {
            marked = marked < 0 && events.get(i).startsWith("through control") ? i : marked;
            deleted = events.get(i).startsWith("delete wal-") ? i : deleted;
        }
        assertTrue(marked >= 0 && marked < deleted, "the control file says closed before anything goes: " + events);
        for (int i = 0; i < 3; i++) {
            try (OpenedStore again = open()) {
                assertTrue(again.report().clean());
                assertEquals(RecoveryTest.expected(400), StoreFixture.rows(again, table));
                assertEquals(RecoveryTest.expected(400), StoreFixture.rows(again, other));
                RecoveryTest.fill(again, 40);
            }
            assertOnlyNeeded();
        }
    }

    private void assertOnlyNeeded() {
        ControlState control = RecoveryTest.controlOf(disk);
        long first = control.redoPoint() / control.segmentBytes();
        long last = (control.endLsn() - 1) / control.segmentBytes();
        List<String> log =
                LongStream.rangeClosed(first, last).mapToObj(SegmentNames::of).toList();
        assertEquals(log, disk.list().stream().filter(SegmentNames::isLogFile).toList());
        for (String name : disk.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                ByteBuffer header = ByteBuffer.wrap(disk.bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
                long used = header.getInt(FileHeaderPage.LAYOUT.offset("usedPages")) * 512L;
                long bytes = disk.bytes(name).length;
                assertTrue(bytes >= used && bytes <= used + StoreFixture.OPTIONS.growthMinBytes(), name + ": " + bytes);
            }
        }
    }

    /** Power lost anywhere in the closing of a database that has much to give back: all rows are there. */
    @Test
    void powerIsLostWhileMuchIsGivenBack() {
        OpenedStore filled = open();
        int table = RecoveryTest.fill(filled, 400);
        filled.checkpointer().checkpoint();
        RecoveryTest.fill(filled, 400);
        MemoryDisk image = MemoryDisk.of(disk.image());
        MemoryDisk whole = MemoryDisk.of(image.image());
        OpenedStore first = StoreFixture.open(whole);
        long opened = whole.operations();
        first.close();
        int clean = 0;
        for (long at = opened; at < whole.operations(); at++) {
            MemoryDisk failing = MemoryDisk.of(image.image());
            OpenedStore store = StoreFixture.open(failing);
            failing.failFrom(at);
            assertThrows(EngineFailedException.class, store::close);
            try (OpenedStore recovered = StoreFixture.open(failing.crashLosingAll())) {
                assertEquals(RecoveryTest.expected(400), StoreFixture.rows(recovered, table));
                clean += recovered.report().clean() ? 1 : 0;
            }
        }
        assertTrue(clean > 3, "once it is marked as closed it stays so: " + clean);
    }

    /** Whoever has asked for log finds it after the close, too. */
    @Test
    void closingKeepsLogThatWasAskedFor() {
        OpenedStore store = open();
        long asked = store.wal().insertLsn();
        store.checkpointer().addRetention(() -> asked);
        RecoveryTest.fill(store, 400);
        store.checkpointer().checkpoint();
        store.close();
        assertEquals(
                asked / StoreFixture.OPTIONS.segmentBytes(),
                SegmentNames.segments(disk).get(0));
    }

    /** Wherever opening fails, likewise. */
    @Test
    void anOpeningThatFailsGivesEverythingBack() {
        OpenedStore store = open();
        int table = RecoveryTest.fill(store, 5);
        MemoryDisk whole = MemoryDisk.of(disk.image());
        StoreFixture.open(whole);
        for (long at = 0; at < whole.operations(); at++) {
            MemoryDisk failing = MemoryDisk.of(disk.image());
            failing.failFrom(at);
            assertThrows(EngineFailedException.class, () -> StoreFixture.open(failing));
            assertEquals(0, failing.openFiles(), "failed at " + at);
            failing.heal();
            try (OpenedStore recovered = StoreFixture.open(failing)) {
                assertEquals(RecoveryTest.expected(5), StoreFixture.rows(recovered, table));
            }
        }
        for (long at = 0; at < 30; at++) {
            MemoryDisk fresh = new MemoryDisk();
            fresh.failFrom(at);
            try {
                StoreFixture.open(fresh);
            } catch (EngineFailedException e) {
                assertEquals(0, fresh.openFiles(), "creation failed at " + at);
            }
        }
    }

    /** A file that is wanted stays, whoever made it; an unnamed one goes if its creator did not commit. */
    @Test
    void orphansAreWhatNobodyWantsAndNobodyCommitted() {
        try (OpenedStore store = open()) {
            int committed = RecoveryTest.fill(store, 3);
            Xact xact = begin(store);
            int wanted = createFile(store, xact);
            int unnamed = createFile(store, xact);
            int dropped = RecoveryTest.fill(store, 3);
            disk.forgetEvents();
            assertEquals(List.of(), store.removeOrphans(id -> Claim.WANTED));
            assertEquals(List.of(), disk.events(), "without orphans nothing is done");
            insert(store, xact, unnamed, "in the cache only");
            List<Integer> removed = store.removeOrphans(
                    id -> id == wanted ? Claim.WANTED : id == dropped ? Claim.DROPPED : Claim.UNNAMED);
            assertEquals(List.of(unnamed, dropped), removed);
            assertTrue(store.files().exists(committed) && store.files().exists(wanted));
            assertFalse(store.files().exists(unnamed) || store.files().exists(dropped));
            xact.rollback(null);
            store.checkpointer().checkpoint();
            assertFalse(store.health().isFailed(), "no page of theirs is left to be written");
        }
    }

    @Test
    void theReportTellsWhatWasReplayedAndHowLongItTook() {
        OpenedStore store = open();
        RecoveryTest.fill(store, 6);
        ControlState control = RecoveryTest.controlOf(disk);
        MemoryDisk copy = MemoryDisk.of(disk.image());
        List<RecoveryListener.Progress> heard = new ArrayList<>();
        try (OpenedStore recovered =
                Recovery.open(copy, StoreFixture.OPTIONS, StoreFixture.environment(clock, 8), progress -> {
                    heard.add(progress);
                    clock.nanos.addAndGet(1_000);
                })) {
            RecoveryReport report = recovered.report();
            assertEquals((heard.size() - 1) * 1_000L, report.nanos(), "all but the last phase, which only tells");
            assertEquals(control.redoPoint(), report.redoPoint());
            assertEquals(report.endLsn() - report.redoPoint(), report.bytes());
            assertTrue(report.endReason().contains("end of log at"), report.endReason());
            assertEquals(
                    List.of(
                            RecoveryPhase.SCAN,
                            RecoveryPhase.SCAN,
                            RecoveryPhase.REWRITE,
                            RecoveryPhase.REWRITE,
                            RecoveryPhase.REDO,
                            RecoveryPhase.REDO,
                            RecoveryPhase.CHECKPOINT,
                            RecoveryPhase.CHECKPOINT,
                            RecoveryPhase.OPEN),
                    heard.stream().map(RecoveryListener.Progress::phase).toList());
            long tail = report.endLsn() - control.checkpointEnd();
            assertTrue(heard.get(2).bytesTotal() <= tail && heard.get(2).bytesTotal() > 0, heard.toString());
            assertEquals(heard.get(3).bytesTotal(), heard.get(3).bytesDone());
            assertEquals(report.bytes(), heard.get(1).bytesDone());
            assertEquals(report.bytes(), heard.get(4).bytesTotal());
            assertEquals(report.bytes(), heard.get(5).bytesDone());
        }
        List<RecoveryPhase> created = new ArrayList<>();
        Recovery.open(new MemoryDisk(), StoreFixture.OPTIONS, environment, p -> created.add(p.phase()))
                .close();
        assertEquals(List.of(RecoveryPhase.CREATE, RecoveryPhase.OPEN), created);
        List<RecoveryPhase> clean = new ArrayList<>();
        Recovery.open(copy, StoreFixture.OPTIONS, environment, p -> clean.add(p.phase()))
                .close();
        assertFalse(clean.contains(RecoveryPhase.CHECKPOINT) || clean.contains(RecoveryPhase.REWRITE));
    }
}
