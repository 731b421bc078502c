package dev.cairn.fuzz.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.crash.LifeEnd.Way;
import dev.cairn.fuzz.disk.SimCrash;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LifeEndTest {

    private static final int ROUNDS = 400;
    private static final int WRITES = 19;
    private static final int SEEDS = 300;

    /** A log that is written often and seldom synced, as long as the disk lets it. */
    private static void write(SimDisk disk) {
        try (DiskFile log = disk.open("wal-1", OpenMode.CREATE)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < WRITES; i++) {
                    log.write(0, ByteBuffer.wrap(new byte[] {(byte) i}));
                }
                log.sync(false);
            }
        }
    }

    @Test
    void whatIsRareIsMetOftenAndWhatIsFrequentAlso() {
        int atSyncs = 0;
        int atWrites = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            SimDisk disk = new SimDisk();
            LifeEnd end = LifeEnd.drawn(disk, new SplittableRandom(seed));
            if (end.way() == Way.SYNC_FAILED
                    || end.toString().contains("data")
                    || end.toString().contains("page")) {
                continue;
            }
            try {
                write(disk);
                assertEquals(0, end.at(), "what it is aimed at does not come");
            } catch (SimCrash e) {
                assertTrue(disk.isDead());
                assertEquals(disk.operations(), end.at());
                boolean sync = end.at() > 1 && (end.at() - 1) % (WRITES + 1) == 0;
                atSyncs += sync ? 1 : 0;
                atWrites += sync ? 0 : 1;
            }
        }
        assertTrue(atSyncs > SEEDS / 50, "at one of a few syncs ended " + atSyncs);
        assertTrue(atWrites > SEEDS / 4, "at writes ended " + atWrites);
    }

    @Test
    void onceASyncHasFailedAllDo() {
        int seen = 0;
        for (long seed = 0; seed < SEEDS && seen < 10; seed++) {
            SimDisk disk = new SimDisk();
            LifeEnd end = LifeEnd.drawn(disk, new SplittableRandom(seed));
            if (end.way() != Way.SYNC_FAILED) {
                continue;
            }
            try {
                write(disk);
                assertEquals(0, end.at());
            } catch (DiskException e) {
                seen++;
                assertTrue(end.at() > 0 && end.at() <= disk.operations());
                try (DiskFile log = disk.open("wal-1", OpenMode.WRITE)) {
                    assertThrows(DiskException.class, () -> log.sync(false));
                }
                assertThrows(DiskException.class, disk::syncDirectory);
            }
        }
        assertEquals(10, seen);
    }
}
