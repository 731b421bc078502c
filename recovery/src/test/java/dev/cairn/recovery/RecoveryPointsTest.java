package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recovery, checkpoints and closing announce each crash point, in their order: crash campaigns rely on it. */
class RecoveryPointsTest {

    private static final List<String> CHECKPOINT = List.of(
            "checkpoint.begun",
            "checkpoint.pages-written",
            "checkpoint.status-written",
            "checkpoint.files-synced",
            "checkpoint.end-logged",
            "checkpoint.control-written",
            "checkpoint.recycled");

    private final List<String> trace = new ArrayList<>();

    private OpenedStore open(MemoryDisk disk) {
        Environment environment = new Environment(
                new StoreFixture.ManualClock(),
                new InlineScheduler(point -> {
                    if (point.text().matches("(recovery|checkpoint|close)\\..*")) {
                        trace.add(point.text());
                    }
                }),
                () -> 42);
        return Recovery.open(disk, StoreFixture.OPTIONS, environment, RecoveryListener.SILENT);
    }

    @Test
    void ofALifeAfterACrash() {
        MemoryDisk disk = new MemoryDisk();
        OpenedStore first = open(disk);
        Xact xact = StoreFixture.begin(first);
        int file = StoreFixture.createFile(first, xact);
        StoreFixture.insert(first, xact, file, "row");
        xact.commit(Durability.SYNC);
        trace.clear();
        OpenedStore second = open(disk.crashKeepingAll());
        List<String> expected = new ArrayList<>(
                List.of("recovery.scanned", "recovery.life-begun", "recovery.tail-rewritten", "recovery.redone"));
        expected.addAll(CHECKPOINT);
        assertEquals(expected, trace);
        trace.clear();
        second.close();
        expected = new ArrayList<>(CHECKPOINT);
        expected.add("close.log-closed");
        assertEquals(expected, trace);
    }
}
