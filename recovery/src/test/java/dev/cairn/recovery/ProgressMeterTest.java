package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.recovery.RecoveryListener.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {

    private static final long MIB = 1 << 20;

    private final StoreFixture.ManualClock clock = new StoreFixture.ManualClock();
    private final List<Progress> heard = new ArrayList<>();
    private final ProgressMeter meter = new ProgressMeter(heard::add, clock);

    private Progress last() {
        return heard.get(heard.size() - 1);
    }

    /** Once a mebibyte is often enough: neither every record nor only the end. */
    @Test
    void tellsAtBeginAndEndAndEveryMebibyte() {
        meter.begin(RecoveryPhase.SCAN, 0);
        assertEquals(new Progress(RecoveryPhase.SCAN, 0, 0, 0), last());
        clock.nanos.addAndGet(5);
        meter.at(MIB - 1);
        assertEquals(1, heard.size());
        meter.at(MIB);
        assertEquals(new Progress(RecoveryPhase.SCAN, MIB, 0, 5), last());
        meter.at(2 * MIB - 1);
        assertEquals(2, heard.size());
        meter.at(2 * MIB + 7);
        assertEquals(3, heard.size());
        meter.at(3 * MIB + 6);
        assertEquals(3, heard.size(), "counted from what was told last");
        meter.end();
        assertEquals(new Progress(RecoveryPhase.SCAN, 3 * MIB + 6, 0, 5), last());
        clock.nanos.addAndGet(100);
        meter.begin(RecoveryPhase.REDO, 4 * MIB);
        assertEquals(new Progress(RecoveryPhase.REDO, 0, 4 * MIB, 0), last());
        clock.nanos.addAndGet(3);
        meter.at(MIB);
        assertEquals(new Progress(RecoveryPhase.REDO, MIB, 4 * MIB, 3), last());
    }

    @Test
    void percentAndRate() {
        assertEquals(0, new Progress(RecoveryPhase.SCAN, 50, 0, 0).percent());
        assertEquals(0, new Progress(RecoveryPhase.SCAN, 50, -1, 0).percent());
        assertEquals(100, new Progress(RecoveryPhase.REDO, 1, 1, 0).percent());
        assertEquals(33, new Progress(RecoveryPhase.REDO, 1, 3, 0).percent());
        assertEquals(100, new Progress(RecoveryPhase.REDO, 5, 3, 0).percent());
        assertEquals(0, new Progress(RecoveryPhase.REDO, 5_000, 0, 999_999).bytesPerSecond());
        assertEquals(5_000_000, new Progress(RecoveryPhase.REDO, 5_000, 0, 1_000_000).bytesPerSecond());
        assertEquals(3_333, new Progress(RecoveryPhase.REDO, 10, 0, 3_000_000).bytesPerSecond());
        assertEquals(
                Long.MAX_VALUE / 2_000 * 1_000 + Long.MAX_VALUE % 2_000 * 1_000 / 2_000,
                new Progress(RecoveryPhase.REDO, Long.MAX_VALUE, 0, 2_000_000_000L).bytesPerSecond(),
                "no overflow on the way");
    }
}
