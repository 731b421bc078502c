package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.insert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the first reading of the log finds out, record by record, and how it judges the end. */
class LogScanTest {

    private final MemoryDisk disk = new MemoryDisk();
    private final OpenedStore store = StoreFixture.open(disk);

    private static LogScan scan(MemoryDisk left) {
        try (ControlFile control = ControlFile.open(left)) {
            return LogScan.run(
                    left,
                    StoreFixture.OPTIONS.walOptions(),
                    control,
                    new ProgressMeter(RecoveryListener.SILENT, new StoreFixture.ManualClock()));
        }
    }

    /** Scans what a crash leaves after these records, none of which redo will ever see. */
    private LogScan after(long xid, WalRecord... records) {
        for (WalRecord record : records) {
            store.wal().append(xid, record);
        }
        store.wal().awaitWritten(store.wal().insertLsn());
        return scan(MemoryDisk.of(disk.image()));
    }

    private ControlState control() {
        return RecoveryTest.controlOf(disk);
    }

    /** I6: an id that any record names was used, wherever in the record it stands. */
    @Test
    void i6_theNextXidIsAboveEveryXidInTheLog() {
        long[] none = {};
        assertEquals(control().nextXid(), after(0, new WalRecord.DurableMark(1)).nextXid());
        assertEquals(21, after(20, new WalRecord.XactBegin(1, "")).nextXid());
        assertEquals(
                32, after(31, new WalRecord.SubxactAssign(30, 29, 1, "s", 1)).nextXid());
        assertEquals(52, after(51, new WalRecord.Subcommit(50, 40)).nextXid());
        assertEquals(71, after(70, new WalRecord.Subabort(20, null, 1)).nextXid());
        assertEquals(
                71,
                after(20, new WalRecord.CommitChildren(new long[] {30, 3, 69, 2}))
                        .nextXid());
        assertEquals(
                93, after(92, new WalRecord.Commit(1, 1, 0, 0, new long[0])).nextXid());
        assertEquals(
                100,
                after(0, new WalRecord.CheckpointBegin(100, 2, 1, none, none)).nextXid());
        assertEquals(201, after(200, new WalRecord.Abort(1, null)).nextXid());
        assertEquals(201, after(20, new WalRecord.CatalogChange(9_000, 1, "")).nextXid());
    }

    /** I3, I6: an id comes into the log in a record of its own, and a parent before its children. */
    @Test
    void relativesThatCannotBeAreRefused() {
        refused("parent, found 30", 20, new WalRecord.SubxactAssign(30, 29, 1, "s", 1));
        refused("top-level transaction id, found 40", 50, new WalRecord.Subcommit(30, 40));
        refused("top-level transaction id, found 0", 50, new WalRecord.Subabort(0, null, 1));
        refused("child, found 10", 20, new WalRecord.CommitChildren(new long[] {10, 3}));
        refused("child, found 21", 20, new WalRecord.Commit(1, 1, 0, 0, new long[] {21, 1}));
    }

    private void refused(String expected, long xid, WalRecord record) {
        MemoryDisk fresh = new MemoryDisk();
        OpenedStore other = StoreFixture.open(fresh);
        other.wal().append(xid, record);
        other.wal().awaitWritten(other.wal().insertLsn());
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> scan(MemoryDisk.of(fresh.image())));
        other.close();
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void i6_theNextFileIdIsAboveEveryFileIdInTheLog() {
        assertEquals(2, after(0, new WalRecord.DurableMark(1)).nextFileId());
        assertEquals(12, after(0, new WalRecord.FileDrop(11)).nextFileId());
        assertEquals(
                77,
                after(0, new WalRecord.CheckpointBegin(1, 77, 1, new long[0], new long[0]))
                        .nextFileId());
        assertEquals(77, after(0, new WalRecord.FileDrop(75)).nextFileId());
    }

    @Test
    void countsRecordsAndFindsFilesPagesAndLives() {
        long before = scan(MemoryDisk.of(disk.image())).records();
        Xact xact = begin(store);
        int table = StoreFixture.createFile(store, xact);
        long row = insert(store, xact, table, "a");
        xact.commit(Durability.SYNC);
        LogScan scan = after(0, new WalRecord.FileDrop(40), new WalRecord.Incarnation(99, 1, 1));
        assertTrue(scan.records() >= before + 7, scan.records() + " records, before " + before);
        assertTrue(scan.creates(table) && !scan.creates(40) && !scan.creates(1));
        assertTrue(scan.drops(40) && !scan.drops(table));
        assertEquals(99, scan.newestLife());
        assertTrue(scan.changedFiles().contains(table));
        int page = dev.cairn.storage.heap.RowIds.page(row);
        assertTrue(scan.changes(table, 0) && scan.changes(table, page));
        assertFalse(scan.changes(table, page + 1));
        assertFalse(scan.changes(40, 0));
        assertEquals(java.util.List.of(), scan.needed(), "every page's first record brings it along");
    }

