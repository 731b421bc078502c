package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.segment.SegmentNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a crash may leave of a log, and what the next life makes of it. */
class LogCrashTest {

    private static final WalRecord.Commit COMMIT = new WalRecord.Commit(1, 1, 0, 0, new long[] {});

    /** What a workload was told, over several lives. */
    private static final class Told {
        final List<Long> appended = new ArrayList<>();
        int durable;
        long recyclable;
        long oldestKept = Log.START;
    }

    /**
     * Crashes at every disk operation of a workload with several segments, recycling included, with every kind of loss; then
     * opens, finds everything that was acknowledged, in order, and goes on; crashes there as well, and so on for some lives.
     */
    @Test
    void i7_aPrefixWithEverythingAcknowledgedSurvivesACrashAtEveryOperation() {
        for (int seed = 0; seed < 6; seed++) {
            MemoryDisk whole = new MemoryDisk();
            long start = whole.operations();
            work(open(whole, null, 1), new Told(), seed);
            long operations = whole.operations() - start;
            assertTrue(operations > 60);
            for (long at = 3; at < operations; at++) {
                crashAndGoOn(seed, at);
            }
        }
    }

    private static void crashAndGoOn(int seed, long at) {
        Random choices = new Random(seed * 1_000_003L + at);
        MemoryDisk disk = new MemoryDisk();
        disk.failFrom(at);
        Told told = new Told();
        for (int life = 1; life <= 4; life++) {
            String where = "seed " + seed + ", crash at " + at + ", life " + life;
            try {
                WalEnd end = recover(disk, told, where);
                WalWriter log = open(disk, end, life);
                work(log, told, seed + life);
            } catch (EngineFailedException e) {
                assertTrue(e.getMessage().contains("injected"), where + ": " + e);
            }
            disk = switch (choices.nextInt(4)) {
                case 0 -> disk.crashLosingAll();
                case 1 -> disk.crashKeepingAll();
                default -> disk.crash(choices);
            };
            if (life < 3) {
                disk.failFrom(choices.nextInt(30));
            }
        }
        recover(disk, told, "seed " + seed + ", crash at " + at + ", end");
    }

    /** Reads the log, compares it with what the workload was told, and makes it durable, as recovery does. Null: no log. */
    private static WalEnd recover(MemoryDisk disk, Told told, String where) {
        List<Long> segments = WalReader.segments(disk);
        if (segments.isEmpty()) {
            assertEquals(0, told.durable, where);
            return null;
        }
        long first = told.oldestKept / Log.SEGMENT;
        if (!segments.contains(first)) {
            assertEquals(0, told.durable, where);
            return null;
        }
        WalEnd end;
        List<Long> xids;
        try (WalReader reader = WalReader.fromSegment(disk, Log.OPTIONS, Log.DATABASE, first)) {
            Log.Contents found = Log.rest(reader);
            end = found.end();
            xids = found.xids();
        }
        assertNull(
                WalReader.findLaterDurableMark(
                        disk, Log.OPTIONS, Log.DATABASE, end, List.of(life(1), life(2), life(3))),
                where);
        int from = xids.isEmpty() ? told.appended.size() : told.appended.indexOf(xids.get(0));
        assertTrue(from >= 0, where);
        assertTrue(from + xids.size() >= told.durable, where + ": lost acknowledged records, " + end);
        assertEquals(told.appended.subList(from, from + xids.size()), xids, where);
        WalReader.rewrite(disk, Log.OPTIONS, told.oldestKept / Log.SEGMENT * Log.SEGMENT + 64, end.lsn());
        told.appended.subList(from + xids.size(), told.appended.size()).clear();
        told.durable = Math.max(told.durable, told.appended.size());
        return end.lsn() == told.oldestKept && first == 1 && xids.isEmpty() && end.lastStart() == 0 ? null : end;
    }

    private static IncarnationId life(int n) {
        return new IncarnationId(n, n * 7919L);
    }

