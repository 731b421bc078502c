package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log announces each crash point when its step is done and the next is not begun: crash campaigns rely on it. */
class LogPointsTest {

    /** Points, and between them the kinds of changes on the disk. */
    private final List<String> trace = new ArrayList<>();

    private final MemoryDisk disk = new MemoryDisk();
    private final WalWriter log = WalWriter.create(
            disk,
            Log.OPTIONS,
            Log.DATABASE,
            Log.FIRST,
            Log.environment(new InlineScheduler(point -> trace.add(point.text()))),
            new Health());

    @BeforeEach
    void watch() {
        trace.clear();
        disk.onOperation(
                event -> trace.add(event.substring(0, event.indexOf(' ') < 0 ? event.length() : event.indexOf(' '))));
    }

    @Test
    void ofACommit() {
        log.awaitDurable(log.append(1, Log.record(10)));
        // The second record is the mark of how far the log is durable.
        assertEquals(
                List.of("log.placed", "log.leading", "log.placed", "log.group", "through", "log.written", "log.led"),
                trace);
    }

    @Test
    void ofASyncOfWhatIsWritten() {
        long end = log.append(1, Log.record(10));
        log.awaitWritten(end);
        trace.clear();
        log.awaitDurable(end);
        assertEquals(List.of("log.leading", "log.group", "sync", "log.synced", "log.led"), trace);
    }

    @Test
    void ofACheckpointsBegin() {
        log.beginCheckpoint(() -> new WalRecord.CheckpointBegin(3, 2, 1, new long[0], new long[0]));
        assertEquals(List.of("log.placed", "log.redo-point"), trace);
    }

    @Test
    void ofANewSegmentAndOfThoseGivenUp() {
        for (int i = 0; i < 20; i++) {
            log.append(1, Log.record(2_000));
        }
        log.awaitDurable(log.insertLsn());
        int named = trace.indexOf(CrashPoint.SEGMENT_NAMED.text());
        assertEquals(List.of("rename", "syncDirectory"), trace.subList(named - 2, named));
        trace.clear();
        log.recycle(log.insertLsn());
        int givenUp = trace.indexOf(CrashPoint.SEGMENT_GIVEN_UP.text());
        assertTrue(givenUp > 0, trace::toString);
        assertTrue(List.of("rename", "delete").contains(trace.get(givenUp - 1)), trace::toString);
        assertEquals("syncDirectory", trace.get(givenUp + 1));
    }
}