    /** Only the first record of a page after the redo point decides whether the page on disk is needed. */
    @Test
    void aPageWhoseFirstRecordBringsNothingIsNeeded() {
        Xact xact = begin(store);
        int table = StoreFixture.createFile(store, xact);
        insert(store, xact, table, "a");
        xact.commit(Durability.SYNC);
        store.checkpointer().checkpoint();
        PageBuffer pretended = PageBuffer.allocate(512);
        pretended.putLong(0, Long.MAX_VALUE);
        long first = store.wal().append(9, new WalRecord.HeapDelete(table, table, 1, 0, 0, 0), pretended);
        store.wal().append(9, new WalRecord.HeapDelete(table, table, 1, 0, 0, 0), pretended);
        pretended.putLong(0, 0);
        store.wal().append(9, new WalRecord.HeapDelete(table, table, 2, 0, 0, 0), pretended);
        pretended.putLong(0, Long.MAX_VALUE);
        store.wal().append(9, new WalRecord.HeapDelete(table, table, 2, 0, 0, 0), pretended);
        LogScan scan = after(0, new WalRecord.DurableMark(1));
        assertEquals(java.util.List.of(new LogScan.NeededPage(table, 1, first)), scan.needed());
        assertEquals(Set.of(table), scan.changedFiles());
    }

    /** Known to be durable: up to the checkpoint's end, or what a mark says if that is more. */
    @Test
    void durableIsWhatTheLatestMarkSays() {
        long checkpointEnd = control().checkpointEnd();
        assertEquals(checkpointEnd, scan(MemoryDisk.of(disk.image())).durable());
        LogScan scan = after(
                0,
                new WalRecord.CatalogChange(1, 1, "x".repeat(2_000)),
                new WalRecord.DurableMark(checkpointEnd + 1_600),
                new WalRecord.DurableMark(checkpointEnd + 800));
        assertEquals(checkpointEnd + 1_600, scan.durable());
        assertEquals(store.wal().insertLsn(), scan.end().lsn());
        assertFalse(scan.isClean());
    }