    private static WalWriter open(MemoryDisk disk, WalEnd end, int life) {
        if (end == null) {
            return WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, life(life), Log.inline(), new Health());
        }
        return WalWriter.open(disk, Log.OPTIONS, Log.DATABASE, end, life(life), Log.START, Log.inline(), new Health());
    }

    private static void work(WalWriter log, Told told, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            long xid = told.appended.isEmpty() ? 1 : told.appended.get(told.appended.size() - 1) + 1;
            told.appended.add(xid);
            long end = log.append(xid, Log.record(random.nextInt(2_500)));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    log.awaitDurable(end);
                    told.durable = told.appended.size();
                    told.recyclable = end;
                }
                case 3 -> log.awaitWritten(end);
                case 4 -> log.flushStep();
                case 5 -> {
                    if (i > 40) {
                        told.oldestKept = Math.max(told.oldestKept, told.recyclable);
                        log.recycle(told.recyclable);
                    }
                }
                default -> {}
            }
        }
    }

    /** A log whose durable tail is destroyed is told from one that a crash has cut. */
    @Test
    void durableMarksProveThatTheTailWasLost() {
        MemoryDisk disk = new MemoryDisk();
        long lost;
        try (WalWriter log = Log.create(disk)) {
            lost = log.append(1, COMMIT);
            log.awaitDurable(lost);
            for (int i = 0; i < 40; i++) {
                log.awaitDurable(log.append(2, Log.record(1_000)));
            }
        }
        WalEnd whole = Log.contents(disk).end();
        assertNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, whole, List.of()));
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        bytes[(int) (lost - Log.SEGMENT) - 12] ^= 1;
        disk.put(SegmentNames.of(1), bytes);
        WalEnd cut = Log.contents(disk).end();
        assertTrue(cut.lsn() < lost);
        LoggedRecord mark = WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, cut, List.of());
        assertNotNull(mark);
        assertTrue(((WalRecord.DurableMark) mark.record()).durableLsn() > cut.lsn());
    }

    @Test
    void aMarkInALaterSegmentCountsToo() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 60; i++) {
                log.awaitDurable(log.append(2, Log.record(1_000)));
            }
        }
        disk.put(SegmentNames.of(1), zerosBehind(disk.bytes(SegmentNames.of(1)), 200));
        WalEnd cut = Log.contents(disk).end();
        assertTrue(cut.lsn() < 2 * Log.SEGMENT);
        LoggedRecord mark = WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, cut, List.of());
        assertNotNull(mark);
        assertTrue(mark.start() > 2 * Log.SEGMENT);
    }

    /** The announcement of a life is lost with the tail: the life is known from the control file only. */
    @Test
    void marksOfTheNewestLifeCountEvenIfItsAnnouncementIsGone() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        WalEnd end = Log.contents(disk).end();
        try (WalWriter log = WalWriter.open(
                disk, Log.OPTIONS, Log.DATABASE, end, Log.SECOND, Log.START, Log.inline(), new Health())) {
            log.awaitDurable(log.append(1, COMMIT));
            log.awaitDurable(log.append(1, COMMIT));
        }
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        bytes[(int) (end.lsn() - Log.SEGMENT) + 30] ^= 1;
        disk.put(SegmentNames.of(1), bytes);
        WalEnd cut = Log.contents(disk).end();
        assertEquals(end.lsn(), cut.lsn());
        assertNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, cut, List.of()));
        assertNotNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, cut, List.of(Log.SECOND)));
    }

    /** A segment whose header is gone may hold the proof all the same: its life is known from elsewhere. */
    @Test
    void aMarkBehindADamagedHeaderCountsToo() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 25; i++) {
                log.awaitDurable(log.append(2, Log.record(1_000)));
            }
        }
        assertEquals(List.of(1L, 2L), WalReader.segments(disk));
        disk.put(SegmentNames.of(1), zerosBehind(disk.bytes(SegmentNames.of(1)), 200));
        byte[] second = disk.bytes(SegmentNames.of(2));
        java.util.Arrays.fill(second, 0, 64, (byte) 0);
        disk.put(SegmentNames.of(2), second);
        WalEnd cut = Log.contents(disk).end();
        LoggedRecord mark = WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, cut, List.of());
        assertNotNull(mark);
        assertTrue(mark.start() > 2 * Log.SEGMENT);
        assertEquals(mark.start() + 40, mark.end());
        assertEquals(Log.FIRST, mark.incarnation());
    }

    /** Marks that prove nothing: of log before the end, of log behind the mark itself, or of another life. */
    @Test
    void marksThatProveNothing() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        WalEnd end = Log.contents(disk).end();
        long later = end.lsn() + 64;
        for (long durable : new long[] {end.lsn(), end.lsn() - 8, later + 8, Long.MIN_VALUE}) {
            Forgery.of(Log.FIRST, new WalRecord.DurableMark(durable)).put(disk, later);
            assertNull(
                    WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of()),
                    "durable up to " + durable);
        }
        for (long durable : new long[] {end.lsn() + 1, later}) {
            Forgery.of(Log.FIRST, new WalRecord.DurableMark(durable)).put(disk, later);
            assertNotNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of()));
        }
        Forgery.of(Log.SECOND, new WalRecord.DurableMark(later)).put(disk, later);
        assertNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of()));
        assertNotNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of(Log.SECOND)));
        Forgery.of(Log.FIRST, new WalRecord.DurableMark(later)).type(0x05).put(disk, later);
        assertNull(WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of()));
    }

    /** The very last place of a segment where a mark can stand is looked at. */
    @Test
    void aMarkAtTheEndOfASegmentCounts() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        WalEnd end = Log.contents(disk).end();
        long last = 2 * Log.SEGMENT - 40;
        Forgery.of(Log.FIRST, new WalRecord.DurableMark(last)).put(disk, last);
        LoggedRecord mark = WalReader.findLaterDurableMark(disk, Log.OPTIONS, Log.DATABASE, end, List.of());
        assertNotNull(mark);
        assertEquals(last, mark.start());
        assertEquals(2 * Log.SEGMENT, mark.end());
    }

    /** Every byte of the range is written once and synced, in each segment, and none outside of it. */
    @Test
    void rewritingWritesTheRangeAndSyncsIt() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 60; i++) {
                log.append(2, Log.record(1_000));
            }
        }
        java.util.Map<String, byte[]> before = disk.image();
        disk.forgetEvents();
        long from = Log.SEGMENT + 1_000;
        long to = 3 * Log.SEGMENT + 500;
        WalReader.rewrite(disk, Log.OPTIONS, from, to);
        assertEquals(
                List.of(
                        "write wal-0000000000000001 1000 15384",
                        "sync wal-0000000000000001",
                        "write wal-0000000000000002 0 16384",
                        "sync wal-0000000000000002",
                        "write wal-0000000000000003 0 500",
                        "sync wal-0000000000000003",
                        "syncDirectory"),
                disk.events());
        before.forEach((name, bytes) -> org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, disk.bytes(name)));
        disk.forgetEvents();
        WalReader.rewrite(disk, Log.OPTIONS, from, from);
        assertEquals(List.of("syncDirectory"), disk.events());
    }

    /** A segment that is shorter than it should be is rewritten as far as it goes. */
    @Test
    void rewritingEndsWithTheFile() {
        MemoryDisk disk = new MemoryDisk();
        Log.create(disk).close();
        disk.put(SegmentNames.of(1), java.util.Arrays.copyOf(disk.bytes(SegmentNames.of(1)), 2_000));
        WalReader.rewrite(disk, Log.OPTIONS, Log.SEGMENT + 64, 2 * Log.SEGMENT);
        assertEquals(2_000, disk.bytes(SegmentNames.of(1)).length);
        assertTrue(
                disk.events().contains("write wal-0000000000000001 64 1936"),
                disk.events().toString());
    }

    /** Segments larger than a chunk are rewritten chunk by chunk. */
    @Test
    void rewritingTakesChunks() {
        WalOptions options = WalOptions.of(256 << 10, 1, Log.PAGE);
        MemoryDisk disk = new MemoryDisk();
        WalWriter.create(disk, options, Log.DATABASE, Log.FIRST, Log.inline(), new Health())
                .close();
        byte[] bytes = disk.bytes(SegmentNames.of(1));
        new Random(8).nextBytes(bytes);
        disk.put(SegmentNames.of(1), bytes);
        disk.forgetEvents();
        WalReader.rewrite(disk, options, (256 << 10) + 10, (256 << 10) + 150_000);
        assertEquals(
                List.of(
                        "write wal-0000000000000001 10 65536",
                        "write wal-0000000000000001 65546 65536",
                        "write wal-0000000000000001 131082 18918",
                        "sync wal-0000000000000001",
                        "syncDirectory"),
                disk.events());
        org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, disk.bytes(SegmentNames.of(1)));
    }

    /** Records that a former life left behind the end never come back, however short the new life's are. */
    @Test
    void recordsOfAnEarlierLifeNeverValidate() {
        MemoryDisk disk = new MemoryDisk();
        try (WalWriter log = Log.create(disk)) {
            for (int i = 0; i < 200; i++) {
                log.append(i + 1, Log.record(40));
            }
        }
        List<LoggedRecord> old = Log.contents(disk).records();
        LoggedRecord kept = old.get(50);
        // As if record 51 had been torn: the life ends there, and what follows is intact.
        WalEnd end = new WalEnd(kept.end(), Log.FIRST, kept.start(), WalEnd.Reason.BAD_CHECKSUM, "torn");
        for (int appended = 0; appended < 20; appended++) {
            MemoryDisk copy = disk.crashKeepingAll();
            try (WalWriter log = WalWriter.open(
                    copy, Log.OPTIONS, Log.DATABASE, end, Log.SECOND, Log.START, Log.inline(), new Health())) {
                for (int i = 0; i < appended; i++) {
                    log.append(1_000 + i, Log.record(40));
                }
            }
            Log.Contents found = Log.contents(copy);
            assertEquals(Log.SECOND, found.end().incarnation());
            List<Long> expected = new ArrayList<>(Log.contents(disk).xids().subList(0, 50));
            for (long i = 0; i < appended; i++) {
                expected.add(1_000 + i);
            }
            assertEquals(expected, found.xids());
        }
    }

    /** Ends of every kind, the exact end of a segment among them, can be gone on from; again and again. */
    @Test
    void everyEndCanBeGoneOnFrom() {
        for (int bytes = 0; bytes < 200; bytes += 8) {
            MemoryDisk disk = new MemoryDisk();
            int first = Log.SEGMENT - 64 - 56 - 2 * 25 - 2 * 12 - 200 + bytes;
            try (WalWriter log = Log.create(disk)) {
                log.append(1, Log.record(first));
                log.append(2, Log.record(0));
            }
            for (int life = 2; life < 12; life++) {
                WalEnd end = Log.contents(disk).end();
                WalEnd known = life % 2 == 0 ? end : WalEnd.closed(end.lsn(), end.incarnation());
                try (WalWriter log = WalWriter.open(
                        disk, Log.OPTIONS, Log.DATABASE, known, life(life), Log.START, Log.inline(), new Health())) {
                    log.awaitDurable(log.append(life, COMMIT));
                }
            }
            assertEquals(12, Log.contents(disk).xids().size(), "first record of " + first);
        }
    }

    private static byte[] zerosBehind(byte[] bytes, int from) {
        byte[] cut = bytes.clone();
        java.util.Arrays.fill(cut, from, cut.length, (byte) 0);
        return cut;
    }
}
