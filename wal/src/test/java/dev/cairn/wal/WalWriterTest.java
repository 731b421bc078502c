package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.CheckpointBegin;
import dev.cairn.wal.record.WalRecord.Commit;
import dev.cairn.wal.record.WalRecord.CommitChildren;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WalWriterTest {

    private static final CheckpointBegin BEGIN = new CheckpointBegin(3, 2, 1, new long[] {3}, new long[] {8});
    private static final Commit COMMIT = new Commit(1, 1, 0, 0, new long[] {});

    @Test
    void positionsFollowEachOther() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            long before = log.insertLsn();
            assertEquals(before, log.durableLsn());
            long end = log.append(3, COMMIT);
            assertEquals(end, log.insertLsn());
            assertEquals(before, log.writtenLsn());
            log.awaitWritten(end);
            assertEquals(before, log.durableLsn());
            assertTrue(log.writtenLsn() >= end);
            log.awaitDurable(end);
            assertTrue(log.durableLsn() >= end);
            assertThrows(IllegalArgumentException.class, () -> log.awaitDurable(log.insertLsn() + 1));
        }
    }

    @Test
    void aTransactionsFirstRecordTellsItsStart() {
        MemoryDisk disk = new MemoryDisk();
        long start;
        try (WalWriter log = Log.create(disk);
                PendingRecord first = log.begin(3, WalRecordType.XACT_BEGIN)) {
            WalCodec.xactBegin(first.body(), 1, "");
            start = log.appendFirst(first);
        }
        assertEquals(start, Log.contents(disk).records().get(1).start());
    }

    /** So that the log can be read backwards; a segment's first record has none before it. */
    @Test
    void eachRecordTellsHowFarBackTheOneBeforeItBegins() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 40; i++) {
                log.append(3, Log.record(500 + i));
            }
        }
        SegmentGeometry geometry = new SegmentGeometry(Log.SEGMENT);
        List<LoggedRecord> records = Log.contents(disk).records();
        int firsts = 0;
        for (int i = 0; i < records.size(); i++) {
            long start = records.get(i).start();
            byte[] segment = disk.image().get(SegmentNames.of(geometry.segmentNo(start)));
            int distance = ByteBuffer.wrap(segment)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt((int) geometry.offset(start) + RecordFrame.PREV_BYTES);
            boolean first = geometry.offset(start) == SegmentHeader.BYTES;
            firsts += first ? 1 : 0;
            assertEquals(first ? 0 : start - records.get(i - 1).start(), distance, "record " + i);
        }
        assertEquals(2, firsts);
    }

    @Test
    void aRecordThatIsTooLongLeavesTheLogAlone() {
        try (WalWriter log = Log.create(new MemoryDisk())) {
            long before = log.insertLsn();
            WalRecord tooLong = Log.record(Log.OPTIONS.maxRecordBytes());
            assertThrows(IllegalArgumentException.class, () -> log.requireFits(tooLong));
            assertThrows(IllegalArgumentException.class, () -> log.append(1, tooLong));
            assertThrows(IllegalArgumentException.class, () -> log.append(1, Log.insert(1)));
            log.requireFits(Log.record(10));
            assertEquals(before, log.insertLsn());
        }
    }

    @Test
    void closingMakesEverythingDurableAndRefusesMore() {
        MemoryDisk disk = new MemoryDisk();
        WalWriter log = Log.create(disk);
        log.append(3, COMMIT);
        log.close();
        log.close();
        assertEquals(log.insertLsn(), log.durableLsn());
        assertEquals(log.insertLsn(), Log.contents(disk.crashLosingAll()).end().lsn());
        assertThrows(IllegalStateException.class, () -> log.append(3, COMMIT));
    }

    /** The ring is 32 KiB here and there is no flusher: appenders write it out themselves. */
    @Test
    void aTransactionLargerThanMemoryIsLogged() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 2_000; i++) {
                log.append(3, Log.record(1_000));
            }
            long lsn = log.append(3, COMMIT);
            log.awaitDurable(lsn);
            assertTrue(log.statistics().fullBufferWaits() > 10);
            assertEquals(2_001, Log.contents(disk.crashLosingAll()).xids().size());
        }
    }

    /** What was written without a sync is covered by the sync that follows, in every segment. */
    @Test
    void aSyncCoversWhatWasOnlyWritten() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 100; i++) {
                log.awaitWritten(log.append(3, Log.record(900)));
            }
            long end = log.append(3, COMMIT);
            log.awaitDurable(end);
            assertEquals(101, Log.contents(disk.crashLosingAll()).xids().size());
        }
    }

    @Test
    void lazyCommitsAreFlushedByTheFlusher() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            long end = log.append(3, COMMIT);
            assertFalse(log.flushStep());
            assertTrue(log.durableLsn() >= end);
            long marked = log.insertLsn();
            for (int i = 0; i < 5; i++) {
                assertFalse(log.flushStep());
            }
            assertEquals(marked, log.insertLsn(), "an idle log must not grow by its own marks");
        }
    }

    @Test
    void theFlusherPreparesTheNextSegment() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            log.flushStep();
            assertEquals(List.of(1L), WalReader.segments(disk));
            log.append(1, Log.record(12_000));
            log.flushStep();
            assertEquals(List.of(1L, 2L), WalReader.segments(disk));
            int before = disk.events().size();
            log.awaitDurable(log.append(1, Log.record(12_000)));
            assertTrue(disk.events().subList(before, disk.events().size()).stream()
                    .noneMatch(e -> e.startsWith("allocate") || e.startsWith("rename")));
            log.awaitDurable(log.append(1, Log.record(12_000)));
            assertEquals(List.of(1L, 2L, 3L), WalReader.segments(disk));
        }
        assertEquals(3, Log.contents(disk).xids().size());
    }

    @Test
    void aFullDiskStopsTheLogOnlyWhenTheSpaceIsNeeded() {
        MemoryDisk disk = new MemoryDisk();
        Health health = new Health();
        WalWriter log = WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, Log.inline(), health);
        disk.limitSpace(0);
        log.awaitDurable(log.append(1, Log.record(12_000)));
        log.flushStep();
        assertFalse(health.isFailed());
        log.awaitDurable(log.append(1, Log.record(100)));
        long end = log.append(1, Log.record(12_000));
        assertThrows(EngineFailedException.class, () -> log.awaitDurable(end));
        assertTrue(health.isFailed());
        log.close();
        assertEquals(2, Log.contents(disk.crashLosingAll()).xids().size());
    }

    @Test
    void aPagesFirstChangeSinceTheRedoPointCarriesItsImage() {
        MemoryDisk disk = new MemoryDisk();
        PageBuffer page = Log.page(0, false);
        try (WalWriter log = Log.create(disk)) {
            page.putLong(0, log.append(3, Log.insert(1), page));
            page.putLong(0, log.append(3, Log.insert(1), page));
            long redoPoint = log.beginCheckpoint(() -> BEGIN);
            assertEquals(redoPoint, log.redoPoint());
            page.putLong(0, log.append(3, Log.insert(1), page));
            page.putLong(0, log.append(3, Log.insert(1), page));
            page.putLong(0, log.append(3, new WalRecord.FileExtend(1, 1, 3), page, Log.page(0, false)));
        }
        List<LoggedRecord> read = Log.contents(disk).records();
        assertNotNull(read.get(1).image(0));
        assertNull(read.get(2).image(0));
        assertEquals(CheckpointBegin.class, read.get(3).record().getClass());
        assertNotNull(read.get(4).image(0));
        assertNull(read.get(5).image(0));
        assertNull(read.get(6).image(0), "the record initialises the page");
        assertNotNull(read.get(6).image(1));
    }

    /** However checkpoints and changes interleave: a record has an image exactly if it is its page's first after R. */
    @Test
    void theRedoPointNeverSlipsBetweenDecisionAndRecord() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        WalWriter log = WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, Log.threads(), new Health());
        int writers = 4;
        CountDownLatch done = new CountDownLatch(writers);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int w = 1; w <= writers; w++) {
            int number = w;
            start(failure, () -> {
                PageBuffer page = Log.page(0, false);
                for (int i = 0; i < 2_000; i++) {
                    page.putLong(0, log.append(number, Log.insert(number), page));
                }
                done.countDown();
            });
        }
        while (done.getCount() > 0 && failure.get() == null) {
            log.beginCheckpoint(() -> BEGIN);
        }
        assertNone(failure);
        log.close();
        long redoPoint = Log.START;
        long[] pageLsn = new long[writers + 1];
        int images = 0;
        for (LoggedRecord r : Log.contents(disk).records()) {
            if (r.record() instanceof CheckpointBegin) {
                redoPoint = r.start();
            } else if (r.record() instanceof WalRecord.HeapInsert insert) {
                assertEquals(pageLsn[insert.page()] <= redoPoint, r.image(0) != null, r.toString());
                images += r.image(0) == null ? 0 : 1;
                pageLsn[insert.page()] = r.end();
            }
        }
        assertTrue(images >= writers);
    }

    /** A commit that fills the buffer meets a checkpoint in its middle: that waits. */
    @Test
    void noRedoPointFallsBetweenACommitAndItsChildren() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        WalWriter log = WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, Log.threads(), new Health());
        List<CommitChildren> children = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            children.add(new CommitChildren(new long[1_000]));
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> checkpoints = new ArrayList<>();
        disk.onOperation(event -> {
            if (checkpoints.isEmpty()) {
                Thread checkpoint = start(failure, () -> log.beginCheckpoint(() -> BEGIN));
                checkpoints.add(checkpoint);
                while (checkpoint.isAlive() && checkpoint.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
        });
        try (PendingRecord commit = log.begin(3, WalRecordType.COMMIT)) {
            WalCodec.commit(commit.body(), 1, 1, 0, 0, new long[0], 0, 0);
            log.appendCommit(commit, children);
        }
        checkpoints.get(0).join();
        assertNone(failure);
        log.close();
        List<Class<?>> kinds = Log.contents(disk).kinds();
        assertTrue(kinds.indexOf(Commit.class) < kinds.indexOf(CheckpointBegin.class), kinds.toString());
    }

    @Test
    void i1_nothingIsDurableBeforeTheSyncReturns() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            AtomicLong seen = new AtomicLong();
            disk.onOperation(event -> {
                if (event.startsWith("through") || event.startsWith("sync")) {
                    seen.set(log.durableLsn());
                }
            });
            for (int i = 0; i < 200; i++) {
                long end = log.append(3, Log.record(i * 7));
                log.awaitDurable(end);
                assertTrue(seen.get() < end);
                assertTrue(log.durableLsn() >= end);
            }
        }
    }

    /** Of what an append allocates, nothing is the log's own. */
    @Test
    void appendingAllocatesNothing() {
        MemoryDisk disk = new MemoryDisk();
        WalOptions options = WalOptions.of(64 << 20, 32 << 20, 8192);
        PageBuffer page = PageBuffer.allocate(8192);
        WalRecord insert = Log.insert(1);
        WalRecord begin = new WalRecord.XactBegin(1, "a label");
        try (WalWriter log = WalWriter.create(disk, options, Log.DATABASE, Log.FIRST, Log.inline(), new Health())) {
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 500; i++) {
                    page.putLong(0, 0);
                    log.append(3, insert, page);
                    log.append(3, begin);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < 1_000, least + " bytes for 1,000 appends");
        }
    }

    private static void assertNone(AtomicReference<Throwable> failure) {
        if (failure.get() != null) {
            throw new AssertionError("a thread failed", failure.get());
        }
    }

    private static Thread start(AtomicReference<Throwable> failure, Runnable body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