    /** A crash directly after a checkpoint loses nothing; a byte less of the log has lost what was durable. */
    @Test
    void theLogReachesTheCheckpointsEnd() {
        store.checkpointer().checkpoint();
        long end = control().checkpointEnd();
        Map<String, byte[]> image = disk.image();
        String segment = String.format("wal-%016x", (end - 1) / (16 << 10));
        byte[] log = image.get(segment);
        int offset = (int) ((end - 1) % (16 << 10)) + 1;
        Arrays.fill(log, offset, log.length, (byte) 0);
        LogScan whole = scan(MemoryDisk.of(image));
        assertEquals(end, whole.end().lsn());
        Arrays.fill(log, offset - 32, log.length, (byte) 0);
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> scan(MemoryDisk.of(image)));
        assertTrue(e.getMessage().contains("the log was durable up to"), e.getMessage());
    }

    /** A control file in which the last state is as given. */
    private static MemoryDisk with(Map<String, byte[]> image, ControlState state) {
        MemoryDisk left = MemoryDisk.of(image);
        try (ControlFile file = ControlFile.open(left)) {
            file.write(state);
        }
        return left;
    }

    private static ControlState redoFrom(ControlState from, long redoPoint, long checkpointEnd) {
        return from.afterCheckpoint(
                redoPoint, checkpointEnd, from.nextXid(), from.nextFileId(), from.statusDigest(), 1);
    }

    @Test
    void atTheRedoPointACheckpointBegins() {
        long other = store.wal().insertLsn();
        store.wal().awaitDurable(store.wal().append(9, new WalRecord.XactBegin(1, "")));
        ControlState control = control();
        LogCorruptException e = assertThrows(
                LogCorruptException.class, () -> scan(with(disk.image(), redoFrom(control, other, other))));
        assertTrue(e.getMessage().contains("expected CHECKPOINT_BEGIN, found XACT_BEGIN"), e.getMessage());
    }

    @Test
    void aRedoPointIsAPlaceForARecord() {
        ControlState control = control();
        for (long nowhere : new long[] {0, 8, (16 << 10) - 8, (16 << 10) + 8, (16 << 10) + 56, (16 << 10) + 68}) {
            ControlFileException e = assertThrows(
                    ControlFileException.class, () -> scan(with(disk.image(), redoFrom(control, nowhere, nowhere))));
            assertTrue(e.getMessage().contains("is no place for a record"), e.getMessage());
        }
        long end = store.wal().insertLsn();
        store.close();
        ControlState closed = control();
        long beyond = (closed.endLsn() / (16 << 10) + 1) * (16 << 10);
        LogScan nothing = scan(with(disk.image(), redoFrom(closed, beyond, beyond)));
        assertTrue(beyond > end && nothing.records() == 0, "a segment's first byte is a place");
        assertEquals(beyond, nothing.end().lsn());
    }

    /** After a clean close the end is known exactly. */
    @Test
    void afterACleanCloseTheEndIsKnown() {
        Xact xact = begin(store);
        int table = StoreFixture.createFile(store, xact);
        insert(store, xact, table, "a");
        xact.commit(Durability.SYNC);
        store.close();
        Map<String, byte[]> image = disk.image();
        ControlState closed = control();
        assertEquals(ControlState.Phase.CLEAN, closed.phase());
        assertTrue(scan(MemoryDisk.of(image)).isClean());
        for (long end : new long[] {closed.endLsn() + 8, closed.endLsn() - 8}) {
            LogCorruptException e =
                    assertThrows(LogCorruptException.class, () -> scan(with(image, closed.closedAt(end, 1))));
            assertTrue(e.getMessage().contains("the database was closed with its log ending at"), e.getMessage());
        }
        // Alone, the slot may be from before the life that wrote the rest; but less log than it knew of is loss.
        Map<String, byte[]> less =
                with(image, closed.closedAt(closed.endLsn() - 8, 1)).image();
        LogScan gone = scan(MemoryDisk.of(alone(less)));
        assertFalse(gone.isClean());
        assertEquals(closed.endLsn(), gone.end().lsn());
        Map<String, byte[]> more =
                with(image, closed.closedAt(closed.endLsn() + 8, 1)).image();
        assertThrows(LogCorruptException.class, () -> scan(MemoryDisk.of(alone(more))));
    }

    /** The same with the older slot unreadable. */
    private static Map<String, byte[]> alone(Map<String, byte[]> image) {
        for (int slot = 0; slot < 2; slot++) {
            byte[] control = image.get(ControlFile.NAME).clone();
            control[slot * ControlFile.SLOT_DISTANCE + 200] ^= 1;
            Map<String, byte[]> damaged = new java.util.TreeMap<>(image);
            damaged.put(ControlFile.NAME, control);
            if (RecoveryTest.controlOf(MemoryDisk.of(damaged)).sequence()
                    == RecoveryTest.controlOf(MemoryDisk.of(image)).sequence()) {
                return damaged;
            }
        }
        throw new AssertionError("one of the slots is the older");
    }

    @Test
    void theProgressIsOfTheLogFromTheRedoPoint() {
        java.util.List<RecoveryListener.Progress> heard = new java.util.ArrayList<>();
        String large = "x".repeat(8_000);
        for (int i = 0; i < 300; i++) {
            store.wal().append(0, new WalRecord.CatalogChange(1, 1, large));
        }
        store.wal().awaitWritten(store.wal().insertLsn());
        MemoryDisk left = MemoryDisk.of(disk.image());
        try (ControlFile control = ControlFile.open(left)) {
            ProgressMeter meter = new ProgressMeter(heard::add, new StoreFixture.ManualClock());
            meter.begin(RecoveryPhase.SCAN, 0);
            LogScan scan = LogScan.run(left, StoreFixture.OPTIONS.walOptions(), control, meter);
            assertEquals(3, heard.size(), "at the begin and after each of two mebibytes");
            long bytes = scan.end().lsn() - control.current().redoPoint();
            assertTrue(heard.get(2).bytesDone() > 2 << 20 && heard.get(2).bytesDone() < bytes, heard.toString());
            assertTrue(heard.get(1).bytesDone() < (1 << 20) + 20_000, heard.toString());
        }
    }
}
