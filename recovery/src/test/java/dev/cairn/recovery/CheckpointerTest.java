package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.insert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointerTest {

    private final MemoryDisk disk = new MemoryDisk();
    private final StoreFixture.ManualClock clock = new StoreFixture.ManualClock();
    private final Environment environment = StoreFixture.environment(clock, 7);

    private OpenedStore open(StoreOptions options) {
        return Recovery.open(disk, options, environment, RecoveryListener.SILENT);
    }

    /** What the class says about the order, seen from the disk. */
    @Test
    void i1_theOrderOfACheckpoint() {
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            int table = RecoveryTest.fill(store, 20);
            Xact xact = begin(store);
            insert(store, xact, table, "not durable yet");
            disk.forgetEvents();
            store.checkpointer().checkpoint();
            List<String> done = disk.events();
            String heap = String.format("heap-%08x", table);

            int log = first(done, "wal-");
            int pages = first(done, "write " + heap);
            int status = first(done, "status");
            int filesSynced = last(done, "sync " + heap);
            int statusSynced = last(done, "status");
            int directory = first(done, "syncDirectory");
            int endRecord = last(done, "wal-");
            int slot = first(done, "through control");

            assertTrue(log < pages, "the log first (I1): " + done);
            assertTrue(pages < filesSynced, "written, then synced: " + done);
            assertTrue(status <= statusSynced, done.toString());
            assertTrue(filesSynced < directory, "files, then names: " + done);
            assertTrue(directory < endRecord && statusSynced < endRecord, "all durable, then the end record: " + done);
            assertTrue(endRecord < slot, "the end record durable, then the control slot: " + done);
            assertEquals(slot, last(done, "control"), "one slot, once: " + done);
            xact.commit(Durability.SYNC);
        }
    }

    private static int first(List<String> done, String part) {
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError("no " + part + " in " + done);
    }

    private static int last(List<String> done, String part) {
        for (int i = done.size() - 1; i >= 0; i--) {
            if (done.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError("no " + part + " in " + done);
    }

    @Test
    void isDueByVolume() {
        try (OpenedStore store = open(StoreFixture.options(16 << 10, 8 << 10, true))) {
            assertFalse(store.checkpointer().step());
            RecoveryTest.fill(store, 100);
            long before = store.checkpointer().statistics().redoPoint();
            assertTrue(store.checkpointer().step());
            assertTrue(store.checkpointer().statistics().redoPoint() - before >= 8 << 10);
            assertFalse(store.checkpointer().step());
        }
    }

    @Test
    void isDueByTimeIfAnythingWasLogged() {
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            long interval = StoreFixture.OPTIONS.checkpointIntervalNanos();
            clock.nanos.addAndGet(2 * interval);
            assertFalse(store.checkpointer().step(), "nothing was logged");
            RecoveryTest.fill(store, 3);
            assertTrue(store.checkpointer().step());
            RecoveryTest.fill(store, 3);
            assertFalse(store.checkpointer().step(), "too early");
            clock.nanos.addAndGet(interval);
            assertTrue(store.checkpointer().step());
            clock.nanos.addAndGet(interval);
            assertFalse(store.checkpointer().step(), "its own records do not count");
        }
    }

    /** As much log as was asked for is enough, a byte less is not. */
    @Test
    void isDueAtExactlyTheVolume() {
        int table;
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            table = RecoveryTest.fill(store, 20);
        }
        long bytes = volumeAfterOpening(256L << 20, table);
        assertTrue(bytes > 0);
        for (long due : new long[] {bytes, bytes + 1}) {
            MemoryDisk copy = MemoryDisk.of(disk.image());
            try (OpenedStore store = Recovery.open(
                    copy, StoreFixture.options(32 << 10, due, true), environment, RecoveryListener.SILENT)) {
                grow(store, table);
                assertEquals(due == bytes, store.checkpointer().step());
            }
        }
    }

    private long volumeAfterOpening(long due, int table) {
        MemoryDisk copy = MemoryDisk.of(disk.image());
        try (OpenedStore store =
                Recovery.open(copy, StoreFixture.options(32 << 10, due, true), environment, RecoveryListener.SILENT)) {
            grow(store, table);
            return store.wal().insertLsn() - store.checkpointer().statistics().redoPoint();
        }
    }

    private static void grow(OpenedStore store, int table) {
        Xact xact = begin(store);
        insert(store, xact, table, "x");
        xact.commit(Durability.SYNC);
    }

    /** One at a time: a step that is due while a checkpoint runs leaves it to that. */
    @Test
    void aStepDuringACheckpointDoesNothing() {
        try (OpenedStore store = open(StoreFixture.options(32 << 10, 1, true))) {
            boolean[] stepped = {false, false};
            store.checkpointer().addRetention(() -> {
                stepped[0] = true;
                stepped[1] |= store.checkpointer().step();
                return Long.MAX_VALUE;
            });
            RecoveryTest.fill(store, 3);
            long before = store.checkpointer().statistics().checkpoints();
            assertTrue(store.checkpointer().step());
            assertTrue(stepped[0] && !stepped[1]);
            assertEquals(before + 1, store.checkpointer().statistics().checkpoints());
        }
    }

    /** Without room for the transaction status the engine goes on; the background tries again after a second. */
    @Test
    void withoutSpaceTheNextTryWaits() {
        try (OpenedStore store = open(StoreFixture.options(32 << 10, 1, true))) {
            int table = RecoveryTest.fill(store, 3);
            Xact xact = begin(store);
            for (int i = 0; i < 4_000; i++) {
                xact.savepoint("s");
                xact.currentXid();
                xact.release("s");
            }
            insert(store, xact, table, RecoveryTest.row(3));
            xact.commit(Durability.SYNC);
            Checkpointer.Statistics before = store.checkpointer().statistics();
            assertEquals(0, before.failed());
            disk.limitSpace(0);
            assertThrows(DiskFullException.class, () -> store.checkpointer().checkpoint());
            assertFalse(store.checkpointer().step());
            assertEquals(2, store.checkpointer().statistics().failed());
            assertEquals(before.checkpoints(), store.checkpointer().statistics().checkpoints());
            assertEquals(before.redoPoint(), store.checkpointer().statistics().redoPoint());
            assertFalse(store.health().isFailed());
            disk.limitSpace(Long.MAX_VALUE);
            clock.nanos.addAndGet(999_999_999L);
            assertFalse(store.checkpointer().step(), "not a second yet");
            assertEquals(2, store.checkpointer().statistics().failed());
            clock.nanos.addAndGet(1);
            assertTrue(store.checkpointer().step());
            assertEquals(RecoveryTest.expected(4), StoreFixture.rows(store, table));
        }
    }

    /** A failing disk stops the engine, whoever met it; a step says nothing, and nothing more is done. */
    @Test
    void i8_aStepReportsFailuresToHealth() {
        OpenedStore store = open(StoreFixture.options(32 << 10, 1, true));
        RecoveryTest.fill(store, 10);
        disk.failFrom(disk.operations() + 1);
        assertFalse(store.checkpointer().step());
        assertTrue(store.health().isFailed());
        disk.heal();
        long operations = disk.operations();
        long appended = store.wal().insertLsn();
        assertFalse(store.checkpointer().step());
        assertThrows(EngineFailedException.class, () -> store.checkpointer().checkpoint());
        assertEquals(operations, disk.operations());
        assertEquals(appended, store.wal().insertLsn());
        store.close();
        assertEquals(0, disk.openFiles());
    }

    @Test
    void statisticsTellHowLongTheLastOneTook() {
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            store.checkpointer().addRetention(() -> {
                clock.nanos.addAndGet(77_000);
                return Long.MAX_VALUE;
            });
            store.checkpointer().checkpoint();
            Checkpointer.Statistics statistics = store.checkpointer().statistics();
            assertEquals(77_000, statistics.lastNanos());
            assertEquals(clock.epochMicros(), statistics.lastEndMicros());
            assertEquals(RecoveryTest.controlOf(disk).redoPoint(), statistics.redoPoint());
        }
    }

    @Test
    void runsInTheBackground() {
        try (OpenedStore store = open(StoreFixture.options(64 << 20, 8 << 10, true))) {
            store.startBackground();
            RecoveryTest.fill(store, 100);
            ((InlineScheduler) environment.scheduler()).runBackground();
            assertTrue(store.checkpointer().statistics().checkpoints() >= 2, "the creation's and one more");
        }
    }

    @Test
    void givesUpOldLogButNotWhatIsRetained() {
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            int table = RecoveryTest.fill(store, 3);
            long[] keep = {store.wal().insertLsn()};
            store.checkpointer().addRetention(() -> keep[0]);
            long kept = keep[0] / (16 << 10);
            growLog(store, table);
            assertTrue(disk.list().contains(String.format("wal-%016x", kept)), "retained");
            keep[0] = Long.MAX_VALUE;
            growLog(store, table);
            assertFalse(disk.list().contains(String.format("wal-%016x", kept)), "given up");
            long needed = RecoveryTest.controlOf(disk).redoPoint() / (16 << 10);
            assertTrue(disk.list().contains(String.format("wal-%016x", needed)));
        }
        try (OpenedStore store = open(StoreFixture.OPTIONS)) {
            assertTrue(store.report().clean());
        }
    }

    private static void growLog(OpenedStore store, int table) {
        for (int round = 0; round < 3; round++) {
            Xact xact = begin(store);
            for (int i = 0; i < 300; i++) {
                insert(store, xact, table, RecoveryTest.row(i));
            }
            xact.commit(Durability.SYNC);
            store.checkpointer().checkpoint();
        }
    }

    /** I8: a failure stops the engine, the close after it is not a clean one, and the lock is given back. */
    @Test
    void i8_aFailureStopsTheEngine() {
        OpenedStore store = open(StoreFixture.OPTIONS);
        int table = RecoveryTest.fill(store, 10);
        disk.failFrom(disk.operations() + 2);
        assertThrows(EngineFailedException.class, () -> store.checkpointer().checkpoint());
        assertTrue(store.health().isFailed());
        assertFalse(store.checkpointer().step());
        disk.heal();
        assertThrows(EngineFailedException.class, () -> begin(store).currentXid());
        store.close();
        try (OpenedStore recovered = open(StoreFixture.OPTIONS)) {
            assertFalse(recovered.report().clean());
            assertEquals(RecoveryTest.expected(10), StoreFixture.rows(recovered, table));
        }
    }
}
