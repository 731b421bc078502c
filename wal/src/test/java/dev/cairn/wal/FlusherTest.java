package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.Commit;
import dev.cairn.wal.record.WalRecord.CommitChildren;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.SegmentNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the flusher does in its turns, who wakes it, and what closing leaves; and the writer's own small print. */
class FlusherTest {

    private final MemoryDisk disk = new MemoryDisk();
    private final Health health = new Health();
    private final AtomicLong nanos = new AtomicLong(1_000_000);
    /** Wakings and stops of the flusher. */
    private final List<String> calls = new ArrayList<>();

    private final WalWriter log = WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, environment(), health);

    /** Time that the test moves; background machines are only noted. */
    private Environment environment() {
        Clock clock = new Clock() {
            @Override
            public long nanoTime() {
                return nanos.get();
            }

            @Override
            public long epochMicros() {
                return nanos.get() / 1_000;
            }
        };
        InlineScheduler inline = new InlineScheduler();
        Scheduler scheduler = (Scheduler) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Scheduler.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        calls.add("start " + arguments[0] + " " + arguments[2]);
                        return background();
                    }
                    return method.invoke(inline, arguments);
                });
        return new Environment(clock, scheduler, () -> 7);
    }

    private Scheduler.Background background() {
        return (Scheduler.Background) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Scheduler.Background.class},
                (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return null;
                });
    }

    /** More than half of the ring, in two segments. */
    private void fillHalf() {
        while (log.insertLsn() - log.writtenLsn() <= 32 << 10) {
            log.append(1, Log.record(2_000));
        }
    }

    @Test
    void theFirstRecordIsTheFirstOfTheFirstSegment() {
        assertEquals(Log.START, log.redoPoint());
    }

    /** Time decides about syncs: not before the time is up, and then not again before it is up again. */
    @Test
    void syncsWhenItsTimeHasCome() {
        log.startFlusher(100);
        assertEquals(List.of("start cairn-wal-flusher 100"), calls);
        long end = log.append(1, Log.record(10));
        nanos.addAndGet(99);
        assertFalse(log.flushStep());
        assertTrue(log.writtenLsn() < end);
        nanos.addAndGet(1);
        assertFalse(log.flushStep());
        assertTrue(log.durableLsn() >= end);
        long next = log.append(1, Log.record(10));
        nanos.addAndGet(99);
        log.flushStep();
        assertTrue(log.durableLsn() < next);
        nanos.addAndGet(1);
        log.flushStep();
        assertTrue(log.durableLsn() >= next);
        log.close();
    }

    /** A filling buffer is written whatever the time, and need not be synced for that. */
    @Test
    void writesAFillingBuffer() {
        log.startFlusher(Long.MAX_VALUE);
        long before = log.durableLsn();
        log.append(1, Log.record(2_000));
        assertFalse(log.flushStep());
        assertEquals(before, log.writtenLsn());
        fillHalf();
        long end = log.insertLsn();
        assertFalse(log.flushStep());
        assertTrue(log.writtenLsn() >= end);
        assertTrue(log.durableLsn() < end, "only complete segments are durable");
        log.close();
        assertTrue(log.durableLsn() >= end);
    }

    /** One waking for each turn: when half of the buffer is taken. */
    @Test
    void isWokenOnceWhenTheBufferFills() {
        fillHalf();
        log.awaitDurable(log.insertLsn());
        assertEquals(List.of(), calls, "there is no flusher yet");
        log.startFlusher(Long.MAX_VALUE);
        calls.clear();
        long from = log.writtenLsn();
        while (log.insertLsn() - from <= 32 << 10) {
            assertEquals(List.of(), calls);
            log.append(1, Log.record(2_000));
        }
        assertEquals(List.of("wake"), calls);
        log.append(1, Log.record(2_000));
        assertEquals(List.of("wake"), calls);
        log.flushStep();
        fillHalf();
        assertEquals(List.of("wake", "wake"), calls);
        log.close();
        assertEquals(List.of("wake", "wake", "stop"), calls);
        log.close();
        assertEquals(List.of("wake", "wake", "stop"), calls);
    }

    /** Who has waited for the disk wakes it once when the segment is half used, and not again when the next one is there. */
    @Test
    void isWokenForTheNextSegment() {
        log.startFlusher(Long.MAX_VALUE);
        log.awaitDurable(log.append(1, Log.record(7_000)));
        calls.clear();
        long end = log.append(1, Log.record(4_000));
        assertEquals(List.of(), calls);
        log.awaitDurable(end);
        assertEquals(List.of("wake"), calls);
        log.awaitDurable(log.append(1, Log.record(10)));
        assertEquals(List.of("wake"), calls, "it has not had its turn");
        log.flushStep();
        assertEquals(List.of(1L, 2L), SegmentNames.segments(disk));
        log.awaitWritten(log.append(1, Log.record(10)));
        assertEquals(List.of("wake"), calls, "the next segment is there");
        log.close();
    }

    /** A failure goes to Health and ends the turn; after it there is nothing to do. */
    @Test
    void aFailureIsReportedAndEndsTheTurn() {
        fillHalf();
        disk.failFrom(disk.operations());
        assertFalse(log.flushStep());
        assertTrue(health.isFailed());
        disk.heal();
        long operations = disk.operations();
        nanos.addAndGet(1_000_000);
        assertFalse(log.flushStep());
        assertEquals(operations, disk.operations());
        log.close();
        assertEquals(operations, disk.operations());
        assertEquals(0, disk.openFiles());
    }

    @Test
    void aSegmentThatCannotBePreparedIsAFailure() {
        log.append(1, Log.record(12_000));
        log.awaitDurable(log.insertLsn());
        disk.failFrom(disk.operations());
        assertFalse(log.flushStep());
        assertTrue(health.isFailed());
    }

    /** Closing closes the segment in use and the one prepared. */
    @Test
    void closingLeavesNoFileOpen() {
        log.append(1, Log.record(12_000));
        log.flushStep();
        assertEquals(2, disk.openFiles());
        log.close();
        assertEquals(0, disk.openFiles());
    }

    @Test
    void anOpeningThatFailsLeavesNoFileOpen() {
        log.append(1, Log.record(12_000));
        log.close();
        WalEnd end = Log.contents(disk).end();
        for (long at = 0; at < 3; at++) {
            MemoryDisk copy = MemoryDisk.of(disk.image());
            copy.put("wal-new", new byte[3]);
            copy.failFrom(at);
            assertThrows(
                    RuntimeException.class,
                    () -> WalWriter.open(
                            copy, Log.OPTIONS, Log.DATABASE, end, Log.SECOND, Log.START, Log.inline(), new Health()));
            assertEquals(0, copy.openFiles(), "failed at " + at);
        }
    }

    @Test
    void aFailedRecyclingStopsTheEngine() {
        for (int i = 0; i < 40; i++) {
            log.awaitDurable(log.append(1, Log.record(2_000)));
        }
        disk.failFrom(disk.operations());
        assertThrows(RuntimeException.class, () -> log.recycle(log.insertLsn()));
        assertTrue(health.isFailed());
    }

    /** Never above what is durable, and never the segment in which that ends. */
    @Test
    void onlyDurableSegmentsAreRecycled() {
        for (int i = 0; i < 20; i++) {
            log.awaitWritten(log.append(1, Log.record(2_000)));
        }
        long durable = log.durableLsn() / Log.SEGMENT;
        log.recycle(Long.MAX_VALUE);
        assertEquals(durable, WalReader.segments(disk).get(0));
        log.close();
    }

    /** How many pages are given must be how many the record changes. */
    @Test
    void pagesAreThoseOfTheRecord() {
        var page = Log.page(0, false);
        long before = log.insertLsn();
        assertThrows(IllegalArgumentException.class, () -> log.append(1, Log.record(1), page));
        assertThrows(IllegalArgumentException.class, () -> log.append(1, Log.insert(1), page, page));
        assertThrows(IllegalArgumentException.class, () -> log.append(1, new WalRecord.FileExtend(1, 1, 1), page));
        assertEquals(before, log.insertLsn());
        log.close();
    }

    /** Each of two pages brings its image if its own last change is at or before the redo point. */
    @Test
    void imagesOfTwoPagesAreDecidedEachByItself() {
        WalRecord update = new WalRecord.HeapUpdate(1, 1, 4, 0, 0, 0, 3, 0, 0, 0, new byte[9], false);
        var old = Log.page(0, false);
        var fresh = Log.page(log.insertLsn(), false);
        log.append(5, update, old, fresh);
        log.append(6, update, fresh, old);
        log.append(7, update, fresh, fresh);
        log.close();
        List<LoggedRecord> read = Log.contents(disk).records();
        assertNotNull(read.get(1).image(0));
        assertNull(read.get(1).image(1));
        assertNull(read.get(2).image(0));
        assertNotNull(read.get(2).image(1));
        assertNull(read.get(3).image(0));
        assertNull(read.get(3).image(1));
    }

    @Test
    void aCommitEndsWhereItsRecordEnds() {
        for (var before : List.of(List.<CommitChildren>of(), List.of(new CommitChildren(new long[] {4, 1})))) {
            try (PendingRecord commit = log.begin(3, WalRecordType.COMMIT)) {
                WalCodec.commit(commit.body(), 1, 1, 0, 0, new long[] {7, 2, 9, 1}, 2, 4);
                assertEquals(log.appendCommit(commit, before), log.insertLsn());
            }
        }
        log.close();
        List<long[]> runs = new ArrayList<>();
        for (LoggedRecord read : Log.contents(disk).records().subList(1, 4)) {
            runs.add(
                    read.record() instanceof CommitChildren children
                            ? children.runs()
                            : ((Commit) read.record()).runs());
        }
        assertArrayEquals(new long[][] {{9, 1}, {4, 1}, {9, 1}}, runs.toArray(new long[0][]));
    }

    /** With the buffer full the checkpoint's begin makes room for itself, and its start is the redo point. */
    @Test
    void aCheckpointBeginsThoughTheBufferIsFull() {
        long written = log.writtenLsn();
        while (log.insertLsn() - written < (64 << 10) - 128) {
            long room = (64 << 10) - 64 - (log.insertLsn() - written);
            log.append(1, Log.record((int) Math.max(0, Math.min(1_000, room - 140))));
        }
        assertEquals(written, log.writtenLsn());
        long[] large = new long[100];
        long redoPoint = log.beginCheckpoint(() -> new WalRecord.CheckpointBegin(3, 2, 1, large, large));
        assertEquals(1, log.statistics().fullBufferWaits());
        assertEquals(redoPoint, log.redoPoint());
        log.close();
        assertTrue(Log.contents(disk).records().stream()
                .anyMatch(r -> r.record() instanceof WalRecord.CheckpointBegin && r.start() == redoPoint));
    }

    @Test
    void nothingIsAwaitedThatWasNeverAppended() {
        long end = log.insertLsn();
        log.awaitWritten(end);
        assertThrows(IllegalArgumentException.class, () -> log.awaitWritten(end + 1));
        assertThrows(IllegalArgumentException.class, () -> log.awaitDurable(end + 1));
        log.close();
    }

    /** Waiting for what is durable or written already is no wait, and no work for the disk. */
    @Test
    void whatIsDurableAlreadyIsNotWaitedFor() {
        long end = log.append(1, Log.record(10));
        log.awaitDurable(end);
        long waits = log.statistics().durableWaits();
        long operations = disk.operations();
        log.awaitDurable(end);
        log.awaitWritten(end);
        log.awaitDurable(log.durableLsn());
        assertEquals(waits, log.statistics().durableWaits());
        assertEquals(operations, disk.operations());
        assertEquals(1, log.statistics().largestGroup());
        log.close();
    }

    /** The longest record of a large segment is read back wherever it stands. */
    @Test
    void theLongestRecordIsRead() {
        WalOptions options = WalOptions.of(4 << 20, 1, Log.PAGE);
        MemoryDisk large = new MemoryDisk();
        try (WalWriter writer = WalWriter.create(large, options, Log.DATABASE, Log.FIRST, Log.inline(), new Health())) {
            for (int i = 0; i < 3; i++) {
                writer.append(i + 1, Log.record(options.maxBodyBytes(0) - 12 - i));
                writer.append(9, Log.record(i));
            }
        }
        try (WalReader reader = WalReader.from(large, options, Log.DATABASE, (4 << 20) + 64, Log.FIRST)) {
            assertEquals(6, Log.rest(reader).xids().size());
        }
        assertEquals(0, large.openFiles());
    }

    /** A reader closes what it opened: at the end, when it is refused, and when it is closed before. */
    @Test
    void readersLeaveNoFileOpen() {
        log.append(1, Log.record(12_000));
        log.append(1, Log.record(12_000));
        log.close();
        WalReader whole = Log.read(disk);
        while (whole.next() != null) {}
        assertEquals(0, disk.openFiles(), "at the end");
        WalReader early = Log.read(disk);
        assertEquals(1, disk.openFiles());
        early.close();
        assertEquals(0, disk.openFiles());
        disk.damage("wal-0000000000000001", 5);
        assertThrows(RuntimeException.class, () -> Log.read(disk));
        assertEquals(0, disk.openFiles(), "refused");
        assertThrows(DiskException.class, () -> disk.open("nothing", dev.cairn.storage.file.OpenMode.READ));
    }
}
